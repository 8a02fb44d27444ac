"""From received bytes to renditions, or to a reason why not: what the media workers do.

Harmless when run twice, at once, or after a kill: objects are named by their content and written before the row says
so, and the row changes only from `received`.
"""

import datetime as dt
import hashlib
import logging
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from core.kernel import clock, events, storage
from selection.addresses import GRID, PROOF
from selection.enums import GalleryState, PhotoState, Refused
from selection.intake import Intake
from selection.models import Gallery, Photo, PhotoFacts, locked
from selection.renditions import Renditions, Unusable, render
from selection.revisions import exchange
from selection.sequence import place
from selection.sight import Sight
from selection.watermark import Unmarkable, watermark_text
from tenants.context import current_studio
from tenants.jobs import studio_job

log = logging.getLogger(__name__)
STUCK = dt.timedelta(minutes=30)  # how long a received photograph may wait before the sweeper queues it again
MAX_ATTEMPTS = 5  # a file that kills its worker (memory, a native crash) is refused in the end


@studio_job(queue="media", name="selection.process_photo", retry=3)
def process_photo(*, photo_id: int) -> str:
    """Make a received photograph's renditions: ready, or refused with a reason. Returns what it did.

    No watermark, no proof: the photograph is refused (`broken`) instead. Records PHOTO_READY, PHOTO_REPLACED (the file
    was sent for another photograph) or PHOTO_REFUSED.
    """
    return process(ORIGINALS, photo_id)


def _arrived(gallery: Gallery, photo: Photo, made: Renditions) -> None:
    keep_facts(photo.pk, made.sight)
    if photo.replaces_id is None:
        gallery.photo_count += 1
        place(gallery.pk, photo.pk)


ORIGINALS = Intake(
    model=Photo,
    originals="o",
    renditions="r",
    open_states=frozenset({GalleryState.DRAFT, GalleryState.OPEN}),
    received=events.Kind.PHOTOS_RECEIVED,
    ready=events.Kind.PHOTO_READY,
    refused=events.Kind.PHOTO_REFUSED,
    process=lambda photo: process_photo.defer(key=str(photo.pk), photo_id=photo.pk),
    arrived=_arrived,
)


def process(intake: Intake, pk: int) -> str:
    """Make a received file's renditions: ready, or refused with a reason. Returns what it did.

    Both are marked. Records the intake's `ready` or `refused`.
    """
    row = intake.model.objects.select_related("gallery__order__branch").filter(pk=pk, state=PhotoState.RECEIVED).first()
    if row is None:
        return "settled"
    intake.model.objects.filter(pk=pk).update(attempts=row.attempts + 1, expires_at=clock.now() + STUCK)
    if row.attempts >= MAX_ATTEMPTS:
        return _refuse(intake, row, Refused.BROKEN)
    made = _render(row)
    return _refuse(intake, row, made) if isinstance(made, str) else _accept(intake, row, made)


def _render(photo: Any) -> "Renditions | str":
    """The renditions, or the reason why there are none."""
    try:
        original = storage.get(photo.original_key)
        if hashlib.md5(original, usedforsecurity=False).hexdigest() != photo.md5:
            return Refused.CHANGED
        if hasattr(photo, "sha256"):  # a kind of file that is signed by its bytes
            photo.sha256 = hashlib.sha256(original).hexdigest()
        return render(original, watermark_text(current_studio().name, photo.gallery.order.code))
    except storage.Missing:
        return Refused.EXPIRED
    except Unusable as error:
        return error.code
    except Unmarkable:
        log.exception("no watermark, no proof: photo %s", photo.pk)
        return Refused.BROKEN


def _accept(intake: Intake, photo: Any, made: Renditions) -> str:
    folder = storage.key(intake.renditions, photo.gallery_id, photo.pk, made.digest)
    for size, body in ((GRID, made.grid), (PROOF, made.proof)):
        storage.put(f"{folder}/{size}.webp", body, content_type="image/webp", cache_control=storage.FOREVER)
    with transaction.atomic():
        gallery = locked(photo.gallery_id)
        replaced = getattr(photo, "replaces", None)  # only a photograph is sent in the place of another
        if replaced is not None and not replaced.is_shown:
            intake.model.objects.filter(pk=photo.pk).update(rendition_key=folder)  # the purge finds what was written
            return "refused" if refuse(intake, photo, Refused.NO_TARGET) else "settled"
        changed = intake.model.objects.filter(pk=photo.pk, state=PhotoState.RECEIVED).update(
            state=PhotoState.READY if replaced is None else PhotoState.RECEIVED,
            expires_at=None,
            rendition_key=folder,
            rendition_rev=photo.rendition_rev + 1,
            rendition_bytes=made.size,
            width=made.width,
            height=made.height,
            color=made.color,
            taken_at=_instant(made.taken_at, photo.gallery.order.branch.timezone),
        )
        if not changed:
            return "settled"
        intake.arrived(gallery, photo, made)
        gallery.stored_bytes += made.size
        gallery.rev += 1
        gallery.save(update_fields=["photo_count", "stored_bytes", "rev"])
        if replaced is not None:
            carrier = Photo.objects.select_related("uploaded_by").get(pk=photo.pk)
            exchange(actor=carrier.uploaded_by, gallery=gallery, carrier=carrier)
            return "replaced"
        events.record(intake.ready, photo, photo=photo.number)
    return "ready"


def keep_facts(photo_id: int, sight: Sight | None) -> None:
    """What was measured of a photograph; None: it could not be, and need not be tried again."""
    facts = {name: getattr(sight, name, None) for name in ("likeness", "sharpness", "blown", "blocked")}
    PhotoFacts.objects.update_or_create(photo_id=photo_id, defaults=facts)


def _instant(taken_at: dt.datetime | None, zone: str) -> dt.datetime | None:
    """Cameras mostly record wall time only: it is the branch's."""
    if taken_at is None or taken_at.tzinfo is not None:
        return taken_at
    return taken_at.replace(tzinfo=ZoneInfo(zone))


def _refuse(intake: Intake, photo: Any, code: str) -> str:
    with transaction.atomic():
        locked(photo.gallery_id)
        return "refused" if refuse(intake, photo, code) else "settled"


def refuse(intake: Intake, photo: Any, code: str) -> bool:
    """A file that cannot be taken: its bytes are freed and deleted soon, its row says why. Gallery locked.

    Records the intake's `refused`. False when it was settled before.
    """
    changed = intake.model.objects.filter(pk=photo.pk, state__in=[PhotoState.PENDING, PhotoState.RECEIVED]).update(
        state=PhotoState.REFUSED, refusal=code, expires_at=None, purge_at=clock.now()
    )
    if not changed:
        return False
    gallery = Gallery.objects.get(pk=photo.gallery_id)
    gallery.stored_bytes -= photo.size
    gallery.rev += 1
    gallery.save(update_fields=["stored_bytes", "rev"])
    events.record(intake.refused, photo, photo=photo.number, file_name=photo.file_name, code=code)
    return True
