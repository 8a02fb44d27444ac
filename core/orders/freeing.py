"""The time of an order that is no more goes back to the calendar."""

from typing import Any

from core.orders.models import Order
from core.scheduling import services as calendar
from core.scheduling.enums import AppointmentState
from core.scheduling.models import Appointment


def cancel_dates(*, actor: Any, order: Order, reason: str) -> None:
    """Free whatever of it lies ahead. Call with the order locked."""
    ahead = [AppointmentState.HELD, AppointmentState.CONFIRMED]
    for row in Appointment.objects.filter(order_link__order=order, state__in=ahead).order_by("pk"):
        calendar.cancel(actor=actor, appointment=row, reason=reason)
