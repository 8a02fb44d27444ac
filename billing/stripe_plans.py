"""Stripe for our own subscriptions: catalogue, Checkout, Billing Portal, changes, and reading what is so now.

The platform's own account, never a connected one. Names of fields and values are those of Stripe's published
API description (stripe 16, whose API version is pinned by the SDK). Every creating call has an idempotency key; every
object carries the studio's schema, and one of another studio is refused even where ids were mixed up.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from billing.enums import Interval
from billing.exchange import PayRefused
from billing.models import Bill, Plan, Subscription
from billing.stripe_amounts import from_stripe, to_stripe
from billing.stripe_connect import LOCALES, answers, client

LEAST_TRIAL = dt.timedelta(hours=49)  # Stripe wants a trial's end to be two days away, and clocks differ
LIVING = ("active", "trialing", "past_due", "unpaid", "paused")
WALLETS = ("alipay", "wechat_pay")


@dataclass(frozen=True, slots=True)
class Found:
    """A subscription at Stripe, in our words. Instants are UTC."""

    ref: str
    status: str
    plan_code: str
    interval: str
    period_ends_at: dt.datetime | None
    trial_ends_at: dt.datetime | None
    cancels_at: dt.datetime | None
    ended_at: dt.datetime | None
    item_ref: str


def product_ref(plan: Plan) -> str:
    return f"yl_{plan.code}"


def lookup_key(plan: Plan, interval: str) -> str:
    return f"yl_{plan.code}_{interval}_{plan.currency.lower()}"


# -- catalogue ---------------------------------------------------------------------------------------------------------
def prices_by_key(keys: list[str]) -> dict[str, dict[str, Any]]:
    """Stripe's active prices with these lookup keys, their products expanded."""
    params: Any = {"lookup_keys": keys, "active": True, "limit": 100, "expand": ["data.product"]}
    with answers():
        listed = client().v1.prices.list(params)
    return {str(one.lookup_key): one.to_dict() for one in listed.data}


def put_product(plan: Plan) -> None:
    """The plan as Stripe's product, made or renamed."""
    params: Any = {"name": plan.name, "metadata": {"plan": plan.code}}
    try:
        with answers():
            client().v1.products.update(product_ref(plan), params)
    except PayRefused as refusal:
        if refusal.code != "pay.not_found":
            raise
        with answers():
            made: Any = {"id": product_ref(plan), **params}
            client().v1.products.create(made, {"idempotency_key": f"product:{product_ref(plan)}"})


def new_price(plan: Plan, interval: str, former: str) -> str:
    """A price at the plan's amount that takes the lookup key over; `former` (or "") is not sold any more. Its id."""
    amount = to_stripe(plan.price_minor(interval), plan.currency)
    params: Any = {
        "product": product_ref(plan),
        "currency": plan.currency.lower(),
        "unit_amount": amount,
        "recurring": {"interval": interval},
        "lookup_key": lookup_key(plan, interval),
        "transfer_lookup_key": True,
        "tax_behavior": "inclusive",
        "metadata": {"plan": plan.code},
    }
    with answers():
        made = client().v1.prices.create(
            params, {"idempotency_key": f"price:{lookup_key(plan, interval)}:{amount}:{former}"}
        )
        if former:
            client().v1.prices.update(former, {"active": False})
    return str(made.id)


# -- going there -------------------------------------------------------------------------------------------------------
def new_customer(row: Subscription, email: str) -> str:
    """Stripe's name of the studio as our customer; asked again within a day, the same one."""
    studio = row.studio
    params: Any = {"name": studio.name, "metadata": {"studio": studio.schema_name}}
    if email:
        params["email"] = email
    with answers():
        made = client().v1.customers.create(params, {"idempotency_key": f"{studio.schema_name}:customer:{row.pk}"})
    return str(made.id)


