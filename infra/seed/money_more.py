"""The demo's commissions, stored value, receipts and what branches owe each other."""

import datetime as dt
import random
from typing import Any

import pyvips

from core.finance import services
from core.finance.between import next_month
from core.finance.holdings import offers
from core.finance.models import Account, Payment
from core.finance.pairs import pairs_of
from core.finance.proofs import keep
from core.finance.services.disputes import apply_dispute
from core.finance.services.online import ask_provider
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.earnings import count_order
from core.orders.enums import OrderState, Stage
from core.orders.models import Order, OrderAppointment
from core.people.staff import staff_of
from core.scheduling.models import Appointment
from core.studios.models import Branch
from core.templatetags.ui import money
from infra.seed.pay import pay_at_fake
from portal.money.terms import terms_of
from tenants.context import current_studio

LONG_AGO = dt.timedelta(days=200)
RULES: list[dict[str, Any]] = [
    {"role": "sales_consultant", "occasion": "signed", "rate_bp": 300, "base": "paid"},
    {"role": "receptionist", "occasion": "signed", "rate_bp": 200, "base": "paid"},
    {"role": "selection_adviser", "occasion": "extras", "rate_bp": 800},
    {"role": "photographer", "occasion": "delivered", "rate_bp": 150},
    {"role": "retoucher", "occasion": "delivered", "fixed_minor": 5000},
]


def tell_cards(owner: Any, takers: dict[str, Any], dice: random.Random, now: dt.datetime) -> None:
    """Stored value, before days are closed. `takers`: branch code → who takes money there."""
    with clock.at(now - LONG_AGO):
        for least, gift in ((100000, 10000), (200000, 30000), (500000, 100000)):
            services.set_gift(actor=owner, least_minor=least, gift_minor=gift, is_offered=True)
        points: dict[str, Any] = {
            "points": 1,
            "per_minor": 1000,
            "when": "delivered",
            "valid_days": 730,
            "is_active": True,
        }
        services.set_point_rule(actor=owner, **points)
    _cards(owner, list(Branch.objects.order_by("pk")), takers, dice, now)


def tell_more(owner: Any, now: dt.datetime) -> None:
    """Rules first, then what they count."""
    places = list(Branch.objects.order_by("pk"))
    with clock.at(now - LONG_AGO):
        day = clock.today(places[0].timezone)
        for rule in RULES:
            services.make_rule(actor=owner, starts_on=day, **rule)
        services.agree_share(actor=owner, percent=40, starts_on=day)
    if len(places) > 1:
        _shot_elsewhere(places, now)
    _online_top_up()
    _receipts(now)
    _count(now)
    _settle(owner, places, now)
    _dispute(now)


def _cards(owner: Any, places: list[Any], takers: dict[str, Any], dice: random.Random, now: dt.datetime) -> None:
    """Value topped up here, spent there; the newest waits for a second pair of eyes with its slip."""
    accounts = Account.objects.filter(order__state=OrderState.OPEN).select_related("branch", "customer").order_by("pk")
    owing = [one for one in accounts if one.owed_minor > 60000][:6]
    for number, account in enumerate(owing):
        home = next((one for one in places if one.pk != account.branch_id), places[0]) if number % 2 else account.branch
        taker = takers.get(home.code, owner)
        bought = now - dt.timedelta(days=44 - 7 * number, hours=2)
        with clock.at(bought):
            deal = services.sell_value(
                actor=taker, customer=account.customer, branch=home, method=("pos", "transfer", "cash")[number % 3],
                principal_minor=(200000, 500000, 300000)[number % 3], note=f"储值卡 {dice.randint(1000, 9999)}",
                proof=keep(slip(f"POS {dice.randint(100000, 999999)}")),
            )  # fmt: skip
        if number < 4:
            with clock.at(bought + dt.timedelta(hours=5)):
                services.audit_deal(actor=owner, deal=deal)
        if number < 5:
            with clock.at(bought + dt.timedelta(days=3)):
                part = min(account.owed_minor, 80000 + 30000 * number)
                payer = takers.get(account.branch.code, owner)
                services.pay_from_value(actor=payer, account=account, amount_minor=part)
        with clock.at(bought + dt.timedelta(minutes=1)):
            points = {"customer": account.customer, "branch": home, "points": 200, "reason": "储值赠送积分"}
            services.hand_points(actor=taker, once=f"seed.{number}", **points)


