"""What customers hold: a card, all cards, what the studio owes on them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum

from core.finance.enums import Purse
from core.finance.models import (
    GiftTier,
    PointGrant,
    TopUp,
    ValueBalance,
    ValueDeal,
    ValueEntry,
)
from core.finance.values import cap_minor
from core.people.enums import Capability
from core.people.staff import Staff


@dataclass(frozen=True, slots=True)
class Card:
    """A customer's stored value: balances, every row, the newest first, and the money that was taken or paid out."""

    balances: dict[str, int]
    entries: list[ValueEntry]
    deals: list[ValueDeal]

    @property
    def usable_minor(self) -> int:
        return self.balances[Purse.PRINCIPAL] + self.balances[Purse.GIFT]


@dataclass(slots=True)
class BranchOwes:
    """A branch's debt in services."""

    name: str
    principal_minor: int = 0
    gift_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.gift_minor


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


def owed_by_branch() -> list[BranchOwes]:
    """What each branch owes in services for the value that it sold and that nobody has used: principal and gift apart.
    One query.
    """
    rows = ValueEntry.objects.filter(purse__in=(Purse.PRINCIPAL, Purse.GIFT)).order_by()
    found: dict[str, BranchOwes] = {}
    for name, purse, total in rows.values_list("issuer__name", "purse").annotate(total=Sum("amount")):
        one = found.setdefault(name, BranchOwes(name))
        setattr(one, f"{purse}_minor", int(total))
    return [found[name] for name in sorted(found)]


# -- Top-ups by a pay route ------------------------------------------------------------------------------------------
def offers() -> list[GiftTier]:
    """What customers may top up by themselves, the smallest first; nothing beyond what a card may hold."""
    return list(GiftTier.objects.filter(is_offered=True, least_minor__lte=cap_minor()).order_by("least_minor"))


def top_ups_of(customer: Any) -> QuerySet[TopUp]:
    """A customer's own, the newest first."""
    rows: QuerySet[TopUp] = TopUp.objects.filter(account__customer=customer).select_related("account__branch")
    return rows


def top_ups_for(staff: Staff, capability: str = Capability.VIEW_MONEY) -> QuerySet[TopUp]:
    """Those of the branches where the staff member holds the capability, the newest first."""
    rows = TopUp.objects.select_related("account__branch", "account__customer")
    found: QuerySet[TopUp] = staff.scope(rows, capability, "account__branch_id")
    return found


def next_to_expire(customer: Any) -> dt.date | None:
    """The last day of the points that expire first."""
    rows = PointGrant.objects.filter(account__customer=customer, expired_at=None, earned__gt=0)
    found: dt.date | None = rows.filter(valid_until__isnull=False).aggregate(first=Min("valid_until"))["first"]
    return found
