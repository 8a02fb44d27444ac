"""What the delivery page shows: files, parts, addresses made for this person and this hour."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, reverse

from core.kernel import events
from portal.devices import is_wechat
from selection.addresses import GRID, PROOF
from selection.delivery.addresses import clean_token, download_base, download_url, share_link
from selection.delivery.entitlement import File
from selection.delivery.enums import FileKind
from selection.delivery.models import Delivery, PreparedFile, Story
from selection.delivery.parcels import part_name
from selection.delivery.selectors import (
    Part,
    clip_of,
    cold_galleries_of,
    delivered_to,
    files_of,
    parts_of,
    prepared,
    story_of,
    taken_keys,
)
from selection.models import Gallery
from selection.selectors import gallery_for_customer


@dataclass(frozen=True, slots=True)
class Item:
    """A file as the page shows it: its unmarked picture (or its colour), its own page, its address."""

    file: File
    url: str
    src: str
    large: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """A ZIP part as the page shows it."""

    part: Part
    name: str
    url: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """All files of one kind. `is_ready`: the ZIP parts can be made."""

    label: str
    items: list[Item]
    packs: list[Pack]

    @property
    def size(self) -> int:
        return sum(item.file.size for item in self.items)

    @property
    def is_ready(self) -> bool:
        return bool(self.packs)


@dataclass(frozen=True, slots=True)
class Taking:
    """Everything for one customer."""

    gallery: Gallery
    delivery: Delivery
    shelves: list[Shelf]
    story: Story | None

    @property
    def count(self) -> int:
        return sum(len(shelf.items) for shelf in self.shelves)


def found(request: HttpRequest, code: str) -> tuple[Gallery, Delivery]:
    """The open delivery of this customer; 404 for everybody else."""
    mine = delivered_to(request.customer, code)
    if mine is None:
        raise Http404
    return mine


def cold_or_404(request: HttpRequest, code: str) -> Gallery:
    """An archived gallery of this customer, or one whose last day has just passed."""
    gallery: Gallery | None = cold_galleries_of(request.customer).filter(code=code).first()
    if gallery is None:
        gallery = gallery_for_customer(request.customer, code)
        if gallery is None or not hasattr(gallery, "delivery"):
            raise Http404
    return gallery


def taking_of(request: HttpRequest, gallery: Gallery, delivery: Delivery) -> Taking:
    """Files, parts and addresses. A dozen queries, however many files."""
    files = files_of(gallery)
    known = prepared(files)
    parts = parts_of(files, known, gallery.order.branch.timezone)
    taken, base = taken_keys(gallery, files, parts), download_base(gallery, request.customer.pk)
    story = story_of(gallery)
    return Taking(
        gallery=gallery,
        delivery=delivery,
        shelves=[
            Shelf(
                label=str(kind.label),
                items=[_item(gallery, file, base, known, taken) for file in files if file.kind == kind],
                packs=[_pack(request, gallery, part, base, taken) for part in parts if part.kind == kind],
            )
            for kind in FileKind
            if any(file.kind == kind for file in files)
        ],
        story=story if story and story.published_at else None,
    )


def _item(gallery: Gallery, file: File, base: str, known: dict[str, PreparedFile], taken: set[str]) -> Item:
    has_picture = file.key in known and bool(known[file.key].preview)
    src, large = (clean_url(gallery, file.number, size) if has_picture else "" for size in (GRID, PROOF))
    return Item(file, download_url(base, file.what, file.name), src, large, file.key in taken)


def _pack(request: HttpRequest, gallery: Gallery, part: Part, base: str, taken: set[str]) -> Pack:
    name = part_name(gallery, part, request.customer)
    return Pack(part, name, download_url(base, part.what, name), all(file.key in taken for file in part.files))


def clean_url(gallery: Gallery, number: int, size: str) -> str:
    """An unmarked picture of a delivered final."""
    return reverse("media:clean", args=[gallery.code, clean_token(gallery), number, size])


def context(request: HttpRequest, gallery: Gallery, **more: Any) -> dict[str, Any]:
    """For every page of a delivery."""
    return {
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "in_wechat": is_wechat(request),
        "socket": f"{get_script_prefix()}ws/gallery/{gallery.code}/",
        "position": json.dumps({gallery.event_stream: list(events.position(gallery.event_stream))}),
        **more,
    }


def clip_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """The clip for those on the order: to be looked at, and to be saved."""
    clip = clip_of(gallery)
    if clip is None:
        return {}
    base = download_base(gallery, request.customer.pk)
    src = reverse("media:clip", args=[gallery.code, clean_token(gallery), clip.number])
    return {"clip": clip, "clip_src": src, "clip_url": download_url(base, f"v{clip.number}", clip.file_name)}


def shared_clip_context(gallery: Gallery, share_code: str) -> dict[str, Any]:
    """The clip for whoever has the link: to be looked at."""
    clip = clip_of(gallery)
    return {"clip": clip, "clip_src": reverse("media:story-clip", args=[share_code, clip.number])} if clip else {}


def story_context(story: Story, pictures: dict[int, tuple[str, str]]) -> dict[str, Any]:
    """The story in its order: paragraphs and pictures take turns, the first picture is the cover. `pictures` has the
    clip's poster too.
    """
    numbers = [number for number in story.numbers if number in pictures]
    texts = story.paragraphs
    share = -(-len(numbers[1:]) // max(1, len(texts)))
    blocks = [
        {"text": text, "pictures": [pictures[number] for number in numbers[1 + i * share : 1 + (i + 1) * share]]}
        for i, text in enumerate(texts or [""])
    ]
    return {
        "story": story,
        "cover": pictures[numbers[0]] if numbers else None,
        "poster": pictures.get(story.poster) or (pictures[numbers[0]] if numbers else None),
        "blocks": blocks,
        "share_url": share_link(story.share_code) if story.share_code else "",
    }
