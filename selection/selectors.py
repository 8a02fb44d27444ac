"""Questions about galleries, photographs and picks. Who may see what is decided here and nowhere else.

For the customer's pages: `galleries_of(customer)` is the only way to a gallery (`get_object_or_404(galleries_of(c),
code=…)` or `gallery_for_customer`), `chooser_of` to the person's own picks, `summary` to every number on the screen.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from core.kernel import rows
from core.kernel.events import Event, Kind
from core.people.enums import Capability
from core.people.models import Customer
from core.people.staff import Staff
from selection.addresses import GRID, PROOF, media_base, media_token, media_url
from selection.bills import retouched_rule
from selection.enums import GalleryState, PhotoState, PickValue, wish_labels
from selection.manifest import manifest
from selection.models import SAYS_NOTHING, Chooser, Gallery, Photo, PhotoNote, Pick, Submission
from selection.pins import Pin
from selection.seats import ADMITTED

VISIBLE_TO_CUSTOMERS = [
    GalleryState.OPEN,
    GalleryState.SUBMITTED,
    GalleryState.RETOUCHING,
    GalleryState.PROOFING,
    GalleryState.SIGNED_OFF,
    GalleryState.DELIVERED,
]

__all__ = [
    "Counts",
    "Summary",
    "Tile",
    "chooser_of",
    "choosers_of",
    "counts",
    "first_covers",
    "first_tiles",
    "galleries_for_staff",
    "galleries_of",
    "gallery_for_customer",
    "gallery_for_staff",
    "gallery_of_order",
    "manifest",
    "media_base",
    "media_token",
    "media_url",
    "next_price",
    "notes_of",
    "picked_photos",
    "price_of",
    "seat_of",
    "standing_submission",
    "submitted_photos",
    "summary",
    "tiles",
    "tiles_of",
]


# -- Which galleries --------------------------------------------------------------------------------------------------
def galleries_of(customer: Customer) -> Any:
    """QuerySet of the published galleries of the orders on which the customer is a person, and of those where they are
    a guest; newest first.
    """
    mine = Q(order__customer=customer.pk) | Q(order__people__customer=customer.pk)
    mine |= Q(choosers__customer=customer.pk, choosers__is_guest=True)
    ids = Gallery.objects.filter(mine, state__in=VISIBLE_TO_CUSTOMERS).values("pk")
    return Gallery.objects.filter(pk__in=ids).select_related("order__branch").order_by("-pk")


def gallery_for_customer(customer: Customer | None, code: str) -> Gallery | None:
    """The gallery with this code if the customer may open it now; None means 404."""
    return galleries_of(customer).filter(code=code).first() if customer else None


def seat_of(customer: Customer, code: str, *, lock: bool = False) -> Chooser | None:
    """The customer's seat in the gallery with this code, `.gallery` and `.customer` loaded, if they may open it now.

    The same rule as `galleries_of`, in one query for the taps. None also when they never entered. `lock` holds the
    gallery's row until commit; the seat's counts may then be older than the lock.
    """
    question = _SEAT.format(rows.columns(Chooser, "seat"), rows.columns(Gallery, "gallery"))
    held = "FOR NO KEY UPDATE OF gallery" if lock else ""
    row = rows.run(question + held, [code, customer.pk, VISIBLE_TO_CUSTOMERS]).fetchone()
    if row is None:
        return None
    seat = rows.loaded(Chooser, row[: rows.width(Chooser)])
    seat.gallery, seat.customer = rows.loaded(Gallery, row[rows.width(Chooser) :]), customer
    return seat


_SEAT = """
SELECT {}, {}
FROM selection_gallery gallery
JOIN core_order sale ON sale.id = gallery.order_id
JOIN selection_chooser seat ON seat.gallery_id = gallery.id
WHERE gallery.code = %s AND seat.customer_id = %s AND gallery.state = ANY(%s)
  AND @admitted
""".replace("@admitted", ADMITTED)


def galleries_for_staff(staff: Staff, capability: Capability = Capability.VIEW_GALLERIES) -> Any:
    """QuerySet of the galleries in the branches where `capability` holds."""
    galleries = Gallery.objects.select_related("order__branch", "order__customer").order_by("-pk")
    return staff.scope(galleries, capability, "order__branch_id")


def gallery_for_staff(staff: Staff, code: str) -> Gallery | None:
    """The gallery with this code if the staff member may see it; None means 404."""
    return galleries_for_staff(staff).filter(code=code).first()


def gallery_of_order(order_id: int) -> Gallery | None:
    """The order's current gallery."""
    galleries = Gallery.objects.filter(order_id=order_id).exclude(state=GalleryState.ARCHIVED)
    return galleries.select_related("order__branch", "order__customer").order_by("-pk").first()


