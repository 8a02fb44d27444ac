"""Commissions: rules that replace each other, and rows counted from the books."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.finance.commissions import Bases, Earner, bases_of, commission, rule_for
from core.finance.enums import CommissionBase, CommissionWhy
from core.finance.ledger import held
from core.finance.models import Account, CommissionEntry, CommissionRule
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.people.models import Membership
from tenants.context import current_studio

GRACE = dt.timedelta(days=3)  # so long after a month's end its statement still grows


@transaction.atomic
def make_rule(
    *, actor: Any, role: str = "", user: Any = None, branch: Any = None, occasion: str, rate_bp: int = 0,
    fixed_minor: int = 0, base: str = CommissionBase.SOLD, starts_on: dt.date,
) -> CommissionRule:  # fmt: skip
    """A rule for a job or a person from a day on. A standing one for the same is ended on that day and replaced: what
    it has made stays. Refusal rule.for_whom | rule.how_much | rule.too_early (the standing one began later).
    """
    if bool(role) == bool(user):
        raise Refusal("rule.for_whom")
    if (rate_bp > 0) == (fixed_minor > 0) or rate_bp > 10000:
        raise Refusal("rule.how_much")
    same = CommissionRule.objects.select_for_update(of=("self",)).filter(
        role=role, user=user, branch=branch, occasion=occasion
    )
    if same.filter(Q(starts_on__gt=starts_on) | Q(ends_on__gt=starts_on)).exists():
        raise Refusal("rule.too_early")
    former = same.filter(ends_on=None).first()
    if former is not None:
        former.ends_on = starts_on
        former.save(update_fields=["ends_on"])
    try:
        return CommissionRule.objects.create(
            role=role, user=user, branch=branch, occasion=occasion, rate_bp=rate_bp, fixed_minor=fixed_minor,
            base=base, starts_on=starts_on, replaces=former, made_by=actor, made_at=clock.now(),
        )  # fmt: skip
    except IntegrityError as raced:  # a colleague has just made one for the same
        raise Refusal("rule.too_early") from raced


@transaction.atomic
def end_rule(*, actor: Any, rule: CommissionRule, on: dt.date) -> CommissionRule:
    """From `on` the rule holds no more; what it has made stays. Refusal rule.too_early | rule.ended."""
    rule = lock(rule)
    if rule.ends_on is not None:
        raise Refusal("rule.ended")
    if on < rule.starts_on:
        raise Refusal("rule.too_early")
    rule.ends_on = on
    rule.save(update_fields=["ends_on"])
    return rule


@transaction.atomic
def count_commissions(*, account: Account, earners: Iterable[Earner]) -> list[CommissionEntry]:
    """Bring a sale's commissions into agreement with its books: the difference is added as rows, nothing is changed.

    Harmless when repeated. The rule that made the first row of a person and occasion goes on counting it; who did not
    do it after all (`earners` says so) gets it taken back.
    """
    account = held(account)
    present = _present(account)
    bases, now = bases_of(account), clock.now()
    targets = _targets(account, list(earners), present, bases)
    rows = []
    for key in sorted(targets.keys() | present.keys()):
        occasion, user_id = key
        rule, day, amount, base_minor = targets.get(key) or (present[key][0], None, 0, 0)
        had = present[key][1] if key in present else 0
        if amount == had:
            continue
        rows.append(
            CommissionEntry(
                rule=rule,
                user_id=user_id,
                branch_id=account.branch_id,
                account=account,
                occasion=occasion,
                why=_why(known=key in present, change=amount - had),
                base_minor=base_minor,
                amount_minor=amount - had,
                on=_statement_day(account, day if key not in present else None),
                at=now,
            )
        )
    return CommissionEntry.objects.bulk_create(rows)


def _why(*, known: bool, change: int) -> str:
    if not known:
        return CommissionWhy.EARNED
    return CommissionWhy.MORE if change > 0 else CommissionWhy.LESS


def _present(account: Account) -> dict[tuple[str, int], tuple[CommissionRule, int]]:
    """(occasion, person) → the rule that counts it and what its rows come to."""
    found: dict[tuple[str, int], tuple[CommissionRule, int]] = {}
    for row in account.commissions.select_related("rule").order_by("pk"):
        rule, total = found.get((row.occasion, row.user_id), (row.rule, 0))
        found[(row.occasion, row.user_id)] = (rule, total + row.amount_minor)
    return found


def _targets(
    account: Account, earners: list[Earner], present: dict[tuple[str, int], tuple[CommissionRule, int]], bases: Bases
) -> dict[tuple[str, int], tuple[CommissionRule, dt.date, int, int]]:
    """(occasion, person) → rule, day, amount, base as they should be."""
    rules = list(CommissionRule.objects.all())
    roles = _roles({one.user_id for one in earners}, account.branch_id)
    found = {}
    for one in earners:
        key = (one.occasion, one.user_id)
        known = present.get(key)
        rule = known[0] if known else rule_for(rules, one, roles[one.user_id], account.branch_id)
        if rule is not None:
            base = bases.of(one.occasion, rule.base)
            found[key] = (rule, one.on, commission(base, rule.rate_bp, rule.fixed_minor), base)
    return found


def _roles(users: set[int], branch_id: int) -> "defaultdict[int, frozenset[str]]":
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    here = Membership.objects.filter(Q(branch=None) | Q(branch_id=branch_id), user__in=users)
    for user, role in here.values_list("user_id", "role"):
        found[user] |= {role}
    return found


def _statement_day(account: Account, day: dt.date | None) -> dt.date:
    """The day itself while its month's statement is open, else today; never ahead."""
    zone = account.branch.timezone if account.branch_id else current_studio().timezone
    today = clock.today(zone)
    if day is None or day > today:
        return today
    return day if (today - GRACE).replace(day=1) <= day else today
