"""Six weeks of days with what is free in each: for choosing a date, and for choosing another one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from core.booking import offers
from core.kernel import clock
from core.kernel.almanac import is_day_off, names_weddings
from core.scheduling.selectors import rules_of

WEEKS = 6
KEPT = ("coupon", "addon", "off")  # goes along while one looks at other days


def typed_day(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def since(request: HttpRequest, branch: Any, around: dt.date | None = None) -> dt.date:
    """The day that is asked for, else `around`, else today; not in the past, not beyond what may be booked."""
    today = clock.today(branch.timezone)
    return min(max(typed_day(request.GET.get("from"), around or today), today), offers.last_day(branch))


def monday(day: dt.date) -> dt.date:
    """Of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def month(request: HttpRequest, branch: Any, days: Sequence[offers.Day], begin: dt.date) -> dict[str, Any]:
    """Context of portal/book/month.html, with the chosen `day`, from `begin` on. `?off=1`: weekends and holidays."""
    today, first = clock.today(branch.timezone), days[0].day
    off = {one.day for one in days if is_day_off(one.day, branch.timezone)}
    only_off = request.GET.get("off") == "1"
    free = [one.day for one in days if one.free and one.day >= begin and (not only_off or one.day in off)]
    shown = [one.day for one in days] if rules_of(branch).almanac else []
    return {
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)],
        "weekdays": range(7),
        "today": today,
        "day": typed_day(request.GET.get("day"), free[0] if free else first),
        "former": max(today, first - dt.timedelta(days=len(days))) if first > today else None,
        "following": first + dt.timedelta(days=len(days)),
        "last": offers.last_day(branch),
        "has_free": bool(free),
        "cheaper": any(one.is_cheaper for one in days),
        "off": off,
        "only_off": only_off,
        "suiting": {day for day in shown if names_weddings(day)},
        "keep": kept(request),
        "keep_but_off": kept(request, ("coupon", "addon")),
    }


def kept(request: HttpRequest, names: Sequence[str] = KEPT) -> str:
    """`&coupon=…&addon=…` as it came, for links."""
    found = [(name, value[:24]) for name in names for value in request.GET.getlist(name)[:12] if value]
    return f"&{urlencode(found)}" if found else ""
