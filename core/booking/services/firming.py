"""What becomes of a hold: firm when signed and paid, lapsed when that came too late. Money is never lost on the way."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext

from core.booking import paper
from core.booking.chains import deposit_of
from core.booking.enums import BOOKING_TRANSITIONS, WAITING, BookingState
from core.booking.models import Booking
from core.booking.services.telling import dates, message_customer
from core.finance import services as money
from core.finance.enums import When
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock, move
from core.messaging.enums import Template
from core.orders.dates import confirm_date
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import cancel_order, move_order, raise_issue
from core.scheduling.enums import AppointmentState
from core.scheduling.models import Appointment
from tenants.context import current_studio

GIVEN_UP = dt.timedelta(hours=48)  # an order whose hold ran out waits so long for second thoughts
DRAFTS_KEPT = dt.timedelta(days=2)
HOPEFUL = {*WAITING, BookingState.LAPSED, BookingState.STRANDED}


def deposit_missing(order: Order) -> int:
    """What is still to be paid before the booking is firm: the deposit, else what the schedule asks for at signing."""
    account = order.account
    if account is None:
        return 0
    asked = deposit_of(order.terms, order.price_minor)
    if not asked:
        rows = account.instalments.filter(trigger=When.SIGNING)
        asked = int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)
    return max(0, asked - account.paid_minor)


@transaction.atomic
def follow_booking(*, booking: Booking) -> Booking:
    """Look at contract and money and bring the booking into agreement: the one verb behind signing, paying and late
    payments. Harmless when nothing has changed. Events BOOKING_FIRM, BOOKING_STRANDED.
    """
    if booking.order_id is None:
        return booking
    order = lock(Order.objects.get(pk=booking.order_id))
    row = lock(booking)
    if row.state == BookingState.CANCELLED:
        _return_what_came_late(order)
    if row.state not in HOPEFUL or order.state != OrderState.OPEN:
        return row
    signed, missing = paper.is_signed(order), deposit_missing(order)
    signed_now = signed and row.state == BookingState.HELD
    if signed_now:
        move(row, "state", BookingState.SIGNED, BOOKING_TRANSITIONS)
    paid = bool(order.account and order.account.paid_minor) and not missing
    if signed and not missing and (paid or row.state in WAITING):
        _make_firm(order, row)
    elif paid and not signed:
        _keep(order, row)
    if (
        signed_now
    ):  # last: whoever changes a date holds the calendar before the board, or two of them wait for each other
        _walk(order, row.customer, Stage.SIGNING)
    return row


def _make_firm(order: Order, row: Booking) -> None:
    if not _secured(order, row):
        return
    move(row, "state", BookingState.FIRM, BOOKING_TRANSITIONS, firm_at=clock.now(), ended_at=None)
    _walk(order, row.customer, Stage.PREPARATION)
    message_customer(Template.BOOKING_FIRM, row)
    events.record(Kind.BOOKING_FIRM, order, row.customer, **dates(row))


def _keep(order: Order, row: Booking) -> None:
    """Paid before signing: the time is theirs, the clock stops; firm it becomes by the signature."""
    if _secured(order, row) and row.state != BookingState.HELD:
        move(row, "state", BookingState.HELD, BOOKING_TRANSITIONS, ended_at=None)


def _secured(order: Order, row: Booking) -> bool:
    """Make the date firm in the calendar, also after its hold ran out if nobody else has it; else the booking strands:
    the customer chooses another date or has everything back, and a colleague sees it.
    """
    try:
        confirm_date(actor=row.customer, appointment=_held(row), revive=True, say=False)
    except Refusal:
        if row.state != BookingState.STRANDED:
            _strand(order, row)
        return False
    return True


def _held(row: Booking) -> Appointment:
    """A booking beyond a draft has its time in the calendar."""
    if row.appointment is None:
        raise Refusal("booking.gone")
    return row.appointment


def _strand(order: Order, row: Booking) -> None:
    paid = order.account.paid_minor if order.account else 0
    move(row, "state", BookingState.STRANDED, BOOKING_TRANSITIONS, ended_at=clock.now())
    if not paid:
        return
    if paper.is_signed(order):
        _walk(order, row.customer, Stage.SIGNING)
    with translation.override(current_studio().language):
        text = gettext("Paid, but %(time)s was taken meanwhile. Agree on another date, or give the money back.") % {
            "time": f"{row.starts_at.astimezone(clock.zone(row.branch.timezone)):%Y-%m-%d %H:%M}"
        }
    raise_issue(actor=order.owner, order=order, stage=order.stage, text=text)
    message_customer(Template.BOOKING_STRANDED, row)
    facts: dict[str, Any] = {"price_minor": paid, "currency": order.currency}
    events.record(Kind.BOOKING_STRANDED, order, None, **dates(row), **facts)


def _walk(order: Order, actor: Any, target: Stage) -> None:
    """On to `target`, stage by stage; never back, and not past what staff have done."""
    fresh = Order.objects.get(pk=order.pk)
    while Stage(fresh.stage).number < target.number:
        fresh = move_order(actor=actor, order=fresh, target=list(Stage)[Stage(fresh.stage).number + 1])
    order.refresh_from_db()


def _return_what_came_late(order: Order) -> None:
    """Money for an order that is no more goes back where it came from."""
    if order.account is not None:
        money.give_back_rest(account=order.account)


# -- The clock --------------------------------------------------------------------------------------------------------
def lapse_bookings() -> int:
    """Bookings whose hold has run out: a last look at contract and money, then the date is free. Answers how many.

    Event BOOKING_LAPSED; the customer gets the link to take it again.
    """
    over = Booking.objects.filter(state__in=WAITING, appointment__state=AppointmentState.EXPIRED)
    late = Booking.objects.filter(
        state__in=WAITING, appointment__state=AppointmentState.HELD, appointment__hold_expires_at__lte=clock.now()
    )
    return sum(_lapse(row) for row in (over | late).order_by("pk")[:200])


@transaction.atomic
def _lapse(booking: Booking) -> bool:
    row = follow_booking(booking=booking)
    if row.state not in WAITING or row.appointment is None or row.appointment.state == AppointmentState.CONFIRMED:
        return False
    order = lock(Order.objects.get(pk=row.order_id))
    row = lock(row)
    move(row, "state", BookingState.LAPSED, BOOKING_TRANSITIONS, ended_at=clock.now())
    message_customer(Template.BOOKING_LAPSED, row)
    events.record(Kind.BOOKING_LAPSED, order, None, **dates(row))
    return True


def give_up_bookings() -> int:
    """Orders of holds that ran out long ago leave the board; drafts that nobody came back to are forgotten."""
    Booking.objects.filter(state=BookingState.DRAFT, made_at__lt=clock.now() - DRAFTS_KEPT).delete()
    gone = Booking.objects.filter(state=BookingState.LAPSED, ended_at__lt=clock.now() - GIVEN_UP)
    return sum(_give_up(row) for row in gone.order_by("pk")[:200])


@transaction.atomic
def _give_up(booking: Booking) -> bool:
    order = lock(Order.objects.get(pk=booking.order_id))
    row = lock(booking)
    if row.state != BookingState.LAPSED:
        return False
    if order.state == OrderState.OPEN:
        paper.give_up(actor=None, order=order, reason=str(row.get_state_display()))
        cancel_order(actor=None, order=order, reason=str(row.get_state_display()))
    move(row, "state", BookingState.CANCELLED, BOOKING_TRANSITIONS, ended_at=clock.now())
    return True
