"""A month's commissions, with the rows behind."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.finance.between import next_month
from core.finance.models import (
    CommissionEntry,
)
from core.people.enums import Capability
from core.people.staff import Staff


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
