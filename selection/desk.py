"""What the staff's gallery desk shows, gathered in a handful of queries: the work going on and the customer's picks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from selection.addresses import media_base
from selection.bills import Extra, Filling, extras_of, filling_of
from selection.enums import SHOWN_STATES, GalleryState, PhotoState, PickValue
from selection.models import SAYS_NOTHING, Arrangement, Chooser, Gallery, Photo, PhotoNote, Pick, Submission, Suggestion
from selection.selectors import Counts, Tile, choosers_of, counts, standing_submission, tiles_of

PAGE_SIZE = 60
SHOWS = ["all", PickValue.YES, PickValue.MAYBE, PickValue.NO, "notes", "rec", "hidden", "waiting", "refused", "bin"]


@dataclass(frozen=True, slots=True)
class Latest:
    """One of the customer's last taps."""

    tile: Tile
    value: str
    who: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Work:
    """How many photographs stand where."""

    pending: int
    received: int
    ready: int
    refused: int
    removed: int
    hidden: int

    @property
    def total(self) -> int:
        return self.pending + self.received + self.processed

    @property
    def processed(self) -> int:
        """What staff see as pictures; customers see `ready` ones."""
        return self.ready + self.hidden

    @property
    def is_busy(self) -> bool:
        return bool(self.received)


@dataclass(frozen=True, slots=True)
class Desk:
    """The gallery's work and choosing; `seats` begins with the main chooser."""

    gallery: Gallery
    work: Work
    seats: list[Chooser]
    counts: Counts | None
    latest: list[Latest]
    submission: Submission | None
    filling: Filling | None
    followed: list[Extra]

    @property
    def main(self) -> Chooser | None:
        return self.seats[0] if self.seats else None

    @property
    def has_choosing(self) -> bool:
        return self.gallery.state != GalleryState.DRAFT or any(seat.yes + seat.maybe + seat.no for seat in self.seats)


def desk_of(gallery: Gallery) -> Desk:
    """Everything on the desk but the wall of photographs."""
    seats = choosers_of(gallery)
    filling = filling_of(gallery, seats[0]) if seats else None
    extras = extras_of(gallery, seats[0], filling.bill) if filling else []
    return Desk(
        filling=filling,
        followed=[extra for extra in extras if extra.suggested_by],
        gallery=gallery,
        work=work_of(gallery),
        seats=seats,
        counts=counts(gallery, seats[0]) if seats else None,
        latest=latest_taps(gallery, seats),
        submission=standing_submission(gallery),
    )


def work_of(gallery: Gallery) -> Work:
    """Photographs by state: one query."""
    found = dict(gallery.photos.order_by().values_list("state").annotate(Count("pk")))
    return Work(**{str(state): found.get(state, 0) for state in PhotoState})


def latest_taps(gallery: Gallery, seats: list[Chooser], limit: int = 8) -> list[Latest]:
    """The newest taps of everybody, newest first."""
    names = {seat.pk: seat.customer.name for seat in seats}
    picks = Pick.objects.filter(chooser__in=seats, photo__state=PhotoState.READY).select_related("photo")
    newest = list(picks.exclude(value="").order_by("-at", "-pk")[:limit])
    shown = tiles_of(gallery, [pick.photo for pick in newest], None)
    return [Latest(tile, pick.value, names[pick.chooser_id], pick.at) for tile, pick in zip(shown, newest, strict=True)]


# -- The wall ---------------------------------------------------------------------------------------------------------
def wall(gallery: Gallery, show: str, page: Any) -> "Page[Any]":
    """A page of the photographs that `show` names (SHOWS), in the gallery's order; `value` is what the main chooser
    said, `is_cover` whether staff chose it.
    """
    found: Page[Any] = Paginator(_shown(gallery, show), PAGE_SIZE).get_page(page)
    base = media_base(gallery)
    for photo in found.object_list:
        photo.src = f"{base}{photo.number}-{photo.rendition_rev}/t.webp" if photo.rendition_rev else ""
    return found


def _shown(gallery: Gallery, show: str) -> "QuerySet[Photo]":
    said = Pick.objects.filter(photo=OuterRef("pk"), chooser__is_main=True).values("value")[:1]
    noted = PhotoNote.objects.filter(photo=OuterRef("pk")).exclude(SAYS_NOTHING)
    covers = Arrangement.objects.filter(cover=OuterRef("pk"))
    photos = gallery.photos.select_related("mark", "replaces").order_by("position", "number")
    photos = photos.annotate(value=Coalesce(Subquery(said), Value("")), noted=Exists(noted), is_cover=Exists(covers))
    by_state = {"waiting": [PhotoState.PENDING, PhotoState.RECEIVED], "refused": [PhotoState.REFUSED]}
    by_state["bin"] = [PhotoState.REMOVED]
    if show in by_state:
        return photos.filter(state__in=by_state[show])
    if show == "all":
        return photos.filter(state__in=SHOWN_STATES)
    if show == "hidden":
        return photos.filter(state=PhotoState.HIDDEN)
    if show == "rec":
        return photos.filter(state__in=SHOWN_STATES, mark__is_recommended=True)
    ready = photos.filter(state=PhotoState.READY)
    return ready.filter(noted=True) if show == "notes" else ready.filter(value=show)


@dataclass(frozen=True, slots=True)
class Near:
    """A photograph large, what everybody said of it, what staff suggest it for, and its neighbours' numbers."""

    photo: Photo
    proof: str
    said: list[Pick]
    notes: list[PhotoNote]
    suggestions: list[Suggestion]
    before: int | None
    after: int | None

    @property
    def is_pinned(self) -> bool:
        return any(note.pins for note in self.notes)


def near(gallery: Gallery, photo: Photo) -> Near:
    """The photograph as the desk's dialog shows it."""
    shown = gallery.photos.filter(state__in=SHOWN_STATES)
    earlier = Q(position__lt=photo.position) | Q(position=photo.position, number__lt=photo.number)
    later = Q(position__gt=photo.position) | Q(position=photo.position, number__gt=photo.number)
    return Near(
        photo=photo,
        proof=f"{media_base(gallery)}{photo.number}-{photo.rendition_rev}/p.webp",
        said=list(photo.picks.exclude(value="").select_related("chooser__customer").order_by("-chooser__is_main")),
        notes=list(photo.notes.exclude(SAYS_NOTHING).select_related("chooser__customer")),
        suggestions=list(photo.suggestions.select_related("by", "slot").order_by("at")),
        before=shown.filter(earlier).order_by("-position", "-number").values_list("number", flat=True).first(),
        after=shown.filter(later).order_by("position", "number").values_list("number", flat=True).first(),
    )


# -- All galleries ----------------------------------------------------------------------------------------------------
def overview(galleries: Any, *, state: str = "", text: str = "") -> Any:
    """`galleries` narrowed by state and words, with the main chooser's counts on each row: newest first."""
    main = Chooser.objects.filter(gallery=OuterRef("pk"), is_main=True)
    told = {"picked": "yes", "undecided": "maybe", "also": "also_minor"}
    rows = galleries.annotate(**{name: Subquery(main.values(column)[:1]) for name, column in told.items()})
    rows = rows.select_related("order__branch", "order__customer")
    if state in GalleryState.values:
        rows = rows.filter(state=state)
    if text:
        words = Q(title__icontains=text) | Q(order__code__icontains=text) | Q(order__customer__name__icontains=text)
        rows = rows.filter(words)
    return rows


def state_counts(galleries: Any) -> dict[str, int]:
    """How many galleries stand in each state."""
    return dict(galleries.order_by().values_list("state").annotate(Count("pk")))
