"""Charts of the comparison as plain data: options for ECharts; colours and sizes are the page's."""

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.money import to_money
from core.reports.branches import Comparison


def revenue_options(comparison: Comparison, currency: str) -> dict[str, Any]:
    """Paired bars: revenue of each branch in this period and in the one before."""
    lines = [line for line in comparison.lines if line.branch]

    def amounts(which: str) -> list[float]:
        return [float(to_money(getattr(line, which).revenue_minor, currency).amount) for line in lines]

    return {
        "aria": {"enabled": True},
        "animation": False,
        "tooltip": {"trigger": "axis", "renderMode": "richText", "axisPointer": {"type": "shadow"}},
        "legend": {"top": 0, "left": 0},
        "grid": {"left": 0, "right": 32, "top": 36, "bottom": 0, "containLabel": True},
        "xAxis": {"type": "value", "splitNumber": 3},
        "yAxis": {"type": "category", "inverse": True, "data": [str(line.branch) for line in lines]},
        "series": [
            {"type": "bar", "name": _("This period"), "data": amounts("now")},
            {"type": "bar", "name": _("Previous period"), "data": amounts("before")},
        ],
    }
