"""Verbs of a sitting: begin, hold up, end. None of them touches a pick or a price: the customer decides.

Order of locks as everywhere: gallery row → gallery stream.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.enums import GalleryState, PhotoState
from selection.models import Gallery, locked
from selection.sitting.models import MOST_SHOWN, Sitting
from selection.sitting.phones import announce_phone
from selection.sitting.selectors import current_sitting

__all__ = ["announce_phone", "end_sitting", "show_photos", "start_sitting"]


def start_sitting(*, actor: Any, gallery: Gallery) -> Sitting:
    """Sit down with the customer; with one going on, that one is answered and nothing happens.

    Records SITTING_STARTED. Raises Refusal sitting.not_open.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        if gallery.state != GalleryState.OPEN:
            raise Refusal("sitting.not_open", state=gallery.state)
        if (going_on := current_sitting(gallery)) is not None:
            return going_on
        now = clock.now()
        Sitting.objects.filter(gallery=gallery, ended_at=None).update(ended_at=now)  # forgotten ones
        sitting: Sitting = Sitting.objects.create(gallery=gallery, by=actor, started_at=now, touched_at=now)
        events.record(events.Kind.SITTING_STARTED, gallery, actor)
    return sitting


def show_photos(*, actor: Any, gallery: Gallery, numbers: Sequence[int]) -> Sitting:
    """Hold up to four photographs, or none; the same ones again change nothing.

    Records SITTING_SHOWN. Raises Refusal sitting.over | sitting.too_many | photo.settled.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST_SHOWN:
        raise Refusal("sitting.too_many", most=MOST_SHOWN)
    with transaction.atomic():
        gallery = locked(gallery.pk)
        sitting = current_sitting(gallery)
        if sitting is None:
            raise Refusal("sitting.over")
        if gallery.photos.filter(state=PhotoState.READY, number__in=wanted).count() != len(wanted):
            raise Refusal("photo.settled")
        if sitting.photos == wanted:
            return sitting
        sitting.photos, sitting.touched_at = wanted, clock.now()
        sitting.shows += bool(wanted)
        sitting.save(update_fields=["photos", "touched_at", "shows"])
        events.record(events.Kind.SITTING_SHOWN, sitting, actor, photos=wanted)
    return sitting


def end_sitting(*, actor: Any, gallery: Gallery) -> None:
    """The customer goes on alone; harmless when nobody sits there. Records SITTING_ENDED."""
    with transaction.atomic():
        gallery = locked(gallery.pk)
        sitting = Sitting.objects.filter(gallery=gallery, ended_at=None).first()
        if sitting is None:
            return
        sitting.ended_at = clock.now()
        sitting.save(update_fields=["ended_at"])
        minutes = max(1, round((sitting.ended_at - sitting.started_at).total_seconds() / 60))
        events.record(events.Kind.SITTING_ENDED, gallery, actor, minutes=minutes, shows=sitting.shows)
