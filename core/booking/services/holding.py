"""From what was chosen to a date on hold: order, date and contract come into being together, or not at all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext

from core.booking import paper
from core.booking.enums import BOOKING_TRANSITIONS, WAITING, BookingState, Origin
from core.booking.models import Booking
from core.booking.offers import nearest, offered_version, slots
from core.booking.services.telling import dates, message_customer
from core.catalog.models import PackageVersion
from core.catalog.rates import Wanted
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock, move
from core.messaging.enums import Template
from core.orders.dates import link_date
from core.orders.models import Order
from core.orders.services import raise_issue, take_order
from core.people.enums import Role
from core.people.models import Membership
from core.people.selectors import least_busy
from core.scheduling.enums import AppointmentKind
from core.scheduling.services import hold
from core.scheduling.solver import Slot
from tenants.context import current_studio

MOST_HOLDS = 3
DESKS = [Role.RECEPTIONIST, Role.SALES_CONSULTANT, Role.SERVICE_BUTLER, Role.MANAGER, Role.OWNER]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: package, start, perhaps a photographer and add-ons; `quoted_minor` is the price shown."""

    branch: Any
    package: Any
    starts_at: dt.datetime
    quoted_minor: int
    photographer: Any = None
    addons: Sequence[tuple[str, int]] = ()
    coupon: str = ""


@transaction.atomic
def begin_booking(
    *,
    choice: Choice,
    name: str = "",
    phone: str = "",
    note: str = "",
    customer: Any = None,
    origin: str = Origin.ONLINE,
    taken_by: Any = None,
) -> Booking:
    """Keep what was chosen and typed. Takes nothing, tells nobody: it may be given up without a word."""
    return Booking.objects.create(
        branch=choice.branch,
        package=choice.package,
        photographer=choice.photographer,
        starts_at=choice.starts_at,
        quoted_minor=choice.quoted_minor,
        addons=[list(one) for one in choice.addons],
        coupon=choice.coupon.strip()[:24],
        name=name.strip(),
        phone=phone,
        note=note.strip(),
        customer=customer,
        origin=origin,
        taken_by=taken_by,
    )


@transaction.atomic
def choose_again(*, booking: Booking, starts_at: dt.datetime, quoted_minor: int, coupon: str | None = None) -> Booking:
    """Another start for a draft, or another coupon ("": none any more); everything typed stays. Harmless once the
    booking has gone on.
    """
    row = lock(booking)
    if row.state == BookingState.DRAFT:
        row.starts_at, row.quoted_minor = starts_at, quoted_minor
        row.coupon = row.coupon if coupon is None else coupon[:24]
        row.save(update_fields=["starts_at", "quoted_minor", "coupon"])
    return row


def hold_booking(*, actor: Any, booking: Booking, customer: Any, expires: dt.timedelta | None = None) -> Booking:
    """Take the date for the customer: the order is taken at the price that was shown, the contract is sent to sign.

    Called again (a second tab, the back button) it answers the booking as it stands. Event BOOKING_HELD; the customer
    gets a message with the link. Refusal slot.taken(alternatives: ISO starts) | booking.price_changed(price_minor) |
    booking.too_many(most) | booking.gone | package.not_offered | branch.closed | addon.… | coupon.…
    """
    try:
        row = _hold(actor, booking, customer, expires)
    except OperationalError:  # a deadlock with a colleague's change of the same people's time: once more
        if connection.in_atomic_block:
            raise
        row = _hold(actor, booking, customer, expires)
    put_before(row)
    return row


def put_before(row: Booking) -> None:
    """The contract, once the date is safe: composing takes longer than anybody should wait for a date. What cannot be
    composed is a colleague's to see to.
    """
    order: Any = row.order
    try:
        paper.prepare(actor=order.owner, order=order)
    except Refusal as refusal:
        raise_issue(actor=order.owner, order=order, stage=order.stage, text=_no_contract(refusal))


