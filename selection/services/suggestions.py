"""What staff recommend, always visible as theirs; the customer may switch it off."""

from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.enums import GalleryState, PhotoState, PickValue
from selection.models import Chooser, Gallery, GallerySlot, Photo, Pick, Placement, Suggestion, locked
from selection.screens import bump


def suggest_photo(*, actor: Any, photo: Photo, slot: int = 0) -> Suggestion:
    """Recommend a photograph for slot number `slot` (0: for retouching); once is enough.

    Records PHOTO_SUGGESTED on the gallery's stream. Raises Refusal gallery.locked | photo.settled | slot.unknown.
    """
    with transaction.atomic():
        gallery, place = _open(photo, slot)
        row, made = Suggestion.objects.get_or_create(photo=photo, slot=place, defaults={"by": actor, "at": clock.now()})
        if made:
            _tell(gallery, photo, actor, place, is_on=True)
    return row


def withdraw_suggestion(*, actor: Any, photo: Photo, slot: int = 0) -> None:
    """Take a recommendation back, unless a customer followed it: then it is part of the history of the bill.

    Records PHOTO_SUGGESTED (on: false). Raises Refusal suggestion.taken and those of `suggest_photo`.
    """
    with transaction.atomic():
        gallery, place = _open(photo, slot)
        row = Suggestion.objects.filter(photo=photo, slot=place).first()
        if row is None:
            return
        if _is_taken(row):
            raise Refusal("suggestion.taken", photo=photo.number)
        row.delete()
        _tell(gallery, photo, actor, place, is_on=False)


def mute_suggestions(*, chooser: Chooser, muted: bool) -> None:
    """Show this person no recommendations (or show them again)."""
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        chooser.mutes_suggestions = muted
        chooser.save(update_fields=["mutes_suggestions"])
        bump(gallery)


def _open(photo: Photo, slot: int) -> tuple[Gallery, GallerySlot | None]:
    gallery = locked(photo.gallery_id)
    if gallery.state not in {GalleryState.DRAFT, GalleryState.OPEN}:
        raise Refusal("gallery.locked", state=gallery.state)
    if not Photo.objects.filter(pk=photo.pk, state=PhotoState.READY).exists():
        raise Refusal("photo.settled", photo=photo.number)
    place = gallery.slots.filter(number=slot).first() if slot else None
    if slot and place is None:
        raise Refusal("slot.unknown", slot=slot)
    return gallery, place


def _is_taken(row: Suggestion) -> bool:
    if row.slot_id:
        return Placement.objects.filter(slot=row.slot_id, photo=row.photo_id, is_in=True, at__gte=row.at).exists()
    return Pick.objects.filter(photo=row.photo_id, value=PickValue.YES, at__gte=row.at).exists()


def _tell(gallery: Gallery, photo: Photo, actor: Any, slot: GallerySlot | None, *, is_on: bool) -> None:
    bump(gallery)
    name = slot.name if slot else ""
    events.record(events.Kind.PHOTO_SUGGESTED, photo, actor, photo=photo.number, slot=name, on=is_on)
