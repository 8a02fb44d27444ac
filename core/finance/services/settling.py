"""Verbs between branches: a sale shot elsewhere, the share of it, a month closed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Sum

from core.finance.between import claim, hold_pair, next_month, share_on
from core.finance.enums import BetweenKind
from core.finance.ledger import held
from core.finance.models import Account, BranchClaim, Settlement, ShootShare
from core.kernel import clock, events
from core.kernel.errors import Refusal
from tenants.context import current_studio


@transaction.atomic
def agree_share(*, actor: Any, percent: int, starts_on: dt.date) -> ShootShare:
    """From a day on the shooting branch gets so much of a sale of another one; shoots before keep theirs.

    Refusal share.odd | share.fixed (that day has one, or it has passed).
    """
    if not 0 <= percent <= 100:
        raise Refusal("share.odd")
    if starts_on < clock.today(current_studio().timezone):
        raise Refusal("share.fixed")
    if ShootShare.objects.select_for_update().filter(starts_on=starts_on).exists():
        raise Refusal("share.fixed")
    return ShootShare.objects.create(percent=percent, starts_on=starts_on, made_by=actor, made_at=clock.now())


@transaction.atomic
def count_shoot(*, account: Account, shot_in: Any, on: dt.date | None) -> int:
    """Bring what a sale owes to the branches that shot it into agreement with its books; answers the rows added.

    `shot_in`: the other branch that shot it on day `on`; None: none did. Harmless when repeated.
    """
    account = held(account)
    share = share_on(on) if shot_in is not None and on is not None else 0
    target = {shot_in.pk: account.charged_minor * share // 100} if shot_in is not None and share else {}
    rows = account.between.filter(kind=BetweenKind.SHOOT).order_by()
    present = {creditor: int(total) for creditor, total in rows.values_list("creditor").annotate(t=Sum("amount_minor"))}
    added = 0
    for branch_id in sorted(target.keys() | present.keys()):
        change = target.get(branch_id, 0) - present.get(branch_id, 0)
        if change:
            creditor = type(account.branch).objects.get(pk=branch_id)
            day = on if branch_id not in present else None
            claim(
                creditor=creditor, debtor=account.branch, kind=BetweenKind.SHOOT, amount_minor=change, account=account,
                on=min(day, clock.today(creditor.timezone)) if day else None,
            )  # fmt: skip
            added += 1
    return added


@transaction.atomic
def settle_month(*, actor: Any, one: Any, other: Any, month: dt.date, seen_minor: int | None = None) -> Settlement:
    """Close a month of two branches: its rows belong to the settlement and nothing more is written into it.

    `seen_minor`, what `low` owes `high` as it was shown, must still be right. Records MONTH_SETTLED. Refusal
    settlement.early (the month is not over) | settlement.closed | settlement.empty | settlement.changed(price_minor).
    """
    low, high = sorted((one, other), key=lambda branch: branch.pk)
    month = month.replace(day=1)
    if clock.today(low.timezone) < next_month(month):
        raise Refusal("settlement.early")
    hold_pair(low.pk, high.pk)
    if Settlement.objects.filter(low=low, high=high, month=month).exists():
        raise Refusal("settlement.closed")
    pair = {"creditor__in": (low, high), "debtor__in": (low, high)}
    rows = BranchClaim.objects.select_for_update().filter(
        **pair, on__gte=month, on__lt=next_month(month), settlement=None
    )
    found = list(rows)
    if not found:
        raise Refusal("settlement.empty")
    net = sum(row.amount_minor if row.debtor_id == low.pk else -row.amount_minor for row in found)
    currency = current_studio().currency
    if seen_minor is not None and seen_minor != net:
        raise Refusal("settlement.changed", price_minor=net, currency=currency)
    made = Settlement.objects.create(
        low=low, high=high, month=month, net_minor=net, closed_by=actor, closed_at=clock.now()
    )
    BranchClaim.objects.filter(pk__in=[row.pk for row in found]).update(settlement=made)
    told: dict[str, Any] = {"month": month.isoformat(), "first": low.name, "second": high.name}
    events.record(events.Kind.MONTH_SETTLED, made, actor, price_minor=abs(net), currency=currency, **told)
    return made
