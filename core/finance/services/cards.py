"""A customer's card: money for stored value comes and goes by hand, recorded by one and looked at by another."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.finance.books import open_book
from core.finance.enums import DealKind, Purse
from core.finance.models import DayBook, GiftTier, ValueDeal, ValueRule
from core.finance.models.values import LAWFUL_CAP
from core.finance.services.recording import NOTE_LENGTH, checked_by, insist_by_hand
from core.finance.services.values import give_points, pay_back_value, top_up
from core.finance.values import gift_for, held_balances, insist_on_cap, take_own
from core.kernel import clock, codes, events
from core.kernel.errors import Refusal
from core.kernel.states import lock
from tenants.context import current_studio


@transaction.atomic
def sell_value(
    *, actor: Any, customer: Any, branch: Any, principal_minor: int, method: str, note: str = "", proof: str = "",
    day: dt.date | None = None, once: str = "",
) -> ValueDeal:  # fmt: skip
    """Money taken for stored value; the gift is what the rule says. Red until a second person has looked.

    `once`, the form's key, makes a double click one deal. Records VALUE_BOUGHT. Refusal amount.missing
    | method.unknown | value.cap(price_minor) | day.closed(day) | day.odd(day).
    """
    insist_by_hand(principal_minor, method)
    balances = held_balances(customer)
    known = ValueDeal.objects.filter(once=once).first() if once else None
    if known is not None:
        return known
    insist_on_cap(balances, principal_minor)
    gift = gift_for(principal_minor)
    deal = _deal(
        open_book(branch, day), kind=DealKind.TOP_UP, customer=customer, branch=branch, principal_minor=principal_minor,
        gift_minor=gift, method=method, note=note.strip()[:NOTE_LENGTH], proof=proof, once=once or None,
        recorded_by=actor,
    )  # fmt: skip
    told: dict[str, Any] = {"principal_minor": principal_minor, "gift_minor": gift, "source": f"deal.{deal.receipt}"}
    top_up(actor=actor, customer=customer, branch=branch, note=deal.note, **told)
    return _tell(events.Kind.VALUE_BOUGHT, deal, actor, gift_minor=gift, method=deal.method)


@transaction.atomic
def pay_out_value(
    *, actor: Any, customer: Any, branch: Any, amount_minor: int, method: str, reason: str, once: str = ""
) -> ValueDeal:
    """Principal paid back by hand; gifts and points never are. Red until a second person has looked.

    Records VALUE_PAID_OUT. Refusal amount.missing | method.unknown | reason.missing | value.too_little(price_minor)
    | day.closed(day).
    """
    insist_by_hand(amount_minor, method)
    held_balances(customer)
    known = ValueDeal.objects.filter(once=once).first() if once else None
    if known is not None:
        return known
    deal = _deal(
        open_book(branch, None), kind=DealKind.PAY_OUT, customer=customer, branch=branch, principal_minor=amount_minor,
        method=method, note=reason.strip()[:NOTE_LENGTH], once=once or None, recorded_by=actor,
    )  # fmt: skip
    told: dict[str, Any] = {"amount_minor": amount_minor, "source": f"deal.{deal.receipt}", "reason": reason}
    pay_back_value(actor=actor, customer=customer, branch=branch, **told)
    return _tell(events.Kind.VALUE_PAID_OUT, deal, actor, method=deal.method, reason=deal.note)


@transaction.atomic
def correct_deal(*, actor: Any, deal: ValueDeal, reason: str) -> ValueDeal:
    """A top-up that was entered wrongly is taken back whole, by a row against it, while the value is still there.

    The caller holds AUDIT_PAYMENT when the deal is audited. Records VALUE_CORRECTED. Refusal reason.missing
    | deal.not_top_up | deal.corrected | value.too_little(price_minor): spent already | day.closed(day).
    """
    reason = reason.strip()[:NOTE_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    if deal.kind != DealKind.TOP_UP:
        raise Refusal("deal.not_top_up")
    held_balances(deal.customer)
    deal = lock(deal)
    if ValueDeal.objects.filter(corrects=deal).exists():
        raise Refusal("deal.corrected")
    made = _deal(
        open_book(deal.branch, None), kind=DealKind.CORRECTION, customer=deal.customer, branch=deal.branch,
        principal_minor=deal.principal_minor, gift_minor=deal.gift_minor, method=deal.method, note=reason,
        corrects=deal, recorded_by=actor,
    )  # fmt: skip
    for purse, amount in ((Purse.PRINCIPAL, deal.principal_minor), (Purse.GIFT, deal.gift_minor)):
        if amount:
            take_own(
                customer=deal.customer, branch=deal.branch, purse=purse, amount=amount, source=f"deal.{made.receipt}",
                note=reason, by=actor,
            )  # fmt: skip
    return _tell(events.Kind.VALUE_CORRECTED, made, actor, reason=reason)


@transaction.atomic
def audit_deal(*, actor: Any, deal: ValueDeal) -> ValueDeal:
    """A second person has seen the money. Idempotent. Records PAYMENT_AUDITED. Refusal audit.self."""
    deal = lock(deal)
    if checked_by(deal, actor, deal.recorded_by_id):
        _tell(events.Kind.PAYMENT_AUDITED, deal, actor)
    return deal


@transaction.atomic
def hand_points(*, actor: Any, customer: Any, branch: Any, points: int, reason: str, once: str) -> None:
    """Points given (positive) or used (negative), with a reason. `once`: the form's key. Records POINTS_GIVEN.

    Refusal reason.missing | amount.missing | value.too_little(price_minor).
    """
    reason = reason.strip()[:NOTE_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    give_points(actor=actor, customer=customer, branch=branch, points=points, source=f"points.{once}", note=reason)
    subject = _Card(branch, customer)
    events.record(events.Kind.POINTS_GIVEN, subject, actor, points=points, reason=reason)


@transaction.atomic
def set_gift(*, actor: Any, least_minor: int, gift_minor: int, is_offered: bool = False) -> None:
    """Who pays at least so much gets so much more; 0 ends the tier. What was given stays.

    `is_offered`: customers may top up exactly so much by themselves. Refusal amount.missing | value.cap(price_minor): a
    card may not hold so much.
    """
    if least_minor <= 0 or gift_minor < 0:
        raise Refusal("amount.missing")
    if gift_minor == 0:
        GiftTier.objects.filter(least_minor=least_minor).delete()
    else:
        if is_offered:
            insist_on_cap({}, least_minor)
        told = {"gift_minor": gift_minor, "is_offered": is_offered}
        GiftTier.objects.update_or_create(least_minor=least_minor, defaults=told)


@transaction.atomic
def set_cap(*, actor: Any, cap_minor: int, reason: str) -> ValueRule:
    """The most principal that one card may hold from now on; what is on cards stays. Above the law's cap only with a
    reason. Refusal amount.missing | cap.unexplained(price_minor).
    """
    reason = reason.strip()[:NOTE_LENGTH]
    if cap_minor <= 0:
        raise Refusal("amount.missing")
    if cap_minor > LAWFUL_CAP and not reason:
        raise Refusal("cap.unexplained", price_minor=LAWFUL_CAP, currency=current_studio().currency)
    told = {"cap_minor": cap_minor, "cap_reason": reason, "set_by": actor, "set_at": clock.now()}
    return ValueRule.objects.update_or_create(pk=1, defaults=told)[0]


class _Card:
    """A customer's card in a branch, as a subject of events."""

    def __init__(self, branch: Any, customer: Any) -> None:
        self.pk = customer.pk
        self.event_stream, self.event_thread = f"board.{branch.pk}", f"value.{customer.pk}"


def _deal(book: DayBook, **fields: Any) -> ValueDeal:
    """The row with the next gap-free receipt number of branch and year. The book is locked."""
    series = f"{fields['branch'].code}-V{book.day:%y}"
    receipt = f"{series}-{codes.next_number(f'receipt.{series}'):05d}"
    return ValueDeal.objects.create(book=book, receipt=receipt, at=clock.now(), **fields)


def _tell(kind: events.Kind, deal: ValueDeal, actor: Any, **facts: Any) -> ValueDeal:
    money: dict[str, Any] = {"price_minor": deal.principal_minor, "currency": current_studio().currency}
    events.record(kind, deal, actor, receipt=deal.receipt, **money, **facts)
    return deal
