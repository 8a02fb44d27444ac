"""What a Stripe event is about. The body is verified by the SDK; of the object only marks and ids are believed."""

import json
from collections.abc import Mapping
from typing import Any

import stripe
from django.conf import settings

from billing.enums import NoticeKind
from billing.exchange import Forged, Told

TOLERANCE = 300  # seconds; Stripe signs each delivery anew
PAYMENT = ("checkout.session.", "payment_intent.")
PLAN = ("checkout.session.", "customer.subscription.", "invoice.")
REFUND = ("refund.", "charge.refund.")
DISPUTE = ("charge.dispute.",)  # their objects carry no marks of ours: the reference is the dispute's own id


def told(body: bytes, headers: Mapping[str, str], secrets: list[str]) -> Told:
    """An event of a connected account, verified and read. Raises Forged."""
    event, found = _opened(body, headers, secrets)
    try:
        return _read(event, found)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Forged("shape") from None


def told_own(body: bytes, headers: Mapping[str, str], secrets: list[str]) -> Told:
    """As `told`, for the platform's own account: `reference` is the customer, `provider_ref` the object."""
    event, found = _opened(body, headers, secrets)
    try:
        is_ours = str(event["type"]).startswith(PLAN) and bool(event.get("livemode")) == _is_live()
        marks = found.get("metadata") or {}
        return Told(
            event_id=str(event["id"]),
            event=str(event["type"]),
            kind=NoticeKind.PLAN if is_ours else NoticeKind.OTHER,
            reference=str(found.get("customer") or ""),
            provider_ref=str(found.get("id") or ""),
            account=str(event.get("account") or ""),
            marked=str(marks.get("studio", "")),
        )
    except (KeyError, TypeError, AttributeError):
        raise Forged("shape") from None


def _opened(body: bytes, headers: Mapping[str, str], secrets: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event and its object, once the signature holds with any of the endpoint's secrets (they rotate)."""
    if not any(_genuine(body, headers.get("Stripe-Signature", ""), secret) for secret in secrets):
        raise Forged("signature")
    try:
        event = json.loads(body)
        return event, event["data"]["object"]
    except (ValueError, KeyError, TypeError):
        raise Forged("shape") from None


def _genuine(body: bytes, header: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
        return False
    return True


def _read(event: dict[str, Any], found: dict[str, Any]) -> Told:
    kind, marks = _kind(event["type"]), found.get("metadata") or {}
    if bool(event.get("livemode")) != _is_live():
        kind = NoticeKind.OTHER  # Connect endpoints of a live platform hear of test objects too
    if kind == NoticeKind.PAYMENT and not marks.get("reference"):
        kind = NoticeKind.OTHER  # made at Stripe's dashboard, not by us
    reference = str(found["id"]) if kind == NoticeKind.DISPUTE else str(marks.get("reference", ""))
    return Told(
        event_id=str(event["id"]),
        event=str(event["type"]),
        kind=kind,
        reference=reference if kind != NoticeKind.ACCOUNT else "",
        provider_ref=str(found["id"]) if str(found.get("object")) == "checkout.session" else "",
        account=str(event.get("account") or ""),
        marked=str(marks.get("studio", "")),
    )


def _kind(event: str) -> NoticeKind:
    if event.startswith(PAYMENT):
        return NoticeKind.PAYMENT
    if event.startswith(DISPUTE):
        return NoticeKind.DISPUTE
    if event.startswith(REFUND):
        return NoticeKind.REFUND
    return NoticeKind.ACCOUNT if event.startswith(("account.", "capability.")) else NoticeKind.OTHER


def _is_live() -> bool:
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
