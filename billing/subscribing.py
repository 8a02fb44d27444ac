"""Verbs of a studio's subscription. Stripe is asked outside every transaction; what it says is read, never assumed."""

import datetime as dt
import logging
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import stripe_plans
from billing.enums import BillState, Collection, Interval, PlanState
from billing.exchange import PayRefused, PayUnreachable
from billing.metering import in_the_way
from billing.models import Bill, Plan, Subscription
from billing.standing import TRIAL
from billing.taking import apply_found, begin_year, mirror
from tenants import directory
from tenants.context import in_public

log = logging.getLogger(__name__)
YEAR = dt.timedelta(days=365)
QUOTED = 3600  # seconds for which a quoted amount holds
RENEWS_FROM = dt.timedelta(days=30)  # before the end of a paid year the next one can be bought


def begin_trial(*, studio: Any, **_owner: Any) -> Subscription:
    """Fourteen days from now, without a card. A studio that has a subscription keeps it."""
    with in_public():
        plan, _new = Plan.objects.get_or_create(code="trial", defaults=TRIAL_PLAN)
        ends = timezone.now() + TRIAL
        row, _new = Subscription.objects.get_or_create(studio=studio, defaults={"plan": plan, "trial_ends_at": ends})
    return row


TRIAL_PLAN = {"name": "Trial", "branches": 5, "seats": 30, "storage_bytes": 50 * 1024**3, "messages": 200}


def subscribe(*, actor: Any, studio: Any, plan: Plan, interval: str, urls: tuple[str, str]) -> str:
    """Where the owner pays by card. PayRefused plan.not_offered · plan.too_small(lines) · plan.has_one."""
    _check(studio, plan, interval)
    row = _customer(studio, actor)
    row = refresh(studio=studio)
    if pays_by_card(row):
        raise PayRefused("plan.has_one")
    stripe_plans.close_session(row.session_ref)
    params = stripe_plans.subscribe_params(row, plan, interval, urls, timezone.now())
    key = f"{row.customer_ref}:subscribe:{plan.price_ref(interval)}:{row.revision}:{row.session_ref}"
    key += ":trial" if "trial_end" in params["subscription_data"] else ""  # of two clicks at once both open one page
    session, url = stripe_plans.open_session(params, key)
    _write(row, session_ref=session)
    _log(actor, studio, "subscribe", plan, interval)
    return url


def buy_year(*, actor: Any, studio: Any, plan: Plan, urls: tuple[str, str]) -> str:
    """Where the owner pays a year by Alipay, WeChat Pay or card: an invoice of ours, and Checkout for it.

    PayRefused plan.not_offered · plan.too_small(lines) · plan.has_one (a card pays already) · plan.at_renewal.
    """
    _check(studio, plan, Interval.YEAR)
    row = _customer(studio, actor)
    row = refresh(studio=studio)
    if pays_by_card(row):
        raise PayRefused("plan.has_one")
    bill = _open_bill(row, plan)
    key = f"{bill.external}:{bill.session_ref}"
    session, url = stripe_plans.open_session(stripe_plans.year_params(row, bill, urls), key)
    with in_public():
        Bill.objects.filter(pk=bill.pk).update(session_ref=session)
    _log(actor, studio, "buy_year", plan, Interval.YEAR)
    return url


def change_plan(*, actor: Any, studio: Any, plan: Plan, interval: str, at: int = 0) -> Subscription:
    """Another plan on the running card subscription, at once: what is dearer is paid now or nothing changes. `at`: the
    second of the `quote` that was agreed to; without one, now.

    PayRefused plan.not_offered · plan.too_small(lines) · plan.none · plan.same · plan.quote_old · pay.rejected (card).
    """
    _check(studio, plan, interval)
    now = int(timezone.now().timestamp())
    if at and not now - QUOTED < at <= now:
        raise PayRefused("plan.quote_old")
    row, found = _living(studio)
    params = _changed(row, found, plan, interval, at or now)
    key = f"{studio.schema_name}:change:{plan.price_ref(interval)}:{row.revision}:{params['proration_date']}"
    try:
        stripe_plans.change(found, params, key)
    except PayRefused:
        _write(row, revision=row.revision + 1)  # Stripe would repeat its no to the same key after the card was mended
        raise
    _log(actor, studio, "change_plan", plan, interval)
    return refresh(studio=studio)


