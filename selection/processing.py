"""From received bytes to renditions, or to a reason why not: what the media workers do.

Harmless when run twice, at once, or after a kill: objects are named by their content and written before the row says
so, and the row changes only from `received`.
"""

import datetime as dt
import hashlib
import logging
from zoneinfo import ZoneInfo

from django.db import transaction

from core.kernel import clock, events, storage
from selection.addresses import GRID, PROOF
from selection.enums import PhotoState, Refused
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
    photo = (
        Photo.objects.select_related("gallery__order__branch").filter(pk=photo_id, state=PhotoState.RECEIVED).first()
    )
    if photo is None:
        return "settled"
    Photo.objects.filter(pk=photo_id).update(attempts=photo.attempts + 1, expires_at=clock.now() + STUCK)
    if photo.attempts >= MAX_ATTEMPTS:
        return _refuse(photo, Refused.BROKEN)
    made = _render(photo)
    return _refuse(photo, made) if isinstance(made, str) else _accept(photo, made)


def _render(photo: Photo) -> "Renditions | str":
    """The renditions, or the reason why there are none."""
    try:
        original = storage.get(photo.original_key)
        if hashlib.md5(original, usedforsecurity=False).hexdigest() != photo.md5:
            return Refused.CHANGED
        return render(original, watermark_text(current_studio().name, photo.gallery.order.code))
    except storage.Missing:
        return Refused.EXPIRED
    except Unusable as error:
        return error.code
    except Unmarkable:
        log.exception("no watermark, no proof: photo %s", photo.pk)
        return Refused.BROKEN


def _accept(photo: Photo, made: Renditions) -> str:
    folder = storage.key("r", photo.gallery_id, photo.pk, made.digest)
    for size, body in ((GRID, made.grid), (PROOF, made.proof)):
        storage.put(f"{folder}/{size}.webp", body, content_type="image/webp", cache_control=storage.FOREVER)
    with transaction.atomic():
        gallery = locked(photo.gallery_id)
        if photo.replaces is not None and not photo.replaces.is_shown:
            Photo.objects.filter(pk=photo.pk).update(rendition_key=folder)  # the purge finds what was written
            return "refused" if refuse(photo, Refused.NO_TARGET) else "settled"
        changed = Photo.objects.filter(pk=photo.pk, state=PhotoState.RECEIVED).update(
            state=PhotoState.RECEIVED if photo.replaces_id else PhotoState.READY,
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
        keep_facts(photo.pk, made.sight)
        gallery.stored_bytes += made.size
        gallery.rev += 1
        gallery.photo_count += photo.replaces_id is None
        gallery.save(update_fields=["photo_count", "stored_bytes", "rev"])
        if photo.replaces_id is not None:
            carrier = Photo.objects.select_related("uploaded_by").get(pk=photo.pk)
            exchange(actor=carrier.uploaded_by, gallery=gallery, carrier=carrier)
            return "replaced"
        place(gallery.pk, photo.pk)
        events.record(events.Kind.PHOTO_READY, photo, photo=photo.number)
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


def _refuse(photo: Photo, code: str) -> str:
    with transaction.atomic():
        locked(photo.gallery_id)
        return "refused" if refuse(photo, code) else "settled"


def refuse(photo: Photo, code: str) -> bool:
    """A photograph that cannot be taken: its bytes are freed and deleted soon, its row says why. Gallery locked.

    Records PHOTO_REFUSED. False when it was settled before.
    """
    changed = Photo.objects.filter(pk=photo.pk, state__in=[PhotoState.PENDING, PhotoState.RECEIVED]).update(
        state=PhotoState.REFUSED, refusal=code, expires_at=None, purge_at=clock.now()
    )
    if not changed:
        return False
    gallery = Gallery.objects.get(pk=photo.gallery_id)
    gallery.stored_bytes -= photo.size
    gallery.rev += 1
    gallery.save(update_fields=["stored_bytes", "rev"])
    events.record(events.Kind.PHOTO_REFUSED, photo, photo=photo.number, file_name=photo.file_name, code=code)
    return True
