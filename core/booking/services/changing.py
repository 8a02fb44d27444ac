"""Another date, or none, by the customer inside the rules."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.booking import paper
from core.booking.dated import Dated, dated_of, free_slot, of_booking, refund_of
from core.booking.enums import BOOKING_TRANSITIONS, BookingState
from core.booking.models import Booking
from core.booking.services.firming import HOPEFUL, follow_booking
from core.booking.services.holding import put_before
from core.booking.services.leaving import note_left
from core.booking.services.telling import dates, message_customer
from core.contracts.services import amend_date
from core.finance.refundtable import whole
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock, move
from core.messaging.enums import Template
from core.orders.dates import move_date, take_date
from core.orders.enums import OrderState, Wish
from core.orders.models import Order
from core.orders.services import cancel_order, change_order
from core.scheduling.enums import AppointmentKind
from core.scheduling.selectors import may_change_until


def move_booking(
    *,
    customer: Any,
    booking: Booking,
    starts_at: dt.datetime,
    seq: int | None = None,
    evidence: dict[str, Any] | None = None,
) -> Booking:
    """The customer takes another start: a firm one moves inside the rule (`move_shoot`), one that ran out or was paid
    too late gets a new date.

    Refusal booking.late(day) | booking.dearer | slot.taken(alternatives) | booking.closed | appointment.stale.
    """
    row = Booking.objects.select_related("branch", "appointment", "order").get(pk=booking.pk)
    if row.state == BookingState.FIRM:
        move_shoot(customer=customer, order=row.order, starts_at=starts_at, seq=seq, evidence=evidence)
        row.refresh_from_db()
        return row
    if row.state in {BookingState.LAPSED, BookingState.STRANDED}:
        row = _take_again(customer, row, starts_at, evidence)
        put_before(row)
        return row
    raise Refusal("booking.closed", state=row.state)


@transaction.atomic
def move_shoot(
    *,
    customer: Any,
    order: Order,
    starts_at: dt.datetime,
    seq: int | None = None,
    evidence: dict[str, Any] | None = None,
) -> Dated:
    """The customer takes another start for a firm shoot, inside the rule; booked online or taken at the desk. A start
    that costs more than what was signed is the studio's to agree to; one that costs less is cheaper. The signed
    contract follows by an annex (core.contracts.services.amend_date), with `evidence` of who agreed.

    Refusal booking.late(day) | booking.dearer | slot.taken(alternatives) | booking.closed | appointment.stale.
    """
    order = lock(order)
    dated = dated_of(order)
    if not dated.is_firm or dated.appointment is None or dated.starts_at is None or order.state != OrderState.OPEN:
        raise Refusal("booking.closed", state=order.state)
    limit = may_change_until(dated.appointment)
    if clock.now() > limit:
        raise Refusal("booking.late", day=limit.astimezone(clock.zone(dated.branch.timezone)).date().isoformat())
    if seq is not None and seq != dated.appointment.seq:
        raise Refusal("appointment.stale")
    slot, minor = free_slot(dated, starts_at)
    was = dated.starts_at
    annex = amend_date(customer=customer, order=order, was=was, at=starts_at, minor=minor, evidence=evidence)
    note_left(order=order, was=was, at=starts_at, wish=Wish.CUSTOMER, annex=annex)
    move_date(actor=customer, appointment=dated.appointment, plan=slot.plan(), seq=seq)
    if dated.booking is not None:
        dated.booking.starts_at = starts_at
        dated.booking.save(update_fields=["starts_at"])
    return dated


@transaction.atomic
def _take_again(customer: Any, row: Booking, starts_at: dt.datetime, evidence: dict[str, Any] | None) -> Booking:
    """A new hold for the same order; what is paid or signed counts at once, and a signed contract gets its annex."""
    order = lock(Order.objects.get(pk=row.order_id))
    row = lock(row)
    if row.state not in {BookingState.LAPSED, BookingState.STRANDED}:
        return row
    slot, _minor = free_slot(of_booking(row), starts_at)
    if starts_at != row.starts_at:
        amend_date(customer=customer, order=order, was=row.starts_at, at=starts_at, evidence=evidence)
    day = starts_at.astimezone(clock.zone(row.branch.timezone)).date()
    order = change_order(actor=customer, order=order, shoot_on=day)
    held = take_date(actor=customer, order=order, kind=AppointmentKind.SHOOT, plan=slot.plan(), alternatives=0)
    changes = {"appointment": held, "starts_at": starts_at, "ended_at": None}
    move(row, "state", BookingState.HELD, BOOKING_TRANSITIONS, **changes)
    message_customer(Template.BOOKING_HELD, row)
    facts: dict[str, Any] = {"price_minor": order.price_minor, "currency": order.currency}
    events.record(Kind.BOOKING_HELD, order, customer, **dates(row), **facts, origin=row.origin)
    return follow_booking(booking=row)


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
    told = refund_of(of_booking(row))
    if seen_minor != told.amount_minor:
        raise Refusal("refund.changed", price_minor=told.amount_minor, currency=order.currency)
    if not reason.strip():
        raise Refusal("reason.missing")
    paper.give_up(actor=customer, order=order, reason=reason)
    strands = row.state == BookingState.STRANDED
    cancel_order(actor=customer, order=order, reason=reason, who=told.who, everything=strands)
    move(row, "state", BookingState.CANCELLED, BOOKING_TRANSITIONS, ended_at=clock.now(), reason=reason.strip()[:300])
    facts: dict[str, Any] = {"reason": row.reason, "price_minor": seen_minor, "currency": order.currency}
    events.record(Kind.BOOKING_CANCELLED, order, customer, **facts)
    return row


@transaction.atomic
def cancel_shoot(*, customer: Any, order: Order, reason: str, seen_minor: int) -> Order:
    """The customer gives an order up that was taken at the desk, before its shoot; `seen_minor` is the refund that was
    shown before the tap. Event BOOKING_CANCELLED(reason, price_minor).

    Refusal booking.closed | booking.over | refund.changed(price_minor) | reason.missing.
    """
    order = lock(order)
    dated = dated_of(order)
    if order.state != OrderState.OPEN or dated.booking is not None:
        raise Refusal("booking.closed", state=order.state)
    if not dated.may_end:
        raise Refusal("booking.over")
    quote = refund_of(dated) if order.account else whole(0)
    told = quote.amount_minor
    if seen_minor != told:
        raise Refusal("refund.changed", price_minor=told, currency=order.currency)
    if not reason.strip():
        raise Refusal("reason.missing")
    paper.give_up(actor=customer, order=order, reason=reason)
    order = cancel_order(actor=customer, order=order, reason=reason, who=quote.who)
    facts: dict[str, Any] = {"reason": reason.strip()[:300], "price_minor": told, "currency": order.currency}
    events.record(Kind.BOOKING_CANCELLED, order, customer, **facts)
    return order
