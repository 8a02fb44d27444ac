"""Paying inside WeChat: WeChat is asked once who pays (in silence), then its own payment sheet opens on our page.

Whatever goes wrong on the way, the QR code remains: a payer is never left without a way to pay.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.gateway import PayRefused, PayUnreachable
from core.finance import services
from core.finance.models import Account, PayAttempt
from core.finance.services import online
from core.kernel.errors import Refusal
from core.orders.selectors import order_of
from core.people.login import keep_openid
from portal import cookies
from portal.money.forms import said
from portal.money.pages import (
    account_or_404,
    attempt_or_404,
    mine_or_404,
    not_now,
    openid_of,
    payer_of,
    wechat_app,
)
from portal.money.wishes import Wish, order_wish, top_up_wish
from tenants.access import declare
from tenants.context import current_studio, scoped

customer = declare("customer")
ROUTE = "wechat"


def must_ask(request: HttpRequest, route: str) -> bool:
    """Whether WeChat can say who pays and has not said it to this session yet."""
    return bool(wechat_app(request, route)) and not openid_of(request, route)


def to_ask(account: Account, number: int, home: str) -> HttpResponse:
    """On to the page that leads to WeChat; what is to be paid is kept in this browser meanwhile. `home`: the page from
    which it can be asked for again.
    """
    response = redirect("portal:wechat-ask")
    cookies.set_wish(response, {"once": secrets.token_hex(16), "code": account.code, "number": number, "home": home})
    return response


def begin(request: HttpRequest, route: str, wish: Wish, *, by_qr: bool = False) -> PayAttempt:
    """The try to pay. Where WeChat takes no order for this payer, one by QR code, with a sentence. Raises Refusal."""
    openid = "" if by_qr else openid_of(request, route)
    try:
        return services.start_payment(**wish.what, **payer_of(request, route, openid))[0]
    except Refusal as refusal:
        if not openid or refusal.code != "pay.refused":
            raise
    keep_openid(session=request.customer_session, app_id=wechat_app(request, route), openid="")
    messages.warning(request, _scan_instead())
    return services.start_payment(**wish.what, **payer_of(request, route))[0]


@customer
@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """One moment, then WeChat. A page of ours in between: a form's redirect to another host would break the CSP."""
    wish = cookies.wish(request)
    if not wish or must_ask(request, ROUTE) is False:
        return _home(wish)
    back = request.build_absolute_uri(reverse("portal:wechat-back"))
    try:
        url = online.gateway.payer_question(current_studio(), back, state_of(request, wish))
    except PayRefused:
        return _home(wish)
    response = render(request, "portal/money/wechat_ask.html", {"go_url": url, "home": wish["home"]})
    response["Refresh"] = f"0; url={url}"
    return response


@customer
@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """WeChat has said who pays, or not; either way the payment begins. Its address is good once."""
    asked = cookies.wish(request)
    if not _is_mine(request, asked):
        messages.error(request, _("This link of WeChat is used up or too old. Nothing was taken. Please pay again."))
        return _home(asked)
    try:
        openid = online.gateway.payer_openid(current_studio(), request.GET.get("code", ""))
    except (PayRefused, PayUnreachable):
        messages.warning(request, _scan_instead())
    else:
        app_id = wechat_app(request, ROUTE)
        keep_openid(session=request.customer_session, app_id=app_id, openid=openid)
    return _begun(request, asked)


def _begun(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    """The payment that was wanted before WeChat was asked."""
    code, order = str(asked["code"]), order_of(request.customer, str(asked["code"]))
    if order is not None and (why := not_now(order)):
        messages.error(request, why)
        return _home(asked)
    if order is not None:
        wish = order_wish(request, account_or_404(request, code)[1], int(asked["number"]))
    else:
        wish = top_up_wish(request, mine_or_404(request, code))
    try:
        attempt = begin(request, ROUTE, wish)
    except Refusal as refusal:
        messages.error(request, said(refusal))
        return _home(asked)
    response = redirect(f"{wish.page_of(attempt.reference)}?go=1")
    cookies.clear_wish(response)
    return response


@customer
@require_POST
def by_qr(request: HttpRequest) -> HttpResponse:
    """The same payment by a QR code: the sheet does not open, or somebody else pays from another phone."""
    reference = request.POST.get("reference", "")
    top_up = request.POST.get("top_up", "")
    if top_up:
        wish = top_up_wish(request, mine_or_404(request, top_up))
    else:
        attempt = attempt_or_404(request, reference)[1]
        wish = order_wish(request, attempt.account, 0)
        wish.what.update(instalment=attempt.instalment, amount_minor=attempt.amount_minor)
    try:
        begun = begin(request, ROUTE, wish, by_qr=True)
    except Refusal as refusal:
        messages.error(request, said(refusal))
        return redirect(wish.page_of(reference))
    return redirect(wish.page_of(begun.reference))


def state_of(request: HttpRequest, wish: dict[str, Any]) -> str:
    """What WeChat carries there and back: our mark on this wish of this session, in letters and digits."""
    said_of = f"{request.customer_session.pk}|{wish['once']}|{wish['code']}|{wish['number']}"
    return str(wish["once"]) + salted_hmac(scoped("wechat"), said_of, algorithm="sha256").hexdigest()


def _is_mine(request: HttpRequest, asked: dict[str, Any]) -> bool:
    """Whether WeChat brings back what this very session sent, for the first time."""
    if not asked or not constant_time_compare(request.GET.get("state", ""), state_of(request, asked)):
        return False
    return cache.add(f"wechat-state:{asked['once']}", 1, cookies.WISH_SECONDS)


def _home(wish: dict[str, Any]) -> HttpResponse:
    """Back to where the payer chooses how to pay."""
    response = redirect(str(wish.get("home") or reverse("portal:home")))
    cookies.clear_wish(response)
    return response


def _scan_instead() -> str:
    return _("WeChat could not open its payment sheet for you. Nothing was taken; pay by the QR code instead.")
