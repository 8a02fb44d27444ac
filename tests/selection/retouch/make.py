"""Submitted selections for the retouch tests."""

import itertools
from typing import Any

from core.kernel import storage
from selection.enums import PhotoState
from selection.models import Gallery
from selection.retouch.intake import next_version
from selection.retouch.models import FinalVersion, RetouchRound
from selection.retouch.selectors import shown_finals
from selection.retouch.services import accept_rest, judge_final, return_round, send_round
from selection.services import save_note, submit_selection
from tests.selection.make import main_chooser, make_gallery, pick

_serial = itertools.count(1)


def rename(gallery: Gallery, **names: str) -> None:
    """`rename(gallery, _3="DSC_1.jpg")`: give photograph 3 a file name."""
    for number, name in names.items():
        gallery.photos.filter(number=int(number.lstrip("_"))).update(file_name=name)


def note(gallery: Gallery, number: int, text: str = "", tags: tuple[str, ...] = (), chooser: Any = None) -> None:
    save_note(
        chooser=chooser or main_chooser(gallery), number=number, text=text, tags=tags, device="phone-1", op=number + 1
    )


def submit(gallery: Gallery, *numbers: int) -> Gallery:
    """The main chooser picks `numbers` and submits."""
    chooser = main_chooser(gallery)
    pick(chooser, *[(op, number, "yes") for op, number in enumerate(numbers, start=1)])
    chooser.refresh_from_db()
    extra = max(0, chooser.yes - gallery.included) * gallery.extra_photo_minor
    submit_selection(chooser=chooser, extra_total_minor=extra, signed_name="陈晓雨")
    gallery.refresh_from_db()
    return gallery


def submitted_gallery(photos: int = 4, picked: tuple[int, ...] = (1, 2, 3), **fields: Any) -> Gallery:
    return submit(make_gallery(photos, included=40, **fields), *picked)


def add_final(gallery: Gallery, number: int, name: str = "", **fields: Any) -> FinalVersion:
    """A ready final of photograph `number` as the worker would leave it (rows only)."""
    photo = gallery.photos.get(number=number)
    serial = next(_serial)
    final = FinalVersion.objects.create(
        gallery=gallery,
        photo=photo,
        version=next_version(photo.pk),
        number=10_000 + serial,
        file_name=name or photo.file_name,
        state=PhotoState.READY,
        size=2_000_000,
        md5=f"{serial:032x}",
        content_type="image/jpeg",
        original_key=storage.key("f", gallery.pk, f"{serial}.jpg"),
        rendition_key=storage.key("fr", gallery.pk, f"{serial:x}"),
        rendition_rev=1,
        width=6000,
        height=4000,
    )
    FinalVersion.objects.filter(pk=final.pk).update(**fields)
    final.refresh_from_db()
    return final


def send(gallery: Gallery, *numbers: int, actor: Any = None) -> RetouchRound:
    """New finals of `numbers` (all chosen ones by default), sent."""
    gallery.refresh_from_db()
    for number in numbers or [number for number, _name in gallery.submissions.get(reopened_at=None).numbers]:
        add_final(gallery, number)
    sent = send_round(actor=actor, gallery=gallery)
    gallery.refresh_from_db()
    return sent


def judge(gallery: Gallery, number: int, value: str, note: str = "", chooser: Any = None) -> Any:
    """The main chooser's word on the version that is shown."""
    final = next(one for one in shown_finals(gallery) if one.photo.number == number)
    chooser = chooser or main_chooser(gallery)
    return judge_final(chooser=chooser, number=number, version=final.version, value=value, note=note)


def give_back(gallery: Gallery, *numbers: int) -> None:
    """The main chooser wants `numbers` changed, accepts the rest, and returns the round."""
    for number in numbers:
        judge(gallery, number, "change", "再瘦一点")
    chooser = main_chooser(gallery)
    accept_rest(chooser=chooser)
    return_round(chooser=chooser)
    gallery.refresh_from_db()
