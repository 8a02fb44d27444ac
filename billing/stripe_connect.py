"""Stripe: Checkout on the studio's own connected account (direct charges); the platform's key, the studio's money.

Every object carries the studio's schema and the caller's reference as metadata; an object of another studio is refused
even where ids were mixed up. Names of fields and values are those of Stripe's published API description (stripe 16).
"""

import datetime as dt
import functools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from django.conf import settings

from billing.enums import PayState, RefundState
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
from billing.models import MerchantAccount
from billing.stripe_amounts import NotWhole, from_stripe, to_stripe

logging.getLogger("stripe").setLevel(logging.WARNING)  # its debug lines hold whole requests
TIMEOUT = (4, 10)  # seconds to connect, to answer; asked once more before somebody who waits hears of it
LEAST, MOST = dt.timedelta(minutes=30), dt.timedelta(hours=24)  # how long a Checkout Session may live
MARGIN = dt.timedelta(minutes=1)  # for clocks and the way there
METHODS = ("card", "alipay", "wechat_pay")
LOCALES = {"zh-hans": "zh", "zh-hant": "zh-TW", "en": "en"}
SESSION: Any = {"expand": ["payment_intent.latest_charge"]}
REFUND_STATES = {
    "succeeded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}  # pending, requires_action: on its way
DISPUTE_STATES = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}  # others: open


@functools.lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def client() -> stripe.StripeClient:
    """The platform's client. Raises PayRefused("pay.route_closed") on a platform without a Stripe key."""
    if not settings.STRIPE_SECRET_KEY:
        raise PayRefused("pay.route_closed", route="stripe")
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def answers() -> Iterator[None]:
    """Stripe's errors as ours. What Stripe says to people is not repeated: it may hold parts of keys."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise PayUnreachable(f"stripe {error.http_status or 'silent'}") from None
    except stripe.IdempotencyError:
        raise PayRefused("pay.reference_used") from None
    except (stripe.AuthenticationError, stripe.PermissionError):
        raise PayRefused("pay.account_refused") from None
    except stripe.InvalidRequestError as error:
        code = "pay.not_found" if error.code == "resource_missing" else "pay.rejected"
        raise PayRefused(code, reason=error.code or "", param=error.param or "") from None
    except stripe.StripeError as error:
        raise PayRefused("pay.rejected", reason=error.code or type(error).__name__) from None


def on(account: MerchantAccount, key: str = "") -> Any:
    """Request options: act on the studio's account; `key` makes the call happen once."""
    if not account.external:
        raise PayRefused("pay.route_closed", route="stripe")
    return {"stripe_account": account.external, **({"idempotency_key": key} if key else {})}


def methods(account: MerchantAccount) -> list[str]:
    """Ways to pay that Stripe offers on this account (as of the last look)."""
    offered = account.facts.get("methods") or ["card"]
    return [method for method in METHODS if method in offered]


def check(account: MerchantAccount) -> dict[str, Any]:
    """What Stripe says of the account."""
    from billing.stripe_onboarding import look

    return look(account)


def start(account: MerchantAccount, request: PayRequest) -> PayStart:
    """A Checkout Session for one payment."""
    params = session_params(account, request, dt.datetime.now(dt.UTC))
    with answers():
        session = client().v1.checkout.sessions.create(params, on(account, request.reference))
    return PayStart(provider_ref=session.id, kind="redirect", url=session.url or "")


def session_params(account: MerchantAccount, request: PayRequest, now: dt.datetime) -> Any:
    """The whole request body. A session lives at least half an hour: whoever reserves for less also calls `cancel`."""
    types = _types(account, request)
    marks = {**request.metadata, **_marks(account, request.reference)}
    price = {
        "currency": request.currency.lower(),
        "unit_amount": _amount(request.amount_minor, request.currency),
        "product_data": {"name": request.subject[:250]},
    }
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": request.reference,
        "allowed_payment_method_types": types,  # Stripe leaves out what the currency forbids
        "line_items": [{"price_data": price, "quantity": 1}],
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, "description": request.subject[:250]},
        "adaptive_pricing": {"enabled": False},  # the books know one currency: the one that was asked for
        "expires_at": int(_expiry(request.expires_at, now).timestamp()),
        "success_url": request.paid_url,
        "cancel_url": request.back_url,
        "locale": LOCALES.get(request.language, "auto"),
    }
    if "wechat_pay" in types:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    return params


