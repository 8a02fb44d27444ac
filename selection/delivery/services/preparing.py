"""What must be known of a file before any byte of a ZIP can be sent, and pictures of it without a mark."""

import logging
import zlib

from django.db import transaction

from core.kernel import live, storage
from selection.delivery.entitlement import File
from selection.delivery.enums import FileKind
from selection.delivery.models import PreparedFile
from selection.delivery.selectors import files_of, prepared
from selection.models import Gallery
from selection.renditions import Unusable, render_clean
from tenants.jobs import studio_job

log = logging.getLogger(__name__)
SIZES = ("t", "p")


@studio_job(queue="media", name="selection.prepare_delivery", retry=3)
def prepare(*, gallery_id: int) -> None:
    """After a delivery or a grant."""
    prepare_files(Gallery.objects.select_related("order__branch").get(pk=gallery_id))


def prepare_files(gallery: Gallery) -> int:
    """Read every file that may be taken and is not known yet; returns how many. Harmless when run twice.

    A file whose bytes are gone or are others stays unknown: its kind gets no ZIP, and the log says why.
    """
    files = files_of(gallery)
    known = prepared(files)
    done = sum(_prepare(gallery, file) for file in files if file.key not in known)
    if done:
        with transaction.atomic():
            live.poke(gallery.event_stream, {"type": "gallery.prepared", "seq": 0, "thread": gallery.event_thread})
    return done


def _prepare(gallery: Gallery, file: File) -> bool:
    try:
        body = storage.get(file.key)
    except storage.Missing:
        log.exception("file %s of gallery %s is not in storage", file.key, gallery.pk)
        return False
    if len(body) != file.size:
        log.error("file %s of gallery %s has %s bytes, not %s", file.key, gallery.pk, len(body), file.size)
        return False
    preview = _previews(gallery, file, body) if file.kind == FileKind.FINAL else ""
    PreparedFile.objects.get_or_create(
        key=file.key,
        defaults={"gallery": gallery, "size": file.size, "crc32": zlib.crc32(body), "preview": preview},
    )
    return True


def _previews(gallery: Gallery, file: File, body: bytes) -> str:
    """The folder of both pictures; "" when none can be made: the file can be taken all the same."""
    try:
        pictures = render_clean(body)
    except Unusable:
        log.warning("no preview of %s", file.key)
        return ""
    folder = storage.key("d", gallery.pk, file.number, file.md5)
    for size, picture in zip(SIZES, pictures, strict=True):
        storage.put(f"{folder}/{size}.webp", picture, content_type="image/webp", cache_control=storage.FOREVER)
    return folder