def quote(*, studio: Any, plan: Plan, interval: str) -> tuple[int, int]:
    """What `change_plan` would take from the card at once (negative: the credit it leaves), in the plan's minor units,
    and the second it holds for. Changes nothing. PayRefused plan.none · plan.same, PayUnreachable.
    """
    row, found = _living(studio)
    at = int(timezone.now().timestamp())
    params = _changed(row, found, plan, interval, at)
    return stripe_plans.preview(found, params, restarts=interval != found.interval), at


def _changed(row: Subscription, found: stripe_plans.Found, plan: Plan, interval: str, at: int) -> Any:
    if (found.plan_code, found.interval) == (plan.code, interval):
        raise PayRefused("plan.same")
    dearer = _per_month(plan, interval) > _per_month(row.plan, row.interval) or interval != row.interval
    return stripe_plans.change_params(found, plan, interval, at, is_dearer=dearer)


def cancel(*, actor: Any, studio: Any, is_on: bool = True) -> Subscription:
    """End the subscription when what is paid for is over, or (`is_on` False) go on. PayRefused plan.none."""
    row, found = _living(studio)
    key = f"{studio.schema_name}:cancel:{is_on}:{row.revision}"
    stripe_plans.change(found, {"cancel_at_period_end": is_on}, key)
    _log(actor, studio, "cancel" if is_on else "go_on", row.plan, row.interval)
    return refresh(studio=studio)


def portal(*, studio: Any, back_url: str) -> str:
    """Stripe's pages about card, address, tax number and invoices. PayRefused plan.none."""
    row = row_of(studio)
    if not row.customer_ref:
        raise PayRefused("plan.none")
    return stripe_plans.portal_url(row, back_url)


def refresh(*, studio: Any) -> Subscription:
    """Read at Stripe what is so now, and write it down. The answer to every notice, whatever it said."""
    row = row_of(studio)
    if not row.customer_ref:
        return row
    found = stripe_plans.subscription_at(row)
    invoices = stripe_plans.invoices_at(row)
    with in_public():
        waiting = list(row.studio.bills.filter(is_own=True, state=BillState.OPEN).exclude(session_ref=""))
    paid = [(bill, at) for bill in waiting if (at := stripe_plans.year_paid(row, bill))]
    with in_public(), transaction.atomic():
        locked = _held(row.studio_id)
        apply_found(locked, found, timezone.now())
        for bill, at in paid:
            begin_year(locked, bill, at)
        mirror(locked, invoices)
    directory.forget(studio)
    return locked


def mark_paid(*, actor: Any, bill: Bill) -> None:
    """A year that was paid by transfer, said by an operator. Harmless when repeated, or for a studio that is gone."""
    if bill.studio_id is None:
        return
    with in_public(), transaction.atomic():
        row = _held(bill.studio_id)
        begin_year(row, bill, timezone.now())
    directory.forget()
    log.info("bill %s marked paid by %s", bill, getattr(actor, "username", actor))


def give(*, actor: Any, studio: Any, plan: Plan, until: dt.datetime | None = None) -> Subscription:
    """A complimentary account, without end or until a day."""
    directory.forget(studio)
    row = _write(row_of(studio), plan=plan, state=PlanState.COMPLIMENTARY, period_ends_at=until)
    _log(actor, studio, "give", plan, "")
    return row


def pays_by_card(row: Subscription) -> bool:
    """Whether a subscription lives at Stripe, paid or not: another one beside it would be paid twice."""
    return row.collection == Collection.CARD and row.provider_state in stripe_plans.LIVING


