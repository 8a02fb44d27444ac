"""Another date, or none: by the customer inside the rules, or asked for by the studio."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.booking import paper
from core.booking.enums import BOOKING_TRANSITIONS, BookingState, ProposalState
from core.booking.links import portal_link
from core.booking.models import Booking, Proposal
from core.booking.offers import slots
from core.booking.services.firming import HOPEFUL, follow_booking
from core.booking.services.telling import dates, message_customer
from core.catalog.quotes import quote
from core.finance import services as money
from core.finance.enums import Who
from core.finance.refundtable import RefundQuote
from core.finance.selectors import quote_of
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock, move
from core.messaging.enums import Route, Template
from core.messaging.services import queue_message
from core.orders.dates import move_date, take_date
from core.orders.models import Order
from core.orders.services import cancel_order
from core.scheduling import services as calendar
from core.scheduling.claiming import Plan, lock_resources, resources_in
from core.scheduling.enums import AppointmentKind, AppointmentState
from core.scheduling.models import Appointment
from core.scheduling.selectors import may_change_until
from core.scheduling.services.changes import plan_of
from core.scheduling.solver import Slot
from tenants.context import current_studio

PROPOSED_FOR = dt.timedelta(hours=48)


def move_booking(*, customer: Any, booking: Booking, starts_at: dt.datetime, seq: int | None = None) -> Booking:
    """The customer takes another start: a firm one moves inside the rule, one that ran out or was paid too late gets a
    new date. The price stays as signed; a start that costs more is the studio's to agree to.

    Refusal booking.late(day) | booking.dearer | slot.taken(alternatives) | booking.closed | appointment.stale.
    """
    row = Booking.objects.select_related("branch", "appointment", "order").get(pk=booking.pk)
    if row.state == BookingState.FIRM:
        return _move_firm(customer, row, starts_at, seq)
    if row.state in {BookingState.LAPSED, BookingState.STRANDED}:
        return _take_again(customer, row, starts_at)
    raise Refusal("booking.closed", state=row.state)


@transaction.atomic
def _move_firm(customer: Any, row: Booking, starts_at: dt.datetime, seq: int | None) -> Booking:
    appointment: Any = row.appointment
    limit = may_change_until(appointment)
    if clock.now() > limit:
        raise Refusal("booking.late", day=limit.astimezone(clock.zone(row.branch.timezone)).date().isoformat())
    slot = free_slot(row, starts_at)
    move_date(actor=customer, appointment=appointment, plan=slot.plan(), seq=seq)
    row.starts_at = starts_at
    row.save(update_fields=["starts_at"])
    return row


@transaction.atomic
def _take_again(customer: Any, row: Booking, starts_at: dt.datetime) -> Booking:
    """A new hold for the same order; what is paid or signed counts at once."""
    order = lock(Order.objects.get(pk=row.order_id))
    row = lock(row)
    if row.state not in {BookingState.LAPSED, BookingState.STRANDED}:
        return row
    slot = free_slot(row, starts_at)
    held = take_date(actor=customer, order=order, kind=AppointmentKind.SHOOT, plan=slot.plan(), alternatives=0)
    changes = {"appointment": held, "starts_at": starts_at, "ended_at": None}
    move(row, "state", BookingState.HELD, BOOKING_TRANSITIONS, **changes)
    message_customer(Template.BOOKING_HELD, row)
    facts: dict[str, Any] = {"price_minor": order.price_minor, "currency": order.currency}
    events.record(Kind.BOOKING_HELD, order, customer, **dates(row), **facts, origin=row.origin)
    return follow_booking(booking=row)


def free_slot(row: Booking, starts_at: dt.datetime) -> Slot:
    """The start, free for this booking and not dearer than what was signed."""
    order: Any = row.order
    day = starts_at.astimezone(clock.zone(row.branch.timezone)).date()
    version = order.package_version
    told: dict[str, Any] = {"who": row.photographer_id, "without": row.appointment_id}
    found = slots(row.branch, version, day, day + dt.timedelta(days=1), **told).slots
    slot = next((slot for slot in found if slot.starts_at == starts_at), None)
    if slot is None:
        raise Refusal("slot.taken", alternatives=[])
    if price_at(row, starts_at) > price_at(row, row.starts_at):
        raise Refusal("booking.dearer")
    return slot


def price_at(row: Booking, starts_at: dt.datetime) -> int:
    """What the booking's package costs at a start, add-ons and coupon apart."""
    order: Any = row.order
    return quote(order.package_version, row.branch, starts_at).total_minor


@transaction.atomic
def cancel_booking(*, customer: Any, booking: Booking, reason: str, seen_minor: int) -> Booking:
    """The customer gives the date up; `seen_minor` is the refund that was shown before the tap. A stranded one gets all
    of it back: the date was not theirs any more. Event BOOKING_CANCELLED(reason, price_minor).

    Refusal booking.closed | booking.over (the shoot has begun) | refund.changed(price_minor) | reason.missing.
    """
    order = lock(Order.objects.get(pk=booking.order_id))
    row = lock(booking)
    if row.state not in HOPEFUL and row.state != BookingState.FIRM:
        raise Refusal("booking.closed", state=row.state)
    if row.state == BookingState.FIRM and row.starts_at <= clock.now():
        raise Refusal("booking.over")
    told = refund_of(row)
    if seen_minor != told.amount_minor:
        raise Refusal("refund.changed", price_minor=told.amount_minor, currency=order.currency)
    if row.state == BookingState.STRANDED and told.amount_minor:
        back: dict[str, Any] = {"amount_minor": told.amount_minor, "reason": reason, "once": f"stranded.{row.pk}"}
        money.refund(actor=customer, account=order.account, **back)
    if not reason.strip():
        raise Refusal("reason.missing")
    paper.give_up(actor=customer, order=order, reason=reason)
    cancel_order(actor=customer, order=order, reason=reason, who=Who.CUSTOMER)
    move(row, "state", BookingState.CANCELLED, BOOKING_TRANSITIONS, ended_at=clock.now(), reason=reason.strip()[:300])
    facts: dict[str, Any] = {"reason": row.reason, "price_minor": seen_minor, "currency": order.currency}
    events.record(Kind.BOOKING_CANCELLED, order, customer, **facts)
    return row


