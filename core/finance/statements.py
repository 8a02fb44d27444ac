"""Questions over many rows: a month's commissions, what branches owe each other, cards, every branch's day."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from core.finance.between import next_month
from core.finance.enums import BY_HAND, DealKind, Method, Purse, ReturnState
from core.finance.models import (
    BranchClaim,
    CommissionEntry,
    DayBook,
    DayCount,
    Payment,
    Refund,
    Settlement,
    ValueBalance,
    ValueDeal,
    ValueEntry,
)
from core.people.enums import Capability
from core.people.staff import Staff


# -- Commissions -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Earned:
    """One person's commissions of one branch in a month."""

    user: Any
    branch: Any
    amount_minor: int
    rows: list[CommissionEntry]


def commissions_for(staff: Staff, month: dt.date, branch_id: int | None = None) -> list[Earned]:
    """A month's commissions by branch and person, with the rows behind: one's own everywhere, all of the branches where
    VIEW_COMMISSIONS is held. One query.
    """
    rows = CommissionEntry.objects.filter(on__gte=month, on__lt=next_month(month))
    rows = rows.filter(_seen(staff))
    if branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    found: dict[tuple[int, int], list[CommissionEntry]] = defaultdict(list)
    for row in rows.select_related("user", "branch", "account", "rule").order_by("branch_id", "user__name", "on", "pk"):
        found[(row.branch_id, row.user_id)].append(row)
    return [
        Earned(ones[0].user, ones[0].branch, sum(one.amount_minor for one in ones), ones) for ones in found.values()
    ]


def _seen(staff: Staff) -> Q:
    own = Q(user=staff.user)
    branches = staff.branches(Capability.VIEW_COMMISSIONS)
    return Q() if branches is None else own | Q(branch_id__in=branches)


# -- Between branches --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pair:
    """A month of two branches. `net_minor`: what `low` owes `high`; negative: the other way round."""

    low: Any
    high: Any
    month: dt.date
    rows: list[BranchClaim]
    settlement: Settlement | None

    @property
    def net_minor(self) -> int:
        return sum(self.owes(row) for row in self.rows)

    @property
    def low_owes_minor(self) -> int:
        return sum(row.amount_minor for row in self.rows if row.debtor_id == self.low.pk)

    @property
    def high_owes_minor(self) -> int:
        return sum(row.amount_minor for row in self.rows if row.debtor_id == self.high.pk)

    @property
    def debtor(self) -> Any:
        return self.low if self.net_minor >= 0 else self.high

    @property
    def creditor(self) -> Any:
        return self.high if self.net_minor >= 0 else self.low

    @property
    def due_minor(self) -> int:
        return abs(self.net_minor)

    def owes(self, row: BranchClaim) -> int:
        return row.amount_minor if row.debtor_id == self.low.pk else -row.amount_minor


def pairs_of(staff: Staff, month: dt.date) -> list[Pair]:
    """Every two branches with claims in the month, one of them a branch of the viewer's. Two queries."""
    rows = BranchClaim.objects.filter(on__gte=month, on__lt=next_month(month))
    branches = staff.branches(Capability.SETTLE_BRANCHES)
    if branches is not None:
        rows = rows.filter(Q(creditor_id__in=branches) | Q(debtor_id__in=branches))
    found: dict[tuple[int, int], list[BranchClaim]] = defaultdict(list)
    named = rows.select_related("creditor", "debtor", "account", "entry__customer", "settlement__closed_by")
    for row in named.order_by("on", "pk"):
        found[tuple(sorted((row.creditor_id, row.debtor_id)))].append(row)  # type: ignore[index]
    closed = {
        (one.low_id, one.high_id): one for one in Settlement.objects.filter(month=month).select_related("closed_by")
    }
    return [_pair(month, key, ones, closed.get(key)) for key, ones in sorted(found.items())]


def _pair(month: dt.date, key: tuple[int, int], rows: list[BranchClaim], closed: Settlement | None) -> Pair:
    by_id = {row.creditor_id: row.creditor for row in rows} | {row.debtor_id: row.debtor for row in rows}
    return Pair(by_id[key[0]], by_id[key[1]], month, rows, closed)


# -- Cards -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Card:
    """A customer's stored value: balances, every row, the newest first, and the money that was taken or paid out."""

    balances: dict[str, int]
    entries: list[ValueEntry]
    deals: list[ValueDeal]

    @property
    def usable_minor(self) -> int:
        return self.balances[Purse.PRINCIPAL] + self.balances[Purse.GIFT]


