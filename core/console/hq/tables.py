"""The comparison as rows: one place for the order of columns, their words and their direction of good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.money import exponent, to_money
from core.orders.enums import Stage
from core.reports.branches import Comparison, Figures, Line, StageDays

Reader = Callable[[Figures], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: number · money · average (money in whole units) · share. `good`: 1 more is better, -1 less, 0 neither."""

    name: str
    label: Any
    kind: str
    good: int
    read: Reader
    is_headline: bool = True


COLUMNS = [
    Column("revenue", _("Revenue booked"), "money", 1, lambda f: f.revenue_minor),
    Column("orders", _("Orders"), "number", 1, lambda f: f.orders),
    Column("average", _("Average order value"), "average", 1, lambda f: f.average_minor),
    Column("picked", _("Photos picked"), "number", 0, lambda f: f.picked, is_headline=False),
    Column("extra", _("Extra photos sold"), "number", 1, lambda f: f.extra, is_headline=False),
    Column("extra_revenue", _("Extra revenue"), "money", 1, lambda f: f.extra_minor),
    Column("overdue", _("Overdue share"), "share", -1, lambda f: f.overdue_share),
]
BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, the one before, and the change as a share of it (a difference for shares)."""

    column: Column
    value: Any
    before: Any

    @property
    def change(self) -> float | None:
        """None when there is nothing to compare with."""
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

    @property
    def tone(self) -> str:
        return {True: "ok", False: "bad", None: "neutral"}[self.is_good]


def cells(line: Line) -> list[Cell]:
    """A line's figures in the order of COLUMNS."""
    return [Cell(column, column.read(line.now), column.read(line.before)) for column in COLUMNS]


def sorted_lines(comparison: Comparison, sort: str) -> list[Line]:
    """Branches by a column, largest first (`-name`: smallest first); unknown names keep the studio's own order."""
    column = BY_NAME.get(sort.removeprefix("-"))
    if column is None:
        return comparison.lines
    known = [line for line in comparison.lines if column.read(line.now) is not None]
    rest = [line for line in comparison.lines if column.read(line.now) is None]
    return sorted(known, key=lambda line: column.read(line.now), reverse=not sort.startswith("-")) + rest


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading: the query that sorts by it, and how it is sorted now ("" · ascending · descending)."""

    column: Column
    query: str
    order: str


def heads(sort: str) -> list[Head]:
    """Largest first on the first click, smallest first on the second, the studio's own order on the third."""
    found = []
    for column in COLUMNS:
        order = {column.name: "descending", f"-{column.name}": "ascending"}.get(sort, "")
        query = {"": column.name, "descending": f"-{column.name}", "ascending": ""}[order]
        found.append(Head(column, query, order))
    return found


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: days in all branches now and before, and in each branch (in the order of the comparison's lines).

    `fill` and `mark` are the median and the p90 of all branches on a scale of 0–100 common to all stages.
    """

    label: Any
    all: StageDays | None
    before: StageDays | None
    branches: list[StageDays | None]
    fill: float
    mark: float


def stage_rows(comparison: Comparison) -> list[StageRow]:
    """The stages that somebody left in either period, in the journey's order."""
    total = comparison.total
    scale = max((days.slow for days in total.stages.values()), default=0) or 1
    rows = []
    for stage in Stage:
        now, before = total.stages.get(stage), total.stages_before.get(stage)
        if now or before:
            fill, mark = (now.median / scale * 99, now.slow / scale * 99) if now else (0.0, 0.0)
            branches = [line.stages.get(stage) for line in comparison.lines]
            rows.append(StageRow(stage.label, now, before, branches, fill, mark))
    return rows


def csv_rows(comparison: Comparison, currency: str) -> Iterator[list[str]]:
    """The page as a spreadsheet: plain numbers, money in major units; formulas neutralised."""
    before = gettext("previous period")
    labels = [str(column.label) for column in COLUMNS]
    stages = [gettext("Median days: %(stage)s") % {"stage": stage.label} for stage in Stage]
    heading = [*labels, *[f"{label} ({before})" for label in labels], *stages]
    yield [gettext("Branch"), *heading, *[f"{label} ({before})" for label in stages]]
    for line in [*comparison.lines, comparison.total]:
        row = cells(line)
        yield [
            neutral(line.branch.name if line.branch else gettext("All branches")),
            *[_plain(cell.column.kind, cell.value, currency) for cell in row],
            *[_plain(cell.column.kind, cell.before, currency) for cell in row],
            *[f"{days.median:.2f}" if (days := line.stages.get(stage)) else "" for stage in Stage],
            *[f"{days.median:.2f}" if (days := line.stages_before.get(stage)) else "" for stage in Stage],
        ]


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: str) -> str:
    """A cell that a spreadsheet will not run."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(kind: str, value: Any, currency: str) -> str:
    if value is None:
        return ""
    if kind in {"money", "average"}:
        return f"{to_money(value, currency).amount:.{exponent(currency)}f}"
    return f"{value:.4f}" if kind == "share" else str(value)
