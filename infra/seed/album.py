"""Albums of the demo: spreads laid out from the shelf's pictures, rounds told by the verbs."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyvips

from core.kernel import clock, storage
from infra.seed.shelf import Shelf
from selection import addresses
from selection.album.intake import take_place
from selection.album.models import AlbumProof, Spread
from selection.album.selectors import album_view, swap_numbers
from selection.album.services import (
    add_comment,
    approve_album,
    judge_spread,
    return_draft,
    send_draft,
    settle_comment,
    start_album,
)
from selection.enums import PhotoState
from selection.models import Gallery
from selection.renditions import Renditions, render
from selection.watermark import watermark_text
from tenants.context import current_studio

WIDTH, HEIGHT = 2400, 1200  # both pages; a printer's file has three times as much, which nobody sees here
PAPERS = [[250, 248, 244], [236, 231, 222], [34, 31, 28], [244, 240, 236]]
# Frames of a spread as (left, top, width, height) in hundredths of its width and height: full page, pairs, collages
LAYOUTS: list[list[tuple[int, int, int, int]]] = [
    [(0, 0, 50, 100), (56, 12, 38, 76)],
    [(4, 8, 20, 84), (26, 8, 20, 40), (26, 52, 20, 40), (50, 0, 50, 100)],
    [(0, 0, 100, 100)],
    [(5, 10, 40, 80), (55, 10, 19, 38), (76, 10, 19, 38), (55, 52, 40, 38)],
    [(6, 20, 17, 60), (25, 20, 17, 60), (52, 6, 44, 88)],
    [(4, 6, 60, 88), (67, 6, 29, 42), (67, 52, 29, 42)],
]
_serial = itertools.count(1)


def laid_out(pictures: Sequence[Path], number: int, *, changed: bool = False, narrow: bool = False) -> bytes:
    """A spread as a designer exports it: pictures on paper, a fold in the middle; `changed`: on another paper;
    `narrow`: exported in another shape by mistake.
    """
    paper = PAPERS[(number + int(changed)) % len(PAPERS)]
    sheet = (pyvips.Image.black(WIDTH, HEIGHT, bands=3) + paper).cast("uchar").copy(interpretation="srgb")
    for i, (left, top, width, height) in enumerate(LAYOUTS[number % len(LAYOUTS)]):
        size = WIDTH * width // 100, HEIGHT * height // 100
        path = pictures[(number * 3 + i) % len(pictures)]
        picture = pyvips.Image.thumbnail(str(path), size[0], height=size[1], crop="attention").colourspace("srgb")
        sheet = sheet.insert(picture.extract_band(0, n=3), WIDTH * left // 100, HEIGHT * top // 100)
    away = (pyvips.Image.xyz(WIDTH, HEIGHT).extract_band(0) - WIDTH / 2).abs()
    fold = 1 - 0.16 * (away * (-1 / 26)).exp()
    whole = (sheet * fold).cast("uchar").copy(interpretation="srgb")
    body: bytes = (whole.crop(0, 0, WIDTH - 400, HEIGHT) if narrow else whole).jpegsave_buffer(Q=86)
    return body


class Binder:
    """Spreads made and rendered once, whatever albums show them."""

    def __init__(self, stock: Shelf) -> None:
        self.pictures = list(stock.sources.values())
        self.made: dict[tuple[int, bool, bool], tuple[str, Renditions, bytes]] = {}

    def _of(self, number: int, changed: bool, narrow: bool) -> tuple[str, Renditions, bytes]:  # noqa: FBT001 (kinds)
        if (number, changed, narrow) not in self.made:
            body = laid_out(self.pictures, number, changed=changed, narrow=narrow)
            made = render(body, watermark_text(current_studio().name, "DEMO"))
            target = storage.key("ar", "shelf", made.digest)
            for size, picture in ((addresses.GRID, made.grid), (addresses.PROOF, made.proof)):
                storage.put(f"{target}/{size}.webp", picture, content_type="image/webp", cache_control=storage.FOREVER)
            self.made[number, changed, narrow] = (target, made, body)
        return self.made[number, changed, narrow]

    def add(self, album: AlbumProof, number: int, *, changed: bool = False, narrow: bool = False) -> None:
        """A ready spread in the draft at work."""
        folder, made, body = self._of(number, changed, narrow)
        gallery, serial = Gallery.objects.get(pk=album.gallery_id), next(_serial)
        spread = Spread.objects.create(
            album=album,
            gallery=gallery,
            number=gallery.next_number,
            file_name=f"内页_{number + 1:02d}{'_v2' if changed else ''}.jpg",
            state=PhotoState.READY,
            size=len(body) + serial,
            md5=hashlib.md5(f"spread-{serial}".encode(), usedforsecurity=False).hexdigest(),
            content_type="image/jpeg",
            original_key=storage.key("past", gallery.pk, f"spread-{serial}.jpg"),
            rendition_key=folder,
            rendition_rev=1,
            width=made.width,
            height=made.height,
            color=made.color,
            uploaded_by=album.designer,
        )
        Spread.objects.filter(pk=spread.pk).update(created_at=clock.now())  # not when the demo was made
        Gallery.objects.filter(pk=gallery.pk).update(next_number=gallery.next_number + 1)
        spread.sha256 = hashlib.sha256(body).hexdigest()
        take_place(gallery, spread, made)


def tell_albums(stock: Shelf, designer: Any, shown: Gallery, other: Gallery | None, now: dt.datetime) -> None:
    """`shown` is in its second round with a comment and a wish to swap; `other` was approved."""
    binder = Binder(stock)
    album = _first_draft(binder, shown, designer, now - dt.timedelta(days=5), spreads=6)
    with clock.at(now - dt.timedelta(days=3)):
        _approve(album, [1, 3, 4, 6])
        first = _say(album, 2, "左边这张脸有点暗，能亮一点吗？", pin=(240, 420))
        second = _say(album, 5, "背景想换成浅色", pin=(120, 300))
        return_draft(chooser=_main(album), album=album, draft=1)
    with clock.at(now - dt.timedelta(days=1)):
        for number in (1, 4):
            binder.add(album, number, changed=True)
        for comment in (first, second):
            settle_comment(album=album, comment=comment, actor=designer, outcome="done", answer="已调整，请再看看")
        send_draft(actor=designer, album=album)
    with clock.at(now - dt.timedelta(hours=20)):  # the next one is at work: its file warns of itself
        binder.add(album, 2, changed=True, narrow=True)
    with clock.at(now - dt.timedelta(hours=2)):
        _approve(album, [2])
        _say(album, 5, "这里再往右移一点点", pin=(620, 480))
        inside, unused = (sorted(found) for found in swap_numbers(album.gallery, album))
        into = next(number for number in reversed(unused) if number != inside[0])
        _say(album, 3, "我们更喜欢笑的这张", swap=(inside[0], into))
    if other is not None:
        _signed(binder, other, designer, now)


def _first_draft(binder: Binder, gallery: Gallery, designer: Any, at: dt.datetime, spreads: int) -> AlbumProof:
    """Begun and sent two days later."""
    slot = gallery.slots.filter(kind="album_page").first()
    with clock.at(at - dt.timedelta(days=2)):
        due = clock.today(gallery.order.branch.timezone) + dt.timedelta(days=14)
        name = next((p["name"] for p in gallery.order.terms["products"] if p["kind"] == "album"), "相册")
        album = start_album(actor=designer, gallery=gallery, name=name, designer=designer, due_on=due, slot=slot)
    with clock.at(at):
        for number in range(spreads):
            binder.add(album, number)
        send_draft(actor=designer, album=album)
    album.gallery = Gallery.objects.select_related("order__branch").get(pk=gallery.pk)
    return album


def _signed(binder: Binder, gallery: Gallery, designer: Any, now: dt.datetime) -> None:
    album = _first_draft(binder, gallery, designer, now - dt.timedelta(days=8), spreads=4)
    with clock.at(now - dt.timedelta(days=6)):
        _approve(album, [1, 2, 3, 4])
        main = _main(album)
        told = {"draft": 1, "digest": album.drafts.get(number=1).digest, "signed_name": main.customer.name}
        approve_album(chooser=main, album=album, **told, evidence={"agent": "demo"})


def _main(album: AlbumProof) -> Any:
    return album.gallery.choosers.select_related("customer").get(is_main=True)


def _looked_at(album: AlbumProof, position: int) -> dict[str, Any]:
    view = album_view(album.gallery, album.number, _main(album))
    assert view is not None
    number = view.leaves[position - 1].spread.number
    return {"chooser": view.chooser, "album": album, "draft": view.draft.number, "number": number}


def _approve(album: AlbumProof, positions: list[int]) -> None:
    for position in positions:
        judge_spread(**_looked_at(album, position), value="approve")


def _say(album: AlbumProof, position: int, text: str, **more: Any) -> int:
    key = f"demo{next(_serial)}"
    return int(add_comment(**_looked_at(album, position), text=text, key=key, **more).pk)
