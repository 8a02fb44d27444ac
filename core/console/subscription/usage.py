"""A year of use as bars: one chart for each limit, drawn here as plain SVG, its figures in a table beside it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from billing.metering import NEAR, Meter, meters_of
from billing.selectors import usage_months
from core.console.subscription.sentences import METERS, amount_of
from core.kernel import clock

MONTHS = 12
STEP, WIDE, HIGH, FOOT = 30, 20, 96, 20  # of the drawing's own units


@dataclass(frozen=True, slots=True)
class Bar:
    """One month. `y` and `height` in the drawing; a month before the first review has neither bar nor figure."""

    label: str
    month: int
    x: int
    y: float
    height: float
    tone: str
    figure: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One limit. `limit_y`: where its line is; None when the use is far below (the line would flatten every bar)."""

    label: str
    title: str
    bars: list[Bar]
    limit_y: float | None
    limit: str
    share: int
    tone: str

    @property
    def box(self) -> str:
        return f"0 0 {MONTHS * STEP} {HIGH + FOOT}"

    @property
    def width(self) -> int:
        return MONTHS * STEP

    @property
    def base(self) -> int:
        return HIGH


def charts_of(studio: Any) -> list[Chart]:
    """The last twelve months, the current one as it is now: one query, and one small question to each room."""
    today = clock.today(studio.timezone)
    months = _months(today)
    found = usage_months(studio, months[0])
    return [_chart(meter, months, found) for meter in meters_of(studio)]


def _months(today: dt.date) -> list[dt.date]:
    """First days of the months, the current one last."""
    last = today.year * 12 + today.month - 1
    return [dt.date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def _chart(meter: Meter, months: list[dt.date], found: dict[dt.date, dict[str, int]]) -> Chart:
    values = [found.get(month, {}).get(meter.name) for month in months[:-1]] + [meter.used]
    most = max([value for value in values if value is not None] + [1])
    is_line = meter.limit <= most * 4
    top = max(most, meter.limit) if is_line else most
    bars = [
        _bar(meter, month, value, place, top) for place, (month, value) in enumerate(zip(months, values, strict=True))
    ]
    share = round(meter.share * 100)
    label = str(METERS[meter.name])
    told = {"name": label, "used": amount_of(meter, meter.used), "limit": amount_of(meter, meter.limit)}
    title = _("%(name)s in the last twelve months; now %(used)s of %(limit)s") % told
    line = HIGH - HIGH * meter.limit / top if is_line else None
    return Chart(label, title, bars, line, amount_of(meter, meter.limit), share, _tone(meter, meter.used))


def _bar(meter: Meter, month: dt.date, value: int | None, place: int, top: int) -> Bar:
    height = round(HIGH * (value or 0) / top, 1)
    return Bar(
        label=formats.date_format(month, "YEAR_MONTH_FORMAT"),
        month=month.month,
        x=place * STEP + (STEP - WIDE) // 2,
        y=round(HIGH - height, 1),
        height=height,
        tone=_tone(meter, value or 0),
        figure="—" if value is None else amount_of(meter, value),
    )


def _tone(meter: Meter, value: int) -> str:
    """As the gauges: the one branch of a plan for one branch is no news."""
    if meter.limit <= 1 or value < meter.limit * NEAR:
        return ""
    return "bad" if value >= meter.limit else "warn"
