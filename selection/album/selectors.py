"""Questions about album proofs: the layout, what a customer sees of it, the designer's desk, the work list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, Sum

from core.catalog.enums import ProductKind, SlotKind
from core.people.enums import Capability
from core.people.staff import Staff
from selection.addresses import PROOF, media_base
from selection.album.addresses import spread_url
from selection.album.enums import ALBUM_STATES, OPEN_STATES, AlbumState, Outcome, Word
from selection.album.fitness import SENTENCES, concerns
from selection.album.layout import draft_at_work, spreads_of
from selection.album.models import (
    AlbumApproval,
    AlbumDraft,
    AlbumGrant,
    AlbumProof,
    Spread,
    SpreadComment,
    SpreadVerdict,
)
from selection.enums import GalleryState, PhotoState
from selection.models import Chooser, Gallery, GallerySlot, Placement
from selection.selectors import Tile, standing_submission, tiles_of


# -- Albums -----------------------------------------------------------------------------------------------------------
def albums_of(gallery: Gallery) -> list[AlbumProof]:
    """The gallery's albums that were not stopped, in order; `gallery` is the one given. One query."""
    albums = AlbumProof.objects.filter(gallery=gallery).exclude(state=AlbumState.STOPPED)
    found = list(albums.select_related("designer", "slot").order_by("number"))
    for album in found:
        album.gallery = gallery
    return found


def names_for(gallery: Gallery) -> list[tuple[str, GallerySlot | None]]:
    """What albums the order has, by slot or else by product; those begun are left out."""
    slots = list(gallery.slots.filter(kind=SlotKind.ALBUM_PAGE))
    found: list[tuple[str, GallerySlot | None]] = [(slot.name, slot) for slot in slots]
    if not found:
        products = gallery.order.terms.get("products") or []
        found = [(item.get("name", ""), None) for item in products if item.get("kind") == ProductKind.ALBUM]
    begun = albums_of(gallery)
    names, taken = {album.name for album in begun}, {album.slot_id for album in begun if album.slot_id}
    return [(name, slot) for name, slot in found if name not in {"", *names} and (not slot or slot.pk not in taken)]


def may_begin(gallery: Gallery) -> bool:
    """Whether an album can be laid out now: something stands submitted and is not archived."""
    return gallery.state in ALBUM_STATES


def swap_numbers(gallery: Gallery, album: AlbumProof) -> tuple[set[int], set[int]]:
    """(photographs in the album, chosen photographs that are not): by the album's slot, after the swaps done so far.

    Where the contract has no slot for it, or nobody filled it, any chosen photograph may be in or out.
    """
    submission = standing_submission(gallery)
    chosen = {number for number, _name in submission.numbers} if submission else set()
    ready = set(gallery.photos.filter(state=PhotoState.READY, number__in=chosen).values_list("number", flat=True))
    inside: set[int] = set()
    if album.slot_id and submission:
        placed = Placement.objects.filter(slot=album.slot_id, chooser=submission.chooser_id, is_in=True)
        inside = set(placed.values_list("photo__number", flat=True)) & ready
    if not inside:
        return ready, ready
    swaps = album.comments.filter(outcome=Outcome.DONE, photo_in__isnull=False).order_by("settled_at", "pk")
    for out, into in swaps.values_list("photo_out__number", "photo_in__number"):
        inside = (inside - {out}) | {into}
    return inside, ready - inside


# -- The customer's view ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Said:
    """A comment as one person sees it. `position`: where its spread stands in the draft (None: not in it any more);
    `is_here`: it was said of the very picture that is shown, so its pin fits.
    """

    comment: SpreadComment
    n: int
    position: int | None
    is_here: bool
    is_mine: bool
    may_settle: bool
    src: str  # the picture of which it was said

    @property
    def who(self) -> str:
        author: Any = self.comment.staff or self.comment.chooser.customer  # type: ignore[union-attr]  # one of both
        return str(author.name)

    @property
    def has_pin(self) -> bool:
        return self.comment.x is not None and self.is_here


@dataclass(slots=True)
class Leaf:
    """A spread in its place. `value`: what this person said of the picture shown; `others`: other people's words."""

    position: int
    spread: Spread
    src: str
    proof: str
    value: str
    others: list[SpreadVerdict]
    is_new: bool
    comments: list[Said] = field(default_factory=list)

    @property
    def open_comments(self) -> int:
        return sum(said.comment.is_open for said in self.comments)


