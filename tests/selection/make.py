"""Galleries for tests: rows as the verbs leave them, without sending bytes where no test looks at bytes."""

import datetime as dt
import hashlib
import http.client
import itertools
from typing import Any
from urllib.parse import urlsplit

from core.kernel import clock, storage
from core.orders.enums import Stage
from selection import services
from selection.enums import GalleryState, PhotoState
from selection.models import Chooser, Gallery, Photo
from selection.services import Announced, Op
from tests.factories import make_order

_serial = itertools.count(1)


def make_gallery(photos: int = 0, state: str = GalleryState.OPEN, *, order: Any = None, **fields: Any) -> Gallery:
    """A gallery of a fresh order in its selection stage, with `photos` ready photographs (rows only)."""
    order = order or make_order(stage=Stage.SELECTION)
    gallery = services.create_gallery(actor=None, order=order)
    add_photos(gallery, photos)
    for name, value in {"state": state, **fields}.items():
        setattr(gallery, name, value)
    gallery.save()
    return gallery


def add_photos(gallery: Gallery, count: int, state: str = PhotoState.READY) -> list[Photo]:
    """Photographs with the columns a worker would have filled in."""
    first = gallery.next_number
    rows = [
        Photo(
            gallery=gallery,
            number=first + i,
            file_name=f"DSC_{4000 + first + i}.jpg",
            state=state,
            size=1_000_000,
            md5=f"{next(_serial):032x}",
            content_type="image/jpeg",
            original_key=storage.key("o", gallery.pk, f"{next(_serial)}.jpg"),
            rendition_key=storage.key("r", gallery.pk, first + i, f"{next(_serial):x}"),
            rendition_rev=1,
            rendition_bytes=100_000,
            width=6000 if i % 3 else 4000,
            height=4000 if i % 3 else 6000,
            color=f"{(i * 7919) % 0xFFFFFF:06x}",
        )
        for i in range(count)
    ]
    Photo.objects.bulk_create(rows)
    gallery.next_number += count
    gallery.stored_bytes += sum(photo.size + photo.rendition_bytes for photo in rows)
    gallery.photo_count += count if state == PhotoState.READY else 0
    gallery.save()
    return rows


def main_chooser(gallery: Gallery) -> Chooser:
    return gallery.choosers.select_related("customer").get(is_main=True)


def tap(op: int, number: int, value: str, ago: float = 0) -> Op:
    return Op(op, number, value, clock.now() - dt.timedelta(seconds=ago))


def pick(chooser: Chooser, *taps: tuple[int, int, str], device: str = "phone-1") -> services.Outcome:
    return services.apply_picks(chooser=chooser, device=device, ops=[tap(*each) for each in taps])


# -- Real bytes through the very path that staff's browsers use --
def announced(name: str, body: bytes, **changes: Any) -> Announced:
    told = {"name": name, "size": len(body), "md5": hashlib.md5(body).hexdigest(), **changes}
    return Announced(**told)


def send(answer: Any, body: bytes) -> int:
    """PUT as a browser would; the status."""
    parts = urlsplit(answer.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("PUT", f"{parts.path}?{parts.query}", body=body, headers=answer.headers)
        return connection.getresponse().status
    finally:
        connection.close()


def upload(gallery: Gallery, *files: tuple[str, bytes], actor: Any = None) -> list[services.Completed]:
    """Sign, send and complete; the workers are not run."""
    actor = actor or gallery.order.owner
    answers = services.sign_uploads(actor=actor, gallery=gallery, files=[announced(*file) for file in files])
    for answer, (_name, body) in zip(answers, files, strict=True):
        if answer.status == "send":
            assert send(answer, body) == 200
    numbers = [answer.photo for answer in answers if answer.photo]
    return services.complete_uploads(actor=actor, gallery=gallery, numbers=numbers)
