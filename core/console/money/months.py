"""A month in the address: `?month=2026-11`."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest

from core.finance.between import next_month
from core.kernel import clock


def month_of(request: HttpRequest) -> dt.date:
    """The chosen month's first day; the running one without a choice, or with a wrong one."""
    this = clock.today(request.studio.timezone).replace(day=1)
    found = parsed(request.GET.get("month", ""))
    return found if found and found <= this else this


def parsed(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


def month_or_404(text: str) -> dt.date:
    month = parsed(text)
    if month is None:
        raise Http404
    return month


def around(request: HttpRequest, month: dt.date) -> dict[str, Any]:
    """The month with the way to the one before and after; none after the running one."""
    before, after = (month - dt.timedelta(days=1)).replace(day=1), next_month(month)
    this = clock.today(request.studio.timezone).replace(day=1)
    return {"month": month, "before": before, "after": after if after <= this else None}
