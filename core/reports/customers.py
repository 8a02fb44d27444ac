"""The 360° record of one customer across branches (R074)."""

from dataclasses import dataclass
from typing import Any

from core.kernel.events import Event
from core.orders.enums import OrderState
from core.orders.models import Order
from core.people.enums import Capability
from core.people.models import Customer
from core.people.staff import Staff


@dataclass(frozen=True, slots=True)
class Record:
    """Orders the staff member may open come with `link`; spend counts every order that was not cancelled (R071)."""

    orders: list[Order]
    linked: frozenset[int]
    spent_minor: int
    currency: str
    events: list[Event]


def record_of(customer: Customer, staff: Staff) -> Record:
    """What the studio knows of a customer. Three queries."""
    rows: Any = Order.objects.filter(people__customer=customer).select_related("branch", "owner")
    orders = list(rows.order_by("-taken_at").distinct())
    counted = [order for order in orders if order.state != OrderState.CANCELLED and order.customer_id == customer.pk]
    branches = staff.branches(Capability.VIEW_BOARD)
    return Record(
        orders=orders,
        linked=frozenset(o.pk for o in orders if branches is None or o.branch_id in branches),
        spent_minor=sum(order.price_minor for order in counted),
        currency=orders[0].currency if orders else "CNY",
        events=list(Event.objects.filter(thread__in=[o.event_thread for o in orders]).order_by("-id")[:40]),
    )
