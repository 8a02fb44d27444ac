"""Pay routes behind one interface: what a studio asks of any provider, and what any provider answers.

Whoever collects money (core.finance) knows only this module. A route is one provider on one studio's own merchant
account; `routes_of` says which a studio may offer now. Calls leave the house: never inside a transaction, always with
the caller's `reference` as idempotency key, always with a timeout. A provider's notification proves nothing by itself:
it is verified, stored (billing.models.Notice) and answered; a job then calls the dotted path
`settings.PAY_NOTICE_HANDLER` inside the studio, and whoever listens there asks `fetch` or `fetch_refund`.

Every verb raises PayRefused(code) when the answer is no for good, PayUnreachable when nobody knows: ask again later
with the same reference. Codes: pay.route_closed (not set up or switched off) · pay.currency · pay.method · pay.amount ·
pay.reference_used (the reference was used for something else: take a new one) · pay.account_refused (the provider does
not accept the studio's keys) · pay.foreign (the object belongs to another studio) · pay.not_found · pay.payer ·
pay.not_refundable · pay.rejected (fact `reason`: the provider's code).
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection

from billing.enums import PayRoute, PayState, RefundState
from billing.exchange import (
    DisputeReport,
    PayRefused,
    PayReport,
    PayRequest,
    PayStart,
    PayUnreachable,
    RefundReport,
    RefundRequest,
)

__all__ = [
    "DisputeReport",
    "PayRefused",
    "PayReport",
    "PayRequest",
    "PayRoute",
    "PayStart",
    "PayState",
    "PayUnreachable",
    "RefundReport",
    "RefundRequest",
    "RefundState",
    "cancel",
    "fetch",
    "fetch_dispute",
    "fetch_refund",
    "methods_of",
    "payer_app",
    "payer_openid",
    "payer_question",
    "refund",
    "routes_of",
    "start",
]

log = logging.getLogger(__name__)
# Adapters are imported when first used: the vendors' packages are heavy, and most processes never pay
ADAPTERS = {
    PayRoute.STRIPE: "billing.stripe_connect",
    PayRoute.WECHAT: "billing.wechat",
    PayRoute.ALIPAY: "billing.alipay",
}
PATIENCE = 1.0  # seconds to wait for a line while other calls of this process are under way
_lines = threading.BoundedSemaphore(settings.PROVIDER_LINES)


def routes_of(studio: Any) -> list[PayRoute]:
    """Routes that the studio may offer to its customers now, in the order they are shown."""
    from billing.selectors import open_accounts

    return [PayRoute(account.route) for account in open_accounts(studio)]


def methods_of(studio: Any, route: PayRoute | str) -> list[str]:
    """Values for `PayRequest.method` on this route; empty when the route is closed. "" always lets the payer choose."""
    from billing.selectors import open_accounts

    found = [account for account in open_accounts(studio) if account.route == route]
    return list(adapter(route).methods(found[0])) if found else []


def payer_app(studio: Any) -> str:
    """The WeChat app in which somebody inside WeChat can be asked for their openid, as method jsapi needs it; "" when
    the route is closed or the app's secret is not here. Nobody is called.
    """
    from billing.selectors import open_accounts
    from billing.wechat_payer import app_of, can_ask

    found = [account for account in open_accounts(studio) if account.route == PayRoute.WECHAT]
    return app_of(found[0]) if found and can_ask(found[0]) else ""


def payer_question(studio: Any, back_url: str, state: str) -> str:
    """Where the payer's browser is sent to be asked; WeChat sends it to `back_url` with `code` and `state`."""
    from billing.selectors import open_account
    from billing.wechat_payer import question

    return question(open_account(studio, PayRoute.WECHAT), back_url, state)


def payer_openid(studio: Any, code: str) -> str:
    """The openid that the code stands for. PayRefused("pay.payer"): the code is old, used or nobody's."""
    from billing.selectors import open_account

    openid: str = _call(PayRoute.WECHAT, "fetch_openid", open_account(studio, PayRoute.WECHAT), code)
    return openid


def start(studio: Any, route: PayRoute | str, request: PayRequest) -> PayStart:
    """Ask for money. The same request again answers the same; nothing is taken by asking."""
    from billing.selectors import open_account

    if request.amount_minor <= 0:
        raise PayRefused("pay.amount")
    begun: PayStart = _call(route, "start", open_account(studio, route), request)
    return begun


def fetch(studio: Any, route: PayRoute | str, reference: str, provider_ref: str = "") -> PayReport:
    """What became of the request, read at the provider now. Money given back later does not change PAID.

    `provider_ref`: what `start` answered; may be left out when a notice has told it.
    """
    return _about_payment("fetch", studio, route, reference, provider_ref)


def cancel(studio: Any, route: PayRoute | str, reference: str, provider_ref: str = "") -> PayReport:
    """Ask for nothing any more. EXPIRED: no money can come. PAID: it was too late. PENDING: it may still come until the
    request's own expiry (Alipay knows a trade only once the payer has opened it).
    """
    return _about_payment("cancel", studio, route, reference, provider_ref)


def refund(studio: Any, route: PayRoute | str, request: RefundRequest) -> RefundReport:
    """Give money back. The same reference again answers the same refund, however late; also on a closed route."""
    from billing.selectors import account_of

    if not 0 < request.amount_minor <= request.paid_minor:
        raise PayRefused("pay.amount")
    report: RefundReport = _call(route, "refund", account_of(studio, route), request)
    return report


def fetch_refund(studio: Any, route: PayRoute | str, request: RefundRequest, refund_ref: str = "") -> RefundReport:
    """What became of the refund, read at the provider now. `refund_ref`: RefundReport.provider_ref, when known."""
    from billing.selectors import account_of

    report: RefundReport = _call(route, "fetch_refund", account_of(studio, route), request, refund_ref)
    return report


def fetch_dispute(studio: Any, route: PayRoute | str, reference: str) -> DisputeReport:
    """How a dispute stands, read at the provider now (Stripe; the wallets settle theirs in their own consoles)."""
    from billing.selectors import account_of

    report: DisputeReport = _call(route, "fetch_dispute", account_of(studio, route), reference)
    return report


def adapter(route: PayRoute | str) -> Any:
    """The module that speaks with the provider."""
    return import_module(ADAPTERS[PayRoute(route)])


def _about_payment(verb: str, studio: Any, route: PayRoute | str, reference: str, provider_ref: str) -> PayReport:
    from billing.selectors import account_of, told_ref

    known = provider_ref or told_ref(studio, route, reference)
    report: PayReport = _call(route, verb, account_of(studio, route), reference, known)
    return report


def _call(route: PayRoute | str, verb: str, account: Any, *args: Any) -> Any:
    """Call the adapter; a refusal is logged by its code, never with what was sent."""
    blocks = connection.atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):  # as Django's own `durable` does
        raise RuntimeError("a provider is never asked inside a transaction")
    ask: Callable[..., Any] = getattr(adapter(route), verb)
    try:
        with _line():
            return ask(account, *args)
    except PayRefused as refusal:
        log.warning("%s refused %s: %s %s", route, verb, refusal.code, refusal.facts)
        raise
    except PayUnreachable as silence:
        log.warning("%s did not answer %s: %s", route, verb, silence)
        raise


@contextmanager
def _line() -> Iterator[None]:
    """One of the process's few calls at a time: a provider that has stopped answering must not hold every thread, or
    boards and picks of all studios would stop with it. PayUnreachable when none is free.
    """
    if not _lines.acquire(timeout=PATIENCE):
        raise PayUnreachable("too many calls are waiting for answers")
    try:
        yield
    finally:
        _lines.release()
