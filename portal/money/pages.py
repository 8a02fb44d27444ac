"""What the bill shows, and which ways of paying there are."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.booking.enums import WAITING, BookingState
from core.booking.models import Booking
from core.finance.charges import Shown, shown
from core.finance.enums import AttemptState
from core.finance.holdings import top_ups_of
from core.finance.models import Account, Instalment, PayAttempt, TopUp
from core.finance.selectors import Statement, statement_of
from core.finance.services import online
from core.kernel import clock
from core.kernel.address import client_address
from core.orders.enums import OrderState
from core.orders.models import Order
from core.orders.selectors import order_of
from core.realtime.doors import order_mark
from core.scheduling.enums import AppointmentState
from portal.devices import is_wechat
from tenants.context import current_studio

PHONE_MARKS = ("Mobile", "Android", "iPhone", "HarmonyOS")


@dataclass(frozen=True, slots=True)
class Bill:
    """An order's money as its customer sees it."""

    order: Order
    statement: Statement
    charges: list[Shown]
    position: str

    @property
    def socket(self) -> str:
        return f"{get_script_prefix()}ws/order/{self.order.code}/"

    @property
    def to_pay(self) -> Instalment | None:
        """What the button pays: the next instalment that is not covered."""
        return self.statement.next_one

    @property
    def rest_minor(self) -> int:
        """All that is owed, when that is more than the next instalment."""
        owed = self.statement.account.owed_minor
        return owed if self.to_pay is not None and owed > self.to_pay.open_minor else 0


def account_or_404(request: HttpRequest, code: str) -> tuple[Order, Account]:
    """The order and its books, for those on the order."""
    order = order_of(request.customer, code)
    if order is None or order.account_id is None:
        raise Http404
    account: Account = Account.objects.select_related("branch", "customer").get(pk=order.account_id)
    return order, account


def bill_of(order: Order, account: Account) -> Bill:
    """Everything on the bill. The mark is taken first: what changes meanwhile is loaded again."""
    mark = order_mark(order.pk, order.event_thread)
    statement = statement_of(account)
    return Bill(order, statement, [shown(charge) for charge in statement.charges], json.dumps({"order": [1, mark]}))


def routes_for(request: HttpRequest) -> list[tuple[str, str]]:
    """(route, words) that this browser can use; none: the studio takes money in the branch only."""
    offered: list[Any] = getattr(online.gateway, "routes_of", lambda _studio: [])(current_studio())
    words = {
        "stripe": _("Card, Alipay or WeChat Pay"),
        "wechat": _("WeChat Pay"),
        "alipay": _("Alipay"),
    }
    hidden = {"alipay"} if is_wechat(request) else set()  # WeChat's browser does not open Alipay
    return [(str(route), words[str(route)]) for route in offered if str(route) not in hidden]


def wechat_app(request: HttpRequest, route: str) -> str:
    """The app in which this payer, inside WeChat, can be known by their openid; "" elsewhere and otherwise."""
    if route != "wechat" or not is_wechat(request):
        return ""
    return str(getattr(online.gateway, "payer_app", lambda _studio: "")(current_studio()))


def openid_of(request: HttpRequest, route: str) -> str:
    """The openid of this payer as this browser's session has it."""
    app = wechat_app(request, route)
    return str(request.customer_session.openids.get(app, "")) if app else ""


def method_for(request: HttpRequest, route: str, openid: str = "") -> str:
    """How this browser pays by the route; "" leaves it to the provider."""
    on_phone = any(mark in request.headers.get("User-Agent", "") for mark in PHONE_MARKS)
    in_wechat = "jsapi" if openid else "native"
    wanted = {
        "wechat": in_wechat if is_wechat(request) or not on_phone else "h5",
        "alipay": "wap" if on_phone else "page",
    }
    methods: list[str] = getattr(online.gateway, "methods_of", lambda _studio, _route: [])(current_studio(), route)
    return wanted[route] if wanted.get(route) in methods else ""


