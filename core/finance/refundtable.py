"""The refund table of the frozen terms: what goes back, by days left until the shoot and whose reason it is.

`refunds`: [{"until_days": n, "who": Who, "refund_percent": n}]. The row of `who` with the greatest `until_days` that is
not more than the days left counts; no row: nothing. While no date is fixed every row holds; after the shoot none does.
The percentage is of what was paid for the order; what was paid beyond all charges always goes back whole.

A date that the customer has moved was given up on the day of the move: of what the table gave back then, moving leaves
at most so much (`share_of`). So nobody gains by moving far away first, and who moved in good time loses nothing. It
counts where the contract says so; whoever calls hands in those moves only.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.finance.enums import Who
from core.kernel.money import shares

# For orders whose terms hold no table (those of former days)
USUAL: list[dict[str, Any]] = [
    {"who": "customer", "until_days": 30, "refund_percent": 100},
    {"who": "customer", "until_days": 15, "refund_percent": 70},
    {"who": "customer", "until_days": 7, "refund_percent": 30},
    {"who": "customer", "until_days": 0, "refund_percent": 0},
    {"who": "studio", "until_days": -3650, "refund_percent": 100},
    {"who": "force_majeure", "until_days": 0, "refund_percent": 100},
]


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One reason for an amount: `kind` paid (a share of what was paid) · surplus (paid beyond everything charged)."""

    kind: str
    base_minor: int
    percent: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Moved:
    """On the day `on` the customer has left the date `was`."""

    on: dt.date
    was: dt.date

    @property
    def days(self) -> int:
        return (self.was - self.on).days


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What goes back if the order ends now, and why. `days` None: no date is fixed. `kept_minor` stays. `moved`: the
    move whose day decided, as the table would give more for the present date.
    """

    who: str
    days: int | None
    percent: int
    lines: list[RefundLine]
    amount_minor: int
    kept_minor: int
    moved: Moved | None = None


def percent_of(rows: Sequence[dict[str, Any]], who: str, days: int | None) -> int:
    """The percentage of the table, 0–100."""
    mine = [row for row in rows or USUAL if row.get("who") == who]
    holding = [row for row in mine if days is None or int(row.get("until_days") or 0) <= days]
    if not holding:
        return 0
    best = max(holding, key=lambda row: int(row.get("until_days") or 0))
    return max(0, min(100, int(best.get("refund_percent") or 0)))


def share_of(
    rows: Sequence[dict[str, Any]], who: str, days: int | None, moves: Sequence[Moved] = ()
) -> tuple[int, Moved | None]:
    """The percentage that counts, and the move that lowered it. Moves count against the customer's own reasons only."""
    percent, by = percent_of(rows, who, days), None
    for move in moves if who == Who.CUSTOMER else ():
        then = percent_of(rows, who, move.days)
        if then < percent:
            percent, by = then, move
    return percent, by


def quote(
    *,
    rows: Sequence[dict[str, Any]],
    who: str,
    on: dt.date,
    shoot_on: dt.date | None,
    charged_minor: int,
    paid_minor: int,
    moves: Sequence[Moved] = (),
) -> RefundQuote:
    """What the table gives back of `paid_minor`, exactly: refunded and kept together are what was paid."""
    days = None if shoot_on is None else (shoot_on - on).days
    percent, moved = share_of(rows, Who(who), days, moves)
    base = min(paid_minor, charged_minor)
    back = shares(base, [percent, 100 - percent])[0] if base > 0 else 0
    lines = [RefundLine("paid", base, percent, back)]
    if paid_minor > charged_minor:
        lines.append(RefundLine("surplus", paid_minor - charged_minor, 100, paid_minor - charged_minor))
    amount = sum(line.amount_minor for line in lines)
    return RefundQuote(who, days, percent, lines, amount, paid_minor - amount, moved)


def whole(paid_minor: int) -> RefundQuote:
    """Nothing is kept: the studio could not keep the date."""
    return RefundQuote(Who.STUDIO, None, 100, [], paid_minor, 0)


def in_order(payments: Sequence[tuple[int, int]], amount: int) -> list[tuple[int, int]]:
    """(payment, amount) to give back `amount` of `payments` (id, what is left of it), the oldest first."""
    parts = []
    for ident, left in payments:
        take = min(left, amount)
        if take > 0:
            parts.append((ident, take))
            amount -= take
    return parts
