"""Verbs on price rules. New quotes follow them at once; sold orders keep their frozen lines."""

from typing import Any

from django.db import transaction

from core.catalog.enums import RuleKind
from core.catalog.models import PriceRule
from core.kernel import events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock

MOST_PERCENT = 300


@transaction.atomic
def save_rule(*, actor: Any, rule: PriceRule | None = None, fields: dict[str, Any]) -> PriceRule:
    """Create or change a rule (fields of PriceRule). Event PRICES_CHANGED.

    Refusal rule.effect (not exactly one fitting effect) | rule.place (a price needs a package and a branch or city) |
    rule.days | rule.hours.
    """
    row = lock(rule) if rule else PriceRule()
    for name, value in fields.items():
        setattr(row, name, value)
    _refuse_unsound(row)
    row.save()
    events.record(Kind.PRICES_CHANGED, row, actor, name=row.name, what="saved", rule=_told(row))
    return row


def _refuse_unsound(row: PriceRule) -> None:
    """What the table's constraints say, as a Refusal."""
    changes = [value for value in (row.percent, row.change_minor) if value is not None]
    if row.kind == RuleKind.PLACE:
        if row.price_minor is None or row.price_minor < 0 or changes:
            raise Refusal("rule.effect")
        if row.package_id is None or not (row.branch_id or row.city):
            raise Refusal("rule.place")
    elif row.price_minor is not None or len(changes) != 1 or not _in_direction(row.kind, changes[0]):
        raise Refusal("rule.effect")
    if row.percent is not None and not -100 <= row.percent <= MOST_PERCENT:
        raise Refusal("rule.effect")
    days = (row.first_day, row.last_day)
    if (None in days) != (days == (None, None)) or (None in days and row.kind == RuleKind.SEASON):
        raise Refusal("rule.days")
    if row.first_day and row.last_day and row.last_day < row.first_day:
        raise Refusal("rule.days")
    if row.ends_at is not None and (row.starts_at is None or row.ends_at <= row.starts_at):
        raise Refusal("rule.hours")


def _in_direction(kind: str, change: int) -> bool:
    return {RuleKind.PEAK: change >= 0, RuleKind.OFF_PEAK: change <= 0}.get(RuleKind(kind), True)


def _told(row: PriceRule) -> dict[str, Any]:
    """The rule as its event keeps it."""
    plain: tuple[str, ...] = (
        "kind",
        "package_id",
        "shoot_kind",
        "branch_id",
        "city",
        "is_yearly",
        "weekdays",
        "price_minor",
    )
    plain += ("percent", "change_minor", "priority", "is_active")
    days = {name: str(getattr(row, name) or "") for name in ("first_day", "last_day", "starts_at", "ends_at")}
    return {name: getattr(row, name) for name in plain} | {"kind": str(row.kind)} | days


@transaction.atomic
def set_rule_active(*, actor: Any, rule: PriceRule, is_active: bool) -> PriceRule:
    """Let a rule rest, or put it in force again. Event PRICES_CHANGED."""
    return save_rule(actor=actor, rule=rule, fields={"is_active": is_active})


@transaction.atomic
def drop_rule(*, actor: Any, rule: PriceRule) -> None:
    """Remove a rule for good. Event PRICES_CHANGED, which keeps what it said."""
    row = lock(rule)
    events.record(Kind.PRICES_CHANGED, row, actor, name=row.name, what="dropped", rule=_told(row))
    row.delete()
