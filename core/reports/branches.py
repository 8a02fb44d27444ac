"""Branches side by side: the same definitions and the same days for all (R185–R191).

* orders, revenue: sold in the period and not cancelled; revenue is the price at sale.
* picked, extra: selections submitted in the period and still standing (an unlocked one no longer counts).
* overdue share: of the stages due in the period, those left late or still open past their day.
* stage days: from entering to leaving a stage left in the period; medians, and the slow tenth (p90).
Days are those of the branch's zone.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from core.kernel import clock
from core.kernel.events import Event, Kind
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.people.enums import Capability
from core.people.staff import Staff
from core.reports.periods import Period
from core.studios.models import Branch

SERIES = 6


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
    """A branch, or the total (`branch` None). `series`: revenue of the last six equal spans, oldest first."""

    branch: Branch | None
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)
    series: list[int] = field(default_factory=lambda: [0] * SERIES)
    stages: dict[str, StageDays] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every branch that the staff member's headquarters capability covers, and their total."""

    period: Period
    lines: list[Line]
    total: Line


def compare(*, staff: Staff, period: Period) -> Comparison:
    """The period against the previous equal one. Five queries for each time zone in use, plus one."""
    branches = list(staff.scope(Branch.objects.all(), Capability.VIEW_HEADQUARTERS, "pk"))
    lines = {branch.pk: Line(branch) for branch in branches}
    total = Line(None)
    zones: dict[str, list[int]] = defaultdict(list)
    for branch in branches:
        zones[branch.timezone].append(branch.pk)
    for zone, ids in zones.items():
        span = _Span(zone, ids, period)
        _sales(span, lines)
        _selections(span, lines)
        _deadlines(span, lines)
        _stage_days(span, lines)
    for line in lines.values():
        total.now.add(line.now)
        total.before.add(line.before)
        total.series = [a + b for a, b in zip(total.series, line.series, strict=True)]
    total.stages = _durations(list(lines), period, branches[0].timezone if branches else "UTC", by_branch=False).get(
        0, {}
    )
    return Comparison(period, list(lines.values()), total)


@dataclass(frozen=True, slots=True)
class _Span:
    """The branches of one time zone and the instants of the period there."""

    zone: str
    ids: list[int]
    period: Period

    def bounds(self, period: Period) -> tuple[dt.datetime, dt.datetime]:
        return clock.day_start(period.start, self.zone), clock.day_start(period.end, self.zone)

    def figures(self, line: Line, day: dt.date) -> Figures | None:
        """Where something of that day counts: this period, the one before, or nowhere."""
        if self.period.start <= day < self.period.end:
            return line.now
        before = self.period.earlier()
        return line.before if before.start <= day < before.end else None


def _sales(span: _Span, lines: dict[int, Line]) -> None:
    first, _end = span.bounds(span.period.earlier(SERIES - 1))
    _start, end = span.bounds(span.period)
    rows: Any = (
        Order.objects.filter(branch_id__in=span.ids, taken_at__gte=first, taken_at__lt=end)
        .exclude(state=OrderState.CANCELLED)
        .annotate(day=TruncDate("taken_at", tzinfo=clock.zone(span.zone)))
        .values_list("branch_id", "day")
        .annotate(orders=Count("pk"), revenue=Sum("price_minor"))
    )
    for branch_id, day, orders, revenue in rows:
        line = lines[branch_id]
        line.series[SERIES - 1 - (span.period.last - day).days // span.period.days] += revenue
        if figures := span.figures(line, day):
            figures.orders += orders
            figures.revenue_minor += revenue


def _selections(span: _Span, lines: dict[int, Line]) -> None:
    """The last word on each order counts: a submission later unlocked is void, a repeated one replaces the first."""
    start, _end = span.bounds(span.period.earlier())
    streams = {f"board.{pk}": pk for pk in span.ids}
    kinds = [Kind.SELECTION_SUBMITTED, Kind.SELECTION_UNLOCKED]
    standing: dict[str, Event] = {}
    for event in Event.objects.filter(stream__in=streams, kind__in=kinds, at__gte=start).order_by("id"):
        if event.kind == Kind.SELECTION_UNLOCKED:
            standing.pop(event.thread, None)
        else:
            standing[event.thread] = event
    for event in standing.values():
        day = event.at.astimezone(clock.zone(span.zone)).date()
        if figures := span.figures(lines[streams[event.stream]], day):
            figures.picked += event.facts["picked"]
            figures.extra += event.facts["extra"]
            figures.extra_minor += event.facts["extra_total_minor"]


DEADLINES = """
    SELECT o.branch_id, s.due_on >= %(start)s, count(*),
           count(*) FILTER (WHERE s.due_on < coalesce((s.left_at AT TIME ZONE %(zone)s)::date, %(today)s))
    FROM core_orderstage s JOIN core_order o ON o.id = s.order_id
    WHERE o.branch_id = ANY(%(ids)s) AND o.state <> 'cancelled' AND s.entered_at IS NOT NULL
      AND s.due_on >= %(before)s AND s.due_on < %(end)s
    GROUP BY 1, 2
"""


def _deadlines(span: _Span, lines: dict[int, Line]) -> None:
    parameters = {
        "zone": span.zone,
        "ids": span.ids,
        "today": clock.today(span.zone),
        "start": span.period.start,
        "end": span.period.end,
        "before": span.period.earlier().start,
    }
    with connection.cursor() as cursor:
        cursor.execute(DEADLINES, parameters)
        for branch_id, is_now, due, late in cursor.fetchall():
            figures = lines[branch_id].now if is_now else lines[branch_id].before
            figures.due, figures.late = due, late


DURATIONS = """
    SELECT {group}, s.stage, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s.left_at - s.entered_at)) / 86400,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM s.left_at - s.entered_at)) / 86400
    FROM core_orderstage s JOIN core_order o ON o.id = s.order_id
    WHERE o.branch_id = ANY(%(ids)s) AND s.left_at >= %(start)s AND s.left_at < %(end)s AND s.entered_at IS NOT NULL
    GROUP BY 1, 2
"""


def _durations(ids: list[int], period: Period, zone: str, *, by_branch: bool) -> dict[int, dict[str, StageDays]]:
    found: dict[int, dict[str, StageDays]] = defaultdict(dict)
    bounds = {"start": clock.day_start(period.start, zone), "end": clock.day_start(period.end, zone)}
    with connection.cursor() as cursor:
        cursor.execute(DURATIONS.format(group="o.branch_id" if by_branch else "0"), {"ids": ids, **bounds})
        for group, stage, count, median, slow in cursor.fetchall():
            found[group][stage] = StageDays(float(median), float(slow), count)
    return {group: {stage: rows[stage] for stage in Stage if stage in rows} for group, rows in found.items()}


def _stage_days(span: _Span, lines: dict[int, Line]) -> None:
    for branch_id, stages in _durations(span.ids, span.period, span.zone, by_branch=True).items():
        lines[branch_id].stages = stages
