"""What a stranger may know of a branch: where it is, when it is open, who takes photographs, what is on offer."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.scheduling.hours import USUAL_HOURS
from core.scheduling.models import OpeningHours
from core.studios.models import Branch

WEEK = range(7)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays (0 Monday) with the same hours; no windows: closed."""

    first: int
    last: int
    windows: tuple[tuple[dt.time, dt.time], ...]


def shops() -> Any:
    """Branches that take bookings, in the studio's order. A QuerySet."""
    return Branch.objects.filter(is_active=True)


def shop_by_code(code: str) -> Branch | None:
    """An open branch by its code, in any case."""
    found: Branch | None = shops().filter(code=code.upper()).first()
    return found


def hours_of(branch: Branch) -> list[Hours]:
    """The week, days with equal hours together. One query."""
    rows: dict[int, list[tuple[int, int]]] = {}
    for weekday, opens, closes in OpeningHours.objects.filter(branch=branch).values_list("weekday", "opens", "closes"):
        rows.setdefault(weekday, []).append((opens, closes))
    week = [tuple(rows.get(day, [])) if rows else (USUAL_HOURS,) for day in WEEK]
    found: list[Hours] = []
    for day, windows in enumerate(week):
        timed = tuple((_time(opens), _time(closes)) for opens, closes in windows)
        if found and found[-1].windows == timed:
            found[-1] = Hours(found[-1].first, day, timed)
        else:
            found.append(Hours(day, day, timed))
    return found


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60 % 24, minute % 60)
