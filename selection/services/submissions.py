"""The customer's act with weight: this is my selection, at this price, signed."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.catalog.pricing import RETOUCHED
from core.kernel import clock, events, live, states
from core.kernel.drawing import Drawing, checked, hand
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import move_order, report_progress
from selection.bills import Filling, extras_of, filling_of, list_mark
from selection.enums import GALLERY_TRANSITIONS, GalleryState, PhotoState, PickValue
from selection.evidence import asides_of, uses_in
from selection.models import Chooser, Gallery, Pick, Submission, locked
from selection.money import post_submission
from selection.selectors import Counts, counts
from selection.services.picks import progress_of

NOTE_LENGTH = 1000


def submit_selection(
    *,
    chooser: Chooser,
    extra_total_minor: int,
    signed_name: str,
    note: str = "",
    seen: str = "",
    drawing: Drawing | None = None,
    evidence: dict[str, Any] | None = None,
) -> Submission:
    """Lock the selection as the main chooser signs it; the order moves from selection to production.

    The list and the money are read from the rows under the gallery's lock; `extra_total_minor` is what the customer saw
    and must be exactly it; `seen` names the list they saw (`bills.list_mark`, "" when none was shown). Undecided
    photographs and unused included ones do not hinder. `drawing` is the signature's points, if it was drawn by hand.
    What the extras cost is posted to the order's books (`selection.money`).
    Records SELECTION_SUBMITTED on the order's board; queues SELECTION_RECEIVED. Raises Refusal selection.locked |
    chooser.viewer | chooser.not_main | selection.empty | name.missing | name.unlikely | price.changed (with the
    right figures) | selection.limit | slot.missing (slot, missing) | selection.changed (others than seen).
    """
    drawing = checked(drawing) if drawing else None
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        _refuse_unless_open(gallery, chooser)
        signed_name = signing_name(signed_name, is_drawn=bool(drawing))
        numbers = _picked(chooser)
        chooser.yes = len(numbers)
        filling = filling_of(gallery, chooser)
        told = counts(gallery, chooser)
        _refuse_unless_agreed(gallery, told, filling, extra_total_minor)
        if seen and seen != list_mark((number for number, _name in numbers), filling):
            raise Refusal("selection.changed")
        lines = _lines(gallery, chooser, filling)
        asides = asides_of(chooser, [number for number, _name in numbers], uses_in(lines))
        submission = Submission.objects.create(
            gallery=gallery,
            chooser=chooser,
            numbers=numbers,
            picked=told.yes,
            included=told.included,
            extra=told.extra,
            extra_photo_minor=told.extra_photo_minor,
            extra_total_minor=filling.bill.total_minor,
            lines=lines,
            signed_name=signed_name,
            drawing=drawing,
            note=note.strip()[:NOTE_LENGTH],
            asides=asides,
            evidence={
                **(evidence or {}),
                **_parts(gallery),
                **hand(drawing),
                "sha256": list_hash(gallery, numbers, told, lines, asides),
            },
            at=clock.now(),
        )
        stamped = {"submitted_at": submission.at, "rev": gallery.rev + 1}
        states.move(gallery, "state", GalleryState.SUBMITTED, GALLERY_TRANSITIONS, **stamped)
        _tell(gallery, chooser, submission, told)
    return submission


def _parts(gallery: Gallery) -> dict[str, list[int]]:
    """Which parts were signed before and are contained: their photographs could not be taken back."""
    parts = list(gallery.parts.filter(reopened_at=None).order_by("number").values_list("number", flat=True))
    return {"parts": parts} if parts else {}


def _lines(gallery: Gallery, chooser: Chooser, filling: Filling) -> list[dict[str, Any]]:
    """The bill as it is kept: with the photographs of each slot, and which extras staff had suggested, and who."""
    inside = {filled.slot.number: [photo.number for photo in filled.photos] for filled in filling.slots}
    followed: dict[int, list[list[Any]]] = {}
    for extra in extras_of(gallery, chooser, filling.bill):
        if extra.suggested_by:
            followed.setdefault(extra.slot, []).append([extra.photo.number, extra.suggested_by])
    return [
        line.as_json()
        | ({"photos": inside[line.slot]} if line.slot in inside else {})
        | ({"suggested": followed[line.slot]} if line.slot in followed else {})
        for line in filling.bill.lines
    ]


def list_hash(
    gallery: Gallery,
    numbers: list[list[Any]],
    told: Counts,
    lines: Sequence[dict[str, Any]] = (),
    asides: Sequence[dict[str, Any]] = (),
) -> str:
    """SHA-256 of what was agreed: gallery, list, terms, bill, and what stood beside the photographs (asides).
    Canonical JSON, so anybody can compute it again.

    Submissions of former days had no lines, or no asides; their hash is that of an agreement without them.
    """
    agreed: dict[str, Any] = {"gallery": gallery.code, "numbers": numbers, "terms": told.as_json()}
    if lines:
        agreed["lines"] = list(lines)
    if asides:
        agreed["asides"] = list(asides)
    return hashlib.sha256(
        json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _refuse_unless_open(gallery: Gallery, chooser: Chooser) -> None:
    if gallery.state != GalleryState.OPEN:
        raise Refusal("selection.locked", state=gallery.state)
    chooser.refresh_from_db(fields=["yes", "maybe", "no", "also_minor", "wants_originals", "role", "is_main"])
    if not chooser.may_mark:
        raise Refusal("chooser.viewer")
    if not chooser.is_main:
        raise Refusal("chooser.not_main")


def _picked(chooser: Chooser) -> list[list[Any]]:
    picks = Pick.objects.filter(chooser=chooser, value=PickValue.YES, photo__state=PhotoState.READY)
    return [list(row) for row in picks.order_by("photo__number").values_list("photo__number", "photo__file_name")]


def _refuse_unless_agreed(gallery: Gallery, told: Counts, filling: Filling, extra_total_minor: int) -> None:
    if told.yes == 0:
        raise Refusal("selection.empty")
    if gallery.hard_limit and told.extra:
        raise Refusal("selection.limit", **told.as_json())
    if over := next((filled for filled in filling.slots if filled.too_many), None):
        raise Refusal("selection.limit", slot=over.slot.name, **told.as_json())
    if filling.lacking:
        raise Refusal("slot.missing", slot=filling.lacking[0].slot.name, missing=filling.lacking[0].missing)
    if extra_total_minor != filling.bill.total_minor:
        raise Refusal("price.changed", **{**told.as_json(), "extra_total_minor": filling.bill.total_minor})


def _tell(gallery: Gallery, chooser: Chooser, submission: Submission, told: Counts) -> None:
    """Screens, the customer, the order's journey, its card and its history — in the order of locks."""
    order = Order.objects.get(pk=gallery.order_id)
    live.poke(gallery.event_stream, {"type": str(events.Kind.SELECTION_SUBMITTED), "seq": 0, "rev": gallery.rev})
    _thank(gallery, chooser, submission)
    if order.state == OrderState.OPEN and order.stage == Stage.SELECTION:
        move_order(actor=chooser.customer, order=order, target=Stage.PRODUCTION)
    report_progress(order_id=gallery.order_id, **progress_of(gallery, told))
    post_submission(gallery, submission)
    events.record(
        events.Kind.SELECTION_SUBMITTED,
        gallery,
        chooser.customer,
        stream=order.event_stream,
        picked=told.yes,
        extra=told.extra,
        extra_total_minor=told.extra_total_minor,
        currency=order.currency,
        suggested=sum(len(line.get("suggested", [])) for line in submission.lines),
    )


def _thank(gallery: Gallery, chooser: Chooser, submission: Submission) -> None:
    tell_customer(
        customer=chooser.customer,
        template=Template.SELECTION_RECEIVED,
        title=gallery.title,
        picked=submission.picked,
        extra=submission.extra,
        extra_total_minor=submission.extra_total_minor,
        slots_minor=sum(line["total_minor"] for line in submission.lines if line["slot"] != RETOUCHED),
        currency=gallery.order.currency,
        dedupe_key=f"selection-received.{submission.pk}",
    )