def _no_contract(refusal: Refusal) -> str:
    """For whoever has to see to it, in the studio's language."""
    with translation.override(current_studio().language):
        if refusal.code == "contract.unprintable":
            text = gettext("The contract cannot be printed with “%(char)s” in it. Correct the name, then compose it.")
            return text % refusal.facts
        return gettext("The contract could not be written by itself. Please compose it.")


@transaction.atomic
def _hold(actor: Any, booking: Booking, customer: Any, expires: dt.timedelta | None) -> Booking:
    row = lock(booking)
    if row.state != BookingState.DRAFT:
        if row.customer_id != customer.pk:
            raise Refusal("booking.gone")
        return row
    _refuse_hoarding(customer)
    version = offered_version(row.package_id)
    if version is None:
        raise Refusal("package.not_offered")
    slot = wanted_slot(row, version, customer)
    # The time first, then the order: whoever changes a date holds the calendar before the board, or two of them wait
    # for each other
    told: dict[str, Any] = {"actor": actor, "branch": row.branch, "customer": customer, "title": customer.name}
    held = hold(**told, kind=AppointmentKind.SHOOT, plan=slot.plan(), expires=expires, alternatives=0)
    order = _sale(actor, row, customer)
    link_date(actor=actor, order=order, appointment=held)
    changes = {"customer": customer, "order": order, "appointment": held, "held_at": clock.now()}
    move(row, "state", BookingState.HELD, BOOKING_TRANSITIONS, **changes)
    if row.origin == Origin.DESK:  # whoever books online is on the page, and gets the contract's message
        message_customer(Template.BOOKING_HELD, row)
    money: dict[str, Any] = {"price_minor": order.price_minor, "currency": order.currency}
    events.record(Kind.BOOKING_HELD, order, actor, **dates(row), **money, origin=row.origin)
    return row


def _refuse_hoarding(customer: Any) -> None:
    if Booking.objects.filter(customer=customer, state__in=WAITING).count() >= MOST_HOLDS:
        raise Refusal("booking.too_many", most=MOST_HOLDS)


def wanted_slot(row: Booking, version: PackageVersion, customer: Any) -> Slot:
    """The start that was chosen, if it is free still. Refusal slot.taken with the nearest ones that are."""
    day = row.starts_at.astimezone(clock.zone(row.branch.timezone)).date()
    told: dict[str, Any] = {"who": row.photographer_id, "customer": customer}
    found = slots(row.branch, version, day, day + dt.timedelta(days=1), **told).slots
    slot = next((slot for slot in found if slot.starts_at == row.starts_at), None)
    if slot is None:
        near = nearest(row.branch, version, row.starts_at, **told)
        raise Refusal("slot.taken", alternatives=[start.starts_at.isoformat() for start in near])
    return slot


def _sale(actor: Any, row: Booking, customer: Any) -> Order:
    """The order, at the price that was shown and no other."""
    wanted = Wanted(row.starts_at, [(code, count) for code, count in row.addons], row.coupon)
    order = take_order(
        actor=actor,
        branch=row.branch,
        customer=customer,
        package=row.package,
        title=customer.name,
        owner=row.taken_by or owner_for(customer, row.branch),
        note=row.note,
        wanted=wanted,
    )
    if order.price_minor != row.quoted_minor:
        raise Refusal("booking.price_changed", price_minor=order.price_minor, currency=order.currency)
    return order


def owner_for(customer: Any, branch: Any) -> Any:
    """Who answers for a customer who came by themselves: whoever did before (R048), else the desk with least to do."""
    here = Membership.objects.filter(branch_id__in=[branch.pk], user__is_active=True).values("user_id")
    last = Order.objects.filter(customer=customer, owner__in=here).order_by("-taken_at").select_related("owner").first()
    if last is not None:
        return last.owner
    free = least_busy(DESKS, branch.pk)
    pk = next((free[role] for role in DESKS if role in free), None)
    if pk is None:
        raise Refusal("branch.closed")
    return Membership.objects.select_related("user").filter(user_id=pk)[0].user
