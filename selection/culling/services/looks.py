"""Looks of a gallery, and which photographs belong to which."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.kernel import events
from core.kernel.errors import Refusal
from selection.culling.enums import LOOK_GAP_MINUTES, MAX_LOOKS, MAX_MARKS
from selection.culling.likeness import look_breaks
from selection.enums import SHOWN_STATES
from selection.models import Arrangement, Gallery, Look, PhotoMark, locked
from selection.screens import bump
from selection.sequence import place

NAME_LENGTH = 30


def add_look(*, actor: Any, gallery: Gallery, name: str) -> Look:
    """A new last look. Records GALLERY_ARRANGED. Raises Refusal look.name_missing | look.name_taken | look.too_many."""
    with transaction.atomic():
        gallery = locked(gallery.pk)
        looks = list(gallery.looks.all())
        if len(looks) >= MAX_LOOKS:
            raise Refusal("look.too_many", most=MAX_LOOKS)
        look = _saved(Look(gallery=gallery, name=_name(name), position=_after(looks)))
        _arranged(actor, gallery, look=look.name)
    return look


def rename_look(*, actor: Any, look: Look, name: str) -> Look:
    """Records GALLERY_ARRANGED. Raises Refusal look.name_missing | look.name_taken."""
    with transaction.atomic():
        gallery = locked(look.gallery_id)
        look.name = _name(name)
        look = _saved(look)
        _arranged(actor, gallery, look=look.name)
    return look


def remove_look(*, actor: Any, look: Look) -> None:
    """Its photographs belong to no look afterwards. Records GALLERY_ARRANGED."""
    with transaction.atomic():
        gallery = locked(look.gallery_id)
        name = look.name
        look.delete()
        _arranged(actor, gallery, look=name)


def order_looks(*, actor: Any, gallery: Gallery, looks: Sequence[int]) -> None:
    """Looks in the order of these keys; those not named keep their order behind them. Records GALLERY_ARRANGED."""
    with transaction.atomic():
        gallery = locked(gallery.pk)
        rank = {pk: i for i, pk in enumerate(looks)}
        rows = sorted(gallery.looks.all(), key=lambda look: (rank.get(look.pk, len(rank)), look.position, look.pk))
        for position, look in enumerate(rows, start=1):
            look.position = position
        Look.objects.bulk_update(rows, ["position"])
        _arranged(actor, gallery)


def assign_look(*, actor: Any, gallery: Gallery, numbers: Sequence[int], look: int | None) -> int:
    """Photographs into a look (None: into none); how many there are. Records GALLERY_ARRANGED.

    Raises Refusal marks.too_many | look.gone.
    """
    if len(numbers) > MAX_MARKS:
        raise Refusal("marks.too_many", most=MAX_MARKS)
    with transaction.atomic():
        gallery = locked(gallery.pk)
        if look is not None and not gallery.looks.filter(pk=look).exists():
            raise Refusal("look.gone")
        assigned = _assign(gallery, numbers, look)
        if assigned:
            _arranged(actor, gallery, count=assigned)
    return assigned


def suggest_looks(*, actor: Any, gallery: Gallery, gap_minutes: int) -> list[Look]:
    """New looks for the photographs that have none, parted where the camera rested for `gap_minutes`.

    What staff assigned is not touched. Records GALLERY_ARRANGED.
    Raises Refusal look.nothing_to_part | look.too_many.
    """
    least, most = LOOK_GAP_MINUTES
    with transaction.atomic():
        gallery = locked(gallery.pk)
        free = gallery.photos.filter(state__in=SHOWN_STATES, taken_at__isnull=False, mark__look=None)
        times = [(number, int(at.timestamp())) for number, at in free.values_list("number", "taken_at") if at]
        groups = look_breaks(times, min(max(gap_minutes, least), most))
        known = list(gallery.looks.all())
        if not groups:
            raise Refusal("look.nothing_to_part")
        if len(known) + len(groups) > MAX_LOOKS:
            raise Refusal("look.too_many", most=MAX_LOOKS, found=len(groups))
        made = [_suggested(gallery, known, group) for group in groups]
        _arranged(actor, gallery, count=len(made))
    return made


def _suggested(gallery: Gallery, known: list[Look], numbers: list[int]) -> Look:
    taken, n = {look.name for look in known}, len(known) + 1
    while _("Look {n}").format(n=n) in taken:
        n += 1
    look = Look.objects.create(gallery=gallery, name=_("Look {n}").format(n=n), position=_after(known))
    known.append(look)
    _assign(gallery, numbers, look.pk)
    return look


def _assign(gallery: Gallery, numbers: Sequence[int], look: int | None) -> int:
    photos = gallery.photos.filter(number__in=list(numbers), state__in=SHOWN_STATES).values_list("pk", flat=True)
    rows = [PhotoMark(photo_id=pk, look_id=look) for pk in photos]
    PhotoMark.objects.bulk_create(rows, update_conflicts=True, unique_fields=["photo"], update_fields=["look"])
    return len(rows)


def _after(looks: list[Look]) -> int:
    return max((look.position for look in looks), default=0) + 1


def _name(given: str) -> str:
    name = " ".join(given.split())[:NAME_LENGTH]
    if not name:
        raise Refusal("look.name_missing")
    return name


def _saved(look: Look) -> Look:
    try:
        with transaction.atomic():
            look.save()
    except IntegrityError as error:
        raise Refusal("look.name_taken", name=look.name) from error
    return look


def _arranged(actor: Any, gallery: Gallery, **facts: Any) -> None:
    place(gallery.pk)
    bump(gallery)
    events.record(events.Kind.GALLERY_ARRANGED, Arrangement(gallery=gallery), actor, what="looks", **facts)
