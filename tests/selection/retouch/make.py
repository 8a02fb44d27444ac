"""Submitted selections for the retouch tests."""

from typing import Any

from selection.models import Gallery
from selection.services import save_note, submit_selection
from tests.selection.make import main_chooser, make_gallery, pick


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