def subscribe_params(row: Subscription, plan: Plan, interval: str, urls: tuple[str, str], now: dt.datetime) -> Any:
    """Checkout in subscription mode. What is left of the trial stays free when Stripe can express it."""
    marks = {"studio": row.studio.schema_name, "plan": plan.code}
    data: dict[str, Any] = {"metadata": marks}
    if row.trial_ends_at and row.trial_ends_at - now > LEAST_TRIAL and not row.provider_ref:
        data["trial_end"] = int(row.trial_ends_at.timestamp())
    return {
        "mode": "subscription",
        "customer": row.customer_ref,
        "customer_update": {"name": "auto", "address": "auto"},
        "line_items": [{"price": plan.price_ref(interval), "quantity": 1}],
        "subscription_data": data,
        "metadata": marks,
        "allow_promotion_codes": True,
        "tax_id_collection": {"enabled": True},
        "billing_address_collection": "auto",
        "success_url": urls[0],
        "cancel_url": urls[1],
        "locale": LOCALES.get(row.studio.language, "auto"),
    }


def year_params(row: Subscription, bill: Bill, urls: tuple[str, str]) -> Any:
    """Checkout for one year that is paid once: by Alipay, WeChat Pay or card."""
    marks = {"studio": row.studio.schema_name, "bill": bill.external}
    name = bill.plan.title if bill.plan else bill.external
    price = {
        "currency": bill.currency.lower(),
        "unit_amount": to_stripe(bill.amount_minor, bill.currency),
        "product_data": {"name": f"{name} · {bill.number}"},
    }
    return {
        "mode": "payment",
        "customer": row.customer_ref,
        "client_reference_id": bill.external,
        "allowed_payment_method_types": [*WALLETS, "card"],
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "line_items": [{"price_data": price, "quantity": 1}],
        "metadata": marks,
        "payment_intent_data": {"metadata": marks},
        "adaptive_pricing": {"enabled": False},
        "success_url": urls[0],
        "cancel_url": urls[1],
        "locale": LOCALES.get(row.studio.language, "auto"),
    }


def open_session(params: Any, key: str) -> tuple[str, str]:
    """(id, address) of a Checkout Session."""
    with answers():
        made = client().v1.checkout.sessions.create(params, {"idempotency_key": key})
    return str(made.id), str(made.url)


def close_session(ref: str) -> None:
    """A page where the same thing could be paid once more is closed; one that is over stays what it is."""
    if not ref:
        return
    try:
        with answers():
            client().v1.checkout.sessions.expire(ref)
    except PayRefused as refusal:
        if refusal.code not in {"pay.rejected", "pay.not_found"}:
            raise


def portal_url(row: Subscription, back_url: str) -> str:
    """Stripe's Billing Portal: card, address, tax number, invoices. Its links live for minutes: made when asked."""
    params: Any = {
        "customer": row.customer_ref,
        "return_url": back_url,
        "locale": LOCALES.get(row.studio.language, "auto"),
    }
    if settings.STRIPE_PORTAL_CONFIGURATION:
        params["configuration"] = settings.STRIPE_PORTAL_CONFIGURATION
    with answers():
        return str(client().v1.billing_portal.sessions.create(params).url)


def change_params(found: Found, plan: Plan, interval: str, at: int, *, is_dearer: bool) -> Any:
    """Another price on the same subscription. What is dearer is paid at once for the days that are left, or nothing
    changes; what is cheaper leaves a credit. `at`: the second from which the days left are counted.
    """
    return {
        "items": [{"id": found.item_ref, "price": plan.price_ref(interval)}],
        "proration_behavior": "always_invoice" if is_dearer else "create_prorations",
        "proration_date": at,
        "payment_behavior": "error_if_incomplete" if is_dearer else "allow_incomplete",
        "cancel_at_period_end": False,
        "metadata": {"plan": plan.code},
    }


def change(found: Found, params: Any, key: str) -> None:
    with answers():
        client().v1.subscriptions.update(found.ref, params, {"idempotency_key": key})


def end_now(found: Found) -> None:
    """No further charge from this moment. Deleting needs no idempotency key: twice is once."""
    with answers():
        client().v1.subscriptions.cancel(found.ref)


