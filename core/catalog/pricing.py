"""What a choice of photographs costs: pure, whole minor units, from frozen terms and counts alone.

Tiers say what the n-th extra on costs each: `[{"from": 6, "price_minor": 4000}]` with a base price of 6000 means that
extras one to five cost 6000 each and every further one 4000. So one more photograph never changes the price of those
already chosen, and a bill only grows by what was shown before the tap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel.errors import Refusal

MAX_TIERS = 5
RETOUCHED, ORIGINALS = 0, -1  # numbers of the two lines that are no slot row


@dataclass(frozen=True, slots=True)
class Rule:
    """One slot's terms. `number` 0 is the retouched photographs; `tiers` ((first extra, price each), …) ascending."""

    number: int
    kind: str
    name: str
    included: int
    extra_minor: int
    tiers: tuple[tuple[int, int], ...] = ()

    def price_of(self, nth: int) -> int:
        """What the `nth` extra costs (1 is the first)."""
        return next((price for start, price in reversed(self.tiers) if nth >= start), self.extra_minor)

    def steps(self, extra: int) -> list[list[int]]:
        """[[how many, price each], …] of `extra` extras."""
        starts = [(1, self.extra_minor), *self.tiers]
        ends = [start - 1 for start, _price in self.tiers] + [extra]
        counted = [(min(end, extra) - start + 1, each) for (start, each), end in zip(starts, ends, strict=True)]
        return [[count, each] for count, each in counted if count > 0]


@dataclass(frozen=True, slots=True)
class Line:
    """One slot of a bill. `next_minor`: what one more would add."""

    slot: int
    kind: str
    name: str
    included: int
    used: int
    extra: int
    steps: list[list[int]]
    total_minor: int
    next_minor: int = 0

    def as_json(self) -> dict[str, Any]:
        names = ("slot", "kind", "name", "included", "used", "extra", "steps", "total_minor")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Hint:
    """A cheaper way. `kind` next_tier: the extra number `at` and every further one cost `price_minor` each instead of
    what one costs now; originals: all originals together cost `price_minor`, the extras chosen so far `instead_minor`.
    """

    kind: str
    slot: int
    price_minor: int
    at: int = 0
    instead_minor: int = 0


@dataclass(frozen=True, slots=True)
class Bill:
    """Everything that a choice costs beyond the package, line by line."""

    lines: list[Line]
    hints: list[Hint]

    @property
    def total_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def charged(self) -> list[Line]:
        return [line for line in self.lines if line.total_minor]


def bill(
    rules: Sequence[Rule], used: dict[int, int], *, originals_minor: int | None = None, takes_originals: bool = False
) -> Bill:
    """The itemised price of `used` (slot number → photographs) under `rules`; `originals_minor` None: not offered."""
    lines = [_line(rule, used.get(rule.number, 0)) for rule in rules]
    hints = [hint for rule, line in zip(rules, lines, strict=True) if (hint := _next_tier(rule, line))]
    if originals_minor is not None and takes_originals:
        step = [[1, originals_minor]]
        lines.append(Line(ORIGINALS, "originals", "", 0, 1, 1, step, originals_minor))
    elif originals_minor is not None:
        spent = sum(line.total_minor for line in lines if line.slot == RETOUCHED)
        if spent > originals_minor:
            hints.append(Hint("originals", ORIGINALS, originals_minor, instead_minor=spent))
    return Bill(lines, hints)


def _line(rule: Rule, used: int) -> Line:
    extra = max(0, used - rule.included)
    steps = rule.steps(extra)
    total = sum(count * each for count, each in steps)
    one_more = rule.price_of(extra + 1) if used >= rule.included else 0
    return Line(rule.number, rule.kind, rule.name, rule.included, used, extra, steps, total, one_more)


def _next_tier(rule: Rule, line: Line) -> Hint | None:
    """The next tier, once somebody pays extra and when it is cheaper than what they pay now."""
    if not line.extra:
        return None
    for start, price in rule.tiers:
        if start > line.extra and price < rule.price_of(line.extra):
            return Hint("next_tier", rule.number, price, at=start)
    return None


# -- Tiers ------------------------------------------------------------------------------------------------------------
def as_tiers(rows: Iterable[dict[str, int]]) -> tuple[tuple[int, int], ...]:
    """Stored tiers as rules use them."""
    return tuple((row["from"], row["price_minor"]) for row in rows)


def refuse_unsound_tiers(rows: Sequence[dict[str, Any]]) -> None:
    """Refusal tiers.unsound unless they ascend from the second extra on, with whole prices of zero or more."""
    before = 1
    for row in rows:
        start, price = row.get("from"), row.get("price_minor")
        if type(start) is not int or type(price) is not int or start <= before or price < 0:
            raise Refusal("tiers.unsound")
        before = start
    if len(rows) > MAX_TIERS:
        raise Refusal("tiers.unsound")


def lowered(rows: Iterable[dict[str, int]], price_minor: int) -> list[dict[str, int]]:
    """The tiers with no price above `price_minor`."""
    return [{**row, "price_minor": min(row["price_minor"], price_minor)} for row in rows]