def row_of(studio: Any) -> Subscription:
    """The studio's row, begun when there is none."""
    with in_public():
        row = Subscription.objects.select_related("plan", "studio").filter(studio_id=studio.pk).first()
    if row is None:
        begin_trial(studio=studio)
        return row_of(studio)
    return row


def _check(studio: Any, plan: Plan, interval: str) -> None:
    if not plan.is_offered or interval not in Interval.values:
        raise PayRefused("plan.not_offered")
    if not plan.price_ref(interval):
        raise PayRefused("pay.route_closed", route="stripe")  # the catalogue was never brought to Stripe
    if lines := in_the_way(studio, plan):
        raise PayRefused("plan.too_small", lines=lines, plan=plan.title)


def _living(studio: Any) -> tuple[Subscription, stripe_plans.Found]:
    row = row_of(studio)
    found = stripe_plans.subscription_at(row) if row.customer_ref else None
    if found is None or found.status not in stripe_plans.LIVING:
        raise PayRefused("plan.none")
    return row, found


def _customer(studio: Any, actor: Any) -> Subscription:
    row = row_of(studio)
    if row.customer_ref:
        return row
    return _write(row, customer_ref=stripe_plans.new_customer(row, getattr(actor, "email", "") or ""))


def _open_bill(row: Subscription, plan: Plan) -> Bill:
    """The invoice for a year of the plan. One that nobody paid is void when it is for another plan or price; the page
    where it could have been paid is closed first.
    """
    amount = plan.yearly_minor - _credit(row, plan)
    with in_public():
        former: Bill | None = row.studio.bills.filter(is_own=True, state=BillState.OPEN).first()
    if former:
        stripe_plans.close_session(former.session_ref)
        if (former.plan_id, former.amount_minor, former.currency) == (plan.pk, amount, plan.currency):
            return former
    mark = secrets.token_hex(8)
    with in_public(), transaction.atomic():
        if former:
            Bill.objects.filter(pk=former.pk, state=BillState.OPEN).update(state=BillState.VOID)
        try:
            return Bill.objects.create(
                studio=row.studio, external=f"yl_{mark}", number=f"YL-{mark[:8].upper()}", is_own=True, plan=plan,
                amount_minor=amount, currency=plan.currency, issued_at=timezone.now(),
            )  # fmt: skip
        except IntegrityError:
            raise PayUnreachable("another click was faster") from None


def _credit(row: Subscription, plan: Plan) -> int:
    """What is left of the year that another plan was bought for; renewals have none."""
    left = (row.period_ends_at - timezone.now()) if row.period_ends_at else dt.timedelta()
    if row.collection != Collection.INVOICE or left <= dt.timedelta():
        return 0
    if row.plan_id == plan.pk or plan.yearly_minor <= row.plan.yearly_minor:
        if left > RENEWS_FROM:
            raise PayRefused("plan.at_renewal", until=row.period_ends_at)
        return 0
    return min(row.plan.yearly_minor * min(left, YEAR).days // YEAR.days, plan.yearly_minor - 1)


def _per_month(plan: Plan, interval: str) -> int:
    return plan.yearly_minor // 12 if interval == Interval.YEAR else plan.monthly_minor


def _held(studio_id: int) -> Subscription:
    """The row until the transaction ends. Locked first and read with its plan then: a locking read that joins the plan
    finds no row at all when a notice that was faster has just replaced it.
    """
    Subscription.objects.select_for_update().get(studio_id=studio_id)
    return Subscription.objects.select_related("plan", "studio").get(studio_id=studio_id)


def _write(row: Subscription, **fields: Any) -> Subscription:
    for name, value in fields.items():
        setattr(row, name, value)
    with in_public():
        row.save(update_fields=list(fields))
    directory.forget(row.studio)
    return row


def _log(actor: Any, studio: Any, verb: str, plan: Plan, interval: str) -> None:
    who = getattr(actor, "username", actor)
    log.info("subscription of %s: %s %s %s by %s", studio.schema_name, verb, plan.code, interval, who)
