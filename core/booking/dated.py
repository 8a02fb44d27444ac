"""An order's shoot as its customer may change it: what is free instead, what that costs, what giving it up brings back.
The same for a booking made online and for an order taken at the desk. Answers only.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from core.booking import offers
from core.booking.enums import BookingState
from core.booking.models import Booking
from core.catalog.quotes import quote
from core.contracts.selectors import contract_of, moved_minor
from core.contracts.services.moving import may_move, move_counts, moving_consent
from core.finance.refundtable import RefundQuote, whole
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.dates import BEFORE_SHOOT, dates_of
from core.orders.enums import OrderState
from core.orders.models import Order
from core.orders.moves import customers_refund, most_share, share_kept
from core.scheduling.chains import Chain
from core.scheduling.enums import AppointmentKind, AppointmentState, ResourceKind
from core.scheduling.models import Appointment, Resource, ResourceClaim
from core.scheduling.scene import Candidate
from core.scheduling.selectors import chain_of_appointment, may_change_until
from core.scheduling.solver import Slot


@dataclass(frozen=True, slots=True)
class Dated:
    """`booking` None: taken at the desk. `appointment` None: no date is fixed yet."""

    order: Order
    appointment: Appointment | None = None
    booking: Booking | None = None

    @property
    def branch(self) -> Any:
        return self.booking.branch if self.booking else self.order.branch

    @property
    def starts_at(self) -> dt.datetime | None:
        if self.booking:
            return self.booking.starts_at
        return self.appointment.starts_at if self.appointment else None

    @property
    def who(self) -> int | None:
        """The photographer who was promised."""
        return self.booking.photographer_id if self.booking else None

    @property
    def chain(self) -> Chain | None:
        """What the desk planned; None: as the package says."""
        return None if self.booking or self.appointment is None else chain_of_appointment(self.appointment)

    @property
    def is_firm(self) -> bool:
        if self.booking:
            return self.booking.state == BookingState.FIRM
        return self.appointment is not None and self.appointment.state == AppointmentState.CONFIRMED

    @property
    def until(self) -> dt.datetime | None:
        """Until when the customer may move a firm date."""
        return may_change_until(self.appointment) if self.appointment else None

    @property
    def may_move(self) -> bool:
        if self.booking and self.booking.state in {BookingState.LAPSED, BookingState.STRANDED}:
            return True
        return (
            self.is_firm
            and self.order.state == OrderState.OPEN
            and self.until is not None
            and clock.now() <= self.until
        )

    @property
    def may_end(self) -> bool:
        """Whether the customer may give it up: before the shoot has begun."""
        if self.booking:
            over = self.booking.state in {BookingState.CANCELLED, BookingState.DRAFT}
            return not over and (self.booking.state != BookingState.FIRM or self.booking.starts_at > clock.now())
        if self.order.state != OrderState.OPEN or self.order.stage not in BEFORE_SHOOT:
            return False
        if self.starts_at:
            return self.starts_at > clock.now()
        return self.order.shoot_on is None or self.order.shoot_on > clock.today(self.order.branch.timezone)


def dated_of(order: Order) -> Dated:
    """The order's shoot: of its booking, else the one the desk has put into the calendar."""
    rows = Booking.objects.select_related("branch", "appointment__branch").filter(order=order)
    row = rows.exclude(state=BookingState.CANCELLED).first()
    if row is not None:
        return Dated(order, row.appointment, row)
    shoots = dates_of(order).filter(kind=AppointmentKind.SHOOT, state=AppointmentState.CONFIRMED)
    return Dated(order, shoots.prefetch_related("blocks").first())


def of_booking(row: Booking) -> Dated:
    """The same of a booking that is at hand."""
    order: Any = row.order
    return Dated(order, row.appointment, row)


def price_at(dated: Dated, at: dt.datetime | None) -> int:
    """What the package costs at a start, add-ons and coupon apart; 0 for orders of days before versions."""
    version: Any = dated.order.package_version
    return quote(version, dated.branch, at).total_minor if version else 0


@dataclass(frozen=True, slots=True)
class Margin:
    """What starts may cost a customer who moves by themselves. `own_minor`: the present start; `most_minor`: no more
    than what was signed; `counts`: a cheaper start is paid back, as there is a contract to amend.
    """

    own_minor: int
    most_minor: int
    counts: bool
    consent: str = ""
    signs: bool = False  # the annex has to be signed once more
    share: int | None = None  # the percentage that a later refund is at most, if the date is left today

    def change(self, price_minor: int) -> int:
        """What the order costs more (negative: less) at a start of this price."""
        return price_minor - self.own_minor if self.counts else 0


