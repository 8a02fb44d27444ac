"""What two branches owe each other in a month, with the rows behind."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.finance.between import next_month
from core.finance.models import (
    BranchClaim,
    Settlement,
)
from core.people.enums import Capability
from core.people.staff import Staff


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
