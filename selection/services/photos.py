"""A photograph in the gallery: into the bin and back, and the guarded original."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction

from core.kernel import clock, events, storage
from core.kernel.errors import Refusal
from selection.culling.enums import Flag
from selection.enums import SHOWN_STATES, GalleryState, PhotoState, PickValue
from selection.models import Gallery, OriginalAccess, Photo, PhotoMark, Pick, locked
from selection.revisions import exchange
from selection.screens import bump
from selection.services.slots import reprice_all

KEEP_REMOVED = dt.timedelta(days=7)
ORIGINAL_SECONDS = 300


def remove_photo(*, actor: Any, photo: Photo) -> Photo:
    """Put a photograph into the bin for seven days. A refused one leaves the list for good.

    Records PHOTO_REMOVED. Raises Refusal gallery.locked (submitted or archived) | photo.settled (not there any more)
    | photo.chosen: while customers choose, what one of them selected or left undecided does not vanish under their
    fingers (the same rule as hiding); a gallery that was withdrawn gives it, and its picks stop counting. What is in
    a signed part never goes.
    """
    with transaction.atomic():
        gallery = changeable(photo.gallery_id)
        photo = Photo.objects.get(pk=photo.pk)
        if photo.state == PhotoState.REMOVED:
            raise Refusal("photo.settled", photo=photo.number)
        wanted = Pick.objects.filter(photo=photo.pk, value__in=[PickValue.YES, PickValue.MAYBE])
        if gallery.state != GalleryState.OPEN:
            wanted = wanted.filter(is_signed=True)
        if photo.state == PhotoState.READY and wanted.exists():
            raise Refusal("photo.chosen", photo=photo.number)
        was_ready, was_refused = photo.state == PhotoState.READY, photo.state == PhotoState.REFUSED
        photo.state, photo.expires_at = PhotoState.REMOVED, None
        photo.purge_at = clock.now() + (dt.timedelta() if was_refused else KEEP_REMOVED)
        photo.save(update_fields=["state", "expires_at", "purge_at"])
        if was_refused:
            gallery.stored_bytes += photo.size  # freed when it was refused; the purge frees it once more
        recount(gallery, -int(was_ready))
        if not was_refused:
            events.record(events.Kind.PHOTO_REMOVED, photo, actor, photo=photo.number, file_name=photo.file_name)
    return photo


def restore_photo(*, actor: Any, photo: Photo) -> Photo:
    """Take a photograph out of the bin; its picks count again. One that was hidden stays hidden. The old file of a
    replaced photograph goes back to its place, and the newer one into the bin.

    Records PHOTO_RESTORED or PHOTO_REPLACED. Raises Refusal gallery.locked | photo.settled (purged, or never ready)
    | photo.duplicate (the same bytes were uploaded again meanwhile).
    """
    try:
        with transaction.atomic():
            gallery = changeable(photo.gallery_id)
            in_bin = Photo.objects.filter(
                pk=photo.pk, state=PhotoState.REMOVED, purge_at__gt=clock.now(), rendition_rev__gt=0
            )
            if (found := in_bin.first()) is None:
                raise Refusal("photo.settled", photo=photo.number)
            if found.replaces_id is not None:
                return _put_back(actor, gallery, found)
            is_hidden = PhotoMark.objects.filter(photo=found.pk, flag=Flag.REJECT).exists()
            in_bin.update(state=PhotoState.HIDDEN if is_hidden else PhotoState.READY, purge_at=None)
            recount(gallery, int(not is_hidden))
            events.record(events.Kind.PHOTO_RESTORED, photo, actor, photo=photo.number, file_name=photo.file_name)
    except IntegrityError as error:
        raise Refusal("photo.duplicate", photo=photo.number) from error
    photo.refresh_from_db()
    return photo


def _put_back(actor: Any, gallery: Gallery, carrier: Photo) -> Photo:
    photo = exchange(actor=actor, gallery=gallery, carrier=carrier)
    if photo is None:
        raise Refusal("photo.settled", photo=carrier.number)
    bump(gallery)
    return photo


def changeable(gallery_id: int) -> Gallery:
    """The locked gallery while photographs may come and go. Raises Refusal gallery.locked."""
    gallery = locked(gallery_id)
    if gallery.state not in {GalleryState.DRAFT, GalleryState.OPEN}:
        raise Refusal("gallery.locked", state=gallery.state)
    return gallery


def recount(gallery: Gallery, step: int) -> None:
    """Photo count, and every chooser's counts anew from the rows: photographs came or went. The gallery is locked."""
    gallery.photo_count += step
    gallery.rev += 1
    gallery.save(update_fields=["photo_count", "stored_bytes", "rev"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE selection_chooser AS chooser SET yes = told.yes, maybe = told.maybe, no = told.no FROM ("
            "  SELECT seat.id, count(*) FILTER (WHERE pick.value = 'yes') AS yes,"
            "         count(*) FILTER (WHERE pick.value = 'maybe') AS maybe,"
            "         count(*) FILTER (WHERE pick.value = 'no') AS no"
            "  FROM selection_chooser seat LEFT JOIN (selection_pick pick JOIN selection_photo photo"
            "    ON photo.id = pick.photo_id AND photo.state = 'ready') ON pick.chooser_id = seat.id"
            "  WHERE seat.gallery_id = %s GROUP BY seat.id"
            ") AS told WHERE told.id = chooser.id",
            [gallery.pk],
        )
    reprice_all(gallery)


def open_original(*, actor: Any, photo: Photo, address: str | None) -> str:
    """A link to the untouched original for five minutes, as a download; who asked, when and from where is kept.

    The caller holds OPEN_ORIGINALS in the order's branch. Records ORIGINAL_OPENED. Raises Refusal photo.settled.
    """
    if photo.state not in {*SHOWN_STATES, PhotoState.RECEIVED}:
        raise Refusal("photo.settled", photo=photo.number)
    with transaction.atomic():
        OriginalAccess.objects.create(photo=photo, user=actor, address=address)
        events.record(events.Kind.ORIGINAL_OPENED, photo, actor, photo=photo.number, file_name=photo.file_name)
    return storage.get_url(photo.original_key, seconds=ORIGINAL_SECONDS, file_name=photo.file_name)
