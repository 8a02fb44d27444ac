"""What is owed: accounts, charges, what takes them back, discounts, and what makes instalments due."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.finance.discounts import limit_minor
from core.finance.enums import ChargeKind, When
from core.finance.ledger import held, settle
from core.finance.models import Account, Charge, Instalment
from core.finance.schedules import Part, split
from core.kernel import clock, events
from core.kernel.errors import Refusal

FROZEN = ("schedule", "deposit", "refunds")
MOST_LINES, REASON_LENGTH = 40, 300


def line(name: str, total_minor: int, quantity: int = 1, each_minor: int | None = None) -> dict[str, Any]:
    """One line of a charge."""
    each = total_minor if each_minor is None else each_minor
    return {"name": name, "quantity": quantity, "each_minor": each, "total_minor": total_minor}


@transaction.atomic(savepoint=False)
def open_account(
    *,
    code: str,
    title: str,
    customer: Any,
    branch: Any,
    currency: str,
    thread: str,
    terms: Mapping[str, Any],
    lines: Iterable[Mapping[str, Any]],
    starts: Mapping[str, dt.date] = MappingProxyType({}),
    actor: Any = None,
) -> Account:
    """The books of a sale, with its price posted as source "order" and split over the schedule of the frozen terms.

    Instalments stay without a day until `trigger`, but for those whose trigger is among `starts` (trigger → day). No
    event and no listener: the sale tells of itself.
    """
    found = _plain(lines)
    account = Account.objects.create(
        code=code,
        title=title,
        customer=customer,
        branch=branch,
        currency=currency,
        thread=thread,
        terms={name: terms[name] for name in FROZEN if terms.get(name)},
        charged_minor=max(0, sum(one["total_minor"] for one in found)),
        opened_at=clock.now(),
    )
    parts = split(account.charged_minor, account.terms)
    _post(account, "order", ChargeKind.ORDER, title, found, actor, parts, starts=starts, first=1)
    return account


@transaction.atomic
def charge(
    *,
    account: Account,
    source: str,
    lines: Iterable[Mapping[str, Any]],
    kind: str = ChargeKind.OTHER,
    title: str = "",
    when: str = When.NOW,
    days: int = 0,
    actor: Any = None,
    tell: bool = True,
) -> Charge | None:
    """Post what is owed, itemised, once for each `source`: a second call answers the first row. Due today by default,
    else when `when` happens. None when the lines come to nothing.

    Records CHARGE_POSTED unless `tell` is false (the caller records what happened). Refusal charge.negative (use
    `reverse` or `give_discount`) | charge.too_long.
    """
    account = held(account)
    known = account.charges.filter(source=source).first()
    if known is not None:
        return known
    found = _plain(lines)
    total = sum(one["total_minor"] for one in found)
    if total == 0:
        return None
    if total < 0:
        raise Refusal("charge.negative")
    number = (account.instalments.aggregate(top=Max("number"))["top"] or 0) + 1
    starts: dict[str, dt.date] = {When.NOW: clock.today(account.branch.timezone)}
    posted = _post(account, source, kind, title, found, actor, [Part(when, total, days)], starts=starts, first=number)
    settle(account)
    if tell:
        money: dict[str, Any] = {"price_minor": total, "currency": account.currency}
        events.record(events.Kind.CHARGE_POSTED, account, actor, title=title, what=str(kind), **money)
    return posted


@transaction.atomic
def reverse(*, account: Account, source: str, reason: str = "", actor: Any = None, tell: bool = True) -> Charge | None:
    """Take a charge back whole, by a row against it; what was paid for it covers other instalments or becomes surplus.

    Idempotent; None when there is nothing to take back. Records CHARGE_REVERSED unless `tell` is false.
    """
    account = held(account)
    former = account.charges.filter(source=source).select_related("reversal").first()
    if former is None:
        return None
    known: Charge | None = getattr(former, "reversal", None)
    if known is not None:
        return known
    lines = [
        {**one, "each_minor": -int(one.get("each_minor", 0)), "total_minor": -one["total_minor"]}
        for one in former.lines
    ]
    made = _row(account, f"{source}.back"[:40], ChargeKind.REVERSAL, former.title, lines, actor, reverses=former)
    settle(account)
    if tell:
        money: dict[str, Any] = {"price_minor": former.total_minor, "currency": account.currency}
        events.record(events.Kind.CHARGE_REVERSED, account, actor, title=former.title, reason=reason, **money)
    return made


@transaction.atomic
def give_discount(*, actor: Any, account: Account, amount_minor: int, reason: str, source: str = "") -> Charge:
    """Charge less, with a reason. Earlier discounts of the order count towards the role's limit.

    `source` (the form's key) makes a double click one discount. Records DISCOUNT_GIVEN. Refusal reason.missing
    | amount.missing | discount.too_much(price_minor: what is left of the limit) | discount.over_owed.
    """
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    if amount_minor <= 0:
        raise Refusal("amount.missing")
    account = held(account)
    source = source or f"discount.{account.charges.filter(kind=ChargeKind.DISCOUNT).count() + 1}"
    known = account.charges.filter(source=source).first()
    if known is not None:
        return known
    if amount_minor > account.charged_minor:
        raise Refusal("discount.over_owed", price_minor=account.charged_minor, currency=account.currency)
    left = limit_minor(actor, account)
    if left is not None and amount_minor > left:
        raise Refusal("discount.too_much", price_minor=left, currency=account.currency)
    made = _row(account, source, ChargeKind.DISCOUNT, reason[:120], [line(reason, -amount_minor)], actor)
    settle(account)
    money: dict[str, Any] = {"price_minor": amount_minor, "currency": account.currency}
    events.record(events.Kind.DISCOUNT_GIVEN, account, actor, reason=reason, **money)
    return made


@transaction.atomic
def trigger(*, account: Account, when: str, on: dt.date | None = None) -> int:
    """What instalments wait for has happened: they get their day, `days` after `on` (today). How many got one.

    Called again it changes nothing, but for When.DATE: the shoot's day (`on`) was set or moved, and they move with it;
    never into the past. No event: whatever happened has its own.
    """
    account = held(account)
    today = clock.today(account.branch.timezone)
    rows = account.instalments.filter(trigger=when)
    waiting = list(rows if when == When.DATE else rows.filter(due_on=None))
    for one in waiting:
        one.due_on = _due(today, on or today, one.days)
    if waiting:
        Instalment.objects.bulk_update(waiting, ["due_on"])
        settle(account)
    return len(waiting)


def _plain(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines as they are kept: name, quantity, each, total; what costs nothing is left out."""
    found = [
        line(
            str(one.get("name", ""))[:120],
            int(one["total_minor"]),
            int(one.get("quantity", 1)),
            int(one.get("each_minor", one["total_minor"])),
        )
        for one in lines
    ]
    found = [one for one in found if one["total_minor"]]
    if len(found) > MOST_LINES:
        raise Refusal("charge.too_long", most=MOST_LINES)
    return found


def _row(
    account: Account,
    source: str,
    kind: str,
    title: str,
    lines: list[dict[str, Any]],
    actor: Any,
    *,
    reverses: Charge | None = None,
) -> Charge:
    return Charge.objects.create(
        account=account,
        source=source,
        kind=kind,
        title=title[:120],
        lines=lines,
        total_minor=sum(one["total_minor"] for one in lines),
        reverses=reverses,
        posted_at=clock.now(),
        posted_by=staff_or_none(actor),
    )


def _post(
    account: Account,
    source: str,
    kind: str,
    title: str,
    lines: list[dict[str, Any]],
    actor: Any,
    parts: list[Part],
    *,
    starts: Mapping[str, dt.date],
    first: int,
) -> Charge | None:
    """A positive charge and its instalments, numbered from `first` on; those of `starts` have their day at once."""
    if sum(one["total_minor"] for one in lines) <= 0:
        return None
    made = _row(account, source, kind, title, lines, actor)
    today = clock.today(account.branch.timezone)
    Instalment.objects.bulk_create(
        Instalment(
            account=account,
            charge=made,
            number=number,
            trigger=part.when,
            days=part.days,
            amount_minor=part.amount,
            due_on=_due(today, starts[part.when], part.days) if part.when in starts else None,
        )
        for number, part in enumerate(parts, start=first)
    )
    return made


def _due(today: dt.date, start: dt.date, days: int) -> dt.date:
    """So many days after what makes it due; never in the past."""
    return max(today, start + dt.timedelta(days=days))


def staff_or_none(actor: Any) -> Any:
    """Customers and jobs act too, but these columns name staff only; the event names everyone."""
    return actor if actor is not None and actor._meta.label_lower == "accounts.user" else None