def addresses(request: HttpRequest, code: str) -> dict[str, Any]:
    """Where the provider sends the payer: the try's own page when done, the bill when not."""
    there = reverse("portal:payment", args=["REFERENCE"]).replace("REFERENCE", "{reference}")
    return {
        "paid_url": request.build_absolute_uri("/")[:-1] + there,
        "back_url": request.build_absolute_uri(reverse("portal:bill", args=[code])),
    }


def payer_of(request: HttpRequest, route: str, openid: str = "") -> dict[str, Any]:
    """Who pays by the route, from where, as `start_payment` wants it."""
    return {
        "route": route,
        "method": method_for(request, route, openid),
        "openid": openid,
        "customer": request.customer,
        "client_ip": client_address(request),
        "language": get_language() or "",
    }


@dataclass(frozen=True, slots=True)
class PaidDate:
    """The date that a payment is for. `until`: how long it is kept; None when no clock runs."""

    state: str
    until: dt.datetime | None


def date_of(order: Order) -> PaidDate | None:
    """The online booking's date; None for orders of the desk."""
    row = Booking.objects.filter(order=order).select_related("appointment").first()
    if row is None:
        return None
    held = row.appointment
    ticks = row.state in WAITING and held is not None and held.state == AppointmentState.HELD
    until = held.hold_expires_at if ticks and held is not None else None
    if until is not None and until <= clock.now():  # the clock is over, the worker has not looked yet
        return PaidDate(BookingState.LAPSED, None)
    return PaidDate(row.state, until)


def not_now(order: Order) -> str:
    """Why nothing should be paid: what came would only go back, or wait for another date."""
    if order.state == OrderState.CANCELLED:
        return _("This order was cancelled. Nothing was taken.")
    date = date_of(order)
    if date is not None and date.state == BookingState.LAPSED:
        return _(
            "The hold on your date has run out. Take it again first, so that you do not pay for a date that is gone."
        )
    return ""


def attempt_or_404(request: HttpRequest, reference: str) -> tuple[Order, PayAttempt]:
    """A try to pay, for those on its order."""
    attempt = PayAttempt.objects.filter(reference=reference).select_related("account__branch").first()
    order = order_of(request.customer, attempt.account.code) if attempt else None
    if attempt is None or order is None:
        raise Http404
    return order, attempt


def way_on(attempt: PayAttempt) -> dict[str, str]:
    """How the payer goes on with an open try: `go_url`, the provider's page, `qr`, a picture to scan, or `bridge`, what
    WeChat's own browser is told.
    """
    start = attempt.start if attempt.state == AttemptState.OPEN else {}
    url, kind = str(start.get("url", "")), start.get("kind")
    qr = segno.make(url, micro=False).png_data_uri(scale=6, border=2) if url and kind == "qr" else ""
    bridge = json.dumps(start.get("params", {})) if kind == "jsapi" else ""
    stand_in = settings.WECHAT_BRIDGE_PAGE if bridge else ""
    return {"go_url": url if kind == "redirect" else "", "qr": qr, "bridge": bridge, "stand_in": stand_in}


def mine_or_404(request: HttpRequest, code: str) -> TopUp:
    """My own top-up; somebody else's does not exist."""
    row = top_ups_of(request.customer).filter(account__code=code.upper()).select_related("account__customer").first()
    if row is None:
        raise Http404
    return row


def payment_page(order: Order, attempt: PayAttempt) -> dict[str, Any]:
    """A try as its page shows it: waiting with the way on (link, QR), paid, or over."""
    mark = order_mark(order.pk, order.event_thread)
    return {
        "order": order,
        "account": attempt.account,
        "attempt": attempt,
        "payment": getattr(attempt, "payment", None),
        "date": date_of(order),
        **way_on(attempt),
        "socket": f"{get_script_prefix()}ws/order/{order.code}/",
        "position": json.dumps({"order": [1, mark]}),
    }