def card_of(customer: Any, limit: int = 100) -> Card:
    """Three queries."""
    found = dict(ValueBalance.objects.filter(customer=customer).values_list("purse", "balance"))
    entries = ValueEntry.objects.filter(customer=customer).select_related("branch", "issuer", "by").order_by("-pk")
    deals = ValueDeal.objects.filter(customer=customer).order_by("-pk")
    deals = deals.select_related("branch", "recorded_by", "audited_by", "correction")
    return Card({str(purse): found.get(purse, 0) for purse in Purse}, list(entries[:limit]), list(deals[:limit]))


def cards() -> QuerySet[ValueBalance]:
    """Customers who hold principal or gift, the most first; `total` in minor units."""
    rows = ValueBalance.objects.filter(purse__in=(Purse.PRINCIPAL, Purse.GIFT), balance__gt=0)
    names = ("customer_id", "customer__name")
    principal = Sum("balance", filter=Q(purse=Purse.PRINCIPAL), default=0)
    gift = Sum("balance", filter=Q(purse=Purse.GIFT), default=0)
    return (
        rows.values(*names)
        .annotate(principal=principal, gift=gift, total=Sum("balance"))
        .order_by("-total", "customer_id")
    )


def owed_value() -> dict[str, int]:
    """Purse → what all customers hold together: what the studio owes in services."""
    rows = ValueBalance.objects.order_by().values_list("purse").annotate(total=Sum("balance"))
    found = {purse: int(total) for purse, total in rows}
    return {str(purse): found.get(purse, 0) for purse in Purse}


# -- Every branch's day ------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class BranchDay:
    """What a branch took in and gave back on a day by hand and in all, what was counted, and whether it is closed."""

    branch: Any
    book: DayBook | None = None
    total_minor: int = 0
    by_hand_minor: int = 0
    counted_minor: int | None = None
    reasons: tuple[str, ...] = ()
    open_days: tuple[dt.date, ...] = ()

    @property
    def is_closed(self) -> bool:
        return self.book is not None and self.book.closed_at is not None

    @property
    def difference_minor(self) -> int:
        return 0 if self.counted_minor is None else self.counted_minor - self.by_hand_minor


def days_of(branches: list[Any], day: dt.date) -> list[BranchDay]:
    """The day of every branch: six queries, however many branches."""
    found = {branch.pk: BranchDay(branch) for branch in branches}
    for book in DayBook.objects.filter(branch__in=branches, day=day).select_related("closed_by"):
        found[book.branch_id].book = book
    for branch_id, method, amount in _moved(branches, day):
        one = found[branch_id]
        one.total_minor += amount
        if method in BY_HAND:
            one.by_hand_minor += amount
    for count in DayCount.objects.filter(book__branch__in=branches, book__day=day).select_related("book"):
        one = found[count.book.branch_id]
        one.counted_minor = (one.counted_minor or 0) + count.counted_minor
        one.reasons += (count.reason,) if count.reason else ()
    late: dict[int, list[dt.date]] = defaultdict(list)
    waiting = DayBook.objects.filter(branch__in=branches, closed_at=None, day__lt=day).order_by("-day")
    for branch_id, open_day in waiting.values_list("branch_id", "day")[:200]:
        late[branch_id].append(open_day)
    for branch_id, days in late.items():
        found[branch_id].open_days = tuple(sorted(days))
    return list(found.values())


def unclosed_days(branches: list[Any], before: dt.date) -> list[tuple[Any, dt.date]]:
    """(branch, day) of everything booked before that day and closed by nobody, the oldest first. One query."""
    rows = DayBook.objects.filter(branch__in=branches, closed_at=None, day__lt=before).select_related("branch")
    return [(row.branch, row.day) for row in rows.order_by("day", "branch_id")[:20]]


def _moved(branches: list[Any], day: dt.date) -> list[tuple[int, str, int]]:
    """(branch, method, amount; negative: out) of everything booked on the day but value that was only spent."""
    here: dict[str, Any] = {"book__branch__in": branches, "book__day": day}
    money = Payment.objects.filter(**here).exclude(method=Method.STORED)
    rows = [(b, m, a) for b, m, a in money.values_list("book__branch_id", "method", "amount_minor")]
    back = Refund.objects.filter(**here, state=ReturnState.DONE).exclude(method=Method.STORED)
    rows += [(b, m, -a) for b, m, a in back.values_list("book__branch_id", "method", "amount_minor")]
    deals = ValueDeal.objects.filter(**here).values_list("book__branch_id", "method", "kind", "principal_minor")
    return rows + [(b, m, a if kind == DealKind.TOP_UP else -a) for b, m, kind, a in deals]
