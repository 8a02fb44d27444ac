"""Reopening as the customer's request: free while nobody retouches, afterwards a change with a price that they sign."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.drawing import Drawing, checked, hand
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.orders.enums import OrderState, Stage
from selection.amendments import Reopening
from selection.changes import change_mark, problem_of
from selection.enums import GalleryState, ReopeningState
from selection.models import Chooser, Gallery, locked
from selection.money import post_change
from selection.rearranging import Place, places_of, uses_price
from selection.selectors import standing_submission
from selection.services.amending import amend, settle_uses
from selection.services.asking import CHANGEABLE, answer_customer, tell
from selection.services.galleries import unlock_selection

WORDS_LENGTH = 500
OPEN = (ReopeningState.ASKED, ReopeningState.OFFERED)


# -- The customer ----------------------------------------------------------------------------------------------------
def ask_reopening(
    *,
    chooser: Chooser,
    reason: str,
    add: Iterable[int] = (),
    drop: Iterable[int] = (),
    uses_only: bool = False,
) -> Reopening:
    """The main chooser asks to change the submitted selection. Once retouching has begun they say which photographs
    should come in (`add`) and which should leave (`drop`); before, that is chosen in the gallery itself. With
    `uses_only` the list may stay as it is: they say next what fills which slot (`arrange_change`).

    Records REOPENING_ASKED. Raises Refusal reason.missing | chooser.not_main | reopening.open (there is one) |
    reopening.not_submitted | reopening.too_late (signed off, or the order has left production) | reopening.no_change
    | reopening.unsound.
    """
    reason = reason.strip()[:WORDS_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    with transaction.atomic():
        gallery = _main_gallery(chooser)
        submission = standing_submission(gallery)
        if submission is None:
            raise Refusal("reopening.not_submitted", state=gallery.state)
        if gallery.state not in {GalleryState.SUBMITTED, *CHANGEABLE} or _has_left_production(gallery):
            raise Refusal("reopening.too_late", state=gallery.state)
        if gallery.reopenings.filter(state__in=OPEN).exists():
            raise Refusal("reopening.open")
        change: dict[str, list[int]] = {"add": [], "drop": []}
        if gallery.state in CHANGEABLE:
            change = _sound(gallery, submission, add, drop, may_stay=uses_only and gallery.slots.exists())
        asked = Reopening.objects.create(
            gallery=gallery, submission=submission, chooser=chooser, reason=reason, asked_at=clock.now(), **change
        )
        tell(events.Kind.REOPENING_ASKED, gallery, chooser.customer, "asked", reason=reason, **change)
    return asked


def withdraw_reopening(*, chooser: Chooser) -> Reopening:
    """The main chooser takes the request back. Records REOPENING_WITHDRAWN. Raises Refusal chooser.not_main
    | reopening.gone.
    """
    with transaction.atomic():
        gallery = _main_gallery(chooser)
        found = _settle(_open_one(gallery, *OPEN), ReopeningState.WITHDRAWN)
        tell(events.Kind.REOPENING_WITHDRAWN, gallery, chooser.customer, "")
    return found


def agree_reopening(
    *,
    chooser: Chooser,
    price_minor: int,
    seen: str,
    signed_name: str,
    drawing: Drawing | None = None,
    evidence: dict[str, Any] | None = None,
) -> Reopening:
    """The main chooser signs exactly the change and the price that were offered: a new submission stands.

    `price_minor` is what they saw: the studio's price and what the contract says of the uses together.

    Finals of photographs that stay keep their verdicts; those of photographs that leave are kept and shown no more.
    With photographs coming in, a round before the customer ends unsigned, and the change brings one more round.
    Records REOPENING_AGREED. Raises Refusal chooser.not_main | reopening.gone | price.changed(price_minor)
    | reopening.changed (other photographs or uses than those seen) | name.missing | name.unlikely
    | reopening.too_late | reopening.no_change | slot.missing(slot, missing) (a use that must be filled lost some).
    """
    drawing = checked(drawing) if drawing else None
    with transaction.atomic():
        gallery = _main_gallery(chooser)
        found = _open_one(gallery, ReopeningState.OFFERED)
        places = places_of(gallery, found.submission, found)
        found.uses_minor = uses_price(places)
        if price_minor != found.total_minor:
            raise Refusal("price.changed", price_minor=found.total_minor)
        if seen != change_mark(found):
            raise Refusal("reopening.changed")
        signed_name = signing_name(signed_name, is_drawn=bool(drawing))
        if gallery.state not in CHANGEABLE:
            raise Refusal("reopening.too_late", state=gallery.state)
        _refuse_unless_whole(found, places)
        found.agreed_name, found.drawing = signed_name, drawing
        found.evidence = {**(evidence or {}), **hand(drawing)}
        found.amended = amend(gallery, chooser, found, places)
        _settle(found, ReopeningState.AGREED)
        post_change(gallery, found, places)
        told = {"price_minor": price_minor, "uses": found.uses, "currency": gallery.order.currency, "name": signed_name}
        tell(events.Kind.REOPENING_AGREED, gallery, chooser.customer, "", add=found.add, drop=found.drop, **told)
    return found


def refuse_offer(*, chooser: Chooser) -> Reopening:
    """The main chooser does not want to pay: the selection stands as it was. Records REOPENING_REFUSED.

    Raises Refusal chooser.not_main | reopening.gone.
    """
    with transaction.atomic():
        gallery = _main_gallery(chooser)
        found = _settle(_open_one(gallery, ReopeningState.OFFERED), ReopeningState.REFUSED)
        money = {"price_minor": found.price_minor, "currency": gallery.order.currency}
        tell(events.Kind.REOPENING_REFUSED, gallery, chooser.customer, "", **money)
    return found


# -- The studio ------------------------------------------------------------------------------------------------------
def approve_reopening(*, actor: Any, gallery: Gallery, answer: str = "") -> Reopening:
    """Open the gallery again, free of charge, as the customer asked. The caller holds UNLOCK_SELECTION.

    Records SELECTION_UNLOCKED; queues REOPENING_ANSWERED. Raises Refusal reopening.gone | selection.in_retouch
    (retouching has begun meanwhile: offer a price) | selection.too_late.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        found = _open_one(gallery, ReopeningState.ASKED)
        unlock_selection(actor=actor, gallery=gallery, reason=found.reason[:200], answer=answer)
        found.refresh_from_db()
    return found


