"""Branches side by side: the same definitions and the same days for all (R185–R191).

* orders, revenue: sold in the period and not cancelled; revenue is the price at sale.
* picked, extra: selections submitted in the period and still standing (an unlocked one no longer counts, a repeated one
  counts once) of orders that were not cancelled. Money of extras is also what customers agreed to pay afterwards: a
  change of the signed list, a further round of retouching or of an album.
* overdue share: of the stages reached whose due day lies in the period, those left late or still open past that day.
* stage days: from entering to leaving a stage left in the period; medians, and the slow tenth (p90).
Days are those of each branch's own time zone. Five queries, however many branches and zones.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from core.kernel import clock
from core.kernel.events import Kind
from core.orders.enums import OrderState, Stage
from core.people.enums import Capability
from core.people.staff import Staff
from core.reports.periods import Period
from core.studios.models import Branch

SERIES = 6
ALL = 0


@dataclass(slots=True)
class Figures:
    """One branch (or all) in one period. Money in minor units."""

    orders: int = 0
    revenue_minor: int = 0
    picked: int = 0
    extra: int = 0
    extra_minor: int = 0
    due: int = 0
    late: int = 0

    @property
    def average_minor(self) -> int | None:
        """Average order value, rounded down; None without orders."""
        return self.revenue_minor // self.orders if self.orders else None

    @property
    def overdue_share(self) -> float | None:
        """0–1; None when nothing was due."""
        return self.late / self.due if self.due else None

    def add(self, other: "Figures") -> None:
        for name in Figures.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class StageDays:
    """Days spent in a stage: median and p90 of `count` orders."""

    median: float
    slow: float
    count: int


@dataclass(slots=True)
class Line:
    """A branch, or the total (`branch` None). `series`: revenue of the last six equal spans, oldest first.

    `stages` and `stages_before` hold only stages that somebody left.
    """

    branch: Branch | None
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)
    series: list[int] = field(default_factory=lambda: [0] * SERIES)
    stages: dict[str, StageDays] = field(default_factory=dict)
    stages_before: dict[str, StageDays] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every branch that the staff member's headquarters capability covers, and their total."""

    period: Period
    before: Period
    lines: list[Line]
    total: Line


def compare(*, staff: Staff, period: Period) -> Comparison:
    """The period against the equal one before it, by branch and in all."""
    branches = list(staff.scope(Branch.objects.all(), Capability.VIEW_HEADQUARTERS, "pk"))
    lines = {branch.pk: Line(branch) for branch in branches}
    total = Line(None)
    question = _Question(period, list(lines))
    for line, day, orders, revenue in question.ask(SALES, lines, since=period.earlier(SERIES - 1).start):
        question.add_to_series(line, day, revenue)
        if figures := question.figures(line, day):
            figures.orders += orders
            figures.revenue_minor += revenue
    for line, day, picked, extra, extra_minor in question.ask(SELECTIONS, lines):
        if figures := question.figures(line, day):
            figures.add(Figures(picked=picked, extra=extra, extra_minor=extra_minor))
    for line, day, due, late in question.ask(DEADLINES, lines):
        if figures := question.figures(line, day):
            figures.add(Figures(due=due, late=late))
    for line, is_now, stage, count, median, slow in question.ask(DURATIONS, {**lines, ALL: total}):
        stages = line.stages if is_now else line.stages_before
        stages[Stage(stage)] = StageDays(float(median), float(slow), count)
    for line in lines.values():
        total.now.add(line.now)
        total.before.add(line.before)
        total.series = [a + b for a, b in zip(total.series, line.series, strict=True)]
    return Comparison(period, question.before, list(lines.values()), total)


