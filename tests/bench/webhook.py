"""What a request pays for billing: a notice of Stripe verified and stored, and a limit asked for."""

import json
import secrets
import statistics
import time
from typing import Any

import stripe
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from billing.models import Notice, Subscription
from billing.selectors import entitlements_of, standing_of
from billing.subscribing import row_of
from tenants.context import in_public
from tenants.directory import studio_at
from tests.bench.scene import furnished_studio

SECRET, LETTERS, CHECKS = "whsec_of_the_bench", 200, 20_000


def run() -> dict[str, Any]:
    """`webhook_store_ms` (at most 20; baseline: the row's INSERT alone), `entitlement_check_us` (at most 50)."""
    with furnished_studio("订阅") as studio:
        row_of(studio)
        customer = f"cus_{secrets.token_hex(7)}"
        with in_public():
            Subscription.objects.filter(studio=studio).update(customer_ref=customer)
        return {"webhook_store_ms": _store(customer), "entitlement_check_us": _check(studio)}


def _store(customer: str) -> dict[str, Any]:
    client = Client(headers={"host": settings.PLATFORM_HOST})
    taken, bare = [], []
    with override_settings(STRIPE_WEBHOOK_SECRETS=[SECRET], STRIPE_SECRET_KEY="sk_test_bench"):
        for number in range(LETTERS):
            body = _letter(customer, number)
            header = stripe.WebhookSignature.generate_signature_header(body, SECRET)
            started = time.perf_counter()
            answer = client.post("/hooks/stripe", body, "application/json", headers={"stripe-signature": header})
            taken.append(time.perf_counter() - started)
            if answer.status_code != 200:
                raise AssertionError(answer.status_code)
            bare.append(_insert(body, number))
    with in_public():
        stored = Notice.objects.filter(reference=customer, state="new").count()
        Notice.objects.filter(reference=customer).delete()
    if stored != LETTERS:
        raise AssertionError(stored)
    value, base = statistics.median(taken) * 1000, statistics.median(bare) * 1000
    worst = statistics.quantiles(taken, n=20)[-1] * 1000
    note = f"at most 20: verified, stored once, its job enqueued, 200; p95 {worst:.1f} ms; baseline: one INSERT"
    return _figure(value, "ms", base, note)


def _letter(customer: str, number: int) -> str:
    subscription = {"id": "sub_1", "object": "subscription", "customer": customer, "metadata": {}, "status": "active"}
    event = {
        "id": f"evt_{customer}_{number}", "object": "event", "livemode": False, "created": 1, "api_version": "",
        "type": "customer.subscription.updated", "data": {"object": subscription},
    }  # fmt: skip
    return json.dumps(event | {"padding": "x" * 3000})  # as long as a real one


def _insert(body: str, number: int) -> float:
    with in_public():
        started = time.perf_counter()
        row = Notice.objects.create(route="stripe", event_id=f"bare-{number}-{secrets.token_hex(4)}", payload=body)
        seconds = time.perf_counter() - started
        row.delete()
    return seconds


def _check(studio: Any) -> dict[str, Any]:
    """A request's own copy of its studio: the first question is a query, the others are not."""
    with in_public():
        mine = studio_at("", studio.slug)
    started = time.perf_counter()
    entitlements_of(mine)
    first = (time.perf_counter() - started) * 1e6
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        for _ in range(CHECKS):
            entitlements_of(mine)
            standing_of(mine)
        value = (time.perf_counter() - started) * 1e6 / CHECKS
    if len(queries):
        raise AssertionError(queries.captured_queries)
    note = "at most 50: limits and standing, after the first question of a request (baseline), which is its only query"
    return _figure(value, "µs", first, note)


def _figure(value: float, unit: str, base: float, note: str) -> dict[str, Any]:
    ratio = round(value / base, 2) if base else None
    return {"value": round(value, 2), "unit": unit, "baseline": round(base, 2), "ratio": ratio, "note": note}
