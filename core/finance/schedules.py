"""How a price is split over time: pure arithmetic on the frozen terms.

`schedule`: [{"when": "signing" | "date" | "selection" | "delivery", "percent": 30, "days": 0}, …], days after what
makes it due (for "date" counted from the shoot's day, negative: before it);
`deposit`: {"kind": "percent" | "minor", "value": …}, asked for at signing when there is no schedule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.finance.enums import When
from core.kernel.money import shares

USUAL: list[dict[str, Any]] = [
    {"when": "signing", "percent": 50, "days": 0},
    {"when": "selection", "percent": 50, "days": 0},
]


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment to be."""

    when: str
    amount: int
    days: int = 0


def split(total: int, terms: Mapping[str, Any]) -> list[Part]:
    """`total` over the instalments of the terms, exactly; instalments of nothing are left out.

    Percentages are weights: they may sum to less or more than a hundred, nothing is lost. A deposit in money is taken
    first, as far as the price reaches.
    """
    if total <= 0:
        return []
    rows, deposit = _sound(terms.get("schedule")), terms.get("deposit") or {}
    if not rows and deposit.get("value"):
        return _with_deposit(total, deposit)
    rows = rows or USUAL
    amounts = shares(total, [int(row["percent"]) for row in rows])
    return [
        Part(str(row["when"]), amount, int(row.get("days") or 0))
        for row, amount in zip(rows, amounts, strict=True)
        if amount
    ]


def _sound(rows: Any) -> list[dict[str, Any]]:
    """The rows that say something: known triggers, positive percentages."""
    return [row for row in rows or [] if row.get("when") in When.values and int(row.get("percent") or 0) > 0]


def _with_deposit(total: int, deposit: Mapping[str, Any]) -> list[Part]:
    value = int(deposit["value"])
    first = min(total, value) if deposit.get("kind") == "minor" else min(total, shares(total, [value, 100 - value])[0])
    parts = [Part(When.SIGNING, first), Part(When.SELECTION, total - first)]
    return [part for part in parts if part.amount > 0]
