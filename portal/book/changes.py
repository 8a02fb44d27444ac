"""What the pages for another date and for giving up show before the tap."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from core.booking import offers
from core.booking.enums import BookingState
from core.booking.models import Booking
from core.booking.services.changing import price_at, refund_of
from core.catalog.terms import Terms
from core.kernel import clock
from core.scheduling.selectors import may_change_until

WEEKS = 6


def change_page(request: HttpRequest, row: Booking) -> dict[str, Any]:
    """The rule, days with free starts, and the starts of one day that cost no more than the signed one."""
    appointment: Any = row.appointment
    order: Any = row.order
    branch, version, who = row.branch, order.package_version, row.photographer_id
    limit = may_change_until(appointment)
    may = row.state in {BookingState.LAPSED, BookingState.STRANDED} or clock.now() <= limit
    today = clock.today(branch.timezone)
    own_day = row.starts_at.astimezone(clock.zone(branch.timezone)).date()
    since = max(_day(request.GET.get("from"), own_day), today)  # another date is looked for around the one there is
    first = since - dt.timedelta(days=since.weekday())
    days = offers.days(branch, version, first, WEEKS * 7, who)
    wanted = _day(request.GET.get("day"), next((one.day for one in days if one.free and one.day >= since), first))
    own = price_at(row, row.starts_at)
    found = offers.starts(branch, version, wanted, who=who, without=row.appointment_id) if may else []
    return {
        "booking": row,
        "branch": branch,
        "limit": limit,
        "may": may,
        "is_firm": row.state == BookingState.FIRM,
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)],
        "weekdays": range(7),
        "today": today,
        "cheaper": any(one.is_cheaper for one in days),
        "day": wanted,
        "former": max(today, first - dt.timedelta(days=WEEKS * 7)) if first > today else None,
        "following": first + dt.timedelta(days=WEEKS * 7),
        "last": offers.last_day(branch),
        "starts": [one for one in found if one.price_minor <= own and one.starts_at != row.starts_at],
        "dearer": sum(one.price_minor > own for one in found),
    }


def refund_page(row: Booking) -> dict[str, Any]:
    """The refund of this moment and the whole table it comes from."""
    order: Any = row.order
    may = row.state not in {BookingState.CANCELLED, BookingState.DRAFT} and (
        row.state != BookingState.FIRM or row.starts_at > clock.now()
    )
    account = order.account
    refund = refund_of(row) if account and may else None
    rows = sorted(Terms.of(order.terms).refunds, key=lambda one: -one.until_days)
    return {
        "order": order,
        "may": may,
        "refund": refund,
        "share": f"{refund.percent} %" if refund else "",
        "paid": account.paid_minor if account else 0,
        "table": [one for one in rows if one.who == "customer"],
        "strands": row.state == BookingState.STRANDED,
    }


def _day(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return otherwise
