"""From a chosen start to a hold: who you are, the code to the phone, and the date is kept. What was typed is kept too,
in a draft, whatever the calendar says meanwhile.
"""

import datetime as dt
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.booking import offers
from core.booking.enums import BookingState
from core.booking.models import Booking
from core.booking.services.holding import Choice, begin_booking, choose_again, hold_booking
from core.kernel import clock
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.messaging.services import queue_phone_code
from core.people import login as people
from core.people.phone import mask
from portal import cookies
from portal.book.forms import PersonForm, sentence
from portal.book.prices import Priced, price_of_draft, priced
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
    """What was chosen and what it costs, line by line; then name and number: one form, so that no tick is lost."""
    found, version, at = branch_or_404(branch), version_or_404(package), start_or_404(request)
    if at <= clock.now():
        messages.info(request, _("That time is over. Please choose another one."))
        return redirect("portal:book-dates", branch, package)
    who = next((one for one in offers.photographers(found) if str(one.pk) == request.GET.get("who")), None)
    addons, told_price = _priced(request, version, found, at)
    price = told_price.quote
    form = _form(request, price.total_minor)
    if form.is_valid():
        choice = Choice(found, version.package, at, price.total_minor, who, addons, told_price.coupon)
        told = {name: form.cleaned_data.get(name, "") for name in ("name", "phone", "note")}
        draft = begin_booking(choice=choice, customer=request.customer or None, **told)
        return _held(request, draft, request.customer) if request.customer else _code_sent(request, draft)
    context = {
        "branch": found, "version": version, "at": at, "who": who, "price": price, "form": form,
        "terms": {**described(version.terms), "currency": price.currency},
        "chosen": dict(addons), "coupon": told_price, "keep": _kept(addons, told_price.typed),
        "here": f"?{urlencode(_place(at, who))}",
    }  # fmt: skip
    return render(request, "portal/book/person.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, due: int) -> PersonForm:
    """Bound when the date is wanted; with what was typed, but unjudged, when only the price is."""
    told: dict[str, Any] = {"customer": request.customer, "price": due}
    if request.method == "POST" and "reprice" not in request.POST:
        return PersonForm(request.POST, **told)
    typed = {name: request.POST[name] for name in ("name", "phone", "note") if name in request.POST}
    return PersonForm(initial={**typed, "price": due}, **told)


def _priced(request: HttpRequest, version: Any, branch: Any, at: dt.datetime) -> tuple[list[tuple[str, int]], Priced]:
    """The ticked extras, each once, and the price with them: of the form, else of the link that led here. What the
    package does not offer is not there.
    """
    asked = request.POST if "shown" in request.POST else request.GET
    known = {addon["code"] for addon in version.terms.get("addons", [])}
    addons = [(code, 1) for code in dict.fromkeys(asked.getlist("addon")) if code in known]
    return addons, priced(request, version, branch, at, addons, asked.get("coupon", ""))


def _place(at: dt.datetime, who: Any) -> list[tuple[str, Any]]:
    return [("at", at.isoformat()), *([("who", who.pk)] if who else [])]


def _kept(addons: list[tuple[str, int]], coupon: str) -> str:
    """For the way back to the dates."""
    told = [("addon", code) for code, _count in addons] + ([("coupon", coupon)] if coupon else [])
    return f"&{urlencode(told)}" if told else ""


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
        if refusal.code.startswith("coupon."):  # the price without it must be seen before it is agreed to
            return redirect(_same_choice(draft))
        return redirect("portal:book-draft", draft.code)
    return redirect("portal:booking", booking.code)


def _same_choice(draft: Booking, coupon: str = "") -> str:
    """The page where name and number are asked, with the same choice."""
    told = _place(draft.starts_at, draft.photographer) + [("addon", code) for code, _count in draft.addons]
    told += [("coupon", coupon)] if coupon else []
    return f"{reverse('portal:book-person', args=[draft.branch.code.lower(), draft.package_id])}?{urlencode(told)}"


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
    resend_in = people.resend_in(draft.phone)
    context = {
        "draft": draft,
        "form": form,
        "phone": mask(draft.phone),
        "minutes": people.CODE_MINUTES,
        "resend_in": resend_in,
        "was_refused": bool(resend_in and "wait" in request.GET),
        "back": _same_choice(draft, draft.coupon),
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
    if request.method == "POST":
        at = start_or_404(request)
        told = price_of_draft(found, version, at)
        choice: dict[str, Any] = {"starts_at": at, "quoted_minor": told.quote.total_minor, "coupon": told.coupon}
        found = choose_again(booking=found, **choice)
        return _held(request, found, request.customer) if request.customer else _code_sent(request, found)
    near = offers.nearest(found.branch, version, found.starts_at, who=found.photographer_id)
    prices = [price_of_draft(found, version, start.starts_at).quote.total_minor for start in near]  # add-ons and all
    context = {"draft": found, "version": version, "near": list(zip(near, prices, strict=True))}
    context["own"] = price_of_draft(found, version, found.starts_at)
    return render(request, "portal/book/draft.html", context)
