"""Another date, or giving it up: for what was booked online, and for orders taken at the desk."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.booking.dated import Dated, dated_of, of_booking
from core.booking.services import changing
from core.kernel.errors import Refusal
from core.people.evidence import evidence
from portal.book.changes import addresses, change_page, refund_page
from portal.book.forms import CancelForm, sentence
from portal.book.mine import booking_or_404
from portal.book.wishes import order_or_404
from tenants.access import declare

customer = declare("customer")
form_page = require_http_methods(["GET", "POST"])


@customer
@never_cache
@form_page
def booking_date(request: HttpRequest, code: str) -> HttpResponse:
    """Another date: the rule first, then what is free and costs no more than what was signed."""
    return _date(request, of_booking(booking_or_404(request, code)))


@customer
@never_cache
@form_page
def order_date(request: HttpRequest, code: str) -> HttpResponse:
    """The same for an order without a booking of its own."""
    return _of_order(request, code, "portal:booking-date", _date)


def _of_order(request: HttpRequest, code: str, instead: str, show: Callable[..., HttpResponse]) -> HttpResponse:
    """The page of an order's date; of one that was booked online, on to the booking's own page `instead`."""
    dated = dated_of(order_or_404(request, code))
    return redirect(instead, dated.booking.code) if dated.booking else show(request, dated)


def _date(request: HttpRequest, dated: Dated) -> HttpResponse:
    if request.method != "POST":
        return render(request, "portal/book/change.html", change_page(request, dated))
    pages = addresses(dated)
    try:
        at = dt.datetime.fromisoformat(request.POST.get("at", ""))
        seq = int(request.POST.get("seq") or 0)
    except ValueError:
        raise Http404 from None
    told: dict[str, Any] = {"starts_at": at, "seq": seq, "evidence": evidence(request)}
    try:
        if dated.booking:
            changing.move_booking(customer=request.customer, booking=dated.booking, **told)
        else:
            changing.move_shoot(customer=request.customer, order=dated.order, **told)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect(pages["date_url"])
    messages.success(request, _("Done: the new date is yours."))
    return redirect(pages["back"])


@customer
@never_cache
@form_page
def booking_cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Give the date up: what comes back and why stands above the button."""
    return _cancel(request, of_booking(booking_or_404(request, code)))


@customer
@never_cache
@form_page
def order_cancel(request: HttpRequest, code: str) -> HttpResponse:
    """The same for an order without a booking of its own."""
    return _of_order(request, code, "portal:booking-cancel", _cancel)


def _cancel(request: HttpRequest, dated: Dated) -> HttpResponse:
    told = refund_page(dated)
    form = CancelForm(request.POST or None, initial={"seen": told["refund"].amount_minor if told["refund"] else 0})
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "seen_minor": form.cleaned_data["seen"]}
        try:
            if dated.booking:
                changing.cancel_booking(customer=request.customer, booking=dated.booking, **said)
            else:
                changing.cancel_shoot(customer=request.customer, order=dated.order, **said)
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
            return redirect(request.path)
        messages.success(request, _("The booking is cancelled."))
        return redirect(told["back"])
    context = {"form": form, **told}
    return render(request, "portal/book/cancel.html", context, status=422 if form.is_bound else 200)
