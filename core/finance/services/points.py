"""Points that customers earn by paying: by one rule, reversed when money goes back, gone when their time is over."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction

from core.finance.enums import Purse
from core.finance.ledger import held
from core.finance.models import Account, PointGrant, PointRule, ValueEntry
from core.finance.points import paid_for_points, unused
from core.finance.values import add_entry, held_balances, take_out
from core.kernel import clock
from core.kernel.errors import Refusal


def point_rule() -> PointRule:
    """The rule as it stands; not active where nobody has set one."""
    return PointRule.objects.filter(pk=1).first() or PointRule(pk=1)


@transaction.atomic
def set_point_rule(
    *, actor: Any, points: int, per_minor: int, when: str, valid_days: int, is_active: bool
) -> PointRule:
    """How points are earned from now on; sales that have earned keep their rule. Refusal amount.missing."""
    if points <= 0 or per_minor <= 0 or valid_days < 0:
        raise Refusal("amount.missing")
    told = {"points": points, "per_minor": per_minor, "when": when, "valid_days": valid_days, "is_active": is_active}
    row, _new = PointRule.objects.update_or_create(pk=1, defaults=told)
    return row


@transaction.atomic
def count_points(*, account: Account, occasions: Collection[str]) -> int:
    """Bring the points of a sale into agreement with what is paid for it: given once one of `occasions` is the rule's,
    fewer after a refund, never below what the customer still has. Answers the change. Harmless when repeated.
    """
    account = held(account)
    grant = PointGrant.objects.filter(account=account).first() or _new_grant(account, occasions)
    if grant is None or grant.expired_at:
        return 0
    change = paid_for_points(account) // grant.per_minor * grant.points - grant.earned
    if change < 0:
        change = -min(-change, held_balances(account.customer)[Purse.POINTS])
    if not change:
        return 0
    if not grant.pk:
        grant.save()
    _write(account, change, f"earn.{account.pk}.{_entries(account).count() + 1}")
    grant.earned += change
    grant.save(update_fields=["earned"])
    return change


def _new_grant(account: Account, occasions: Collection[str]) -> PointGrant | None:
    rule = point_rule()
    if not rule.is_active or rule.when not in occasions:
        return None
    today = clock.today(account.branch.timezone)
    until = today + dt.timedelta(days=rule.valid_days) if rule.valid_days else None
    return PointGrant(account=account, points=rule.points, per_minor=rule.per_minor, valid_until=until)


def _entries(account: Account) -> Any:
    return ValueEntry.objects.filter(purse=Purse.POINTS, source__startswith=f"earn.{account.pk}.")


def _write(account: Account, change: int, source: str) -> None:
    held_balances(account.customer)
    told: dict[str, Any] = {"customer": account.customer, "branch": account.branch, "purse": Purse.POINTS}
    if change > 0:
        add_entry(**told, amount=change, source=source, note=account.code)
    else:
        take_out(**told, amount=-change, source=source, note=account.code)


def expire_points() -> int:
    """Points whose last day is over go, as far as they were not used; answers for how many sales."""
    over = PointGrant.objects.filter(expired_at=None, valid_until__isnull=False).select_related("account__branch")
    return sum(
        _expire(one) for one in over.order_by("pk") if one.valid_until < clock.today(one.account.branch.timezone)
    )


@transaction.atomic
def _expire(grant: PointGrant) -> bool:
    account = held(grant.account)
    row = PointGrant.objects.select_for_update().get(pk=grant.pk)
    if row.expired_at:
        return False
    held_balances(account.customer)
    left = unused(account)
    if left:
        _write(account, -left, f"expire.{row.pk}")
    row.expired_at = clock.now()
    row.save(update_fields=["expired_at"])
    return True
