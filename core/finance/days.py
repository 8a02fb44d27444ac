"""Every branch's day: booked, counted, closed or not."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from core.finance.enums import BY_HAND, DealKind, Method, ReturnState
from core.finance.models import (
    DayBook,
    DayCount,
    Payment,
    Refund,
    ValueDeal,
)


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
