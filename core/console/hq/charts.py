"""Charts of the comparison as plain data: options for ECharts, lengths for the server's own bars."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.money import to_money
from core.orders.enums import Stage
from core.reports.branches import Comparison


def revenue_options(comparison: Comparison, currency: str) -> dict[str, Any]:
    """Grouped bars: revenue of each branch in this period and in the one before. Colours are the page's tokens."""
    names = [line.branch.name for line in comparison.lines if line.branch]

    def amounts(which: str) -> list[float]:
        return [float(to_money(getattr(line, which).revenue_minor, currency).amount) for line in comparison.lines]

    return {
        "aria": {"enabled": True},
        "animation": False,
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 8, "top": 16, "bottom": 40, "containLabel": True},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "bar", "name": _("Previous period"), "data": amounts("before")},
            {"type": "bar", "name": _("This period"), "data": amounts("now")},
        ],
    }


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage's median (`fill`) and p90 (`mark`) on a common scale of 0–100."""

    label: str
    median: float
    slow: float
    count: int
    fill: float
    mark: float


def stage_bars(comparison: Comparison) -> list[Bar]:
    """One bar for each stage that somebody left in the period."""
    stages = comparison.total.stages
    scale = max((days.slow for days in stages.values()), default=0) or 1
    return [
        Bar(
            Stage(stage).label,
            d.median,
            d.slow,
            d.count,
            round(d.median / scale * 98, 1),
            round(d.slow / scale * 98, 1),
        )
        for stage, d in stages.items()
    ]