def chooser_of(gallery: Gallery, customer: Customer) -> Chooser | None:
    """The customer's own seat in the gallery (None before `services.enter_gallery`)."""
    return Chooser.objects.filter(gallery=gallery, customer=customer.pk).select_related("customer").first()


def choosers_of(gallery: Gallery) -> list[Chooser]:
    """Everybody who may choose, the main chooser first."""
    return list(gallery.choosers.select_related("customer").order_by("-is_main", "pk"))


# -- Photographs ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tile:
    """One photograph as a grid shows it. `value` is what the asked-for chooser said ("" when nothing)."""

    number: int
    rendition_rev: int
    width: int
    height: int
    color: str
    file_name: str
    src: str
    proof: str
    value: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()

    @property
    def is_noted(self) -> bool:
        return bool(self.note or self.tags or self.pins)

    @property
    def wishes(self) -> list[str]:
        return wish_labels(self.tags)


def tiles(gallery: Gallery, chooser: Chooser | None = None, *, offset: int = 0, limit: int | None = None) -> list[Tile]:
    """Ready photographs in the gallery's order, with what `chooser` said of them."""
    ready = gallery.photos.filter(state=PhotoState.READY).order_by("position", "number")
    photos = ready[offset : offset + limit] if limit is not None else ready[offset:]
    return tiles_of(gallery, list(photos), chooser)


def customer_events(gallery: Gallery, customer_id: int | None = None) -> Any:
    """QuerySet of what the gallery's customers did in it and with its order, newest first; of one of them."""
    rows = Event.objects.filter(thread__in=[gallery.event_thread, f"photos.{gallery.pk}"], actor_kind="customer")
    rows = rows.exclude(kind=Kind.ORDER_MOVED)
    return (rows.filter(actor_id=customer_id) if customer_id else rows).order_by("-id")


def first_tiles(gallery: Gallery, n: int = 12, chooser: Chooser | None = None) -> list[Tile]:
    """The first screen, rendered into the HTML."""
    return tiles(gallery, chooser, limit=n)


def first_covers(gallery: Gallery, n: int, chooser: Chooser) -> list[Tile]:
    """The first screen with stacks folded, as js/portal/tiles.js folds them: nothing moves when it takes over.

    A stack stands where its first photograph does and shows what is selected of it, else what staff recommend.
    """
    with connection.cursor() as cursor:
        asked = {"gallery": gallery.pk, "chooser": chooser.pk, "muted": chooser.mutes_suggestions, "n": n}
        cursor.execute(_COVERS, asked)
        order = {photo: place for place, (photo,) in enumerate(cursor.fetchall())}
    photos = sorted(Photo.objects.filter(pk__in=order), key=lambda photo: order[photo.pk])
    return tiles_of(gallery, photos, chooser)


_COVERS = """
SELECT id FROM (
    SELECT photo.id, first_value(photo.position) OVER pile AS position, first_value(photo.number) OVER pile AS number,
           row_number() OVER (
               PARTITION BY coalesce(mark.stack, -photo.number)
               ORDER BY (pick.value IS NOT DISTINCT FROM 'yes') DESC,
                        (mark.is_recommended IS TRUE AND NOT %(muted)s) DESC, photo.position, photo.number) AS rank
    FROM selection_photo photo
    LEFT JOIN selection_photomark mark ON mark.photo_id = photo.id
    LEFT JOIN selection_pick pick ON pick.photo_id = photo.id AND pick.chooser_id = %(chooser)s
    WHERE photo.gallery_id = %(gallery)s AND photo.state = 'ready'
    WINDOW pile AS (PARTITION BY coalesce(mark.stack, -photo.number) ORDER BY photo.position, photo.number)
) AS photos
WHERE rank = 1 ORDER BY position, number LIMIT %(n)s
"""


def picked_photos(gallery: Gallery, chooser: Chooser | None = None, value: str = PickValue.YES) -> list[Tile]:
    """Photographs of which `chooser` (default: the main chooser) said `value`, in number order, with their notes."""
    chooser = chooser or gallery.choosers.filter(is_main=True).first()
    if chooser is None:
        return []
    photos = gallery.photos.filter(state=PhotoState.READY, picks__chooser=chooser, picks__value=value)
    return tiles_of(gallery, list(photos.order_by("number")), chooser)


def submitted_photos(gallery: Gallery, submission: Submission, chooser: Chooser | None = None) -> list[Tile]:
    """What was signed, in number order, with the notes of `chooser`; later picks change nothing of it."""
    numbers = [number for number, _name in submission.numbers]
    return tiles_of(gallery, list(gallery.photos.filter(number__in=numbers).order_by("number")), chooser)