class _Question:
    """The period in the terms of SQL, and where a day counts."""

    def __init__(self, period: Period, branches: list[int]) -> None:
        self.period, self.before, self.branches = period, period.earlier(), branches
        self.spans = [period.earlier(SERIES - 1 - i) if i < SERIES - 1 else period for i in range(SERIES)]

    def ask(self, sql: str, lines: dict[int, Line], since: dt.date | None = None) -> Iterator[tuple[Any, ...]]:
        """Rows of `sql` with the branch's line instead of its id. `since`: the first day asked for."""
        first = since or self.before.start
        day = dt.timedelta(days=1)
        parameters: dict[str, Any] = {
            "branches": self.branches,
            "streams": [f"board.{pk}" for pk in self.branches],
            "first": first,
            "start": self.period.start,
            "end": self.period.end,
            "before_end": self.before.end,
            "now": clock.now(),
            # coarse instants for the indexes: no zone is more than a day away from UTC
            "from": clock.day_start(first - day, "UTC"),
            "until": clock.day_start(self.period.end + day, "UTC"),
            "cancelled": OrderState.CANCELLED,
            "submitted": Kind.SELECTION_SUBMITTED,
            "unlocked": Kind.SELECTION_UNLOCKED,
            "changed": Kind.REOPENING_AGREED,
            "retouched": Kind.ROUND_AGREED,
            "laid_out": Kind.ALBUM_AGREED,
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
        return ((lines[branch], *rest) for branch, *rest in rows)

    def figures(self, line: Line, day: dt.date) -> Figures | None:
        """Where something of that day counts: this period, the one before, or nowhere."""
        if self.period.holds(day):
            return line.now
        return line.before if self.before.holds(day) else None

    def add_to_series(self, line: Line, day: dt.date, revenue: int) -> None:
        for i, span in enumerate(self.spans):
            if span.holds(day):
                line.series[i] += revenue


SALES = """
    SELECT o.branch_id, (o.taken_at AT TIME ZONE b.timezone)::date, count(*), sum(o.price_minor)::bigint
    FROM core_order o JOIN core_branch b ON b.id = o.branch_id
    WHERE o.branch_id = ANY(%(branches)s) AND o.state <> %(cancelled)s
      AND o.taken_at >= %(from)s AND o.taken_at < %(until)s
    GROUP BY 1, 2
"""

# the last word on each gallery: what was unlocked later is void, what was submitted again counts once; and what was
# agreed later, which is never void
SELECTIONS = """
    SELECT o.branch_id, (e.at AT TIME ZONE b.timezone)::date,
           coalesce(sum((e.facts->>'picked')::bigint), 0)::bigint,
           coalesce(sum((e.facts->>'extra')::bigint), 0)::bigint,
           coalesce(sum((e.facts->>'extra_total_minor')::bigint), 0)::bigint
    FROM (
        SELECT DISTINCT ON (subject) kind, at, facts, thread FROM core_event
        WHERE stream = ANY(%(streams)s) AND kind IN (%(submitted)s, %(unlocked)s) AND at >= %(from)s
          AND thread LIKE 'order.%%'
        ORDER BY subject, id DESC
    ) e
    JOIN core_order o ON o.id = substr(e.thread, 7)::bigint
    JOIN core_branch b ON b.id = o.branch_id
    WHERE e.kind = %(submitted)s AND o.state <> %(cancelled)s
    GROUP BY 1, 2
    UNION ALL
    SELECT o.branch_id, (e.at AT TIME ZONE b.timezone)::date, 0, 0,
           coalesce(sum((e.facts->>'price_minor')::bigint), 0)::bigint
    FROM core_event e
    JOIN core_order o ON o.id = substr(e.thread, 7)::bigint
    JOIN core_branch b ON b.id = o.branch_id
    WHERE e.stream = ANY(%(streams)s) AND e.kind IN (%(changed)s, %(retouched)s, %(laid_out)s) AND e.at >= %(from)s
      AND e.thread LIKE 'order.%%' AND o.state <> %(cancelled)s
    GROUP BY 1, 2
"""

DEADLINES = """
    SELECT o.branch_id, s.due_on, count(*),
           count(*) FILTER (WHERE s.due_on < (coalesce(s.left_at, %(now)s) AT TIME ZONE b.timezone)::date)
    FROM core_orderstage s JOIN core_order o ON o.id = s.order_id JOIN core_branch b ON b.id = o.branch_id
    WHERE o.branch_id = ANY(%(branches)s) AND o.state <> %(cancelled)s AND s.entered_at IS NOT NULL
      AND s.due_on >= %(first)s AND s.due_on < %(end)s
    GROUP BY 1, 2
"""

DURATIONS = """
    SELECT coalesce(branch_id, 0), day >= %(start)s, stage, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY days), percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
    FROM (
        SELECT o.branch_id, s.stage, extract(epoch FROM s.left_at - s.entered_at)::float8 / 86400 AS days,
               (s.left_at AT TIME ZONE b.timezone)::date AS day
        FROM core_orderstage s JOIN core_order o ON o.id = s.order_id JOIN core_branch b ON b.id = o.branch_id
        WHERE o.branch_id = ANY(%(branches)s) AND s.entered_at IS NOT NULL
          AND s.left_at >= %(from)s AND s.left_at < %(until)s
    ) left_stages
    WHERE day >= %(first)s AND day < %(end)s AND (day >= %(start)s OR day < %(before_end)s)
    GROUP BY GROUPING SETS ((branch_id, day >= %(start)s, stage), (day >= %(start)s, stage))
"""
