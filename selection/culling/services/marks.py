"""What staff say of single photographs, in small batches: kept, hidden, stars, recommended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.culling.enums import MAX_MARKS, MAX_STARS, Flag
from selection.culling.selectors import held_numbers
from selection.enums import SHOWN_STATES, GalleryState, PhotoState
from selection.models import Gallery, Photo, PhotoMark, locked
from selection.screens import bump
from selection.services.photos import recount

FLAGS = {"", *Flag.values}
CHANGEABLE = {GalleryState.DRAFT, GalleryState.OPEN}
WRITTEN = ["flag", "stars", "is_recommended", "by", "at"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What to set on a photograph; None leaves as it is. Values, not steps: a repeated batch changes nothing more."""

    number: int
    flag: str | None = None
    stars: int | None = None
    recommended: bool | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A mark that was not set, and how the photograph stands: `why` gone | locked | chosen (or in a signed part)."""

    number: int
    why: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Every number of the batch is in `saved` or in `refused`."""

    rev: int
    saved: list[int]
    refused: list[Refused]


def set_marks(*, actor: Any, gallery: Gallery, marks: Sequence[Mark]) -> Marked:
    """Set a batch of marks; the others count even where some are refused. The later of two for a photograph wins.

    A rejected photograph is hidden from customers at once: list, proof address, picks. Refused one by one: `chosen`
    (somebody selected it, or is undecided, while the gallery is open: the customer must let it go first), `locked` (the
    gallery is submitted: nothing may come or go), `gone`. Records PHOTOS_CULLED when customers see a difference, else
    PHOTOS_MARKED. Raises Refusal marks.too_many | marks.malformed.
    """
    if len(marks) > MAX_MARKS:
        raise Refusal("marks.too_many", most=MAX_MARKS)
    if any(_is_malformed(mark) for mark in marks):
        raise Refusal("marks.malformed")
    wanted = {mark.number: mark for mark in marks}
    with transaction.atomic():
        gallery = locked(gallery.pk)
        photos = {p.number: p for p in gallery.photos.filter(number__in=list(wanted), state__in=SHOWN_STATES)}
        refused = _refused(gallery, wanted, photos)
        told = {refusal.number for refusal in refused}
        accepted = [(photos[number], mark) for number, mark in wanted.items() if number not in told]
        if accepted:
            _write(actor, gallery, accepted)
    return Marked(gallery.rev, [photo.number for photo, _mark in accepted], refused)


def _is_malformed(mark: Mark) -> bool:
    flag_wrong = mark.flag is not None and mark.flag not in FLAGS
    return flag_wrong or (mark.stars is not None and not 0 <= mark.stars <= MAX_STARS)


def _refused(gallery: Gallery, wanted: dict[int, Mark], photos: dict[int, Photo]) -> list[Refused]:
    refused = [Refused(number, "gone") for number in wanted if number not in photos]
    hiding = [n for n, photo in photos.items() if _moves(photo, wanted[n]) and photo.state == PhotoState.READY]
    chosen = held_numbers(gallery, hiding) if hiding else set()
    for number, photo in photos.items():
        flag = Flag.REJECT if photo.state == PhotoState.HIDDEN else ""
        if _moves(photo, wanted[number]) and gallery.state not in CHANGEABLE:
            refused.append(Refused(number, "locked", flag))
        elif number in chosen:
            refused.append(Refused(number, "chosen", flag))
    return refused


def _moves(photo: Photo, mark: Mark) -> bool:
    """Whether the mark hides the photograph or shows it again."""
    return mark.flag is not None and (mark.flag == Flag.REJECT) != (photo.state == PhotoState.HIDDEN)


def _write(actor: Any, gallery: Gallery, accepted: list[tuple[Photo, Mark]]) -> None:
    hidden = [photo for photo, mark in accepted if _moves(photo, mark) and mark.flag == Flag.REJECT]
    shown = [photo for photo, mark in accepted if _moves(photo, mark) and mark.flag != Flag.REJECT]
    recommended = _save_marks(actor, accepted)
    for photos, state in ((hidden, PhotoState.HIDDEN), (shown, PhotoState.READY)):
        if photos:
            Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(state=state)
    if hidden or shown:
        recount(gallery, len(shown) - len(hidden))
    elif recommended:
        bump(gallery)
    if not (hidden or shown or recommended):
        events.record(events.Kind.PHOTOS_MARKED, accepted[0][0], actor, count=len(accepted))
        return
    facts: dict[str, Any] = {"hidden": _numbers(hidden), "shown": _numbers(shown), "recommended": recommended}
    events.record(events.Kind.PHOTOS_CULLED, accepted[0][0], actor, count=len(accepted), **facts)


def _save_marks(actor: Any, accepted: list[tuple[Photo, Mark]]) -> list[int]:
    """Write the rows; numbers whose recommendation changed."""
    known = {row.photo_id: row for row in PhotoMark.objects.filter(photo__in=[photo.pk for photo, _mark in accepted])}
    rows, changed, now = [], [], clock.now()
    for photo, mark in accepted:
        row = known.get(photo.pk) or PhotoMark(photo=photo)
        if mark.recommended is not None and mark.recommended != row.is_recommended:
            changed.append(photo.number)
            row.is_recommended = mark.recommended
        row.flag = row.flag if mark.flag is None else mark.flag
        row.stars = row.stars if mark.stars is None else mark.stars
        row.by_id, row.at = getattr(actor, "pk", None), now
        rows.append(row)
    PhotoMark.objects.bulk_create(rows, update_conflicts=True, unique_fields=["photo"], update_fields=WRITTEN)
    return changed


def _numbers(photos: list[Photo]) -> list[int]:
    return [photo.number for photo in photos]
