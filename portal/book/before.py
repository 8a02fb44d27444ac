"""What an order's page says about the time before the shoot."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from core.booking.dated import Dated, dated_of
from core.booking.enums import BookingState
from core.booking.models import Booking, Brief, Proposal, ShootingPlan
from core.booking.selectors import asked_of, brief_of, crew_of_order, shown_plan
from core.booking.services.briefs import OPEN_STAGES, may_be_sent
from core.orders.enums import OrderState, Stage
from core.orders.models import Order


@dataclass(frozen=True, slots=True)
class Before:
    """Wishes and plan; `asks`: wishes may still be sent. Nothing of it is shown once the shoot is over."""

    brief: Brief | None = None
    plan: ShootingPlan | None = None
    asks: bool = False
    booking: Booking | None = None
    proposal: Proposal | None = None  # the studio asks for another date
    crew: list[str] = field(default_factory=list)  # of the firm date

    @property
    def is_shown(self) -> bool:
        return self.asks or self.plan is not None


def before_of(order: Order) -> Before:
    """Five queries until the shoot, none afterwards."""
    if order.stage not in {*OPEN_STAGES, Stage.SHOOT}:
        return Before()
    booking = Booking.objects.filter(order=order).select_related("branch", "appointment").first()
    told: dict[str, Any] = {"booking": booking}
    if booking is not None or order.shoot_on:  # there is a date
        told |= {"proposal": asked_of(order), "crew": crew_of_order(order)}
    return Before(brief_of(order), shown_plan(order), may_be_sent(order), **told)


def desk_dated(order: Order, before: Before) -> Dated | None:
    """Of an order that was taken at the desk: what its customer may change. Bookings have pages of their own."""
    if before.booking is not None or order.state != OrderState.OPEN or order.stage not in {*OPEN_STAGES, Stage.SHOOT}:
        return None
    return dated_of(order)


UNDER_WAY = {BookingState.HELD, BookingState.SIGNED, BookingState.LAPSED, BookingState.STRANDED}


def booking_url(order: Order) -> str:
    """Where the order's booking goes on; "" when there is none under way."""
    code = Booking.objects.filter(order=order, state__in=UNDER_WAY).values_list("code", flat=True).first()
    return reverse("portal:booking", args=[code]) if code else ""
