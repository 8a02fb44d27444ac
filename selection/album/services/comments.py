"""What is said of a spread: approved or not, comments with pins, wishes to swap a photograph, and how they end."""

from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.album.enums import OPEN_STATES, AlbumState, Outcome, Word
from selection.album.layout import spreads_of
from selection.album.models import AlbumProof, Spread, SpreadComment, SpreadVerdict
from selection.album.selectors import swap_numbers
from selection.album.services.drafts import before_customer
from selection.album.services.telling import at_work
from selection.models import Chooser, Gallery
from selection.screens import bump

TEXT_LENGTH, ANSWER_LENGTH, MOST = 500, 300, 300
Pin = tuple[int, int]


def judge_spread(*, chooser: Chooser, album: AlbumProof, draft: int, number: int, value: str) -> None:
    """Say approved or "changes needed" of the spread that was looked at; "" takes it back.

    Approving settles this person's own open comments on the spread. The same word twice changes nothing. Records
    ALBUM_JUDGED. Raises Refusal album.closed | draft.superseded | spread.unknown | verdict.malformed.
    """
    if value not in {"", *Word.values}:
        raise Refusal("verdict.malformed")
    with transaction.atomic():
        gallery, album, spread = _looked_at(chooser, album, draft, number)
        settled = 0
        if value == Word.APPROVE:
            own = album.comments.filter(spread__line=spread.line, chooser=chooser, settled_at=None)
            settled = own.update(settled_at=clock.now(), settled_by=chooser, outcome=Outcome.DONE)
        former = SpreadVerdict.objects.filter(spread=spread, chooser=chooser).first()
        if (former.value if former else "") == value and not settled:
            return
        _write(spread, chooser, value)
        bump(gallery)
        told: dict[str, Any] = {"album": album.number, "verdicts": [[number, value]]}
        events.record(events.Kind.ALBUM_JUDGED, chooser, chooser.customer, **told)


def add_comment(
    *,
    chooser: Chooser,
    album: AlbumProof,
    draft: int,
    number: int,
    key: str,
    text: str = "",
    pin: Pin | None = None,
    swap: tuple[int, int] | None = None,
) -> SpreadComment:
    """A customer says something of spread `number`, with a pin in thousandths of the picture or without. `swap`: take
    photograph N out for the chosen photograph M that is not in the album. The spread then needs changes.

    `key` is made by the browser: the same sent twice is one comment. Records ALBUM_COMMENTED. Raises Refusal
    album.closed | draft.superseded | spread.unknown | comment.empty | comment.too_long | comment.pin_outside
    | comment.too_many | swap.unknown | swap.taken (somebody wants this photograph already).
    """
    text, key = _checked(text, pin, swap), f"{chooser.pk}.{key}"[:40]
    with transaction.atomic():
        gallery, album, spread = _looked_at(chooser, album, draft, number)
        known = album.comments.filter(key=key).first()
        if known is not None:
            return known
        out, into = _photos(gallery, album, swap) if swap else (None, None)
        comment = _create(album, spread, text, pin, key, chooser=chooser, photo_out=out, photo_in=into)
        _write(spread, chooser, Word.CHANGE)
        _tell(gallery, comment, chooser.customer)
    return comment


def remark(*, actor: Any, album: AlbumProof, spread: Spread, text: str, key: str) -> SpreadComment:
    """Staff ask or say something on a spread that the customer has seen; open until one of both settles it.

    Records ALBUM_COMMENTED. Raises Refusal album.closed | spread.unknown | comment.empty | comment.too_long
    | comment.too_many.
    """
    text = _checked(text, None, None)
    with transaction.atomic():
        gallery, album = at_work(album, *OPEN_STATES)
        found = album.spreads.filter(pk=spread.pk, sent_in__isnull=False).first()
        if found is None:
            raise Refusal("spread.unknown")
        key = f"s{actor.pk}.{key}"[:40]
        known = album.comments.filter(key=key).first()
        comment = known or _create(album, found, text, None, key, staff=actor)
        if known is None:
            _tell(gallery, comment, actor)
    return comment