def _shot_elsewhere(places: list[Any], now: dt.datetime) -> None:
    """Two sales of one branch that another one shot, as its calendar says."""
    rows = Order.objects.filter(stages__stage=Stage.SHOOT, stages__left_at__lt=now - dt.timedelta(days=20))
    for number, order in enumerate(rows.exclude(account=None).select_related("branch", "customer").order_by("-pk")[:2]):
        other = next(one for one in places if one.pk != order.branch_id)
        left = order.stages.get(stage=Stage.SHOOT).left_at
        made = Appointment.objects.create(
            code=f"SD{number}{order.pk}"[:12], branch=other, customer=order.customer, title=order.title, kind="shoot",
            state="done", starts_at=left - dt.timedelta(hours=5), ends_at=left - dt.timedelta(hours=1),
            thread=order.event_thread,
        )  # fmt: skip
        OrderAppointment.objects.create(order=order, appointment=made)


def _online_top_up() -> None:
    """One who topped up on the phone and has used nothing of it; another one who has only begun."""
    held = Account.objects.filter(customer__balances__balance__gt=0).values("customer")
    found = offers()[:2]
    rows = Account.objects.filter(order__state=OrderState.OPEN).exclude(customer__in=held).order_by("-pk")
    for number, (account, offer) in enumerate(zip(rows.select_related("branch", "customer")[:2], found, strict=False)):
        made = services.ask_top_up(
            customer=account.customer, branch=account.branch, least_minor=offer.least_minor,
            gift_minor=offer.gift_minor, title=f"储值 {money(offer.least_minor)}", terms=terms_of(offer),
        )  # fmt: skip
        pages = {"paid_url": current_studio().url, "back_url": current_studio().url}
        try:
            attempt, _start = services.start_payment(account=made.account, route="stripe", **pages)
        except Refusal:
            return  # no pay route here
        if number == 0 and pay_at_fake(attempt.provider_ref):
            ask_provider(attempt=attempt)


def _receipts(now: dt.datetime) -> None:
    """What waits to be checked has its slip beside it."""
    for payment in Payment.objects.filter(audited_at=None, recorded_by__isnull=False).order_by("-pk")[:8]:
        Payment.objects.filter(pk=payment.pk).update(proof=keep(slip(payment.note or payment.receipt)))


def _count(now: dt.datetime) -> None:
    """Every order, on the day on which something of it was last done, so that months have their own rows."""
    for order in Order.objects.exclude(account=None).select_related("account__branch", "branch"):
        rows = list(order.stages.all())
        done = [at for row in rows for at in (row.entered_at, row.left_at) if at is not None and at <= now]
        with clock.at(max(done, default=now)):
            count_order(order)


def _settle(owner: Any, places: list[Any], now: dt.datetime) -> None:
    """The month before the last one was agreed."""
    this = clock.today(places[0].timezone).replace(day=1)
    month = ((this - dt.timedelta(days=1)).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for one in (month, next_month(month)):
        for pair in pairs_of(staff_of(owner), one)[:1]:
            services.settle_month(actor=owner, one=pair.low, other=pair.high, month=one)


def _dispute(now: dt.datetime) -> None:
    """One payer's bank has a question."""
    payment = (
        Payment.objects.filter(method="online", account__top_up=None)
        .select_related("account__branch")
        .order_by("-pk")
        .first()
    )
    if payment is not None:
        apply_dispute(
            payment=payment, provider_ref="dp_demo_1", amount_minor=payment.amount_minor, state="open",
            reason="product_not_received", due_at=now + dt.timedelta(days=6),
        )  # fmt: skip


def slip(text: str) -> bytes:
    """A photograph of a paper slip, so to speak."""
    words = pyvips.Image.text(f"商户存根\n\n{text}\n\n签购单", dpi=160)
    paper = words.invert().embed(40, 60, words.width + 80, words.height + 120, extend="white")
    return bytes(paper.jpegsave_buffer(Q=80))
