"""Albums for tests: rows as the worker would leave them, drafts sent and answered by the verbs."""

import hashlib
import itertools
from typing import Any

from core.kernel import storage
from selection.album.intake import take_place
from selection.album.models import AlbumDraft, AlbumProof, Spread, SpreadComment
from selection.album.selectors import album_view
from selection.album.services import add_comment, judge_spread, return_draft, send_draft
from selection.enums import PhotoState
from selection.models import Gallery
from tests.selection.make import main_chooser

_serial = itertools.count(1)


def add_spread(album: AlbumProof, name: str, **fields: Any) -> Spread:
    """A ready spread, placed as the worker places it (rows only)."""
    serial = next(_serial)
    gallery = Gallery.objects.get(pk=album.gallery_id)
    meant = fields.pop("meant", None)
    spread = Spread.objects.create(
        album=album,
        gallery=gallery,
        number=50_000 + serial,
        meant=meant,
        file_name=name,
        state=PhotoState.READY,
        size=3_000_000,
        md5=f"{serial:032x}",
        content_type="image/jpeg",
        original_key=storage.key("a", gallery.pk, f"{serial}.jpg"),
        rendition_key=storage.key("ar", gallery.pk, f"{serial:x}"),
        rendition_rev=1,
        width=4800,
        height=2400,
    )
    Spread.objects.filter(pk=spread.pk).update(**fields)
    spread.refresh_from_db()
    spread.sha256 = hashlib.sha256(str(serial).encode()).hexdigest()
    take_place(gallery, spread, None)
    spread.refresh_from_db()
    return spread


def send(album: AlbumProof, *names: str, actor: Any = None) -> AlbumDraft:
    """New spreads of these names, sent."""
    for name in names:
        add_spread(album, name)
    draft = send_draft(actor=actor, album=album)
    album.refresh_from_db()
    return draft


def view(album: AlbumProof, chooser: Any = None) -> Any:
    album.gallery.refresh_from_db()
    return album_view(album.gallery, album.number, chooser or main_chooser(album.gallery))


def judge(album: AlbumProof, position: int, value: str = "approve", chooser: Any = None) -> None:
    """The main chooser's word on the spread in this place."""
    chooser = chooser or main_chooser(album.gallery)
    shown = view(album, chooser)
    number = shown.leaves[position - 1].spread.number
    judge_spread(chooser=chooser, album=album, draft=shown.draft.number, number=number, value=value)


def comment(
    album: AlbumProof, position: int, text: str = "换个底色", chooser: Any = None, **more: Any
) -> SpreadComment:
    chooser = chooser or main_chooser(album.gallery)
    shown = view(album, chooser)
    number = shown.leaves[position - 1].spread.number
    told = {"chooser": chooser, "album": album, "draft": shown.draft.number, "number": number, "text": text}
    return add_comment(**told, key=more.pop("key", f"k{next(_serial)}"), **more)


def give_back(album: AlbumProof, *positions: int) -> None:
    """The main chooser wants these changed, approves the rest, and is done."""
    for leaf in view(album).leaves:
        if leaf.position in positions:
            comment(album, leaf.position)
        else:
            judge(album, leaf.position)
    return_draft(chooser=main_chooser(album.gallery), album=album, draft=view(album).draft.number)
    album.refresh_from_db()


def approve_all(album: AlbumProof) -> None:
    for leaf in view(album).leaves:
        judge(album, leaf.position)
