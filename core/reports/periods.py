"""Periods of comparison: a span of days, and the spans before it that are fairly compared with it."""

import datetime as dt
from dataclasses import dataclass

WEEK, MONTH, QUARTER = "week", "month", "quarter"
MONTHS = {MONTH: 1, QUARTER: 3}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`. `unit` names a running week, month or quarter; "" is free."""

    start: dt.date
    end: dt.date
    unit: str = ""

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    def holds(self, day: dt.date) -> bool:
        return self.start <= day < self.end

    def earlier(self, steps: int = 1) -> "Period":
        """The equal span `steps` units before: Monday to Wednesday meets Monday to Wednesday, the 1st to the 22nd meets
        the 1st to the 22nd (a shorter month ends it sooner). A free span meets the same number of days just before.
        """
        if self.unit in MONTHS:
            start = _months_back(self.start, MONTHS[self.unit] * steps)
            full = _months_back(start, -MONTHS[self.unit])
            return Period(start, min(start + dt.timedelta(days=self.days), full), self.unit)
        back = dt.timedelta(days=(7 if self.unit == WEEK else self.days) * steps)
        return Period(self.start - back, self.end - back, self.unit)


def _months_back(first: dt.date, months: int) -> dt.date:
    """The first of a month, so many months before another first."""
    years, month = divmod(first.month - 1 - months, 12)
    return dt.date(first.year + years, month + 1, 1)


def period_of(name: str, today: dt.date) -> Period:
    """The running week, month or quarter up to and including today."""
    if name == WEEK:
        start = today - dt.timedelta(days=today.weekday())
    elif name == QUARTER:
        start = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    else:
        name, start = MONTH, today.replace(day=1)
    return Period(start, today + dt.timedelta(days=1), name)
