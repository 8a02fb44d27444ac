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


def first_day(request: HttpRequest, branch: Any) -> dt.date:
    """The Monday of the week that is asked for; not before this one, not beyond what may be booked."""
    today = clock.today(branch.timezone)
    first = min(max(typed_day(request.GET.get("from"), today), today), offers.last_day(branch))
    return first - dt.timedelta(days=first.weekday())


def month(request: HttpRequest, branch: Any, days: Sequence[offers.Day]) -> dict[str, Any]:
    """Context of portal/book/month.html, with the chosen `day`. `?off=1`: weekends and holidays only."""
    today, first = clock.today(branch.timezone), days[0].day
    off = {one.day for one in days if is_day_off(one.day, branch.timezone)}
    only_off = request.GET.get("off") == "1"
    free = [one.day for one in days if one.free and (not only_off or one.day in off)]
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