@dataclass(frozen=True, slots=True)
class AlbumView:
    """A draft before a customer. `standing`: the newest one that was sent; another `draft` is history."""

    gallery: Gallery
    album: AlbumProof
    chooser: Chooser
    draft: AlbumDraft
    standing: AlbumDraft
    leaves: list[Leaf]
    said: list[Said]
    approval: AlbumApproval | None
    drafts: list[AlbumDraft]  # all that were sent, the newest first
    offer: AlbumGrant | None  # a priced round that waits for the main chooser's yes

    @property
    def is_old(self) -> bool:
        return self.draft.pk != self.standing.pk

    @property
    def is_open(self) -> bool:
        """Whether this person may say something of it."""
        return not self.is_old and self.album.state == AlbumState.PROOFING

    @property
    def round(self) -> int:
        return self.draft.round or 1

    @property
    def rounds(self) -> int:
        return max(self.round, self.album.rounds_included)

    @property
    def is_last(self) -> bool:
        return self.round >= self.album.rounds_included

    @property
    def approved(self) -> int:
        return sum(leaf.value == Word.APPROVE for leaf in self.leaves)

    @property
    def changed(self) -> int:
        return sum(leaf.value == Word.CHANGE for leaf in self.leaves)

    @property
    def left(self) -> int:
        return len(self.leaves) - self.approved - self.changed

    @property
    def open_said(self) -> list[Said]:
        return [said for said in self.said if said.comment.is_open]

    @property
    def is_settled(self) -> bool:
        """Whether nothing stands between this draft and the signature."""
        return bool(self.leaves) and self.approved == len(self.leaves) and not self.open_said

    @property
    def has_wishes(self) -> bool:
        return bool(self.changed or self.open_said)

    @property
    def first_left(self) -> int | None:
        return next((leaf.position for leaf in self.leaves if not leaf.value), None)

    def next_after(self, position: int) -> int | None:
        """The next spread without a word, round the end to the first."""
        waiting = [leaf.position for leaf in self.leaves if not leaf.value and leaf.position != position]
        return next((other for other in waiting if other > position), waiting[0] if waiting else None)


def shown_albums(gallery: Gallery) -> list[AlbumProof]:
    """The albums of which the customers were sent something. One query."""
    if gallery.state not in ALBUM_STATES:
        return []
    sent = Q(drafts__sent_at__isnull=False, drafts__superseded_at=None)
    return list(AlbumProof.objects.filter(sent, gallery=gallery).order_by("number"))


def album_view(gallery: Gallery, number: int, chooser: Chooser, draft: int | None = None) -> AlbumView | None:
    """What the customer sees of an album, or of one of its earlier drafts; None before something was sent.

    Nothing unsent is in it. Seven queries.
    """
    album = AlbumProof.objects.filter(gallery=gallery, number=number).first()
    if album is None or gallery.state not in ALBUM_STATES:
        return None
    album.gallery = gallery
    sent = {one.number: one for one in album.drafts.filter(sent_at__isnull=False)}
    standing = next((one for one in sent.values() if one.superseded_at is None), None)
    shown = sent.get(draft) if draft is not None else standing
    if standing is None or shown is None:
        return None
    spreads = spreads_of(shown)
    said = _said(album, chooser, shown, spreads, media_base(gallery))
    leaves = _leaves(gallery, chooser, shown, spreads)
    for leaf in leaves:
        leaf.comments = [one for one in said if one.position == leaf.position]
    approval = AlbumApproval.objects.filter(album=album).select_related("draft").first()
    drafts = sorted(sent.values(), key=lambda one: -one.number)
    grant = standing_grant(album) if album.is_beyond else None
    offer = grant if grant and grant.is_open and shown.pk == standing.pk else None
    return AlbumView(gallery, album, chooser, shown, standing, leaves, said, approval, drafts, offer)


def _leaves(gallery: Gallery, chooser: Chooser, draft: AlbumDraft, spreads: list[Spread]) -> list[Leaf]:
    base, verdicts = media_base(gallery), verdicts_on(spreads)
    leaves = []
    for position, spread in enumerate(spreads, start=1):
        here = verdicts.get(spread.pk, [])
        own = next((one for one in here if one.chooser_id == chooser.pk), None)
        leaves.append(
            Leaf(
                position=position,
                spread=spread,
                src=spread_url(base, spread),
                proof=spread_url(base, spread, PROOF),
                value=own.value if own else "",
                # the main chooser decides and hears the others; nobody else is shown somebody's word
                others=[one for one in here if one.chooser_id != chooser.pk] if chooser.is_main else [],
                is_new=draft.number > 1 and spread.sent_in_id == draft.pk,
            )
        )
    return leaves


