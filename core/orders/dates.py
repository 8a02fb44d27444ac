"""Dates of orders: the link between an order and the calendar, and the verbs that keep both right.

Whoever moves an appointment that may belong to an order comes here: the order's shoot day follows its shoot. Locks: the
order first, then what core.scheduling.claiming says.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.kernel import clock
from core.kernel.states import lock
from core.orders.enums import OrderState, Stage
from core.orders.locking import locked
from core.orders.models import Order, OrderAppointment
from core.orders.services import change_order
from core.people.enums import Capability
from core.scheduling import services as calendar
from core.scheduling.claiming import Plan
from core.scheduling.enums import STANDING, AppointmentKind, AppointmentState
from core.scheduling.models import Appointment

BEFORE_SHOOT = [Stage.ENQUIRY, Stage.SIGNING, Stage.PREPARATION, Stage.SHOOT]


# -- Verbs -------------------------------------------------------------------------------------------------------------
@transaction.atomic
def take_date(
    *, actor: Any, order: Order, kind: str, plan: Plan, title: str = "", firm: bool = False, **more: Any
) -> Appointment:
    """Hold a date for the order, or book it at once when `firm`; `more` as core.scheduling.services.hold.

    The order's history tells it. Refusal order.closed, and those of `hold` and `book`.
    """
    fresh = locked(order)
    told = {
        "actor": actor, "branch": fresh.branch, "customer": fresh.customer, "kind": kind, "plan": plan,
        "title": title or fresh.title, "thread": fresh.event_thread, **more,
    }  # fmt: skip
    made = calendar.book(**told) if firm else calendar.hold(**told)
    OrderAppointment.objects.create(order=fresh, appointment=made)
    _follow(actor, fresh, made)
    return made


@transaction.atomic
def link_date(*, actor: Any, order: Order, appointment: Appointment) -> OrderAppointment:
    """Say that an appointment belongs to the order. Refusal order.closed."""
    fresh = locked(order)
    Appointment.objects.filter(pk=appointment.pk).update(thread=fresh.event_thread)
    link, _new = OrderAppointment.objects.update_or_create(appointment=appointment, defaults={"order": fresh})
    appointment.refresh_from_db()
    _follow(actor, fresh, appointment)
    return link


def confirm_date(*, actor: Any, appointment: Appointment, **more: Any) -> Appointment:
    """core.scheduling.services.confirm; the order's shoot day follows."""
    return _done(actor, appointment, lambda: calendar.confirm(actor=actor, appointment=appointment, **more))


def move_date(*, actor: Any, appointment: Appointment, plan: Plan, **more: Any) -> Appointment:
    """core.scheduling.services.reschedule; the order's shoot day follows."""
    return _done(
        actor, appointment, lambda: calendar.reschedule(actor=actor, appointment=appointment, plan=plan, **more)
    )


def cancel_date(*, actor: Any, appointment: Appointment, reason: str, **more: Any) -> Appointment:
    """core.scheduling.services.cancel. An order that loses its shoot has no shoot day any more: it is chased (R052)."""
    return _done(
        actor, appointment, lambda: calendar.cancel(actor=actor, appointment=appointment, reason=reason, **more)
    )


@transaction.atomic
def _done(actor: Any, appointment: Appointment, work: Callable[[], Appointment]) -> Appointment:
    link = OrderAppointment.objects.filter(appointment=appointment).select_related("order").first()
    order = lock(link.order) if link else None
    row = work()
    if order is not None:
        _follow(actor, order, row)
    return row


def _follow(actor: Any, order: Order, row: Appointment) -> None:
    """The shoot day of a locked, open order is that of its shoot; stages that hang on it move with it."""
    if row.kind != AppointmentKind.SHOOT or order.state != OrderState.OPEN:
        return
    if row.state == AppointmentState.CONFIRMED:
        day: dt.date | None = row.starts_at.astimezone(clock.zone(row.branch.timezone)).date()
    elif row.state == AppointmentState.CANCELLED and not _other_shoot(order, row):
        day = None
    else:
        return
    if order.shoot_on != day:
        change_order(actor=actor, order=order, shoot_on=day)


def _other_shoot(order: Order, row: Appointment) -> bool:
    others = Appointment.objects.filter(order_link__order=order, kind=AppointmentKind.SHOOT, state__in=STANDING)
    return bool(others.exclude(pk=row.pk).exists())


# -- Questions ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Undated:
    """An order whose customer still has to be asked for a date, and the day they have in mind."""

    order: Order
    wished: dt.date | None


def undated_orders(staff: Any, branch_ids: Iterable[int], limit: int = 100) -> list[Undated]:
    """Open orders before the shoot that have no shoot in the calendar, oldest first (R052): those without any day, and
    those whose day nobody has booked. One query.
    """
    booked = OrderAppointment.objects.filter(
        appointment__kind=AppointmentKind.SHOOT, appointment__state__in=STANDING
    ).values("order_id")
    rows = Order.objects.filter(state=OrderState.OPEN, stage__in=BEFORE_SHOOT, branch_id__in=branch_ids)
    rows = staff.scope(rows, Capability.VIEW_BOARD).exclude(pk__in=booked)
    found = rows.select_related("branch", "customer", "owner").order_by("taken_at")[:limit]
    return [Undated(order, order.shoot_on) for order in found]


def orders_by_appointment(ids: Iterable[int]) -> dict[int, Order]:
    """Appointment id → its order. One query."""
    links = OrderAppointment.objects.filter(appointment_id__in=list(ids)).select_related("order")
    return {link.appointment_id: link.order for link in links}


def dates_of(order: Order) -> QuerySet[Appointment]:
    """The order's appointments that stand, earliest first."""
    rows = Appointment.objects.filter(order_link__order=order, state__in=STANDING)
    return rows.select_related("branch").order_by("starts_at")
