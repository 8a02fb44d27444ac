"""Questions about deliveries: the files, the ZIP parts, what was fetched, what is cold."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from core.kernel import clock
from core.people.models import Customer
from selection.delivery import zips
from selection.delivery.entitlement import File, entitled, originals_scope
from selection.delivery.enums import PART_BYTES, FileKind, Originals
from selection.delivery.models import Clip, Delivery, Download, PreparedFile, Story
from selection.enums import GalleryState, PhotoState
from selection.models import Gallery
from selection.retouch.models import FinalVersion, SignOff
from selection.selectors import galleries_of, standing_submission


# -- What there is ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """One ZIP of several: `index` of `count` from 1, its files, how long it is before it exists."""

    kind: str
    index: int
    count: int
    files: list[File]
    entries: list[zips.Entry]
    segments: list[zips.Segment] = field(repr=False)

    @property
    def what(self) -> str:
        """As in addresses: `zf1`."""
        return f"z{self.kind}{self.index}"

    @property
    def size(self) -> int:
        return zips.length(self.segments)

    @property
    def etag(self) -> str:
        return zips.fingerprint(self.entries)


def signed_rows(gallery: Gallery) -> list[list[Any]]:
    """[[number, name, version, md5], …] as the customer signed; empty before that."""
    found = SignOff.objects.filter(job__gallery=gallery, job__stopped_at=None).order_by("-pk").first()
    return found.finals if found else []


def scope_of(gallery: Gallery) -> str:
    """Which originals the customer may take: contract, bundle, grants."""
    submission = standing_submission(gallery)
    delivery = delivery_of(gallery)
    granted = delivery.grants.values_list("originals", flat=True) if delivery else []
    return originals_scope(gallery.order.terms, submission.lines if submission else [], granted)


def files_of(gallery: Gallery) -> list[File]:
    """Every file that the gallery's customers may take once it is delivered. At most six queries."""
    signed, scope = signed_rows(gallery), scope_of(gallery)
    submission = standing_submission(gallery) if scope == Originals.CHOSEN else None
    chosen = {number for number, _name in submission.numbers} if submission else set()
    versions = FinalVersion.objects.filter(gallery=gallery, sent_in__isnull=False).select_related("photo")
    photos: Any = []
    if scope:
        photos = gallery.photos.filter(state=PhotoState.READY)
        photos = photos.filter(number__in=chosen) if scope == Originals.CHOSEN else photos
    return entitled(signed=signed, finals=versions, photos=photos, chosen=chosen, scope=scope)


def prepared(files: Iterable[File]) -> dict[str, PreparedFile]:
    """Object's key → what is known of its bytes."""
    return {row.key: row for row in PreparedFile.objects.filter(key__in=[file.key for file in files])}


def parts_of(files: list[File], known: dict[str, PreparedFile], zone: str, most: int = PART_BYTES) -> list[Part]:
    """The ZIP parts of each kind, finals first; none of a kind while the bytes of one of its files are unknown."""
    found = []
    for kind in FileKind:
        mine = [file for file in files if file.kind == kind]
        if mine and all(file.key in known for file in mine):
            found += _parts(str(kind), mine, known, zone, most)
    return found


def _parts(kind: str, files: list[File], known: dict[str, PreparedFile], zone: str, most: int) -> list[Part]:
    names = zips.distinct(file.name for file in files)
    entries = [
        zips.Entry(name, file.key, file.size, known[file.key].crc32, zips.wall(file.at, zone))
        for name, file in zip(names, files, strict=True)
    ]
    portions = zips.portions([entry.size for entry in entries], most)
    return [
        Part(kind, i, len(portions), [files[j] for j in some], (mine := [entries[j] for j in some]), zips.archive(mine))
        for i, some in enumerate(portions, start=1)
    ]


# -- Whose ------------------------------------------------------------------------------------------------------------
def delivery_of(gallery: Gallery) -> Delivery | None:
    """The gallery's delivery, past or present."""
    return Delivery.objects.filter(gallery=gallery).select_related("checked_by", "delivered_by").first()


def is_open(gallery: Gallery, delivery: Delivery | None) -> bool:
    """Whether files may be taken today, by the branch's calendar."""
    if delivery is None or gallery.state != GalleryState.DELIVERED:
        return False
    return delivery.until >= clock.today(gallery.order.branch.timezone)


