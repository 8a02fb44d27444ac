"""What the download door hands over for an address, or why it stays shut. Asks everything again at every use."""

import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from core.people.models import Customer
from selection.delivery import zips
from selection.delivery.addresses import Pass, read_pass
from selection.delivery.entitlement import File
from selection.delivery.enums import FileKind
from selection.delivery.models import PreparedFile
from selection.delivery.selectors import (
    Part,
    delivered_to,
    delivery_of,
    files_of,
    is_of,
    is_open,
    parts_of,
    prepared,
    told_clip,
)
from selection.enums import GalleryState
from selection.models import Gallery
from tenants.context import current_studio

WHAT = re.compile(r"(z?)([fov])(\d{1,6})")


class Shut(Exception):
    """`status`: 404 whatever is wrong, so that nothing is learnt; 410 when a right address has only become old, or
    (`has_ended`) access itself is over.
    """

    def __init__(self, status: int = 404, *, has_ended: bool = False) -> None:
        super().__init__(status)
        self.status, self.has_ended = status, has_ended


@dataclass(frozen=True, slots=True)
class Parcel:
    """A body whose every byte is known. `etag` changes when a byte would."""

    gallery: Gallery
    customer: Customer
    what: str
    name: str
    content_type: str
    etag: str
    segments: list[zips.Segment]

    @property
    def total(self) -> int:
        return zips.length(self.segments)


def parcel_for(code: str, given: str, what: str) -> Parcel:
    """The file or ZIP part of an address. Raises Shut: no such gallery, pass or file; not this person's any more; not
    delivered, archived, past its day; an old pass.
    """
    gallery = Gallery.objects.filter(code=code).select_related("order").first()
    found = WHAT.fullmatch(what)
    held = read_pass(gallery, given) if gallery else None
    if gallery is not None and found is not None and _has_ended(gallery, held, given):
        raise Shut(410, has_ended=True)
    if gallery is None or held is None or found is None:
        raise Shut
    customer, gallery = _holder(gallery, held)
    if held.is_over:
        raise Shut(410)
    if found[2] == "v":
        return _clip(gallery, customer, what)
    if found[1]:
        return _part(gallery, customer, what)
    file = next((one for one in files_of(gallery) if one.what == what), None)
    if file is None:
        raise Shut
    return _single(gallery, customer, file)


def _has_ended(gallery: Gallery, held: Pass | None, given: str) -> bool:
    """Whether the address was right for somebody of the order, and the delivery is archived or past its day."""
    if gallery.state == GalleryState.ARCHIVED:  # archiving was the epoch's last step
        held = read_pass(gallery, given, epochs_ago=1)
    elif gallery.state != GalleryState.DELIVERED or is_open(gallery, delivery_of(gallery)):
        return False
    return held is not None and is_of(Customer(pk=held.customer_id), gallery)


def _holder(gallery: Gallery, held: Pass) -> tuple[Customer, Gallery]:
    customer = Customer.objects.filter(pk=held.customer_id).first()
    mine = delivered_to(customer, gallery.code) if customer else None
    if customer is None or mine is None:
        raise Shut
    return customer, mine[0]


def _single(gallery: Gallery, customer: Customer, file: File) -> Parcel:
    name, span = zips.safe_name(file.name), zips.Span(file.key, file.size)
    return Parcel(gallery, customer, file.what, name, file.content_type, file.md5, [span])


def _clip(gallery: Gallery, customer: Customer, what: str) -> Parcel:
    """The story's clip, which is the customer's as the finals are."""
    clip = told_clip(gallery)
    if clip is None or what != f"v{clip.number}":
        raise Shut
    name, span = zips.safe_name(clip.file_name), zips.Span(clip.original_key, clip.size)
    return Parcel(gallery, customer, what, name, clip.content_type, clip.md5, [span])


def _part(gallery: Gallery, customer: Customer, what: str) -> Parcel:
    parts = parts_here(gallery)
    part = next((one for one in parts if one.what == what), None)
    if part is None:
        raise Shut
    name = part_name(gallery, part, customer)
    return Parcel(gallery, customer, what, name, "application/zip", part.etag, part.segments)


def parts_here(gallery: Gallery, files: list[File] | None = None) -> list[Part]:
    """The gallery's ZIP parts as they are now."""
    files = files_of(gallery) if files is None else files
    known: dict[str, PreparedFile] = prepared(files)
    return parts_of(files, known, gallery.order.branch.timezone)


def part_name(gallery: Gallery, part: Part, customer: Customer) -> str:
    """`<title> 精修片 1-3.zip`, in the customer's language."""
    with translation.override(customer.language or current_studio().language):
        word = _("Retouched photos") if part.kind == FileKind.FINAL else _("Originals")
    number = f" {part.index}-{part.count}" if part.count > 1 else ""
    return zips.safe_name(f"{gallery.title} {word}{number}.zip")
