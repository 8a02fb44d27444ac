"""Retouch jobs of the demo: finals made from the shelf's pictures by another light, rounds told by the verbs."""

import datetime as dt
import hashlib
import itertools
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyvips

from core.kernel import clock, storage
from infra.seed.shelf import Shelf
from selection import addresses
from selection.enums import PhotoState
from selection.models import Chooser, Gallery
from selection.renditions import Renditions, render
from selection.retouch.intake import next_version
from selection.retouch.models import FinalVersion
from selection.retouch.selectors import shown_finals
from selection.retouch.services import accept_rest, judge_final, return_round, send_round, sign_off, start_retouching
from selection.watermark import watermark_text
from tenants.context import current_studio

CHANGES = ["脸再小一点，别太过", "背景路人去掉", "肤色偏黄，请调亮", "发丝整理一下", "手臂线条柔一点", "保留这颗痣"]
_serial = itertools.count(1)


@lru_cache(maxsize=32)
def retouched(path: Path) -> bytes:
    """The picture as a retoucher might hand it back: lighter, warmer, a little softer."""
    image = pyvips.Image.thumbnail(str(path), 2400, size="down").colourspace("srgb")
    soft = image.gaussblur(2.2) * 0.35 + image * 0.65
    lifted = (soft / 255) ** 0.82 * 255
    body: bytes = (lifted * [1.04, 1.0, 0.94]).cast("uchar").copy(interpretation="srgb").jpegsave_buffer(Q=88)
    return body


class Darkroom:
    """Finals for galleries that stand on the shelf: each picture is retouched and rendered once."""

    def __init__(self, stock: Shelf) -> None:
        self.stock = stock
        self.made: dict[str, tuple[str, Renditions]] = {}

    def _of(self, folder: str) -> tuple[str, Renditions]:
        if folder not in self.made:
            made = render(retouched(self.stock.sources[folder]), watermark_text(current_studio().name, "DEMO"))
            target = storage.key("fr", "shelf", made.digest)
            for size, body in ((addresses.GRID, made.grid), (addresses.PROOF, made.proof)):
                storage.put(f"{target}/{size}.webp", body, content_type="image/webp", cache_control=storage.FOREVER)
            self.made[folder] = (target, made)
        return self.made[folder]

    def fill(self, gallery: Gallery, numbers: list[int], actor: Any) -> None:
        """A ready final of each of these photographs."""
        for photo in gallery.photos.filter(number__in=numbers).order_by("number"):
            folder, made = self._of(photo.rendition_key)
            version, serial = next_version(photo.pk), next(_serial)
            ending = "_精修" if version == 1 else f"_精修_v{version}"
            FinalVersion.objects.create(
                gallery=gallery,
                photo=photo,
                version=version,
                number=gallery.next_number,
                file_name=f"{Path(photo.file_name).stem}{ending}.jpg",
                state=PhotoState.READY,
                size=9_000_000 + serial,
                md5=hashlib.md5(f"final-{serial}".encode(), usedforsecurity=False).hexdigest(),
                content_type="image/jpeg",
                original_key=storage.key("past", gallery.pk, f"final-{serial}.jpg"),
                rendition_key=folder,
                rendition_rev=1,
                width=made.width,
                height=made.height,
                color=made.color,
                uploaded_by=actor,
            )
            gallery.next_number += 1
        gallery.finals.filter(sent_in=None).update(created_at=clock.now())  # not when the demo was made
        gallery.save(update_fields=["next_number"])


def tell_rounds(stock: Shelf, retoucher: Any, shown: Gallery, others: list[Gallery], now: dt.datetime) -> None:
    """`shown` is in its first round, half judged; the others stand all along the way, the last is not begun."""
    room = Darkroom(stock)
    begin(room, shown, retoucher, now - dt.timedelta(days=4), due=5)
    main = main_chooser(shown)
    numbers = numbers_of(shown)
    with clock.at(now - dt.timedelta(hours=2)):
        _judge(main, numbers[:1], "change")
        _judge(main, numbers[1:5], "accept")
    for i, gallery in enumerate(others[:4]):
        begin(room, gallery, retoucher, now - dt.timedelta(days=9 - i), due=[8, 2, 1, 6][i])
        if i < 3:  # the fourth is with its customer, untouched
            _answer(room, gallery, retoucher, now - dt.timedelta(days=6 - i), changes=[2, 3, 1][i], again=i == 0)
    for gallery in others[4:5]:  # two cards of one shoot: a base name that means two photographs
        first, second = numbers_of(gallery)[:2]
        twin = Path(gallery.photos.get(number=first).file_name).stem.lower()
        gallery.photos.filter(number=second).update(file_name=f"{twin}.heic")


def begin(room: Darkroom, gallery: Gallery, retoucher: Any, at: dt.datetime, due: int) -> None:
    """Job, finals of everything chosen, first round."""
    with clock.at(at):
        day = clock.today(gallery.order.branch.timezone) + dt.timedelta(days=due)
        start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=day)
    with clock.at(at + dt.timedelta(days=2)):
        gallery.refresh_from_db()
        room.fill(gallery, numbers_of(gallery), retoucher)
        send_round(actor=retoucher, gallery=gallery)


def _answer(room: Darkroom, gallery: Gallery, retoucher: Any, at: dt.datetime, changes: int, *, again: bool) -> None:
    """The customer wants some changed; `again`: they come back right and are signed."""
    main, numbers = main_chooser(gallery), numbers_of(gallery)
    with clock.at(at):
        _judge(main, numbers[:changes], "change")
        accept_rest(chooser=main)
        return_round(chooser=main)
    if not again:
        return
    with clock.at(at + dt.timedelta(days=1)):
        gallery.refresh_from_db()
        room.fill(gallery, numbers[:changes], retoucher)
        send_round(actor=retoucher, gallery=gallery)
    with clock.at(at + dt.timedelta(days=1, hours=5)):
        accept_rest(chooser=main)
        sign_off(chooser=main, signed_name=main.customer.name, evidence={"device": "demo"})


def _judge(chooser: Chooser, numbers: list[int], value: str) -> None:
    versions = {final.photo.number: final.version for final in shown_finals(chooser.gallery)}
    for number in numbers:
        note = CHANGES[number % len(CHANGES)] if value == "change" else ""
        judge_final(chooser=chooser, number=number, version=versions[number], value=value, note=note)


def main_chooser(gallery: Gallery) -> Chooser:
    found: Chooser = gallery.choosers.select_related("customer").get(is_main=True)
    found.gallery = gallery
    return found


def numbers_of(gallery: Gallery) -> list[int]:
    return [number for number, _name in gallery.submissions.get(reopened_at=None).numbers]
