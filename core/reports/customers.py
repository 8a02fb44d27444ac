"""Customers seen across branches: the list with their latest order, and the 360° record of one (R074)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel.events import Event
from core.orders.enums import OrderState
from core.orders.models import Order, OrderPerson
from core.people.enums import Capability
from core.people.models import Customer
from core.people.staff import Staff


@dataclass(frozen=True, slots=True)
class Line:
    """A customer in a list: how many orders, and the latest of them."""

    customer: Customer
    orders: int
    latest: Order | None


def with_orders(customers: Sequence[Customer]) -> list[Line]:
    """The customers in their order, each with what was sold to them or theirs. One query."""
    found: dict[int, list[Order]] = {customer.pk: [] for customer in customers}
    parts = (
        OrderPerson.objects.filter(customer_id__in=found).select_related("order__branch").order_by("order__taken_at")
    )
    for part in parts:
        found[part.customer_id].append(part.order)
    return [Line(c, len(found[c.pk]), found[c.pk][-1] if found[c.pk] else None) for c in customers]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event and the order it belongs to."""

    event: Event
    order: Order


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else on one of the customer's orders: the bride's groom, the child's mother."""

    customer: Customer
    part: Any


@dataclass(frozen=True, slots=True)
class Record:
    """Orders the staff member may open are in `linked`; spend counts the customer's own ones not cancelled (R071)."""

    orders: list[Order]
    linked: frozenset[int]
    spent_minor: int
    currency: str
    companions: list[Companion]
    events: list[Happening]


def record_of(customer: Customer, staff: Staff, latest: int = 30) -> Record:
    """What the studio knows of a customer, with the `latest` events of all their orders. Three queries."""
    rows: Any = Order.objects.filter(people__customer=customer).select_related("branch", "owner")
    orders = list(rows.order_by("-taken_at", "-pk"))
    counted = [order for order in orders if order.state != OrderState.CANCELLED and order.customer_id == customer.pk]
    branches = staff.branches(Capability.VIEW_BOARD)
    threads = {order.event_thread: order for order in orders}
    events = Event.objects.filter(thread__in=threads).order_by("-id")[:latest]
    others = OrderPerson.objects.filter(order__in=orders).exclude(customer=customer).select_related("customer")
    companions = {part.customer_id: Companion(part.customer, part.get_part_display()) for part in others.order_by("pk")}
    return Record(
        orders=orders,
        linked=frozenset(o.pk for o in orders if branches is None or o.branch_id in branches),
        spent_minor=sum(order.price_minor for order in counted),
        currency=orders[0].currency if orders else "",
        companions=list(companions.values()),
        events=[Happening(event, threads[event.thread]) for event in events],
    )
