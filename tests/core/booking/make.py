"""A branch that can be booked: people, rooms, a published package with a deposit, a Saturday that is cheaper late."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from core.booking import paper
from core.booking.models import Booking
from core.booking.offers import offered_version
from core.booking.services.firming import follow_booking
from core.booking.services.holding import Choice, begin_booking, hold_booking
from core.catalog.models import PriceRule
from core.catalog.quotes import quote
from core.finance.services import record_payment
from core.orders.models import Order
from core.scheduling.models import Resource
from core.scheduling.services import save_resource
from tests.factories import make_package

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC)  # Monday, 09:00 in Shanghai
SATURDAY = dt.datetime(2027, 3, 20, 10, 0, tzinfo=SHANGHAI)
LATE = SATURDAY.replace(hour=14)
BLOCKS = [
    {"name": "化妆", "minutes": 60, "needs": ["makeup_artist"], "offset": 0},
    {"name": "拍摄", "minutes": 120, "needs": ["photographer", "room"], "offset": 60},
]
MORE = {
    "blocks": BLOCKS,
    "deposit": {"kind": "percent", "value": 30},
    "schedule": [{"when": "signing", "percent": 30, "days": 0}, {"when": "selection", "percent": 70, "days": 0}],
    "refunds": [
        {"until_days": 15, "who": "customer", "refund_percent": 100},
        {"until_days": 7, "who": "customer", "refund_percent": 50},
    ],
}


def team(branch: Any, photographers: int = 1) -> dict[str, Resource]:
    """So many photographers, each with a make-up artist and a room."""
    found = {}
    for n in range(1, photographers + 1):
        for kind, name in (("photographer", "摄影"), ("makeup_artist", "化妆"), ("room", "影棚")):
            found[f"{kind}{n}"] = save_resource(actor=None, branch=branch, kind=kind, name=f"{branch.code} {name}{n}")
    return found


def bookable(**fields: Any) -> Any:
    """A package on offer: 3999, 30 % deposit, Saturdays 14–18 h 20 % off."""
    package = make_package(**{"name": "晨雾森林", "price_minor": 399900, "more": MORE, **fields})
    PriceRule.objects.get_or_create(
        kind="off_peak", name="周末快拍", weekdays=[5], starts_at=dt.time(14), ends_at=dt.time(18), percent=-20
    )
    return package


def draft(branch: Any, package: Any, at: dt.datetime = SATURDAY, **more: Any) -> Booking:
    """What was chosen on the phone."""
    version = offered_version(package.pk)
    price = quote(version, branch, at).total_minor
    photographer = more.pop("photographer", None)
    return begin_booking(choice=Choice(branch, package, at, price, photographer), **more)


def held(branch: Any, package: Any, customer: Any, at: dt.datetime = SATURDAY, **more: Any) -> Booking:
    return hold_booking(actor=customer, booking=draft(branch, package, at, **more), customer=customer)


def pay(booking: Booking, clerk: Any, minor: int | None = None) -> None:
    """Money comes by hand; the worker looks at the booking."""
    order = Order.objects.select_related("account").get(pk=booking.order_id)
    amount = order.price_minor * 30 // 100 if minor is None else minor
    record_payment(actor=clerk, account=order.account, amount_minor=amount, method="transfer", note="x")
    follow_booking(booking=booking)


def signed(monkeypatch: Any, yes: bool = True) -> None:
    """Every contract is signed, or none."""
    monkeypatch.setattr(paper, "is_signed", lambda order: yes)