def settle_comment(
    *, album: AlbumProof, comment: int, actor: Any = None, chooser: Chooser | None = None, outcome: str = "",
    answer: str = "",
) -> SpreadComment:  # fmt: skip
    """Settle a comment (Outcome) or open it again (""): staff (`actor`) with an answer, or a customer (`chooser`) what
    is theirs or, as main chooser, anybody's. Staff cannot open again.

    "Not possible" needs an answer. Records ALBUM_SETTLED. Raises Refusal album.closed | comment.unknown
    | comment.answer_missing | verdict.malformed | swap.taken.
    """
    answer = answer.strip()[:ANSWER_LENGTH]
    if outcome not in {"", *Outcome.values} or (outcome == "" and chooser is None):
        raise Refusal("verdict.malformed")
    if outcome == Outcome.DECLINED and not answer:
        raise Refusal("comment.answer_missing")
    with transaction.atomic():
        states = OPEN_STATES if chooser is None else [AlbumState.PROOFING]
        gallery, album = at_work(album, *states)
        found = _of(album, chooser).filter(pk=comment).first()
        if found is None:
            raise Refusal("comment.unknown")
        if outcome == found.outcome:
            return found
        if not outcome and found.is_swap and _wanted(album, found.photo_in_id):
            raise Refusal("swap.taken")
        found.outcome, found.settled_at = outcome, clock.now() if outcome else None
        found.settled_by, found.settled_staff = (chooser, None) if chooser else (None, actor)
        if not outcome:
            found.settled_by = None
        elif answer:
            found.answer = answer
        found.save(update_fields=["outcome", "settled_at", "settled_by", "settled_staff", "answer"])
        bump(gallery)
        told = {"album": album.number, "spread": found.spread.number, "outcome": outcome}
        events.record(events.Kind.ALBUM_SETTLED, found.spread, actor or (chooser and chooser.customer), **told)
    return found


def _checked(text: str, pin: Pin | None, swap: tuple[int, int] | None) -> str:
    text = text.strip()
    if not text and swap is None:
        raise Refusal("comment.empty")
    if len(text) > TEXT_LENGTH:
        raise Refusal("comment.too_long", most=TEXT_LENGTH)
    if pin is not None and not all(0 <= part <= 1000 for part in pin):
        raise Refusal("comment.pin_outside")
    return text


def _looked_at(chooser: Chooser, album: AlbumProof, draft: int, number: int) -> tuple[Gallery, AlbumProof, Spread]:
    gallery, album, standing = before_customer(chooser, album, draft)
    spread = next((one for one in spreads_of(standing) if one.number == number), None)
    if spread is None:
        raise Refusal("spread.unknown")
    return gallery, album, spread


def _photos(gallery: Gallery, album: AlbumProof, swap: tuple[int, int]) -> tuple[Any, Any]:
    """The two photographs: one that is in the album, one that was chosen and is in none."""
    inside, unused = swap_numbers(gallery, album)
    out, into = swap
    if _wanted(album, gallery.photos.filter(number=into).values("pk")[:1]):
        raise Refusal("swap.taken", photo=into)
    if out not in inside or into not in unused or out == into:
        raise Refusal("swap.unknown")
    photos = {photo.number: photo for photo in gallery.photos.filter(number__in=swap)}
    return photos[out], photos[into]


def _wanted(album: AlbumProof, photo: Any) -> bool:
    return bool(album.comments.filter(settled_at=None, photo_in=photo).exists())


def _create(album: AlbumProof, spread: Spread, text: str, pin: Pin | None, key: str, **who: Any) -> SpreadComment:
    if album.comments.count() >= MOST:
        raise Refusal("comment.too_many", most=MOST)
    x, y = pin or (None, None)
    made: SpreadComment = album.comments.create(spread=spread, text=text, x=x, y=y, key=key, at=clock.now(), **who)
    return made


def _write(spread: Spread, chooser: Chooser, value: str) -> None:
    if not value:
        SpreadVerdict.objects.filter(spread=spread, chooser=chooser).delete()
        return
    said = {"value": value, "at": clock.now()}
    SpreadVerdict.objects.update_or_create(spread=spread, chooser=chooser, defaults=said)


def _of(album: AlbumProof, chooser: Chooser | None) -> Any:
    """The comments that this person may settle."""
    if chooser is None or chooser.is_main:
        return album.comments.select_related("spread")
    return album.comments.select_related("spread").filter(chooser=chooser)


def _tell(gallery: Gallery, comment: SpreadComment, actor: Any) -> None:
    bump(gallery)
    told: dict[str, Any] = {"album": comment.album.number, "spread": comment.spread.number, "swap": comment.is_swap}
    events.record(events.Kind.ALBUM_COMMENTED, comment.spread, actor, **told)
