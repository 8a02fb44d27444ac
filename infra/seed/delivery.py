"""Deliveries of the demo: one with its story and its log, one whose access ends in a week, one in the archive."""

import datetime as dt
import hashlib
import zlib
from pathlib import Path
from typing import Any

import pyvips

from core.kernel import clock, storage
from infra.seed.film import film
from infra.seed.retouch import Darkroom, begin, main_chooser, retouched
from infra.seed.shelf import Shelf
from selection.delivery import services
from selection.delivery.addresses import download_base
from selection.delivery.clips import CLIPS, process_clip
from selection.delivery.models import Clip, PreparedFile
from selection.delivery.parcels import parcel_for
from selection.delivery.ranges import reply_to
from selection.models import Gallery
from selection.renditions import render_clean
from selection.retouch.models import FinalVersion
from selection.retouch.services import accept_rest, sign_off
from selection.services import Announced, complete_uploads, sign_uploads

STORY = """那天清晨的雾还没有散，你们在栈道上走得很慢，像是想把这一天走得再长一些。

换上白纱的时候，风刚好把头纱吹起来。我们没有喊停，你们也没有看镜头——最好的几张就是这样来的。

傍晚回到城里，你说腿都软了，他说再拍一张。谢谢你们把这一天交给我们。"""
AGENTS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
]


class Vault:
    """Real files behind finals, each picture retouched and painted once; every file differs in its last bytes."""

    def __init__(self, stock: Shelf) -> None:
        self.stock = stock
        self.made: dict[str, tuple[bytes, str]] = {}

    def _of(self, folder: str) -> tuple[bytes, str]:
        if folder not in self.made:
            body = retouched(self.stock.sources[folder])
            target = storage.key("d", "shelf", hashlib.sha256(body).hexdigest()[:24])
            for size, picture in zip("tp", render_clean(body), strict=True):
                storage.put(f"{target}/{size}.webp", picture, content_type="image/webp")
            self.made[folder] = (body, target)
        return self.made[folder]

    def keep(self, gallery: Gallery) -> None:
        """Store the gallery's finals and know them already: nothing is left to prepare."""
        for final in gallery.finals.select_related("photo"):
            body, preview = self._of(final.photo.rendition_key)
            body += f"{final.pk:08d}".encode()  # behind the end of the picture
            storage.put(final.original_key, body, content_type="image/jpeg")
            md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
            FinalVersion.objects.filter(pk=final.pk).update(size=len(body), md5=md5)
            told = {"size": len(body), "crc32": zlib.crc32(body), "preview": preview}
            PreparedFile.objects.create(gallery=gallery, key=final.original_key, **told)


def tell_deliveries(room: Darkroom, galleries: list[Gallery], who: list[Any], now: dt.datetime) -> None:
    """`who`: retoucher and adviser.

    The first is delivered three days ago and partly fetched, the second ends in seven days, the third is archived.
    """
    ages, lefts = [3, 40, 60], [362, 7, 20]
    vault, adviser = Vault(room.stock), who[1]
    for gallery, age, left in zip(galleries, ages, lefts, strict=False):
        _hand_over(room, vault, gallery, who, now - dt.timedelta(days=age), left + age)
    if galleries:
        _tell_story(galleries[0], adviser, now)
        _add_clip(galleries[0], room.stock, adviser, now)
        _fetch(galleries[0], now)
    for gallery in galleries[2:3]:
        with clock.at(now - dt.timedelta(days=2)):
            services.archive_gallery(actor=adviser, gallery=gallery, reason="客户已全部下载")


def _hand_over(room: Darkroom, vault: Vault, gallery: Gallery, who: list[Any], at: dt.datetime, days: int) -> None:
    retoucher, adviser = who
    begin(room, gallery, retoucher, at - dt.timedelta(days=5), due=3)
    vault.keep(gallery)
    chooser = main_chooser(gallery)
    with clock.at(at - dt.timedelta(hours=20)):
        accept_rest(chooser=chooser)
        sign_off(chooser=chooser, signed_name=chooser.customer.name, evidence={"device": "demo"})
    with clock.at(at):
        gallery.refresh_from_db()
        until = clock.today(gallery.order.branch.timezone) + dt.timedelta(days=days)
        told = {"checked_by": retoucher, "until": until, "note": "肤色、水平线已检查"}
        services.deliver_gallery(actor=adviser, gallery=gallery, **told)


def _tell_story(gallery: Gallery, adviser: Any, now: dt.datetime) -> None:
    numbers = [row[0] for row in gallery.submissions.get(reopened_at=None).numbers][:7]
    with clock.at(now - dt.timedelta(days=2)):
        told: dict[str, Any] = {"title": "雾散之前", "text": STORY, "numbers": numbers, "published": True}
        services.save_story(actor=adviser, gallery=gallery, **told)


def _add_clip(gallery: Gallery, stock: Shelf, adviser: Any, now: dt.datetime) -> None:
    """Twelve seconds of the day, in pictures that follow one another."""
    numbers = [row[0] for row in gallery.submissions.get(reopened_at=None).numbers][:6]
    photos = gallery.photos.filter(number__in=numbers).order_by("number")
    body = film([(frame_of(stock.sources[photo.rendition_key]), 2000) for photo in photos])
    md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
    with clock.at(now - dt.timedelta(days=2)):
        [answer] = sign_uploads(
            actor=adviser, gallery=gallery, files=[Announced("婚纱花絮.mp4", len(body), md5)], intake=CLIPS
        )
        clip = Clip.objects.get(gallery=gallery, number=answer.photo)
        storage.put(clip.original_key, body, content_type="video/mp4")
        complete_uploads(actor=adviser, gallery=gallery, numbers=[clip.number], intake=CLIPS)
        process_clip(clip_id=clip.pk)


def frame_of(path: Path) -> pyvips.Image:
    """A picture upright, 480 × 640."""
    found = pyvips.Image.thumbnail(str(path), 480, height=640, crop="centre")
    return found.colourspace("srgb").extract_band(0, n=3)


def _fetch(gallery: Gallery, now: dt.datetime) -> None:
    """A ZIP that broke off and was resumed, and a photograph saved by itself."""
    customer = main_chooser(gallery).customer
    given = download_base(gallery, customer.pk).split("/")[-2]
    number = gallery.submissions.get(reopened_at=None).numbers[0][0]
    half = 0
    for what, agent, hours, share in [("zf1", 0, 30, 0.4), ("zf1", 0, 29, 0.6), (f"f{number}", 1, 5, 1)]:
        with clock.at(now - dt.timedelta(hours=hours)):
            parcel = parcel_for(gallery.code, given, what)
            asked = {"range": f"bytes={half}-"} if share == 0.6 else {}
            reply = reply_to("GET", asked, total=parcel.total, etag=parcel.etag, headers={})
            row = services.begin_download(parcel=parcel, reply=reply, address="120.229.17.4", agent=AGENTS[agent])
            half = int(parcel.total * share)
            services.end_download(download_id=row.pk, sent=half if share == 0.4 else reply.size)