def tiles_of(gallery: Gallery, photos: list[Photo], chooser: Chooser | None) -> list[Tile]:
    """`photos` as tiles, in their order, with what `chooser` said and asked."""
    ids = [photo.pk for photo in photos]
    values, notes = {}, {}
    if chooser is not None and ids:
        values = dict(Pick.objects.filter(chooser=chooser, photo__in=ids).values_list("photo_id", "value"))
        notes = {note.photo_id: note for note in PhotoNote.objects.filter(chooser=chooser, photo__in=ids)}
    base = media_base(gallery)
    return [
        Tile(
            photo.number,
            photo.rendition_rev,
            photo.width,
            photo.height,
            photo.color,
            photo.file_name,
            f"{base}{photo.number}-{photo.rendition_rev}/{GRID}.webp",
            f"{base}{photo.number}-{photo.rendition_rev}/{PROOF}.webp",
            values.get(photo.pk, ""),
            notes[photo.pk].text if photo.pk in notes else "",
            tuple(notes[photo.pk].tags) if photo.pk in notes else (),
            tuple(notes[photo.pk].pinned) if photo.pk in notes else (),
        )
        for photo in photos
    ]


# -- Numbers and prices -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Counts:
    """What a person said so far and what it costs: the server's figures, the only ones that count."""

    yes: int
    maybe: int
    no: int
    included: int
    extra_photo_minor: int
    retouched_minor: int = 0
    also_minor: int = 0

    @property
    def extra(self) -> int:
        return max(0, self.yes - self.included)

    @property
    def extra_total_minor(self) -> int:
        """Everything to pay: retouched extras, slots, all originals (`bills.bill_of` itemises it)."""
        return self.retouched_minor + self.also_minor

    @property
    def is_itemised(self) -> bool:
        """Whether the total is more than so many extras at one price."""
        return bool(self.also_minor) or self.retouched_minor != self.extra * self.extra_photo_minor

    def as_json(self) -> dict[str, int]:
        names = ("yes", "maybe", "no", "included", "extra", "extra_total_minor")
        return {name: getattr(self, name) for name in names}


def counts(gallery: Gallery, chooser: Chooser) -> Counts:
    """From the exact counters on the chooser's row and the gallery's frozen terms. No query."""
    each, retouched = gallery.extra_photo_minor, price_of(gallery, chooser.yes)
    return Counts(chooser.yes, chooser.maybe, chooser.no, gallery.included, each, retouched, chooser.also_minor)


def price_of(gallery: Gallery, yes: int) -> int:
    """What retouching `yes` photographs costs beyond the package. No query."""
    extra = max(0, yes - gallery.included)
    return sum(count * price for count, price in retouched_rule(gallery).steps(extra))


def next_price(gallery: Gallery, yes: int) -> int:
    """What selecting one more photograph costs; 0 when it is included or not to be had. No query."""
    if yes < gallery.included or gallery.hard_limit:
        return 0
    return retouched_rule(gallery).price_of(yes - gallery.included + 1)


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the review page says before the customer signs, and the order card afterwards."""

    counts: Counts
    total: int
    notes: int
    currency: str
    hard_limit: bool
    deadline: dt.date | None
    state: str
    may_submit: bool
    submission: Submission | None

    @property
    def untouched(self) -> int:
        return max(0, self.total - self.counts.yes - self.counts.maybe - self.counts.no)

    @property
    def undecided(self) -> int:
        return self.counts.maybe

    @property
    def fewer(self) -> int:
        """How many included photographs are not used yet."""
        return max(0, self.counts.included - self.counts.yes)


def summary(gallery: Gallery, chooser: Chooser) -> Summary:
    """Counts, money, notes, deadline, and the standing submission if there is one."""
    return Summary(
        counts=counts(gallery, chooser),
        total=gallery.photo_count,
        notes=notes_of(chooser).count(),
        currency=gallery.order.currency,
        hard_limit=gallery.hard_limit,
        deadline=gallery.deadline,
        state=gallery.state,
        may_submit=chooser.is_main and gallery.state == GalleryState.OPEN and chooser.yes > 0,
        submission=standing_submission(gallery),
    )


def standing_submission(gallery: Gallery) -> Submission | None:
    """The submission that counts; None while the customer is choosing."""
    return gallery.submissions.filter(reopened_at=None).select_related("chooser__customer").first()


def notes_of(chooser: Chooser) -> Any:
    """QuerySet of the person's notes that say something."""
    return PhotoNote.objects.filter(chooser=chooser, photo__state=PhotoState.READY).exclude(SAYS_NOTHING)


def stored_bytes() -> int:
    """Bytes of every gallery of the studio, announced or stored: what the plan counts."""
    return int(Gallery.objects.aggregate(used=Sum("stored_bytes"))["used"] or 0)
