"""The demo's books: deposits, balances, a few who are late, one refund, cash that nobody has checked yet."""

import datetime as dt
import random
from typing import Any

from core.finance import services
from core.finance.discounts import limit_minor
from core.finance.enums import BY_HAND, Method
from core.finance.ledger import in_paying_order
from core.finance.models import Account, DayBook, Payment
from core.finance.selectors import day_figures
from core.kernel import clock
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from infra.seed import money_more

METHODS = [Method.TRANSFER, Method.TRANSFER, Method.POS, Method.POS, Method.CASH]
NOTES = {Method.TRANSFER: "招行转账,尾号 {}", Method.POS: "POS 小票 {}", Method.CASH: "现金 {}"}
LATE = 0.14  # of the orders owe something that is due
RECENT = dt.timedelta(days=2)  # what was taken since then waits for a second look


def tell_money(takers: dict[str, Any], auditor: Any, dice: random.Random, now: dt.datetime) -> None:
    """Payments for every order of the studio, as far as its stage has come. `takers`: branch code → who takes money."""
    orders = Order.objects.exclude(state=OrderState.CANCELLED).select_related("account__branch", "branch")
    for order in orders.exclude(account=None).order_by("taken_at", "pk"):
        account, taker = order.account, takers.get(order.branch.code, auditor)
        _trigger(account, order)
        _pay(account, order, taker, dice, now)
    for payment in Payment.objects.filter(received_at__lt=now - RECENT, audited_at=None).order_by("pk"):
        with clock.at(payment.received_at + dt.timedelta(hours=5)):
            services.audit_payment(actor=auditor, payment=payment)
    _special(auditor, takers, now)
    money_more.tell_cards(auditor, takers, dice, now)
    _close_days(auditor, now)


def _trigger(account: Account, order: Order) -> None:
    """The day on which instalments became due: when the stage was entered."""
    rows = {row.stage: row.entered_at for row in order.stages.all()}
    for stage, when in ((Stage.SIGNING, "signing"), (Stage.PRODUCTION, "selection"), (Stage.DELIVERY, "delivery")):
        entered = rows.get(stage)
        if entered is not None:
            account.instalments.filter(trigger=when).update(due_on=entered.date())
    for one in account.instalments.filter(trigger="now"):
        one.due_on = one.charge.posted_at.date()
        one.save(update_fields=["due_on"])


def _pay(account: Account, order: Order, taker: Any, dice: random.Random, now: dt.datetime) -> None:
    """One payment for each instalment that is due, a day or so later; the last of some is still missing."""
    due = [(one, one.due_on) for one in in_paying_order(account.instalments.all()) if one.due_on]
    if order.state == OrderState.OPEN and due and dice.random() < LATE:
        due = due[:-1]
    for one, day in due:
        when = dt.datetime.combine(day, dt.time(3), dt.UTC) + dt.timedelta(hours=dice.randint(0, 6))
        if when > now:
            when = now - dt.timedelta(minutes=dice.randint(5, 300))
        if order.state == OrderState.OPEN and one.trigger == "selection":
            when = min(now - dt.timedelta(minutes=7), when + dt.timedelta(days=dice.randint(0, 2)))
        with clock.at(when):
            _take(account, taker, one.open_minor, dice)


def _take(account: Account, taker: Any, amount: int, dice: random.Random) -> Payment:
    method = dice.choice(METHODS)
    note = NOTES[method].format(dice.randint(1000, 9999))
    return services.record_payment(actor=taker, account=account, amount_minor=amount, method=method, note=note)


def _special(auditor: Any, takers: dict[str, Any], now: dt.datetime) -> None:
    """A claim, a discount, an invoice, a refund: one of each, to be seen."""
    open_ones = Account.objects.filter(order__state=OrderState.OPEN).select_related("branch", "customer")
    owing = [one for one in open_ones.order_by("-pk") if one.owed_minor]
    paid = [one for one in open_ones.filter(order__stage=Stage.PRODUCTION).order_by("pk") if one.paid_minor > 100000]
    with clock.at(now - dt.timedelta(hours=2)):
        if owing:
            services.claim_payment(
                customer=owing[0].customer, account=owing[0], amount_minor=min(100000, owing[0].owed_minor),
                method=Method.TRANSFER, note="建行转账,户名同订单",
            )  # fmt: skip
        for one in owing[1:]:
            left = limit_minor(auditor, one)  # bookings may have used it up: a coupon, an hour that costs less
            if one.owed_minor > 50000 and (left is None or left >= 10000):
                services.give_discount(actor=auditor, account=one, amount_minor=10000, reason="老客户转介绍")
                break
        if paid:
            services.ask_invoice(
                actor=auditor, account=paid[0], title=paid[0].customer.name, email="fapiao@example.com"
            )
        if len(paid) > 1:
            made = services.refund(actor=auditor, account=paid[1], amount_minor=30000, reason="少拍一套造型,退差价")
            taker = takers.get(paid[1].branch.code, auditor)
            services.pay_out(actor=taker, refund=made[0])


def _close_days(auditor: Any, now: dt.datetime) -> None:
    """Days before yesterday were counted and closed; one till was ten yuan short."""
    for book in DayBook.objects.filter(closed_at=None).select_related("branch").order_by("day", "pk"):
        today = clock.today(book.branch.timezone)
        if today - book.day < dt.timedelta(days=2):
            continue
        figures = day_figures(book.branch, book.day)
        counted = {str(method): figures[method].total_minor for method in BY_HAND}
        reasons = {}
        if book.day.day == 13 and counted["cash"]:
            counted["cash"], reasons = counted["cash"] - 1000, {"cash": "找零差 10 元,已查监控"}
        with clock.at(dt.datetime.combine(book.day, dt.time(13), dt.UTC)):
            services.close_day(actor=auditor, branch=book.branch, day=book.day, counted=counted, reasons=reasons)
