"""Verbs of stored value and points."""

from typing import Any

from django.db import transaction

from core.finance.books import open_book
from core.finance.enums import Method, Purse
from core.finance.ledger import held
from core.finance.models import Account, Payment, ValueEntry
from core.finance.services.charging import staff_or_none
from core.finance.services.recording import book_payment, received
from core.finance.values import add_entry, held_balances, parts_of, take_out
from core.kernel.errors import Refusal


@transaction.atomic
def top_up(
    *, actor: Any, customer: Any, branch: Any, principal_minor: int, gift_minor: int = 0, source: str, note: str = ""
) -> dict[str, int]:
    """Value bought, and the gift that came with it, apart; once for each `source`. Answers the balances.

    Refusal amount.missing.
    """
    if principal_minor <= 0 or gift_minor < 0:
        raise Refusal("amount.missing")
    held_balances(customer)
    for purse, amount in ((Purse.PRINCIPAL, principal_minor), (Purse.GIFT, gift_minor)):
        if amount:
            add_entry(
                customer=customer, branch=branch, purse=purse, amount=amount, source=source, note=note,
                by=staff_or_none(actor),
            )  # fmt: skip
    return held_balances(customer)


@transaction.atomic
def give_points(*, actor: Any, customer: Any, branch: Any, points: int, source: str, note: str = "") -> None:
    """Points given (positive) or used (negative), once for each `source`. Refusal amount.missing | value.too_little."""
    if points == 0:
        raise Refusal("amount.missing")
    held_balances(customer)
    if ValueEntry.objects.filter(source=source).exists():
        return
    told = {"customer": customer, "branch": branch, "purse": Purse.POINTS, "note": note, "by": staff_or_none(actor)}
    if points > 0:
        add_entry(**told, amount=points, source=source)
    else:
        take_out(**told, amount=-points, source=source)


@transaction.atomic
def pay_back_value(*, actor: Any, customer: Any, branch: Any, amount_minor: int, source: str, reason: str) -> None:
    """Pay stored value out: the principal only; a gift was never paid. Refusal amount.missing | reason.missing
    | value.too_little(price_minor).
    """
    if amount_minor <= 0:
        raise Refusal("amount.missing")
    if not reason.strip():
        raise Refusal("reason.missing")
    held_balances(customer)
    take_out(
        customer=customer, branch=branch, purse=Purse.PRINCIPAL, amount=amount_minor, source=source,
        note=reason.strip(), by=staff_or_none(actor),
    )  # fmt: skip


@transaction.atomic
def pay_from_value(*, actor: Any, account: Account, amount_minor: int, once: str = "") -> Payment:
    """Pay an order with the customer's stored value, the principal first. Records PAYMENT_RECEIVED.

    Refusal amount.missing | pay.nothing_owed | value.too_little(price_minor) | day.closed(day).
    """
    if amount_minor <= 0:
        raise Refusal("amount.missing")
    account = held(account)
    known = Payment.objects.filter(once=once).first() if once else None
    if known is not None:
        return known
    if amount_minor > account.owed_minor:
        raise Refusal("pay.nothing_owed")
    parts = parts_of(held_balances(account.customer), amount_minor)
    book = open_book(account.branch, None)
    payment = book_payment(
        account, book, method=Method.STORED, amount_minor=amount_minor, once=once or None,
        recorded_by=staff_or_none(actor),
    )  # fmt: skip
    for purse, part in parts:
        take_out(
            customer=account.customer, branch=account.branch, purse=purse, amount=part,
            source=f"paid.{payment.receipt}", note=account.code, by=staff_or_none(actor),
        )  # fmt: skip
    return received(account, payment, actor)
