"""What the pages for another date and for giving up show before the tap."""

import dataclasses
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.booking import offers
from core.booking.dated import PERSONAL, Dated, Margin, Swap, margin_of, refund_of, served_by, swaps
from core.booking.enums import BookingState
from core.catalog.terms import Terms
from core.finance.returnable import returnable
from core.kernel import clock
from core.orders.moves import objecting_until
from core.scheduling.models import Resource
from portal.book.month import WEEKS, monday, month, since


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """A start that may be taken, what the order costs then and how much that changes, and what is not free then."""

    start: offers.Start
    change_minor: int
    price_minor: int = 0
    swaps: list[Swap] = dataclasses.field(default_factory=list)

    @property
    def saves_minor(self) -> int:
        return max(0, -self.change_minor)

    @property
    def adds_minor(self) -> int:
        return max(0, self.change_minor)


def addresses(dated: Dated) -> dict[str, str]:
    """Where the pages of a booking are, or of an order that was taken at the desk."""
    if dated.booking:
        name, code = "portal:booking", dated.booking.code
        back = reverse(name, args=[code])
    else:
        name, code = "portal:order", dated.order.code
        back = reverse(name, args=[code])
    return {"back": back, "date_url": reverse(f"{name}-date", args=[code])}


def _own_prices(days: list[offers.Day], order: Any, margin: Margin) -> list[offers.Day]:
    """The lowest price of each day as this customer would pay it, add-ons, coupon and what was agreed included; none
    where all cost more than what was signed.
    """

    def low(day: offers.Day) -> int | None:
        if not day.low_minor or day.low_minor > margin.most_minor:
            return None
        return int(order.price_minor + margin.change(day.low_minor))

    return [dataclasses.replace(day, low_minor=low(day)) for day in days]


def change_page(request: HttpRequest, dated: Dated) -> dict[str, Any]:
    """The rule, days with free starts, and the starts of one day that cost no more than what was signed."""
    branch, version, who = dated.branch, dated.order.package_version, dated.who
    own_day = dated.starts_at.astimezone(clock.zone(branch.timezone)).date() if dated.starts_at else None
    begin = since(request, branch, own_day)  # another date is looked for around the one there is
    days = offers.days(branch, version, monday(begin), WEEKS * 7, who, dated.chain)
    margin, without = margin_of(dated), dated.appointment.pk if dated.appointment else None
    had, price = served_by(dated), dated.order.price_minor
    shown = month(request, branch, _own_prices(days, dated.order, margin), begin)
    told: dict[str, Any] = {"who": who, "without": without, "chain": dated.chain}
    told["prefer"] = tuple(one.pk for one in had)
    found = offers.starts(branch, version, shown["day"], **told) if dated.may_move else []
    fit = [one for one in found if one.price_minor <= margin.most_minor and one.starts_at != dated.starts_at]
    return {
        **addresses(dated),
        "dated": dated,
        "order": dated.order,
        "branch": branch,
        "limit": dated.until,
        "may": dated.may_move,
        "is_firm": dated.is_firm,
        "margin": margin,
        "share": "" if margin.share is None else f"{margin.share} %",
        **shown,
        "choices": [_choice(one, margin, price, had) for one in fit],
        "dearer": sum(one.price_minor > margin.most_minor for one in found),
    }


def _choice(start: offers.Start, margin: Margin, price: int, had: list[Resource]) -> Choice:
    change = margin.change(start.price_minor)
    return Choice(start, change, price + change, swaps(had, start.crew, PERSONAL))


def refund_page(dated: Dated) -> dict[str, Any]:
    """The refund of this moment and the whole table it comes from."""
    order, account, may = dated.order, dated.order.account, dated.may_end
    refund = refund_of(dated) if account and may else None
    free = returnable(account).free_minor if account and refund else 0
    rows = sorted(Terms.of(order.terms).refunds, key=lambda one: -one.until_days)
    return {
        **addresses(dated),
        "order": order,
        "may": may,
        "may_move": dated.may_move,
        "refund": refund,
        "share": f"{refund.percent} %" if refund else "",
        "paid": account.paid_minor if account else 0,
        "later_minor": max(0, refund.amount_minor - free) if refund else 0,
        "objecting": objecting_until(order) if refund else None,
        "table": [one for one in rows if one.who == "customer"],
        "strands": bool(dated.booking and dated.booking.state == BookingState.STRANDED),
    }
