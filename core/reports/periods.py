"""Periods of comparison: a span of days and the equal span before it."""

import datetime as dt
from dataclasses import dataclass

WEEK, MONTH, QUARTER = "week", "month", "quarter"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    def earlier(self, steps: int = 1) -> "Period":
        """The equal span `steps` spans before this one."""
        back = dt.timedelta(days=self.days * steps)
        return Period(self.start - back, self.end - back)


def period_of(name: str, today: dt.date) -> Period:
    """The running week, month or quarter up to and including today, so that both spans are equally long."""
    if name == WEEK:
        start = today - dt.timedelta(days=today.weekday())
    elif name == QUARTER:
        start = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    else:
        start = today.replace(day=1)
    return Period(start, today + dt.timedelta(days=1))
