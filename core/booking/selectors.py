"""Questions about wishes, plans and bookings."""

from dataclasses import dataclass
from typing import Any

from core.booking.enums import BookingState, PlanState, ProposalState
from core.booking.models import Booking, Brief, Proposal, ShootingPlan
from core.booking.styles import BY_CODE, StyleCard, cards_for
from core.kernel import clock
from core.orders.models import Order
from core.scheduling.enums import STANDING, AppointmentKind, AppointmentState
from core.scheduling.models import Appointment, ResourceClaim


def brief_of(order: Order) -> Brief | None:
    """The order's wishes, if anybody has sent some."""
    return Brief.objects.filter(order=order).select_related("sent_by").first()


def plans_of(order: Order) -> list[ShootingPlan]:
    """Every version, newest first."""
    return list(order.plans.select_related("written_by", "answered_by").order_by("-version"))


def shown_plan(order: Order) -> ShootingPlan | None:
    """What the customer is shown: the version before them, else the one they confirmed."""
    seen = {PlanState.SENT: 0, PlanState.RETURNED: 2, PlanState.CONFIRMED: 1}
    found = [plan for plan in plans_of(order) if plan.state in seen]
    return min(found, key=lambda plan: (seen[PlanState(plan.state)], -plan.version), default=None)


def confirmed_plan(order: Order) -> ShootingPlan | None:
    """The version that the crafts work by."""
    return order.plans.filter(state=PlanState.CONFIRMED).select_related("answered_by").first()


@dataclass(frozen=True, slots=True)
class Look:
    """A planned look with its style card, where it names one."""

    number: int
    title: str
    style: str
    scene: str
    gown: str
    makeup: str
    photo: str
    card: StyleCard | None


def looks_of(plan: ShootingPlan) -> list[Look]:
    """The plan's looks as people read them."""
    return [
        Look(
            number=number,
            title=look["title"],
            style=card.label if (card := BY_CODE.get(look.get("style", ""))) else "",
            scene=look.get("scene", ""),
            gown=look.get("gown", ""),
            makeup=look.get("makeup", ""),
            photo=look.get("photo", ""),
            card=card,
        )
        for number, look in enumerate(plan.looks, start=1)
    ]


def suggested_looks(order: Order, brief: Brief | None, title: str) -> list[dict[str, Any]]:
    """A first plan out of the wishes: as many looks as outfits are sold, styles in turn, the cards' hints per craft.

    `title` names a look, with `%(n)s`. Without wishes the kind's own styles are taken.
    """
    codes = list(brief.styles) if brief else [card.code for card in cards_for(order.kind)]
    cards = [BY_CODE[code] for code in codes if code in BY_CODE]
    outfits = max(1, min(int(order.terms.get("outfits") or 1), 8))
    looks = []
    for number in range(1, outfits + 1):
        card = cards[(number - 1) % len(cards)] if brief and cards else None
        hints = {name: str(getattr(card, name)) for name in ("scene", "gown", "makeup", "photo")} if card else {}
        looks.append({"title": title % {"n": number}, "style": card.code if card else "", **hints})
    return looks


# -- Bookings ---------------------------------------------------------------------------------------------------------
def _with_all() -> Any:
    related = ("branch", "package", "photographer", "customer", "order__account", "order__package_version")
    return Booking.objects.select_related(*related, "order__owner", "order__branch", "appointment__branch")


def booking_of(customer: Any, code: str) -> Booking | None:
    """A booking by its code, if the customer is on its order."""
    found: Booking | None = _with_all().filter(code=code, order__people__customer=customer).first()
    return found


def bookings_of(customer: Any) -> list[Booking]:
    """The customer's bookings, what is under way first, then the newest."""
    rows = _with_all().filter(order__people__customer=customer).order_by("-pk")
    return sorted(rows, key=lambda row: row.state == BookingState.CANCELLED)


def booking_for(order: Order) -> Booking | None:
    """The booking by which the order came."""
    found: Booking | None = _with_all().filter(order=order).first()
    return found


def dates_ahead(customer: Any, but: list[int | None]) -> list[Appointment]:
    """Other firm dates of the customer's orders that lie ahead, earliest first."""
    rows = Appointment.objects.filter(order_link__order__people__customer=customer, ends_at__gt=clock.now())
    rows = rows.filter(state=AppointmentState.CONFIRMED).exclude(pk__in=[pk for pk in but if pk])
    return list(rows.select_related("branch", "order_link__order").order_by("starts_at").distinct())


def crew_of(appointment: Appointment) -> list[str]:
    """Who is planned for the date: people, not rooms."""
    claims = ResourceClaim.objects.filter(appointment=appointment, active=True).select_related("resource")
    people = [claim.resource for claim in claims.order_by("resource__position", "pk")]
    return list(dict.fromkeys(f"{one.name} · {one.get_kind_display()}" for one in people if one.is_person))


def open_proposal(appointment: Appointment) -> Proposal | None:
    """A new date that waits for the customer's answer."""
    rows = Proposal.objects.filter(appointment=appointment, state=ProposalState.OPEN)
    found: Proposal | None = rows.filter(hold__hold_expires_at__gt=clock.now()).select_related("hold__branch").first()
    return found


def asked_of(order: Order) -> Proposal | None:
    """A new date of the order that waits for its customer's answer."""
    rows = Proposal.objects.filter(order=order, state=ProposalState.OPEN, hold__hold_expires_at__gt=clock.now())
    found: Proposal | None = rows.select_related("hold__branch", "appointment").order_by("-pk").first()
    return found


def crew_of_order(order: Order) -> list[str]:
    """Who is planned for the order's shoot, with their jobs; nobody while no date stands. One query."""
    claims = ResourceClaim.objects.filter(
        appointment__order_link__order=order,
        appointment__kind=AppointmentKind.SHOOT,
        appointment__state__in=STANDING,
        active=True,
    ).select_related("resource")
    people = [claim.resource for claim in claims.order_by("appointment__starts_at", "resource__position", "pk")]
    return list(dict.fromkeys(f"{one.name} · {one.get_kind_display()}" for one in people if one.is_person))


def proposal_of(customer: Any, pk: int) -> Proposal | None:
    """A proposal, if the customer is on its order."""
    rows = Proposal.objects.filter(pk=pk, order__people__customer=customer)
    return rows.select_related("order__branch", "appointment__branch", "hold__branch", "asked_by").first()