def verdicts_on(spreads: Iterable[Spread]) -> dict[int, list[SpreadVerdict]]:
    """Spread's id → everybody's words on it, the main chooser's first. One query."""
    found: dict[int, list[SpreadVerdict]] = {}
    verdicts = SpreadVerdict.objects.filter(spread__in=[spread.pk for spread in spreads])
    for verdict in verdicts.select_related("chooser__customer").order_by("-chooser__is_main", "pk"):
        found.setdefault(verdict.spread_id, []).append(verdict)
    return found


def comments_of(album: AlbumProof) -> Any:
    """QuerySet of everything said of an album, in the order in which it was said."""
    people = ("chooser__customer", "staff", "spread", "photo_out", "photo_in", "settled_staff", "settled_by__customer")
    return album.comments.select_related(*people).order_by("at", "pk")


def _said(album: AlbumProof, chooser: Chooser, draft: AlbumDraft, spreads: list[Spread], base: str) -> list[Said]:
    comments = comments_of(album)
    if not chooser.is_main:
        comments = comments.filter(Q(chooser=chooser) | Q(staff__isnull=False))
    if draft.superseded_at is not None:
        comments = comments.filter(at__lte=draft.superseded_at)
    places = {spread.line: place for place, spread in enumerate(spreads, start=1)}
    shown, counted = {spread.pk for spread in spreads}, dict.fromkeys(places, 0)
    found = []
    for comment in comments:
        line = comment.spread.line
        counted[line] = counted.get(line, 0) + 1
        mine = comment.chooser_id == chooser.pk
        may = mine or chooser.is_main
        src = spread_url(base, comment.spread)
        found.append(Said(comment, counted[line], places.get(line), comment.spread_id in shown, mine, may, src))
    return found


@dataclass(frozen=True, slots=True)
class Swaps:
    """The photographs a swap can be made of. `is_known`: whether the album's slot says what is in it; where it does
    not, any chosen photograph may be either, and those that no use has come first.
    """

    inside: list[Tile]
    unused: list[Tile]
    is_known: bool


def swaps_of(gallery: Gallery, album: AlbumProof) -> Swaps:
    """What is in the album and what could come in; a photograph that somebody wants already is left out."""
    inside, unused = swap_numbers(gallery, album)
    wanted = album.comments.filter(settled_at=None, photo_in__isnull=False).values_list("photo_in__number", flat=True)
    unused = unused - set(wanted)
    photos = list(gallery.photos.filter(number__in=inside | unused).order_by("number"))
    tiles, used = tiles_of(gallery, photos, None), _used_numbers(gallery)
    comes = sorted((t for t in tiles if t.number in unused), key=lambda t: (t.number in used, t.number))
    return Swaps([t for t in tiles if t.number in inside], comes, not inside & unused)


def _used_numbers(gallery: Gallery) -> set[int]:
    """Chosen photographs that have a use: they stand in some slot."""
    submission = standing_submission(gallery)
    chooser = submission.chooser_id if submission else None
    placed = Placement.objects.filter(slot__gallery=gallery, chooser=chooser, is_in=True)
    return set(placed.values_list("photo__number", flat=True))


# -- Rounds beyond the contract ---------------------------------------------------------------------------------------
def standing_grant(album: AlbumProof) -> AlbumGrant | None:
    """The permission (or the open offer) for the round at work."""
    grants = album.grants.filter(number=album.round, declined_at=None)
    found: AlbumGrant | None = grants.select_related("granted_by").first()
    return found


def agreed_total(gallery: Gallery) -> int:
    """What the customer has agreed to pay for rounds of the gallery's albums beyond the contract."""
    agreed = AlbumGrant.objects.filter(album__gallery=gallery, agreed_at__isnull=False)
    return int(agreed.aggregate(total=Sum("price_minor"))["total"] or 0)