def refund_of(row: Booking) -> RefundQuote:
    """What comes back if the customer ends it now: as the frozen table says, of a stranded booking everything."""
    order: Any = row.order
    account = order.account
    if row.state != BookingState.STRANDED:
        return quote_of(account, who=Who.CUSTOMER, shoot_on=order.shoot_on)
    return RefundQuote(Who.STUDIO, None, 100, [], account.paid_minor, 0)


# -- The studio asks --------------------------------------------------------------------------------------------------
@transaction.atomic
def propose_date(*, actor: Any, order: Order, appointment: Appointment, plan: Plan, reason: str) -> Proposal:
    """Ask the customer to take another time; it is on hold until they answer. Event DATE_PROPOSED, and a message.

    A proposal that is still open is withdrawn by this. Refusal reason.missing | order.closed | slot.taken |
    appointment.closed.
    """
    if not reason.strip():
        raise Refusal("reason.missing")
    order = lock(order)
    if appointment.state != AppointmentState.CONFIRMED:
        raise Refusal("appointment.closed", state=appointment.state)
    for open_one in Proposal.objects.select_for_update().filter(appointment=appointment, state=ProposalState.OPEN):
        _end(open_one, actor, ProposalState.ENDED)
    held = calendar.hold(
        actor=actor, branch=order.branch, kind=AppointmentKind.OTHER, title=order.title, plan=plan,
        customer=order.customer, expires=PROPOSED_FOR, thread=order.event_thread,
    )  # fmt: skip
    row = Proposal.objects.create(
        order=order, appointment=appointment, hold=held, reason=reason.strip()[:300], asked_by=actor
    )
    facts = _facts(row)
    _ask(row, facts)
    events.record(Kind.DATE_PROPOSED, order, actor, **facts, reason=row.reason)
    return row


@transaction.atomic
def answer_proposal(*, customer: Any, proposal: Proposal, accept: bool, words: str = "") -> Proposal:
    """The customer's yes moves the date at once, no leaves it. Events DATE_ACCEPTED, DATE_DECLINED.

    Refusal proposal.over (answered, withdrawn or run out).
    """
    order = lock(Order.objects.get(pk=proposal.order_id))
    row = lock(proposal)
    held: Any = row.hold
    if row.state != ProposalState.OPEN or held.state != AppointmentState.HELD or held.hold_expires_at <= clock.now():
        raise Refusal("proposal.over")
    facts = _facts(row)
    if not accept:
        _end(row, customer, ProposalState.DECLINED)
        events.record(Kind.DATE_DECLINED, order, customer, **facts, reason=words.strip()[:300])
        return row
    plan = plan_of(held)
    lock_resources({*resources_in(plan), *resources_in(plan_of(row.appointment))})
    _end(row, customer, ProposalState.ACCEPTED)
    move_date(actor=customer, appointment=row.appointment, plan=plan, reason=row.reason)
    Booking.objects.filter(appointment=row.appointment).update(starts_at=plan[0].starts_at)
    events.record(Kind.DATE_ACCEPTED, order, customer, **facts)
    return row


@transaction.atomic
def withdraw_proposal(*, actor: Any, proposal: Proposal) -> Proposal:
    """Take it back. Harmless when it is over."""
    row = lock(proposal)
    if row.state == ProposalState.OPEN:
        _end(row, actor, ProposalState.ENDED)
    return row


def end_proposals() -> int:
    """Proposals whose hold has run out are over."""
    over = Proposal.objects.filter(state=ProposalState.OPEN).exclude(hold__state=AppointmentState.HELD)
    return int(over.update(state=ProposalState.ENDED, answered_at=clock.now()))


def _end(row: Proposal, actor: Any, state: ProposalState) -> None:
    who = actor if actor is not None and actor._meta.label_lower == "core.customer" else None
    row.state, row.answered_by, row.answered_at = state, who, clock.now()
    row.save(update_fields=["state", "answered_by", "answered_at"])
    if row.hold.state == AppointmentState.HELD:
        calendar.release(actor=actor, appointment=row.hold)


def _facts(row: Proposal) -> dict[str, Any]:
    held = row.hold
    expires = held.hold_expires_at.isoformat() if held.hold_expires_at else ""
    was, at = row.appointment.starts_at.isoformat(), held.starts_at.isoformat()
    return {"was": was, "at": at, "expires": expires, "zone": held.branch.timezone}


def _ask(row: Proposal, facts: dict[str, Any]) -> None:
    customer, studio = row.order.customer, current_studio()
    queue_message(
        route=Route.SMS,
        template=Template.DATE_PROPOSED,
        to=customer.phone,
        language=customer.language or studio.language,
        facts={
            "studio": studio.name,
            "name": customer.name,
            "link": portal_link("portal:proposal", row.pk),
            **facts,
            "until": facts["expires"],
        },
        dedupe_key=f"proposal.{row.pk}",
    )
