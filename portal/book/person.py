"""From a chosen start to a hold: who you are, the code to the phone, and the date is kept. What was typed is kept too,
in a draft, whatever the calendar says meanwhile.
"""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.booking import offers
from core.booking.enums import BookingState
from core.booking.models import Booking
from core.booking.services.holding import Choice, begin_booking, choose_again, hold_booking
from core.catalog.quotes import Quote, quote
from core.catalog.selectors import code_of
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.messaging.services import queue_phone_code
from core.people import login as people
from core.people.phone import mask
from portal import cookies
from portal.book.forms import PersonForm, sentence
from portal.book.month import kept
from portal.book.shop import branch_or_404, version_or_404
from portal.devices import device_name
from portal.forms import CodeForm
from portal.journey import described
from tenants.access import anyone

KNOWN = {"slot.taken", "booking.price_changed", "booking.too_many", "booking.gone", "package.not_offered"}


def start_or_404(request: HttpRequest) -> dt.datetime:
    """The start that a link names."""
    try:
        found = dt.datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        raise Http404 from None
    if found.tzinfo is None:
        raise Http404
    return found


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, branch: str, package: int) -> HttpResponse:
    """What was chosen and what it costs, line by line; then name and number."""
    found, version, at = branch_or_404(branch), version_or_404(package), start_or_404(request)
    who = next((one for one in offers.photographers(found) if str(one.pk) == request.GET.get("who")), None)
    addons = _addons(request, version.terms)
    priced = priced_with(version, found, at, addons, request.GET.get("coupon", ""), request.customer or None)
    price = priced.quote
    form = PersonForm(request.POST or None, customer=request.customer, price=price.total_minor)
    if request.method == "POST" and form.is_valid():
        choice = Choice(found, version.package, at, price.total_minor, who, addons, priced.code)
        told = {name: form.cleaned_data.get(name, "") for name in ("name", "phone", "note")}
        draft = begin_booking(choice=choice, customer=request.customer or None, **told)
        return _held(request, draft, request.customer) if request.customer else _code_sent(request, draft)
    context = {
        "branch": found, "version": version, "at": at, "who": who, "price": price, "form": form,
        "terms": {**described(version.terms), "currency": price.currency},
        "chosen": dict(addons), "priced": priced, "keep": kept(request),
    }  # fmt: skip
    return render(request, "portal/book/person.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True, slots=True)
class Priced:
    """The price with the coupon that was typed, if it counts; `why` it does not."""

    quote: Quote
    full_minor: int
    typed: str = ""
    why: str = ""

    @property
    def code(self) -> str:
        return "" if self.why else self.typed


def priced_with(
    version: Any, branch: Any, at: dt.datetime, addons: list[tuple[str, int]], typed: str, customer: Any
) -> Priced:
    """The quote with the coupon; a coupon that does not count leaves the full price and says why."""
    full = quote(version, branch, at, addons)
    typed = code_of(typed)[:24]
    if not typed:
        return Priced(full, full.total_minor)
    try:
        return Priced(quote(version, branch, at, addons, typed, customer), full.total_minor, typed)
    except Refusal as refusal:
        return Priced(full, full.total_minor, typed, sentence(refusal))


def _addons(request: HttpRequest, terms: dict[str, Any]) -> list[tuple[str, int]]:
    """Ticked extras, each once; what the package does not offer is not there."""
    known = {addon["code"] for addon in terms.get("addons", [])}
    return [(code, 1) for code in dict.fromkeys(request.GET.getlist("addon")) if code in known]


def _code_sent(request: HttpRequest, draft: Booking) -> HttpResponse:
    """On to the code; a limit is told there, where an earlier code may still be typed."""
    response = redirect("portal:book-code", draft.code)
    cookies.set_waiting(response, draft.phone)
    deliver = partial(queue_phone_code, studio=request.studio.name)
    try:
        people.request_code(phone=draft.phone, address=client_address(request), deliver=deliver, newcomers=True)
    except Refusal as refusal:
        response["Location"] += f"?wait={refusal.facts.get('wait', 60)}"
    return response


def _held(request: HttpRequest, draft: Booking, customer: Any) -> HttpResponse:
    """The date is kept, or the draft's page says why not and what is near."""
    try:
        booking = hold_booking(actor=customer, booking=draft, customer=customer)
    except Refusal as refusal:
        if refusal.code not in KNOWN and not refusal.code.startswith(("addon.", "coupon.", "branch.")):
            raise
        messages.error(request, sentence(refusal))
        return redirect("portal:book-draft", draft.code)
    return redirect("portal:booking", booking.code)


def draft_or_404(code: str) -> Booking:
    rows = Booking.objects.select_related("branch", "package", "photographer", "customer")
    return get_object_or_404(rows, code=code)


@anyone
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, code: str) -> HttpResponse:
    """The code from the message: right, and the date is kept in the same breath."""
    draft = draft_or_404(code)
    if draft.state != BookingState.DRAFT:
        return redirect("portal:booking", draft.code)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and "again" in request.POST:
        return _code_sent(request, draft)
    if request.method == "POST" and form.is_valid():
        try:
            return _entered(request, draft, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_refusal(refusal)
    wait = request.GET.get("wait", "")
    context = {
        "draft": draft,
        "form": form,
        "phone": mask(draft.phone),
        "minutes": people.CODE_MINUTES,
        "resend_in": min(int(wait), 3600) if wait.isdecimal() and len(wait) < 6 else people.RESEND_SECONDS,
        "was_refused": bool(wait),
    }
    return render(request, "portal/book/code.html", context, status=422 if form.is_bound else 200)


def _entered(request: HttpRequest, draft: Booking, digits: str) -> HttpResponse:
    device, address = device_name(request.headers.get("user-agent", "")), client_address(request)
    told = {"phone": draft.phone, "code": digits, "device": device, "address": address}
    customer, token = people.log_in(**told, newcomer=draft.name)
    response = _held(request, draft, customer)
    cookies.set_session(response, token)
    cookies.clear_waiting(response)
    return response


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """What was chosen and typed, when it could not be kept: the nearest starts that can, with their price."""
    found = draft_or_404(code)
    if found.state != BookingState.DRAFT:
        return redirect("portal:booking", found.code)
    version = offers.offered_version(found.package_id)
    if version is None:
        messages.error(request, sentence(Refusal("package.not_offered")))
        return redirect("portal:shop", found.branch.code.lower())
    addons = [(one, count) for one, count in found.addons]
    asked = (found.coupon, request.customer or None)
    if request.method == "POST":
        at = start_or_404(request)
        priced = priced_with(version, found.branch, at, addons, *asked)
        found = choose_again(booking=found, starts_at=at, quoted_minor=priced.quote.total_minor, coupon=priced.code)
        return _held(request, found, request.customer) if request.customer else _code_sent(request, found)
    near = offers.nearest(found.branch, version, found.starts_at, who=found.photographer_id)
    priced = priced_with(version, found.branch, found.starts_at, addons, *asked)
    shown = [(start, priced_with(version, found.branch, start.starts_at, addons, *asked).quote) for start in near]
    context = {"draft": found, "version": version, "near": shown, "priced": priced}
    return render(request, "portal/book/draft.html", context)