def decline_reopening(*, actor: Any, gallery: Gallery, answer: str) -> Reopening:
    """The selection stays; the customer reads why. The caller holds UNLOCK_SELECTION.

    Records REOPENING_DECLINED; queues REOPENING_ANSWERED. Raises Refusal reason.missing | reopening.gone.
    """
    answer = answer.strip()[:WORDS_LENGTH]
    if not answer:
        raise Refusal("reason.missing")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        found = _open_one(gallery, *OPEN)
        answer_customer(gallery, found, actor, ReopeningState.DECLINED, answer)
        tell(events.Kind.REOPENING_DECLINED, gallery, actor, "", reason=answer)
    return found


def offer_reopening(
    *, actor: Any, gallery: Gallery, price_minor: int, answer: str, add: Iterable[int], drop: Iterable[int]
) -> Reopening:
    """Name the price of a change after retouching began, and exactly what will be done. An open offer is replaced.

    The caller holds GRANT_ROUNDS. Records REOPENING_OFFERED; queues REOPENING_ANSWERED. Raises Refusal reason.missing
    | price.negative | reopening.gone | reopening.not_begun (approve it instead) | reopening.no_change
    | reopening.unsound.
    """
    answer = answer.strip()[:WORDS_LENGTH]
    if not answer:
        raise Refusal("reason.missing")
    if price_minor < 0:
        raise Refusal("price.negative")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        found = _open_one(gallery, *OPEN)
        submission = standing_submission(gallery)
        if gallery.state not in CHANGEABLE or submission is None:
            raise Refusal("reopening.not_begun", state=gallery.state)
        change = _sound(gallery, submission, add, drop, may_stay=bool(found.uses))
        found.price_minor, found.add, found.drop, found.submission = (
            price_minor, change["add"], change["drop"], submission,
        )  # fmt: skip
        settle_uses(gallery, found)
        answer_customer(gallery, found, actor, ReopeningState.OFFERED, answer)
        money = {"price_minor": price_minor, "currency": gallery.order.currency}
        tell(events.Kind.REOPENING_OFFERED, gallery, actor, "offered", reason=answer, **change, **money)
    return found


def _has_left_production(gallery: Gallery) -> bool:
    order = gallery.order
    return order.state != OrderState.OPEN or Stage(order.stage).number > Stage.PRODUCTION.number


def _main_gallery(chooser: Chooser) -> Gallery:
    gallery = locked(chooser.gallery_id)
    chooser.refresh_from_db(fields=["is_main"])
    if not chooser.is_main:
        raise Refusal("chooser.not_main")
    return gallery


def _open_one(gallery: Gallery, *states: str) -> Reopening:
    found: Reopening | None = gallery.reopenings.filter(state__in=states).first()
    if found is None:
        raise Refusal("reopening.gone")
    return found


def _settle(found: Reopening, state: str) -> Reopening:
    found.state, found.settled_at = state, clock.now()
    found.save()
    return found


def _refuse_unless_whole(found: Reopening, places: list[Place]) -> None:
    if not (found.add or found.drop or found.uses):
        raise Refusal("reopening.no_change")
    if lost := next((place for place in places if place.slot.is_required and place.missing), None):
        raise Refusal("slot.missing", slot=lost.slot.name, missing=lost.missing)


def _sound(
    gallery: Gallery, submission: Any, add: Iterable[int], drop: Iterable[int], *, may_stay: bool = False
) -> dict[str, list[int]]:
    """The change, in number order. Raises Refusal reopening.no_change | reopening.unsound(numbers)."""
    change = {"add": sorted(set(add)), "drop": sorted(set(drop))}
    if not change["add"] and not change["drop"]:
        if may_stay:
            return change
        raise Refusal("reopening.no_change")
    if problem := problem_of(gallery, submission, **change):
        raise Refusal("reopening.unsound", numbers=problem)
    return change
