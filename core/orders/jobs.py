"""Entry points of the worker."""

from core.finance.models import Account
from core.orders.models import Order
from core.orders.services import money_facts, report_progress
from tenants.jobs import studio_job


@studio_job(queue="fast", name="orders.note_money")
def note_money(*, account: int) -> None:
    """An order's card says what is charged and paid (settings.MONEY_LISTENERS)."""
    row = Account.objects.filter(pk=account).first()
    order = Order.objects.filter(account=account).values_list("pk", flat=True).first()
    if row is not None and order is not None:
        report_progress(order_id=order, **money_facts(row))
