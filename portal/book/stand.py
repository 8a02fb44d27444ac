"""Where a booking stands, as its page says it: what is done, what is next, until when."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from core.booking import paper
from core.booking.enums import WAITING, BookingState
from core.booking.models import Booking
from core.booking.selectors import brief_of, crew_of, open_proposal
from core.booking.services.firming import deposit_missing
from core.kernel import clock
from core.realtime.doors import order_mark
from core.scheduling.enums import AppointmentState


@dataclass(frozen=True, slots=True)
class Step:
    """One thing until the date is firm. `state`: done · current · todo."""

    label: str
    state: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """What the page shows and what changes while it is open."""

    booking: Booking
    steps: list[Step]
    until: dt.datetime | None
    missing_minor: int
    crew: list[str]
    position: str
    proposal: Any = None
    links: list[tuple[str, str, str]] = field(default_factory=list)  # icon, label, address
    has_wishes: bool = False

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.state == "current" and step.url), None)

    @property
    def socket(self) -> str:
        order: Any = self.booking.order
        return f"{get_script_prefix()}ws/order/{order.code}/"

    @property
    def is_waiting(self) -> bool:
        return self.booking.state in WAITING


def stand_of(row: Booking, customer: Any) -> Stand:
    """The mark first: what changes meanwhile is loaded again."""
    order: Any = row.order
    appointment: Any = row.appointment
    mark = order_mark(order.pk, order.event_thread)
    missing = deposit_missing(order)
    ticking = appointment.state == AppointmentState.HELD and row.state in WAITING
    until = appointment.hold_expires_at if ticking and appointment.hold_expires_at > clock.now() else None
    return Stand(
        booking=row,
        steps=_steps(row, customer, missing),
        until=until,
        missing_minor=missing,
        crew=crew_of(appointment),
        position=json.dumps({"order": [1, mark]}),
        proposal=open_proposal(appointment),
        links=_links(row) if row.state == BookingState.FIRM else [],
        has_wishes=row.state == BookingState.FIRM and brief_of(order) is not None,
    )


def _steps(row: Booking, customer: Any, missing: int) -> list[Step]:
    order: Any = row.order
    signed = paper.is_signed(order)
    over = row.state in {BookingState.LAPSED, BookingState.CANCELLED, BookingState.STRANDED}
    pay = reverse("portal:bill", args=[order.code])
    steps = [Step(_("Date on hold"), "todo" if over else "done")]
    steps.append(
        Step(_("Read and sign the contract"), "done" if signed else "current", paper.reading_url(order, customer))
    )
    paid = not missing
    steps.append(Step(_("Pay the deposit"), "done" if paid else "current" if signed else "todo", pay))
    steps.append(Step(_("The date is firm"), "done" if row.state == BookingState.FIRM else "todo"))
    return steps


def _links(row: Booking) -> list[tuple[str, str, str]]:
    """What else one wants once the date is firm; wishes and calendar stand in the dark card."""
    order: Any = row.order
    return [
        ("receipt", _("Order, contract and bill"), reverse("portal:order", args=[order.code])),
        ("arrows-exchange", _("Another date"), reverse("portal:booking-date", args=[row.code])),
        ("circle-x", _("Cancel the booking"), reverse("portal:booking-cancel", args=[row.code])),
    ]
