"""The comparison as rows: one place for the order of columns, their words and their direction of good."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.reports.branches import Comparison, Figures, Line

Reader = Callable[[Figures], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: number · money · share. `good`: 1 more is better, -1 less is better, 0 neither."""

    name: str
    label: Any
    kind: str
    good: int
    read: Reader


COLUMNS = [
    Column("orders", _("Orders"), "number", 1, lambda f: f.orders),
    Column("revenue", _("Revenue booked"), "money", 1, lambda f: f.revenue_minor),
    Column("average", _("Average order value"), "money", 1, lambda f: f.average_minor),
    Column("picked", _("Photos picked"), "number", 0, lambda f: f.picked),
    Column("extra", _("Extra photos sold"), "number", 1, lambda f: f.extra),
    Column("extra_revenue", _("Extra revenue"), "money", 1, lambda f: f.extra_minor),
    Column("overdue", _("Overdue share"), "share", -1, lambda f: f.overdue_share),
]
BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, the one before, and the change as a share of it (points for shares); `tone`: good · bad · flat."""

    column: Column
    value: Any
    before: Any

    @property
    def change(self) -> float | None:
        if self.value is None or self.before is None:
            return None
        if self.column.kind == "share":
            return float(self.value - self.before)
        return float((self.value - self.before) / self.before) if self.before else None

    @property
    def direction(self) -> str:
        change = self.change or 0
        return "up" if change > 0.0005 else "down" if change < -0.0005 else "flat"

    @property
    def is_good(self) -> bool | None:
        sign = {"up": 1, "down": -1, "flat": 0}[self.direction] * self.column.good
        return None if sign == 0 else sign > 0


def cells(line: Line) -> list[Cell]:
    return [Cell(column, column.read(line.now), column.read(line.before)) for column in COLUMNS]


def sorted_lines(comparison: Comparison, sort: str) -> list[Line]:
    """Branches by a column, largest first (`-name`: smallest first); unknown names keep the studio's own order."""
    column = BY_NAME.get(sort.removeprefix("-"))
    if column is None:
        return comparison.lines
    known = [line for line in comparison.lines if column.read(line.now) is not None]
    rest = [line for line in comparison.lines if column.read(line.now) is None]
    return sorted(known, key=lambda line: column.read(line.now), reverse=not sort.startswith("-")) + rest
