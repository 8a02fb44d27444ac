"""The shoot day typed into an order's forms: a promised one moves with a reason and an annex, or by the calendar."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.booking.services.leaving import note_left
from core.contracts.selectors import is_signed
from core.contracts.services import notify_date
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.orders import dates
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import change_order, schedule_stage
from core.scheduling.enums import AppointmentKind, AppointmentState


def day_is_promised(order: Order) -> bool:
    """Whether another shoot day needs a reason and an annex: a contract is signed that names one."""
    return order.state == OrderState.OPEN and order.shoot_on is not None and is_signed(order)


def is_in_calendar(order: Order) -> bool:
    """Whether the shoot stands in the calendar, which decides its day."""
    rows = dates.dates_of(order).filter(kind=AppointmentKind.SHOOT, state=AppointmentState.CONFIRMED)
    return bool(rows.exists())


@transaction.atomic
def change_order_for_staff(*, actor: Any, order: Order, reason: str = "", wish: str = "", **fields: Any) -> Order:
    """core.orders.services.change_order; another day of a promised shoot that no calendar keeps gets its annex as in
    `shift_date`.

    Refusal date.in_calendar | date.needed | reason.missing | wish.missing, and those of `change_order`.
    """
    day: dt.date | None = fields.get("shoot_on", order.shoot_on)
    was = order.shoot_on
    if day == was or was is None or not day_is_promised(order):
        return change_order(actor=actor, order=order, **fields)
    if is_in_calendar(order):
        raise Refusal("date.in_calendar", field="shoot_on")
    if day is None:
        raise Refusal("date.needed", field="shoot_on")
    if not reason.strip():
        raise Refusal("reason.missing", field="reason")
    if not wish:
        raise Refusal("wish.missing", field="wish")
    order = lock(order)
    zone = order.branch.timezone
    moved: dict[str, Any] = {"was": clock.day_start(was, zone), "at": clock.day_start(day, zone)}
    annex = notify_date(actor=actor, order=order, reason=reason, wish=wish, **moved)
    note_left(order=order, wish=wish, annex=annex, agreed=False, **moved)
    return change_order(actor=actor, order=order, **fields)


def schedule_for_staff(*, actor: Any, order: Order, stage: str, due_on: dt.date | None) -> Order:
    """core.orders.services.schedule_stage; a promised shoot day is not moved by the way. Refusal date.by_form."""
    if stage == Stage.SHOOT and due_on != order.shoot_on and day_is_promised(order):
        raise Refusal("date.by_form")
    return schedule_stage(actor=actor, order=order, stage=stage, due_on=due_on)
