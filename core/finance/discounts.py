"""How much each job may take off a price (R104): a share of what was charged before discounts."""

from typing import Any

from django.db.models import Q, Sum

from core.finance.enums import ChargeKind
from core.finance.models import Account
from core.people.enums import Role
from core.people.models import Membership

# percent of the order; None: no limit. Jobs that are not named give none.
PERCENT: dict[str, int | None] = {
    Role.OWNER: None,
    Role.MANAGER: 20,
    Role.SALES_CONSULTANT: 8,
    Role.RECEPTIONIST: 5,
    Role.SERVICE_BUTLER: 5,
    Role.AFTER_SALES: 5,
}


def percent_of(user: Any, branch_id: int) -> int | None:
    """The highest percentage that the person's jobs in this branch allow; None without limit."""
    jobs = Membership.objects.filter(Q(branch=None) | Q(branch_id=branch_id), user=user)
    found = [PERCENT.get(role, 0) for role in jobs.values_list("role", flat=True)]
    if None in found:
        return None
    return max((percent for percent in found if percent is not None), default=0)


def limit_minor(user: Any, account: Account) -> int | None:
    """What this person may still take off; None without limit. The house itself (no user) has none."""
    percent = percent_of(user, account.branch_id) if user is not None else None
    if percent is None:
        return None
    given = -int(account.charges.filter(kind=ChargeKind.DISCOUNT).aggregate(total=Sum("total_minor"))["total"] or 0)
    return max(0, (account.charged_minor + given) * percent // 100 - given)