def _expiry(wanted: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Within Stripe's limits. A short wish is lengthened by a fixed time: asked again with the same reference, a
    request must be the same to the letter.
    """
    least = now + LEAST + MARGIN
    return min(wanted if wanted >= least else max(wanted + LEAST + MARGIN, least), now + MOST - MARGIN)


def fetch(account: MerchantAccount, reference: str, provider_ref: str) -> PayReport:
    """The session with its payment intent and charge, as they are now."""
    if not provider_ref:
        raise PayRefused("pay.not_found")
    with answers():
        session = client().v1.checkout.sessions.retrieve(provider_ref, SESSION, on(account))
    return _report(account, reference, session.to_dict())


def cancel(account: MerchantAccount, reference: str, provider_ref: str) -> PayReport:
    """Expire the session; one that is complete or expired stays what it is."""
    report = fetch(account, reference, provider_ref)
    if report.state == PayState.PENDING:
        try:
            with answers():
                client().v1.checkout.sessions.expire(provider_ref, {}, on(account))
        except PayRefused as refusal:
            if refusal.code != "pay.rejected":  # rejected: it was completed or expired in the meantime
                raise
        report = fetch(account, reference, provider_ref)
    return report


def refund(account: MerchantAccount, request: RefundRequest) -> RefundReport:
    """Refund the charge. Stripe forgets idempotency keys after a day; a refund that exists is found by its metadata."""
    found = _find_refund(account, request)
    if found is None:
        params: Any = {
            "charge": request.transaction,
            "amount": _amount(request.amount_minor, request.currency),
            "reason": "requested_by_customer",
            "metadata": {**_marks(account, request.reference), "why": request.reason[:400]},
        }
        with answers():
            made = client().v1.refunds.create(params, on(account, request.reference))
        found = made.to_dict()
    return _refund_report(request.reference, found)


def fetch_refund(account: MerchantAccount, request: RefundRequest, refund_ref: str = "") -> RefundReport:
    """The refund as it is now, by its id or else by its metadata among the charge's refunds."""
    found = _find_refund(account, request) if not refund_ref else _refund_by_id(account, request, refund_ref)
    if found is None:
        raise PayRefused("pay.not_found")
    return _refund_report(request.reference, found)


def _refund_by_id(account: MerchantAccount, request: RefundRequest, refund_ref: str) -> dict[str, Any]:
    with answers():
        found = client().v1.refunds.retrieve(refund_ref, {}, on(account)).to_dict()
    _own(account, request.reference, found)
    return found


def _find_refund(account: MerchantAccount, request: RefundRequest) -> dict[str, Any] | None:
    if not request.transaction:
        raise PayRefused("pay.not_refundable")
    with answers():
        listed = client().v1.refunds.list({"charge": request.transaction, "limit": 100}, on(account))
    found = (one.to_dict() for one in listed.data)
    return next((one for one in found if (one.get("metadata") or {}).get("reference") == request.reference), None)


def fetch_dispute(account: MerchantAccount, reference: str) -> DisputeReport:
    """The dispute as it is now. An enquiry that was closed, or one that was prevented, took nothing."""
    with answers():
        found = client().v1.disputes.retrieve(reference, {}, on(account)).to_dict()
    currency, due = str(found["currency"]).upper(), (found.get("evidence_details") or {}).get("due_by")
    return DisputeReport(
        reference=str(found["id"]),
        transaction=str(found["charge"]),
        state=DISPUTE_STATES.get(str(found.get("status")), "open"),
        amount_minor=from_stripe(int(found["amount"]), currency),
        currency=currency,
        reason=str(found.get("reason") or ""),
        due_at=dt.datetime.fromtimestamp(due, dt.UTC) if due else None,
    )


def _report(account: MerchantAccount, reference: str, session: dict[str, Any]) -> PayReport:
    _own(account, reference, session)
    intent = session.get("payment_intent") or {}
    if session.get("payment_status") == "paid" and intent:
        return _paid(reference, session["id"], intent)
    state = PayState.EXPIRED if session.get("status") == "expired" else PayState.PENDING
    if session.get("status") == "complete" and intent.get("status") in {"canceled", "requires_payment_method"}:
        state = PayState.FAILED  # a wallet that confirms later said no
    return PayReport(reference, session["id"], state)


def _paid(reference: str, provider_ref: str, intent: dict[str, Any]) -> PayReport:
    charge = intent.get("latest_charge") or {}
    currency = str(intent["currency"]).upper()
    return PayReport(
        reference=reference,
        provider_ref=provider_ref,
        state=PayState.PAID,
        amount_minor=from_stripe(int(intent["amount_received"]), currency),
        currency=currency,
        paid_at=dt.datetime.fromtimestamp(charge["created"], dt.UTC) if charge else None,
        transaction=str(charge.get("id") or intent["id"]),
        method=str((charge.get("payment_method_details") or {}).get("type") or ""),
    )


def _refund_report(reference: str, found: dict[str, Any]) -> RefundReport:
    currency = str(found["currency"]).upper()
    return RefundReport(
        reference=reference,
        state=REFUND_STATES.get(str(found.get("status")), RefundState.PENDING),
        provider_ref=str(found["id"]),
        amount_minor=from_stripe(int(found["amount"]), currency),
        code=str(found.get("failure_reason") or ""),
    )


def _types(account: MerchantAccount, request: PayRequest) -> list[str]:
    wanted = [method for method in methods(account) if request.method in {"", method}]
    if not wanted:
        raise PayRefused("pay.method", method=request.method)
    return wanted


def _amount(minor: int, currency: str) -> int:
    try:
        return to_stripe(minor, currency)
    except NotWhole:
        raise PayRefused("pay.amount") from None


def _marks(account: MerchantAccount, reference: str) -> dict[str, str]:
    return {"studio": account.studio.schema_name, "reference": reference}


def _own(account: MerchantAccount, reference: str, found: dict[str, Any]) -> None:
    """Refuse what was made for another studio or another reference."""
    marks = found.get("metadata") or {}
    if marks.get("studio") != account.studio.schema_name or marks.get("reference") != reference:
        raise PayRefused("pay.foreign")