def margin_of(dated: Dated) -> Margin:
    """By the rules of today, and by what earlier moves have changed."""
    own, contract = price_at(dated, dated.starts_at), contract_of(dated.order)
    if contract is None or not contract.is_firm or not dated.is_firm:
        return Margin(own, own, counts=False)
    free = may_move(contract)
    told = moving_consent(contract) if free else ""
    most = max(own, own - moved_minor(dated.order))
    return Margin(own, most, counts=True, consent=told, signs=not free, share=share_left(dated.order))


def share_left(order: Order) -> int | None:
    """What of the refund the customer keeps at most by leaving the date today, where the contract says that the day of
    the move decides; None where it does not, and while nothing is lost.
    """
    if order.shoot_on is None or not move_counts(contract_of(order)):
        return None
    share = share_kept(order, order.shoot_on)
    return share if share < most_share(order) else None


def consent_of(order: Order) -> str:
    """What agreeing to another date says; "" where no contract is signed, or the annex is signed by itself."""
    contract = contract_of(order)
    return moving_consent(contract) if contract is not None and may_move(contract) else ""


def served_by(dated: Dated) -> list[Resource]:
    """People and things of the date there is, or of the one that ran out: they come first at another time."""
    return served(dated.appointment) if dated.appointment else []


def served(appointment: Appointment) -> list[Resource]:
    """Who and what an appointment has, or had. One query."""
    claims = ResourceClaim.objects.filter(appointment=appointment, replaced=False).select_related("resource")
    return list(dict.fromkeys(claim.resource for claim in claims.order_by("resource__position", "pk")))


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody or something that is not free then, and what comes instead ("": nothing of the kind)."""

    kind: str
    was: str
    now: str


# What customers care for; which room and which selection seat it is, is the studio's affair
PERSONAL = frozenset(ResourceKind) - {ResourceKind.ROOM, ResourceKind.ASSISTANT, ResourceKind.SELECTION_SEAT}


def swaps(
    had: Sequence[Resource], crew: Sequence[Candidate | Resource], kinds: Collection[str] = frozenset(ResourceKind)
) -> list[Swap]:
    """What another time takes away, of these kinds."""
    there = {one.pk for one in crew}
    fresh = [one for one in crew if one.pk not in {resource.pk for resource in had}]
    found = []
    for one in had:
        if one.pk in there or one.kind not in kinds:
            continue
        instead = next((other for other in fresh if one.kind in _kinds(other)), None)
        if instead is not None:
            fresh.remove(instead)
        found.append(Swap(str(one.get_kind_display()), one.name, instead.name if instead else ""))
    return found


def _kinds(one: Candidate | Resource) -> Collection[str]:
    return one.kinds if isinstance(one, Candidate) else {one.kind, *one.also}


def free_slot(dated: Dated, starts_at: dt.datetime) -> tuple[Slot, int]:
    """The start, free for this order and not dearer than what was signed, and what it changes of the price.

    Refusal slot.taken(alternatives) | booking.dearer.
    """
    day = starts_at.astimezone(clock.zone(dated.branch.timezone)).date()
    without = dated.appointment.pk if dated.appointment else None
    had = tuple(one.pk for one in served_by(dated))
    told: dict[str, Any] = {"who": dated.who, "without": without, "chain": dated.chain, "prefer": had}
    found = offers.slots(dated.branch, dated.order.package_version, day, day + dt.timedelta(days=1), **told).slots
    slot = next((slot for slot in found if slot.starts_at == starts_at), None)
    if slot is None:
        raise Refusal("slot.taken", alternatives=[])
    margin, price = margin_of(dated), price_at(dated, starts_at)
    if price > margin.most_minor:
        raise Refusal("booking.dearer")
    return slot, margin.change(price)


def refund_of(dated: Dated) -> RefundQuote:
    """What comes back if the customer ends it now: as the frozen table says, of a stranded booking everything."""
    account: Any = dated.order.account
    if dated.booking is None or dated.booking.state != BookingState.STRANDED:
        return customers_refund(dated.order)
    return whole(account.paid_minor)
