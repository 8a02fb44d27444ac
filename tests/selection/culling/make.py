"""Photographs with measurements, for tests of the cull."""

import datetime as dt
from typing import Any

from selection.culling import services
from selection.culling.services import Mark
from selection.models import PhotoFacts, PhotoMark

BEGIN = dt.datetime(2026, 11, 15, 9, 0, tzinfo=dt.UTC)


def measured(gallery: Any, *shots: tuple[int, int, int, float]) -> None:
    """`(number, seconds after nine, likeness, sharpness)` each."""
    for number, second, likeness, sharpness in shots:
        photo = gallery.photos.get(number=number)
        photo.taken_at = BEGIN + dt.timedelta(seconds=second)
        photo.save(update_fields=["taken_at"])
        PhotoFacts.objects.create(photo=photo, likeness=likeness, sharpness=sharpness, blown=0, blocked=0)


def mark(gallery: Any, *numbers: int, actor: Any = None, **said: Any) -> services.Marked:
    return services.set_marks(actor=actor, gallery=gallery, marks=[Mark(number, **said) for number in numbers])


def stacks(gallery: Any) -> dict[int, int]:
    rows = PhotoMark.objects.filter(photo__gallery=gallery, stack__isnull=False)
    return dict(rows.order_by("photo__number").values_list("photo__number", "stack"))


def states(gallery: Any) -> dict[int, str]:
    return dict(gallery.photos.order_by("number").values_list("number", "state"))