def delivered_to(customer: Customer, code: str) -> tuple[Gallery, Delivery] | None:
    """The open delivery with this code if the customer is on its order; None means 404."""
    gallery = galleries_of(customer).filter(code=code, state=GalleryState.DELIVERED).first()
    delivery = delivery_of(gallery) if gallery else None
    if gallery is None or delivery is None or not is_open(gallery, delivery):
        return None
    return gallery, delivery


def is_of(customer: Customer, gallery: Gallery) -> bool:
    """Whether the customer is on the gallery's order, whatever state it is in."""
    mine = Q(order__customer=customer.pk) | Q(order__people__customer=customer.pk)
    return Gallery.objects.filter(mine, pk=gallery.pk).exists()


def cold_galleries_of(customer: Customer) -> Any:
    """QuerySet of the customer's galleries that were delivered and whose access has ended: kept, not shown."""
    mine = Q(order__customer=customer.pk) | Q(order__people__customer=customer.pk)
    ids = Gallery.objects.filter(mine, state=GalleryState.ARCHIVED, delivery__isnull=False).values("pk")
    return Gallery.objects.filter(pk__in=ids).select_related("order__branch", "delivery").order_by("-pk")


def preview_of(gallery: Gallery, number: int) -> str:
    """The folder of a delivered final's unmarked pictures; "" when there are none or access has ended."""
    if not is_open(gallery, delivery_of(gallery)):
        return ""
    keys = [file.key for file in files_of(gallery) if file.kind == FileKind.FINAL and file.number == number]
    return PreparedFile.objects.filter(key__in=keys).values_list("preview", flat=True).first() or ""


def story_of(gallery: Gallery) -> Story | None:
    """The gallery's story, published or not."""
    return Story.objects.filter(delivery__gallery=gallery).first()


def shared_story(share_code: str) -> Story | None:
    """The published story behind a share link, its delivery open; None means 404."""
    stories = Story.objects.filter(share_code=share_code, published_at__isnull=False)
    story = stories.select_related("delivery__gallery__order__branch").first()
    return story if story and is_open(story.delivery.gallery, story.delivery) else None


def clip_of(gallery: Gallery) -> Clip | None:
    """The clip that stands in the gallery's story."""
    return Clip.objects.filter(gallery=gallery, state=PhotoState.READY).first()


def binned_clip(gallery: Gallery) -> Clip | None:
    """The clip that was removed or replaced last, while its bytes are kept."""
    gone = Clip.objects.filter(gallery=gallery, state=PhotoState.REMOVED, purge_at__gt=clock.now(), width__gt=0)
    return gone.order_by("-purge_at", "-pk").first()


def told_clip(gallery: Gallery) -> Clip | None:
    """The clip while the customers may see it: access lasts and the story is published."""
    if not is_open(gallery, delivery_of(gallery)):
        return None
    is_told = Story.objects.filter(delivery__gallery=gallery, published_at__isnull=False).exists()
    return clip_of(gallery) if is_told else None


# -- What was fetched -------------------------------------------------------------------------------------------------
def taken_keys(gallery: Gallery, files: list[File], parts: list[Part]) -> set[str]:
    """Keys of the files of which every byte was sent to somebody, alone or inside a ZIP part. One query."""
    got: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    rows = Download.objects.filter(gallery=gallery, sent__gt=0)
    for what, etag, first, sent in rows.values_list("what", "etag", "first", "sent"):
        got[what, etag].append((first, first + sent))
    taken = {file.key for file in files if _covers(got.get((file.what, file.md5), []), file.size)}
    for part in parts:
        if _covers(got.get((part.what, part.etag), []), part.size):
            taken |= {file.key for file in part.files}
    return taken


def _covers(spans: list[tuple[int, int]], total: int) -> bool:
    reached = 0
    for first, end in sorted(spans):
        if first > reached:
            return False
        reached = max(reached, end)
    return reached >= total


def downloads_of(gallery: Gallery) -> Any:
    """QuerySet of the log, newest first."""
    return Download.objects.filter(gallery=gallery).select_related("customer").order_by("-pk")
