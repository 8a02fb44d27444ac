"""What a commission is counted from and comes to: pure arithmetic, so that it can be tested with any numbers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.finance.enums import ChargeKind, CommissionBase, Occasion
from core.finance.models import Account, CommissionRule

EXTRAS = frozenset({ChargeKind.EXTRAS, ChargeKind.CHANGE, ChargeKind.ROUND})


@dataclass(frozen=True, slots=True)
class Earner:
    """Who did it, what, and on which day."""

    occasion: str
    user_id: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class Bases:
    """An account's money as commissions see it, never negative. `extras`: what was sold while choosing; the rest is the
    order, both together `sold`. Discounts and what was given back are off it first; what was paid covers it first.
    """

    charged: int
    extras: int
    paid: int

    def of(self, occasion: str, base: str) -> int:
        extras = min(self.extras, self.charged)
        parts = {Occasion.EXTRAS: extras, Occasion.SIGNED: self.charged - extras, Occasion.DELIVERED: self.charged}
        sold = parts[Occasion(occasion)]
        if base == CommissionBase.SOLD:
            return sold
        before = self.charged - extras if occasion == Occasion.EXTRAS else 0
        return max(0, min(sold, self.paid - before))


def bases_of(account: Account) -> Bases:
    """From the rows of an account: extras with what took them back."""
    extras = 0
    for kind, total, reversed_kind in account.charges.values_list("kind", "total_minor", "reverses__kind"):
        if (reversed_kind or kind) in EXTRAS:
            extras += total
    return Bases(max(0, account.charged_minor), max(0, extras), max(0, account.paid_minor))


def commission(base_minor: int, rate_bp: int, fixed_minor: int) -> int:
    """The amount, half a unit rounded up. A fixed one is due while anything is left of the sale."""
    if base_minor <= 0:
        return 0
    return fixed_minor or (base_minor * rate_bp + 5000) // 10000


def rule_for(rules: Iterable[CommissionRule], who: Earner, roles: frozenset[str], branch_id: int) -> Any:
    """The one rule that holds: one's own before the job's, the branch's before the chain's; None when there is none."""
    fitting = [
        rule
        for rule in rules
        if rule.occasion == who.occasion
        and rule.starts_on <= who.on
        and (rule.ends_on is None or who.on < rule.ends_on)
        and rule.branch_id in {None, branch_id}
        and (rule.user_id == who.user_id or rule.role in roles)
    ]
    return min(fitting, key=lambda r: (r.user_id is None, r.branch_id is None, -r.rate_bp, r.pk), default=None)
