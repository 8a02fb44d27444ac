"""Asking a customer to take another date."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.booking import offers
from core.booking.dated import Dated, Swap, price_at, served, swaps
from core.booking.models import Proposal
from core.booking.services.proposing import propose_date, withdraw_proposal
from core.console.access import requires
from core.console.orders.pages import insist, order_or_404
from core.console.sentences import refusal_sentence
from core.contracts.selectors import is_signed
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.dates import dates_of
from core.orders.enums import Wish
from core.orders.models import Order
from core.people.enums import Capability
from core.scheduling.enums import AppointmentKind, AppointmentState
from core.scheduling.models import Appointment
from core.scheduling.selectors import SlotQuery, chain_of_appointment, free_slots, rules_of
from core.scheduling.solver import Slot

DAYS, SHOWN = 30, 12


def shoot_or_404(order: Order) -> Appointment:
    """The order's firm shoot."""
    rows = dates_of(order).filter(kind=AppointmentKind.SHOOT, state=AppointmentState.CONFIRMED)
    found: Appointment | None = rows.prefetch_related("blocks").first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """A free time, what the package costs more then (negative: less), and who or what is not free."""

    slot: Slot
    minor: int
    swaps: list[Swap]

    @property
    def less(self) -> int:
        return -self.minor


@requires(Capability.BOOK_DATES)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Free times from a day on; one of them, a reason, and the customer is asked."""
    order = order_or_404(request, code)
    insist(request, Capability.BOOK_DATES, order)
    shoot = shoot_or_404(order)
    first = _day(request.GET.get("first"), _near(order, shoot))
    only_off = request.GET.get("off") == "1"
    found = _slots(order, shoot, first, only_off=only_off)
    if request.method == "POST":
        slot = next((one for one in found if one.starts_at == _instant(request.POST.get("at"))), None)
        done = _asked(request, order, shoot, slot)
        if done is not None:
            return done
    context = {
        "order": order,
        "shoot": shoot,
        "first": first,
        "zone": order.branch.timezone,
        "only_off": only_off,
        "slots": _offers(order, shoot, found[:SHOWN]),
        "may_price": is_signed(order),
        "priced": request.POST.get("priced") == "on",
        "reason": request.POST.get("reason", ""),
        "wish": _wish(request),
        "wishes": Wish.choices,
        "chosen": request.POST.get("at", ""),
    }
    return render(request, "console/booking/propose.html", context, status=422 if request.method == "POST" else 200)


def _near(order: Order, shoot: Appointment) -> dt.date:
    """Another date is looked for around the one there is, not from tomorrow on."""
    tomorrow = clock.today(order.branch.timezone) + dt.timedelta(days=1)
    return max(tomorrow, shoot.starts_at.astimezone(clock.zone(order.branch.timezone)).date())


def _offers(order: Order, shoot: Appointment, found: list[Slot]) -> list[Offer]:
    """The price rules are read twice, however many times are shown."""
    own = price_at(Dated(order), shoot.starts_at)
    starts = offers.priced(order.branch, order.package_version, found)
    had = served(shoot)
    return [
        Offer(slot, start.price_minor - own, swaps(had, slot.crew)) for slot, start in zip(found, starts, strict=True)
    ]


def _asked(request: HttpRequest, order: Order, shoot: Appointment, slot: Slot | None) -> HttpResponse | None:
    if slot is None:
        messages.error(request, _("Please choose a time."))
        return None
    told: dict[str, Any] = {"appointment": shoot, "plan": slot.plan(), "reason": request.POST.get("reason", "")}
    told["priced"] = request.POST.get("priced") == "on"
    told["wish"] = _wish(request)
    try:
        propose_date(actor=request.user, order=order, **told)
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
        return None
    messages.success(request, _("The customer is asked. The new time is on hold until they answer."))
    return redirect("console:orders:detail", order.code)


def _slots(order: Order, shoot: Appointment, first: dt.date, *, only_off: bool) -> list[Slot]:
    """Two a day at most, so that a fortnight fits the page."""
    until = min(first + dt.timedelta(days=DAYS), clock.today(order.branch.timezone) + dt.timedelta(days=400))
    grid = rules_of(order.branch).grid
    told: dict[str, Any] = {"customer": order.customer, "prefer": tuple(one.pk for one in served(shoot)), "grid": grid}
    query = SlotQuery(order.branch, chain_of_appointment(shoot), first, until, **told)
    found = free_slots(query).slots
    return offers.two_a_day(offers.on_days_off(found, order.branch) if only_off else found, order.branch)


@requires(Capability.BOOK_DATES)
@require_POST
def withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a proposal back."""
    order = order_or_404(request, code)
    insist(request, Capability.BOOK_DATES, order)
    withdraw_proposal(actor=request.user, proposal=get_object_or_404(Proposal, order=order, pk=pk))
    messages.success(request, _("Taken back; the customer keeps their date."))
    return redirect("console:orders:detail", order.code)


def _wish(request: HttpRequest) -> str:
    told = request.POST.get("wish", "")
    return told if told in Wish.values else str(Wish.STUDIO)


def _day(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _instant(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
