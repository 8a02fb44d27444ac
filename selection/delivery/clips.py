"""How a story's clip comes in: through the photographs' door, then its boxes are looked at, and it stands at once."""

from typing import Any

from django.db import transaction

from core.kernel import clock, events, storage
from core.kernel.errors import Refusal
from selection.delivery.models import Clip
from selection.delivery.mp4 import Film, Unplayable, film_of
from selection.enums import GalleryState, PhotoState, Refused
from selection.intake import Intake, Rows
from selection.models import Gallery, locked
from selection.processing import MAX_ATTEMPTS, STUCK, refuse
from selection.screens import bump
from selection.services.photos import KEEP_REMOVED
from tenants.jobs import studio_job

MAX_CLIP = 300 * 1024 * 1024


@studio_job(queue="media", name="selection.process_clip", retry=3)
def process_clip(*, clip_id: int) -> str:
    """Look at a received clip: it stands in the story, or is refused with a reason. Returns what it did.

    Records CLIP_READY or CLIP_REFUSED.
    """
    clip = Clip.objects.filter(pk=clip_id, state=PhotoState.RECEIVED).first()
    if clip is None:
        return "settled"
    Clip.objects.filter(pk=clip.pk).update(attempts=clip.attempts + 1, expires_at=clock.now() + STUCK)
    if clip.attempts >= MAX_ATTEMPTS:
        return _refuse(clip, Refused.BROKEN)
    try:
        film = film_of(lambda first, last: _read(clip.original_key, first, last), clip.size)
    except storage.Missing:
        return _refuse(clip, Refused.EXPIRED)
    except Unplayable as error:
        return _refuse(clip, error.code)
    return _accept(clip, film)


def _read(key: str, first: int, last: int) -> bytes:
    window, found = storage.window(key, first, last), b""
    try:
        while piece := window.read(last - first + 1):
            found += piece
    finally:
        window.close()
    return found


def _refuse(clip: Clip, code: str) -> str:
    with transaction.atomic():
        locked(clip.gallery_id)
        return "refused" if refuse(CLIPS, clip, code) else "settled"


def _accept(clip: Clip, film: Film) -> str:
    with transaction.atomic():
        gallery = locked(clip.gallery_id)
        waiting = Clip.objects.filter(pk=clip.pk, state=PhotoState.RECEIVED)
        if not waiting.exists():
            return "settled"
        put_aside(gallery)
        told = {"width": film.width, "height": film.height, "seconds": film.seconds}
        waiting.update(state=PhotoState.READY, expires_at=None, **told)
        bump(gallery)
        facts: dict[str, Any] = {"clip": clip.number, "file_name": clip.file_name, "seconds": film.seconds}
        events.record(events.Kind.CLIP_READY, clip, clip.uploaded_by, **facts)
    return "ready"


def put_aside(gallery: Gallery) -> int:
    """The clip that stands goes into the bin for some days; returns how many did. The gallery is locked."""
    standing = Clip.objects.filter(gallery=gallery, state=PhotoState.READY)
    return int(standing.update(state=PhotoState.REMOVED, purge_at=clock.now() + KEEP_REMOVED))


def _only_one(_gallery: Gallery, rows: Rows) -> None:
    if len(rows) > 1:
        raise Refusal("uploads.too_many", most=1)


def _nothing(_gallery: Gallery, _clip: Any, _made: Any) -> None:
    """Nothing is rendered of a clip."""


CLIPS = Intake(
    model=Clip,
    originals="v",
    renditions="v",
    open_states=frozenset({GalleryState.DELIVERED}),
    received=events.Kind.CLIP_RECEIVED,
    ready=events.Kind.CLIP_READY,
    refused=events.Kind.CLIP_REFUSED,
    process=lambda clip: process_clip.defer(key=str(clip.pk), clip_id=clip.pk),
    arrived=_nothing,
    prepare=_only_one,
    types={"mp4": "video/mp4", "m4v": "video/mp4"},
    max_bytes=MAX_CLIP,
    wrong=Refused.NOT_A_CLIP,
    too_large=Refused.CLIP_TOO_LARGE,
)
