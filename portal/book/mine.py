"""A customer's bookings: what is missing until the date is firm, what happens next, another date, giving it up."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.booking.calendarfile import calendar_file
from core.booking.enums import BookingState, ProposalState
from core.booking.models import Booking, Proposal
from core.booking.selectors import booking_of, bookings_of, dates_ahead, proposal_of
from core.booking.services import changing
from core.kernel.errors import Refusal
from core.kernel.htmx import page
from portal.book.changes import change_page, refund_page
from portal.book.forms import CancelForm, sentence
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
def date(request: HttpRequest, code: str) -> HttpResponse:
    """Another date: the rule first, then what is free and costs no more than what was signed."""
    row = booking_or_404(request, code)
    if request.method == "POST":
        try:
            at = dt.datetime.fromisoformat(request.POST.get("at", ""))
            seq = int(request.POST.get("seq") or 0)
        except ValueError:
            raise Http404 from None
        try:
            changing.move_booking(customer=request.customer, booking=row, starts_at=at, seq=seq)
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
            return redirect("portal:booking-date", code)
        messages.success(request, _("Done: the new date is yours."))
        return redirect("portal:booking", code)
    return render(request, "portal/book/change.html", change_page(request, row))


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Give the date up: what comes back and why stands above the button."""
    row = booking_or_404(request, code)
    told = refund_page(row)
    form = CancelForm(request.POST or None, initial={"seen": told["refund"].amount_minor if told["refund"] else 0})
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "seen_minor": form.cleaned_data["seen"]}
        try:
            changing.cancel_booking(customer=request.customer, booking=row, **said)
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
            return redirect("portal:booking-cancel", code)
        messages.success(request, _("The booking is cancelled."))
        return redirect("portal:booking", code)
    context = {"booking": row, "form": form, **told}
    return render(request, "portal/book/cancel.html", context, status=422 if form.is_bound else 200)


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
            changing.answer_proposal(customer=request.customer, proposal=row, **told)
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("Thank you: the new date is yours.") if accept else _("Your date stays."))
        return redirect("portal:proposal", pk)
    context = {"proposal": row, "order": row.order, "is_open": row.state == ProposalState.OPEN}
    return render(request, "portal/book/proposal.html", context)


def _proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    found: Any = proposal_of(request.customer, pk)
    if found is None:
        raise Http404
    return found
