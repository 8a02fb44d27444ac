"""Entry points of the worker."""

import datetime as dt

from core.finance.models import Account
from core.kernel import clock
from core.orders.earnings import count_order
from core.orders.models import Order
from core.orders.selectors import orders_to_count, orders_without_due_days
from core.orders.services import date_instalments, money_facts, report_progress
from tenants.jobs import periodic_each_studio, studio_job


@studio_job(queue="fast", name="orders.note_money")
def note_money(*, account: int) -> None:
    """An order's card says what is charged and paid (settings.MONEY_LISTENERS)."""
    row = Account.objects.filter(pk=account).first()
    order = Order.objects.filter(account=account).values_list("pk", flat=True).first()
    if row is not None and order is not None:
        report_progress(order_id=order, **money_facts(row))


@studio_job(queue="bulk", name="orders.count_sale")
def count_sale(*, account: int) -> None:
    """Commissions and claims between branches follow the books (settings.MONEY_LISTENERS)."""
    for order in Order.objects.filter(account=account).select_related("account__branch", "branch"):
        count_order(order)


@studio_job(queue="bulk", name="orders.count_journey")
def count_journey(*, thread: str) -> None:
    """They follow the order's stages, too (settings.EVENT_FOLLOWERS)."""
    order = Order.objects.filter(pk=int(thread.removeprefix("order."))).select_related("account__branch", "branch")
    for one in order:
        count_order(one)


@periodic_each_studio(cron="11 18 * * *")
@studio_job(queue="bulk", name="orders.count_earnings", retry=0)
def count_earnings() -> None:
    """Every night all that is under way or was delivered lately: a rule may be new, a day may have come."""
    for order in orders_to_count(clock.now() - dt.timedelta(days=40)):
        count_order(order)


@periodic_each_studio(cron="23 19 * * *")
@studio_job(queue="bulk", name="orders.date_instalments", retry=0)
def date_all_instalments() -> None:
    """Instalments without a day whose stage or date has come get theirs: older orders, and what was missed."""
    for order in orders_without_due_days():
        date_instalments(order=order)
