"""What a person asks the retoucher for on one photograph: words, wishes, pins."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection import pins as places
from selection.enums import GalleryState, PhotoState, Wish
from selection.models import Chooser, Photo, PhotoNote, locked
from selection.screens import bump
from selection.services.picks import refuse_viewer

NOTE_LENGTH, MAX_TAGS = 500, len(Wish)


def save_note(
    *,
    chooser: Chooser,
    number: int,
    text: str,
    tags: Sequence[str],
    device: str,
    op: int,
    pins: Sequence[Mapping[str, Any]] | None = None,
) -> PhotoNote | None:
    """Keep the person's note on a photograph; an empty one takes it back. A replayed op changes nothing (None).

    `pins` {x, y, tag, text, rev}: None leaves them as they are (a phone with an older page knows of none). Records
    PHOTO_NOTED on the gallery's stream. Raises Refusal note.gone | note.locked | note.too_long | note.pins
    | chooser.viewer.
    """
    text, tags = text.strip(), [tag.strip()[:20] for tag in tags if tag.strip()]
    if len(text) > NOTE_LENGTH or len(tags) > MAX_TAGS:
        raise Refusal("note.too_long", most=NOTE_LENGTH)
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        photo = gallery.photos.filter(number=number, state=PhotoState.READY).first()
        if photo is None:
            raise Refusal("note.gone", photo=number)
        note = PhotoNote.objects.filter(photo=photo, chooser=chooser).first() or PhotoNote(photo=photo, chooser=chooser)
        if op <= note.seen.get(device, 0):
            return None
        if gallery.state != GalleryState.OPEN:
            raise Refusal("note.locked", photo=number)
        refuse_viewer(chooser)
        note.pins = _pins(photo, pins, note.pins)
        note.text, note.tags, note.device, note.at = text, tags, device, clock.now()
        note.seen = {**note.seen, device: op}
        note.save()
        bump(gallery)
        events.record(events.Kind.PHOTO_NOTED, chooser, chooser.customer, carry={"by": chooser.pk}, photo=number)
        return note


def _pins(photo: Photo, given: Sequence[Mapping[str, Any]] | None, before: list[Any]) -> list[Any]:
    if given is None:
        return before
    found = places.settled(given, photo.rendition_rev)
    if found is None:
        raise Refusal("note.pins", most=places.MOST)
    return found
