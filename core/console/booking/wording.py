"""Wishes and plans in words, for the pages and the job sheet."""

from typing import Any

from core.booking.enums import PLAN_TONES, WAITING, Colour, Place, PlanState, Style
from core.booking.models import Brief, ShootingPlan
from core.booking.selectors import booking_for, looks_of, open_proposal
from core.booking.services.firming import deposit_missing
from core.booking.styles import BY_CODE
from core.orders.dates import dates_of
from core.orders.models import Order
from core.scheduling.enums import AppointmentKind, AppointmentState


def wished(brief: Brief | None) -> dict[str, Any]:
    """The wishes in words."""
    if brief is None:
        return {"brief": None}
    return {
        "brief": brief,
        "styles": [BY_CODE[code] for code in brief.styles if code in BY_CODE],
        "style_names": [str(Style(code).label) for code in brief.styles],
        "colours": [str(Colour(code).label) for code in brief.colours],
        "places": [str(Place(code).label) for code in brief.places],
    }


def planned(plan: ShootingPlan | None, brief: Brief | None) -> dict[str, Any]:
    """A plan in words; `is_behind` when the customer sent other wishes since."""
    if plan is None:
        return {"plan": None}
    behind = bool(brief and brief.rev > plan.brief_rev)
    return {"plan": plan, "looks": looks_of(plan), "tone": PLAN_TONES[PlanState(plan.state)], "is_behind": behind}


def booked(order: Order) -> dict[str, Any]:
    """Where the order's booking stands, its firm shoot, and what the customer is asked."""
    row = booking_for(order)
    shoot = dates_of(order).filter(kind=AppointmentKind.SHOOT, state=AppointmentState.CONFIRMED).first()
    return {
        "booking": row,
        "missing": deposit_missing(order) if row and row.state in WAITING else 0,
        "shoot": shoot,
        "proposal": open_proposal(shoot) if shoot else None,
        "zone": order.branch.timezone,
    }