def preview_params(found: Found, params: Any) -> Any:
    """What Stripe is to reckon: the same change, asked as a question."""
    details = {name: params[name] for name in ("items", "proration_behavior", "proration_date")}
    return {"subscription": found.ref, "subscription_details": details}


def preview(found: Found, params: Any, *, restarts: bool) -> int:
    """What `change` with these parameters takes from the card at once, in the currency's minor units; negative: what it
    leaves as a credit. `restarts`: another interval begins a period of its own, which is paid with it.
    """
    if found.status == "trialing":
        return 0
    with answers():
        told = client().v1.invoices.create_preview(preview_params(found, params)).to_dict()
    parts = sum(int(line["amount"]) for line in told["lines"]["data"] if _is_part(line))
    return from_stripe(int(told["amount_due"]) if restarts else parts, str(told["currency"]).upper())


def _is_part(line: dict[str, Any]) -> bool:
    """Whether the line of a previewed invoice is for part of a period, and not for a whole one."""
    details = (line.get("parent") or {}).get("subscription_item_details") or {}
    return bool(details.get("proration"))


# -- looking -----------------------------------------------------------------------------------------------------------
def subscription_at(row: Subscription) -> Found | None:
    """The studio's subscription as it is now: the one that lives, else the newest that was ever paid for."""
    params: Any = {"customer": row.customer_ref, "status": "all", "limit": 20}
    with answers():
        listed = client().v1.subscriptions.list(params)
    ours = [one.to_dict() for one in listed.data]
    for one in ours:
        own(row, one)
    begun = [one for one in ours if one["status"] not in {"incomplete", "incomplete_expired"}]
    living = [one for one in begun if one["status"] in LIVING]
    newest = sorted(living or begun, key=lambda one: int(one["created"]))
    return _found(newest[-1]) if newest else None


def invoices_at(row: Subscription) -> list[dict[str, Any]]:
    """The newest invoices of the studio, as Stripe tells them."""
    params: Any = {"customer": row.customer_ref, "limit": 24}
    with answers():
        listed = client().v1.invoices.list(params)
    return [one.to_dict() for one in listed.data]


def year_paid(row: Subscription, bill: Bill) -> dt.datetime | None:
    """When the year was paid, if it was: the right amount in the right currency. Raises PayRefused("pay.amount")."""
    params: Any = {"expand": ["payment_intent.latest_charge"]}
    with answers():
        session = client().v1.checkout.sessions.retrieve(bill.session_ref, params).to_dict()
    own(row, session)
    if session.get("payment_status") != "paid":
        return None
    currency = str(session["currency"]).upper()
    if (from_stripe(int(session["amount_total"]), currency), currency) != (bill.amount_minor, bill.currency):
        raise PayRefused("pay.amount")
    charge = (session.get("payment_intent") or {}).get("latest_charge") or {}
    return _at(charge.get("created")) or dt.datetime.now(dt.UTC)


def own(row: Subscription, found: dict[str, Any]) -> None:
    """Refuse what was made for another studio."""
    marked = (found.get("metadata") or {}).get("studio")
    if marked != row.studio.schema_name or found.get("customer") != row.customer_ref:
        raise PayRefused("pay.foreign")


def _found(told: dict[str, Any]) -> Found:
    item = told["items"]["data"][0]
    ends = _at(item["current_period_end"])
    price = item["price"]
    return Found(
        ref=str(told["id"]),
        status=str(told["status"]),
        plan_code=str(price["product"]).removeprefix("yl_"),
        interval=Interval(price["recurring"]["interval"]),
        period_ends_at=ends,
        trial_ends_at=_at(told.get("trial_end")),
        cancels_at=ends if told.get("cancel_at_period_end") else _at(told.get("cancel_at")),
        ended_at=_at(told.get("ended_at")),
        item_ref=str(item["id"]),
    )


def _at(stamp: Any) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(int(stamp), dt.UTC) if stamp else None