# -- The designer's desk ----------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Row:
    """A spread of the draft at work (or, after the end, of the last one sent), and what was said of its line."""

    position: int
    spread: Spread
    verdicts: list[SpreadVerdict]
    comments: list[SpreadComment]
    versions: list[Spread]
    doubts: list[str]  # as `selection.album.fitness` says them

    @property
    def state(self) -> str:
        """Ready (not sent) · shown (no word yet) · approve · change: the main chooser's word on this picture."""
        if self.spread.sent_in_id is None:
            return "ready"
        main = next((one.value for one in self.verdicts if one.chooser.is_main), "")
        return str(main) or "shown"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything of one album. `aside`: ready files that are in no draft at work; `loose`: comments on lines gone."""

    album: AlbumProof
    drafts: list[AlbumDraft]
    at_work: AlbumDraft | None
    rows: list[Row]
    aside: list[Spread]
    refused: list[Spread]
    rendering: int
    loose: list[SpreadComment]
    comments: list[SpreadComment]
    approval: AlbumApproval | None

    @property
    def standing(self) -> AlbumDraft | None:
        return next((one for one in self.drafts if one.sent_at and one.superseded_at is None), None)

    @property
    def sent(self) -> list[AlbumDraft]:
        return [one for one in self.drafts if one.sent_at]

    @property
    def open_comments(self) -> list[SpreadComment]:
        return [comment for comment in self.comments if comment.is_open]

    @property
    def counts(self) -> dict[str, int]:
        states = [row.state for row in self.rows]
        return {state: states.count(state) for state in ("ready", "shown", "approve", "change")}


def desk_of(gallery: Gallery, album: AlbumProof) -> Desk:
    """The album as staff see it. Seven queries."""
    drafts = list(album.drafts.select_related("sent_by").order_by("number"))
    at_work = next((one for one in drafts if one.sent_at is None), None)
    standing = next((one for one in reversed(drafts) if one.sent_at and one.superseded_at is None), None)
    spreads = spreads_of(at_work or standing)
    files, base = list(album.spreads.order_by("-version", "-pk")), media_base(gallery)
    for one in [*files, *spreads]:
        one.src, one.proof = spread_url(base, one), spread_url(base, one, PROOF)
    comments, verdicts = list(comments_of(album)), verdicts_on(spreads)
    doubts = concerns(spreads)
    lines, places = {one.line for one in spreads}, {one.pk for one in spreads}
    ready = [one for one in files if one.state == PhotoState.READY and one.line is not None]
    return Desk(
        album=album,
        drafts=drafts,
        at_work=at_work,
        rows=[
            Row(
                position=place,
                spread=one,
                verdicts=verdicts.get(one.pk, []),
                comments=[comment for comment in comments if comment.spread.line == one.line],
                versions=[other for other in ready if other.line == one.line],
                doubts=[str(SENTENCES[code]) for code in doubts.get(one.pk, [])],
            )
            for place, one in enumerate(spreads, start=1)
        ],
        aside=[one for one in ready if one.line not in lines and one.pk not in places],
        refused=[one for one in files if one.state == PhotoState.REFUSED],
        rendering=sum(one.state == PhotoState.RECEIVED for one in files),
        loose=[comment for comment in comments if comment.spread.line not in lines],
        comments=comments,
        approval=AlbumApproval.objects.filter(album=album).select_related("draft").first(),
    )


# -- The work list ----------------------------------------------------------------------------------------------------
def albums_for(staff: Staff, *, done: bool = False) -> Any:
    """QuerySet of the albums a staff member may look at, most urgent first: their own, all of a branch with
    GRANT_ROUNDS there. `open_comments` is counted on each.
    """
    albums = AlbumProof.objects.filter(state=AlbumState.APPROVED) if done else AlbumProof.objects.filter(
        state__in=OPEN_STATES
    )  # fmt: skip
    path = "gallery__order__branch_id"
    mine = staff.scope(albums.filter(designer=staff.user), Capability.DESIGN_ALBUMS, path)
    seen = Q(pk__in=mine.values("pk"))
    if staff.may(Capability.GRANT_ROUNDS):
        seen |= Q(pk__in=staff.scope(albums, Capability.GRANT_ROUNDS, path).values("pk"))
    order = ["-pk"] if done else [F("due_on").asc(nulls_last=True), "pk"]
    counted = albums.filter(seen).annotate(open_comments=Count("comments", filter=Q(comments__settled_at=None)))
    return counted.select_related("designer", "gallery__order__branch", "gallery__order__customer").order_by(*order)


def waiting_galleries(staff: Staff) -> Any:
    """QuerySet of galleries whose retouched photographs are signed and whose album nobody has begun, oldest first."""
    galleries = Gallery.objects.filter(state=GalleryState.SIGNED_OFF, albums=None)
    galleries = galleries.filter(Q(slots__kind=SlotKind.ALBUM_PAGE) | Q(order__terms__products__contains=[_ALBUM]))
    galleries = Gallery.objects.filter(pk__in=galleries.values("pk")).select_related("order__branch", "order__customer")
    return staff.scope(galleries, Capability.DESIGN_ALBUMS, "order__branch_id").order_by("pk")


_ALBUM = {"kind": str(ProductKind.ALBUM)}

__all__ = [
    "AlbumView",
    "Desk",
    "Leaf",
    "Row",
    "Said",
    "Swaps",
    "album_view",
    "albums_for",
    "albums_of",
    "comments_of",
    "desk_of",
    "draft_at_work",
    "may_begin",
    "names_for",
    "shown_albums",
    "swap_numbers",
    "swaps_of",
    "verdicts_on",
    "waiting_galleries",
]
