"""A customer's bookings: what is missing until the date is firm, what happens next, a date the studio asks for."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.booking.calendarfile import calendar_file
from core.booking.dated import PERSONAL, consent_of, served, share_left, swaps
from core.booking.enums import BookingState, ProposalState
from core.booking.models import Booking, Proposal
from core.booking.selectors import booking_of, bookings_of, dates_ahead, proposal_of
from core.booking.services import proposing
from core.kernel.errors import Refusal
from core.kernel.htmx import page
from core.orders.enums import Wish
from core.people.evidence import evidence
from portal.book.forms import sentence
from portal.book.stand import stand_of
from tenants.access import declare

customer = declare("customer")


def booking_or_404(request: HttpRequest, code: str) -> Booking:
    """A booking of an order that the customer is on."""
    found = booking_of(request.customer, code)
    if found is None:
        raise Http404
    return found


@customer
@never_cache
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    """Everything that is booked or being booked, and the other dates of my orders."""
    found = bookings_of(request.customer)
    context = {"bookings": found, "dates": dates_ahead(request.customer, but=[row.appointment_id for row in found])}
    return render(request, "portal/book/bookings.html", context)


@customer
@never_cache
@require_safe
def booking(request: HttpRequest, code: str) -> HttpResponse:
    """Where the booking stands, and the one thing to do next."""
    row = booking_or_404(request, code)
    context = {"booking": row, "stand": stand_of(row, request.customer)}
    return page(request, "portal/book/booking.html", context, partial="live")


@customer
@never_cache
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The date for the phone's own calendar."""
    row = booking_or_404(request, code)
    if row.state != BookingState.FIRM:
        raise Http404
    response = HttpResponse(calendar_file(row), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.code}.ics"'
    return response


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The studio asks for another date: old and new side by side, yes or no."""
    row = _proposal_or_404(request, pk)
    if request.method == "POST":
        accept = request.POST.get("answer") == "yes"
        try:
            told: dict[str, Any] = {"accept": accept, "words": request.POST.get("words", "")}
            told["evidence"] = evidence(request)
            proposing.answer_proposal(customer=request.customer, proposal=row, **told)
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("Thank you: the new date is yours.") if accept else _("Your date stays."))
        return redirect("portal:proposal", pk)
    context = {"proposal": row, "order": row.order, "is_open": row.state == ProposalState.OPEN}
    if row.state == ProposalState.OPEN:
        context["swaps"] = swaps(served(row.appointment), served(row.hold), PERSONAL)
    share = share_left(row.order) if row.wish == Wish.CUSTOMER else None
    context |= {"consent": consent_of(row.order), "less": -row.price_minor}
    context["share"] = "" if share is None else f"{share} %"
    return render(request, "portal/book/proposal.html", context)


def _proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    found: Any = proposal_of(request.customer, pk)
    if found is None:
        raise Http404
    return found
