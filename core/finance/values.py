"""Stored value: principal and gift apart, spent in one order, balances as sums of rows."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Sum

from core.finance.between import claim
from core.finance.enums import Purse, ReturnState
from core.finance.models import GiftTier, Payment, Refund, ValueBalance, ValueEntry, ValueRule
from core.kernel import clock
from core.kernel.errors import Refusal
from tenants.context import current_studio

SPEND_ORDER = (Purse.PRINCIPAL, Purse.GIFT)  # what was paid is used up first, so a gift is never paid back


def balances_of(customer: Any) -> dict[str, int]:
    """Purse → balance, all purses."""
    found = dict(ValueBalance.objects.filter(customer=customer).values_list("purse", "balance"))
    return {str(purse): found.get(purse, 0) for purse in Purse}


def usable_minor(customer: Any) -> int:
    """What could be spent: principal and gift together. One query."""
    found = balances_of(customer)
    return sum(found[str(purse)] for purse in SPEND_ORDER)


def cap_minor() -> int:
    """The most principal that one card may hold."""
    return (ValueRule.objects.filter(pk=1).first() or ValueRule()).cap_minor


def insist_on_cap(balances: dict[str, int], amount: int) -> None:
    """Refusal value.cap(price_minor: what may still be put on the card)."""
    room = cap_minor() - balances.get(Purse.PRINCIPAL, 0)
    if amount > room:
        raise Refusal("value.cap", price_minor=max(0, room), currency=current_studio().currency)


def held_balances(customer: Any) -> dict[str, int]:
    """The same, locked until the transaction ends."""
    ValueBalance.objects.bulk_create(
        [ValueBalance(customer=customer, purse=purse) for purse in Purse], ignore_conflicts=True
    )
    rows = ValueBalance.objects.select_for_update().filter(customer=customer).order_by("pk")
    return {row.purse: row.balance for row in rows}


def add_entry(
    *, customer: Any, branch: Any, purse: str, amount: int, source: str, note: str = "", by: Any = None,
    issuer: Any = None,
) -> None:  # fmt: skip
    """One row, and the balance moved by it, once for each source, purse and issuer. The balances are locked.

    `issuer`: whose value it is (the branch itself); another branch's becomes a claim between the two. Refusal
    value.too_little(price_minor).
    """
    whose = issuer or branch
    if ValueEntry.objects.filter(source=source, purse=purse, issuer=whose).exists():
        return
    row = ValueBalance.objects.get(customer=customer, purse=purse)
    if row.balance + amount < 0:
        raise Refusal("value.too_little", price_minor=row.balance)
    entry = ValueEntry.objects.create(
        customer=customer, branch=branch, issuer=whose, purse=purse, amount=amount, source=source[:40],
        note=note[:300], at=clock.now(), by=by,
    )  # fmt: skip
    ValueBalance.objects.filter(pk=row.pk).update(balance=F("balance") + amount)
    if whose.pk != branch.pk and purse in SPEND_ORDER:
        claim(creditor=branch, debtor=whose, kind=str(purse), amount_minor=-amount, entry=entry)


def take_out(
    *, customer: Any, branch: Any, purse: str, amount: int, source: str, note: str = "", by: Any = None
) -> None:
    """Use `amount` of a purse, the oldest value first, whichever branch sold it. Once for each source; the balances are
    locked. Refusal value.too_little(price_minor).
    """
    if ValueEntry.objects.filter(source=source, purse=purse).exists():
        return
    rows = ValueEntry.objects.filter(customer=customer, purse=purse).order_by("pk")
    lots = remaining(rows.values_list("issuer_id", "amount"))
    have = sum(left for _issuer, left in lots)
    if amount > have:
        raise Refusal("value.too_little", price_minor=have)
    shares: dict[int, int] = {}
    for issuer, left in lots:
        part = min(left, amount)
        amount -= part
        if part:
            shares[issuer] = shares.get(issuer, 0) + part
    issuers = type(branch).objects.in_bulk(shares)
    for issuer, part in shares.items():
        add_entry(
            customer=customer, branch=branch, purse=purse, amount=-part, source=source, note=note, by=by,
            issuer=issuers[issuer],
        )  # fmt: skip


def own_minor(customer: Any, branch: Any, purse: str) -> int:
    """What is left on the card of the value that this branch sold."""
    rows = ValueEntry.objects.filter(customer=customer, purse=purse).order_by("pk")
    return sum(left for issuer, left in remaining(rows.values_list("issuer_id", "amount")) if issuer == branch.pk)


def take_own(
    *, customer: Any, branch: Any, purse: str, amount: int, source: str, note: str = "", by: Any = None
) -> None:
    """Take back value that this branch sold, and no other's. Refusal value.too_little(price_minor): used already."""
    own = own_minor(customer, branch, purse)
    if amount > own:
        raise Refusal("value.too_little", price_minor=own)
    add_entry(customer=customer, branch=branch, purse=purse, amount=-amount, source=source, note=note, by=by)


def remaining(entries: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(issuer, what is left) of each lot, the oldest first: a branch's value that was used is its oldest."""
    lots: list[list[int]] = []
    used: dict[int, int] = {}
    for issuer, amount in entries:
        if amount > 0:
            lots.append([issuer, amount])
        else:
            used[issuer] = used.get(issuer, 0) - amount
    for lot in lots:
        part = min(lot[1], used.get(lot[0], 0))
        lot[1] -= part
        used[lot[0]] = used.get(lot[0], 0) - part
    return [(issuer, left) for issuer, left in lots if left]


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
    """A refund of stored value goes back to the purses and branches that it came from, what was taken last first."""
    account = refund.account
    held_balances(account.customer)
    left = refund.amount_minor
    spent = ValueEntry.objects.filter(source=f"paid.{payment.receipt}").select_related("issuer")
    back = ValueEntry.objects.filter(source__startswith=f"back.{payment.receipt}.")
    given: dict[tuple[str, int], int] = {}
    for purse, issuer, amount in back.values_list("purse", "issuer_id", "amount"):
        given[(purse, issuer)] = given.get((purse, issuer), 0) + amount
    for entry in sorted(spent, key=lambda one: (-SPEND_ORDER.index(Purse(one.purse)), -one.pk)):
        part = min(left, -entry.amount - given.get((entry.purse, entry.issuer_id), 0))
        if part > 0:
            add_entry(
                customer=account.customer, branch=account.branch, issuer=entry.issuer, purse=entry.purse, amount=part,
                source=f"back.{payment.receipt}.{refund.pk}", note=refund.reason, by=refund.asked_by,
            )  # fmt: skip
            left -= part
    refund.state, refund.done_at = ReturnState.DONE, clock.now()
    refund.save(update_fields=["state", "done_at"])


def faults_of_card(customer: Any) -> list[str]:
    """Purses whose balance is not the sum of its rows: none when the card is right."""
    sums = ValueEntry.objects.filter(customer=customer).order_by().values_list("purse").annotate(total=Sum("amount"))
    found = {purse: int(total) for purse, total in sums}
    return [purse for purse, balance in balances_of(customer).items() if balance != found.get(purse, 0)]


def gift_for(principal_minor: int) -> int:
    """What the rule gives to who pays so much."""
    tier = GiftTier.objects.filter(least_minor__lte=principal_minor).order_by("-least_minor").first()
    return tier.gift_minor if tier else 0
