"""Staff move a date, by dragging it or by a form. A signed one moves with its contract, and never silently."""

from typing import Any

from django.db import transaction

from core.booking.enums import ProposalState
from core.booking.models import Booking, Proposal
from core.booking.services.leaving import note_left
from core.booking.services.proposing import withdraw_proposal
from core.contracts.selectors import is_signed
from core.contracts.services import notify_date
from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.orders import dates
from core.orders.enums import OrderState
from core.orders.models import Order
from core.scheduling.claiming import Plan
from core.scheduling.enums import AppointmentKind, AppointmentState
from core.scheduling.models import Appointment


def promised(appointment: Appointment) -> Order | None:
    """The open order to whose customer this date is promised by a signed contract; None: staff may move it freely."""
    if appointment.kind != AppointmentKind.SHOOT or appointment.state != AppointmentState.CONFIRMED:
        return None
    order = dates.orders_by_appointment([appointment.pk]).get(appointment.pk)
    return order if order is not None and order.state == OrderState.OPEN and is_signed(order) else None


def shift_date(
    *, actor: Any, appointment: Appointment, plan: Plan, reason: str = "", wish: str = "", **more: Any
) -> Appointment:
    """Another time or crew, without the customer's yes; `more` as core.scheduling.services.reschedule. Another start of
    a promised shoot needs a `reason` and whose `wish` it is: the contract gets its annex, and everybody who has signed
    is told (core.contracts.services.notify_date). What was proposed to the customer meanwhile is withdrawn.

    Refusal reason.missing | wish.missing, and those of `reschedule`.
    """
    order = promised(appointment) if plan[0].starts_at != appointment.starts_at else None
    if order is not None:
        return _shift_promised(actor, order, appointment, plan, reason, wish, **more)
    row = dates.move_date(actor=actor, appointment=appointment, plan=plan, reason=reason, **more)
    _follow(row)
    return row


@transaction.atomic
def _shift_promised(
    actor: Any, order: Order, appointment: Appointment, plan: Plan, reason: str, wish: str, **more: Any
) -> Appointment:
    if not reason.strip():
        raise Refusal("reason.missing", field="reason")
    if not wish:
        raise Refusal("wish.missing", field="wish")
    order = lock(order)
    appointment.refresh_from_db()
    was, at = appointment.starts_at, plan[0].starts_at
    for one in Proposal.objects.filter(appointment=appointment, state=ProposalState.OPEN):
        withdraw_proposal(actor=actor, proposal=one)
    annex = notify_date(actor=actor, order=order, was=was, at=at, reason=reason, wish=wish)
    note_left(order=order, was=was, at=at, wish=wish, annex=annex, agreed=False)
    row = dates.move_date(actor=actor, appointment=appointment, plan=plan, reason=reason, **{**more, "say": False})
    _follow(row)
    return row


def _follow(row: Appointment) -> None:
    """A booking names its start, too."""
    Booking.objects.filter(appointment=row).update(starts_at=row.starts_at)
