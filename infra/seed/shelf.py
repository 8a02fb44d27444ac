"""Photographs of the demo: a few go the very way that staff use; the past's galleries share one shelf of proofs."""

import dataclasses
import hashlib
import itertools
import random
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

from core.kernel import clock, storage
from core.orders.models import Order
from selection import addresses
from selection.enums import PhotoState
from selection.models import Gallery, Photo, PhotoFacts
from selection.renditions import render
from selection.services import galleries, uploads
from selection.watermark import watermark_text
from tenants.context import current_studio

_numbers = itertools.count(1)
Say = Callable[[str], None]


class Shelf:
    """Proofs of sample pictures, made once. Galleries of the past point at them; their originals are not kept."""

    def __init__(self, pictures: Sequence[Path]) -> None:
        self.proofs = []
        self.sources: dict[str, Path] = {}  # folder of the proofs → the picture
        text = watermark_text(current_studio().name, "DEMO")
        for path in pictures:
            made = render(path.read_bytes(), text)
            folder = storage.key("r", "shelf", made.digest)
            for size, body in ((addresses.GRID, made.grid), (addresses.PROOF, made.proof)):
                storage.put(f"{folder}/{size}.webp", body, content_type="image/webp", cache_control=storage.FOREVER)
            self.proofs.append((folder, made))
            self.sources[folder] = path

    def fill(self, gallery: Gallery, count: int) -> None:
        """`count` ready photographs, numbered and named as a camera does."""
        first = next(_numbers) * 1000
        rows = []
        for i in range(1, count + 1):
            folder, made = self.proofs[(first + i) % len(self.proofs)]
            name = f"DSC_{first + i}.jpg"
            rows.append(
                Photo(
                    gallery=gallery,
                    number=i,
                    file_name=name,
                    state=PhotoState.READY,
                    size=8_000_000 + i,
                    md5=hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
                    content_type="image/jpeg",
                    original_key=storage.key("past", gallery.pk, name),
                    rendition_key=folder,
                    rendition_rev=1,
                    width=made.width,
                    height=made.height,
                    color=made.color,
                    taken_at=clock.now(),
                )
            )
        Photo.objects.bulk_create(rows)
        sights = [self.proofs[(first + i) % len(self.proofs)][1].sight for i in range(1, count + 1)]
        PhotoFacts.objects.bulk_create(
            PhotoFacts(photo=row, **dataclasses.asdict(sight)) for row, sight in zip(rows, sights, strict=True)
        )
        Gallery.objects.filter(pk=gallery.pk).update(photo_count=count, next_number=count + 1)
        gallery.refresh_from_db()


class Filler:
    """Makes the gallery of an order that was shot; its shelf is set up inside the studio, at the first one."""

    def __init__(self, pictures: Sequence[Path], dice: random.Random) -> None:
        self.pictures, self.dice = pictures, dice

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self.pictures)

    def __call__(self, order: Order, actor: Any) -> Gallery:
        return past_gallery(self.shelf, order, actor, self.dice.randint(12, 40))


def past_gallery(shelf: Shelf, order: Order, actor: Any, spare: int) -> Gallery:
    """A published gallery with some photographs more than the quota."""
    gallery = galleries.create_gallery(actor=actor, order=order)
    shelf.fill(gallery, order.retouched_included + spare)
    return galleries.publish_gallery(actor=actor, gallery=gallery, deadline=None)


def upload(gallery: Gallery, actor: Any, pictures: Iterable[Path], say: Say) -> int:
    """Announce, send straight to storage, confirm: what the console's uploader does. Returns how many were sent."""
    paths = list(pictures)
    sent = 0
    for batch in itertools.batched(paths, 50, strict=False):
        announced = [announce(path) for path in batch]
        answers = uploads.sign_uploads(actor=actor, gallery=gallery, files=announced)
        jobs = [(path, answer) for path, answer in zip(batch, answers, strict=True) if answer.status == "send"]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda job: put(*job), jobs))
        uploads.complete_uploads(actor=actor, gallery=gallery, numbers=[answer.photo for _path, answer in jobs])
        sent += len(jobs)
        say(f"  {sent} of {len(paths)} photographs uploaded")
        for path, answer in zip(batch, answers, strict=True):
            if answer.status == "refused":
                say(f"  {path.name}: refused ({answer.code})")
    return sent


def announce(path: Path, name: str = "") -> uploads.Announced:
    """What the browser would say of the file."""
    body = path.read_bytes()
    return uploads.Announced(name or path.name, len(body), hashlib.md5(body, usedforsecurity=False).hexdigest())


def put(path: Path, answer: uploads.Answer) -> None:
    """Straight to storage, as the answer says."""
    request = urllib.request.Request(answer.url, data=path.read_bytes(), headers=answer.headers, method="PUT")
    with urllib.request.urlopen(request, timeout=60):
        pass


def wait_until_ready(gallery: Gallery, say: Say, patience: float = 300, kind: Any = None) -> None:
    """Until the worker has settled every photograph (or file of `kind`). Raises TimeoutError."""
    end, shown = time.monotonic() + patience, -1
    while time.monotonic() < end:
        states = list((gallery.photos if kind is None else kind).values_list("state", flat=True))
        done = sum(state not in {PhotoState.PENDING, PhotoState.RECEIVED} for state in states)
        if done // 20 != shown:
            shown = done // 20
            say(f"  {done} of {len(states)} photographs processed")
        if done == len(states):
            return
        time.sleep(0.5)
    raise TimeoutError("the job worker did not process the demo's photographs")
