"""What Stripe was found to say becomes rows. The caller holds the subscription's row lock."""

import datetime as dt
import logging
from typing import Any

from billing.enums import BillState, Collection, PlanState
from billing.models import Bill, Plan, Subscription
from billing.stripe_amounts import from_stripe
from billing.stripe_plans import LIVING, Found

log = logging.getLogger(__name__)
YEAR = dt.timedelta(days=365)
STATES = {
    "trialing": PlanState.ACTIVE,
    "active": PlanState.ACTIVE,
    "past_due": PlanState.PAST_DUE,
    "unpaid": PlanState.ENDED,
    "paused": PlanState.ENDED,
    "canceled": PlanState.ENDED,
}


def apply_found(row: Subscription, found: Found | None, now: dt.datetime) -> None:
    """The subscription as Stripe has it. What operators gave, and a year that was paid otherwise, outlives a card."""
    row.seen_at = now
    if found is None or row.state == PlanState.COMPLIMENTARY:
        row.save(update_fields=["seen_at"])
        return
    is_old = found.status not in LIVING and (row.collection == Collection.INVOICE or row.provider_ref != found.ref)
    if is_old:
        row.save(update_fields=["seen_at"])
        return
    state = STATES[found.status]
    was = (row.state, row.plan_id, row.interval, row.cancels_at, row.provider_state, row.period_ends_at)
    row.provider_ref, row.provider_state, row.state = found.ref, found.status, state
    row.collection, row.interval, row.session_ref = Collection.CARD, found.interval, ""
    row.plan = _plan(found) or row.plan
    row.period_ends_at, row.cancels_at = found.period_ends_at, found.cancels_at
    row.past_due_since = (row.past_due_since or now) if state == PlanState.PAST_DUE else None
    row.ended_at = (row.ended_at or min(found.ended_at or now, now)) if state == PlanState.ENDED else None
    is_now = (row.state, row.plan_id, row.interval, row.cancels_at, row.provider_state, row.period_ends_at)
    row.revision += was != is_now
    row.save()


def begin_year(row: Subscription, bill: Bill, at: dt.datetime) -> None:
    """A year that was paid: the same plan goes on from its end, another one begins now. Once for each bill."""
    taken = Bill.objects.filter(pk=bill.pk, is_own=True, state=BillState.OPEN).update(state=BillState.PAID, paid_at=at)
    if not taken or bill.plan is None:
        return
    goes_on = row.collection == Collection.INVOICE and row.period_ends_at and row.period_ends_at > at
    is_upgrade = bill.plan.yearly_minor > row.plan.yearly_minor
    begins = row.period_ends_at if goes_on and not is_upgrade and row.period_ends_at else at
    if not goes_on and row.trial_ends_at and row.trial_ends_at > at and not row.provider_ref:
        begins = row.trial_ends_at  # the rest of the trial stays free
    row.plan, row.interval, row.collection = bill.plan, "year", Collection.INVOICE
    row.state, row.period_ends_at = PlanState.ACTIVE, begins + YEAR
    row.past_due_since = row.ended_at = row.cancels_at = None
    row.revision += 1
    row.save()


def mirror(row: Subscription, invoices: list[dict[str, Any]]) -> None:
    """Stripe's invoices, as they are now; drafts and those about nothing are not shown to anybody."""
    for told in invoices:
        if told["status"] == BillState.DRAFT or not int(told["total"]):
            continue
        currency, moments = str(told["currency"]).upper(), told.get("status_transitions") or {}
        Bill.objects.update_or_create(
            external=str(told["id"]),
            defaults={
                "studio_id": row.studio_id,
                "number": str(told.get("number") or "")[:40],
                "state": told["status"],
                "currency": currency,
                "amount_minor": from_stripe(int(told["total"]), currency),
                "page_url": told.get("hosted_invoice_url") or "",
                "pdf_url": told.get("invoice_pdf") or "",
                "issued_at": dt.datetime.fromtimestamp(told["created"], dt.UTC),
                "paid_at": dt.datetime.fromtimestamp(moments["paid_at"], dt.UTC) if moments.get("paid_at") else None,
            },
        )


def _plan(found: Found) -> Plan | None:
    plan = Plan.objects.filter(code=found.plan_code).first()
    if plan is None:
        log.error("Stripe's subscription %s is for a plan that we do not know: %s", found.ref, found.plan_code)
    return plan
