"""Stored value: principal and gift apart, spent in one order, balances as sums of rows."""

from typing import Any

from django.db.models import F

from core.finance.enums import Purse, ReturnState
from core.finance.models import Payment, Refund, ValueBalance, ValueEntry
from core.kernel import clock
from core.kernel.errors import Refusal

SPEND_ORDER = (Purse.PRINCIPAL, Purse.GIFT)  # what was paid is used up first, so a gift is never paid back


def balances_of(customer: Any) -> dict[str, int]:
    """Purse → balance, all purses."""
    found = dict(ValueBalance.objects.filter(customer=customer).values_list("purse", "balance"))
    return {str(purse): found.get(purse, 0) for purse in Purse}


def held_balances(customer: Any) -> dict[str, int]:
    """The same, locked until the transaction ends."""
    ValueBalance.objects.bulk_create(
        [ValueBalance(customer=customer, purse=purse) for purse in Purse], ignore_conflicts=True
    )
    rows = ValueBalance.objects.select_for_update().filter(customer=customer).order_by("pk")
    return {row.purse: row.balance for row in rows}


def add_entry(
    *, customer: Any, branch: Any, purse: str, amount: int, source: str, note: str = "", by: Any = None
) -> None:
    """One row, and the balance moved by it. The balances are locked. Refusal value.too_little(price_minor)."""
    if ValueEntry.objects.filter(source=source, purse=purse).exists():
        return
    row = ValueBalance.objects.get(customer=customer, purse=purse)
    if row.balance + amount < 0:
        raise Refusal("value.too_little", price_minor=row.balance)
    ValueEntry.objects.create(
        customer=customer, branch=branch, purse=purse, amount=amount, source=source[:40], note=note[:300],
        at=clock.now(), by=by,
    )  # fmt: skip
    ValueBalance.objects.filter(pk=row.pk).update(balance=F("balance") + amount)


def parts_of(balances: dict[str, int], amount: int) -> list[tuple[str, int]]:
    """(purse, amount) to pay `amount` with, in the order of spending. Refusal value.too_little(price_minor)."""
    have = sum(balances.get(purse, 0) for purse in SPEND_ORDER)
    if amount > have:
        raise Refusal("value.too_little", price_minor=have)
    parts = []
    for purse in SPEND_ORDER:
        take = min(amount, balances.get(purse, 0))
        if take > 0:
            parts.append((str(purse), take))
            amount -= take
    return parts


def put_back(payment: Payment, refund: Refund) -> None:
    """A refund of stored value goes back to the purses that it came from, the gift last taken first returned."""
    account = refund.account
    held_balances(account.customer)
    left = refund.amount_minor
    given_back = {
        purse: sum(
            ValueEntry.objects.filter(source__startswith=f"back.{payment.receipt}.", purse=purse).values_list(
                "amount", flat=True
            )
        )
        for purse in SPEND_ORDER
    }
    for purse in reversed(SPEND_ORDER):
        spent = -sum(
            ValueEntry.objects.filter(source=f"paid.{payment.receipt}", purse=purse).values_list("amount", flat=True)
        )
        part = min(left, spent - given_back[purse])
        if part > 0:
            add_entry(
                customer=account.customer,
                branch=account.branch,
                purse=purse,
                amount=part,
                source=f"back.{payment.receipt}.{refund.pk}",
                note=refund.reason,
                by=refund.asked_by,
            )
            left -= part
    refund.state, refund.done_at = ReturnState.DONE, clock.now()
    refund.save(update_fields=["state", "done_at"])
