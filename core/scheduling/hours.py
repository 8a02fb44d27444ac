"""Wall clocks and open hours as minutes since the epoch. Pure, but for the zone's own rules."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

Window = tuple[int, int]  # minutes of the day by the wall clock
USUAL_HOURS: Window = (9 * 60 + 30, 18 * 60 + 30)  # of a branch that has not said
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def minute_of(instant: dt.datetime) -> int:
    """Whole minutes since the epoch, rounded down."""
    return int((instant - EPOCH).total_seconds() // 60)


def instant_of(minute: int) -> dt.datetime:
    return EPOCH + dt.timedelta(minutes=minute)


class Wall:
    """A zone's wall clock over a range of days: each day's offset is looked up once."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self._days: dict[dt.date, tuple[int, bool]] = {}

    def minute(self, day: dt.date, minute: int) -> int:
        """The instant at which the wall clock shows `minute` of the day. A time that the clock skips (summer time
        begins) is the instant an hour later by the wall; one that it shows twice is the first.
        """
        start, plain = self._day(day)
        if plain:
            return start + minute
        at = dt.datetime.combine(day, dt.time.min, self.zone) + dt.timedelta(minutes=minute)
        return minute_of(at.astimezone(dt.UTC))

    def _day(self, day: dt.date) -> tuple[int, bool]:
        """(its first minute, whether it has 24 hours)."""
        if day not in self._days:
            start, end = (
                minute_of(dt.datetime.combine(one, dt.time.min, self.zone).astimezone(dt.UTC))
                for one in (day, day + dt.timedelta(days=1))
            )
            self._days[day] = (start, end - start == 1440)
        return self._days[day]

    def local(self, minute: int) -> dt.datetime:
        """What the wall clock shows at an instant."""
        return instant_of(minute).astimezone(self.zone)


def days_from(first: dt.date, until: dt.date) -> list[dt.date]:
    """Every day from `first`, without `until`."""
    return [first + dt.timedelta(days=i) for i in range((until - first).days)]


def open_windows(
    day: dt.date, weekly: dict[int, list[Window]], holidays: dict[dt.date, Window | None]
) -> Iterable[Window]:
    """When a branch is open that day; nothing when it is closed."""
    if day in holidays:
        window = holidays[day]
        return [window] if window else []
    return weekly.get(day.weekday(), []) if weekly else [USUAL_HOURS]
