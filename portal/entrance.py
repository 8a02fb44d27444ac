"""Logging in and out: phone number, then the code. The same answers whether a number is known or not."""

import re
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.messaging.services import queue_phone_code
from core.people import login as people
from core.people.phone import mask
from portal import cookies
from portal.devices import device_name
from portal.forms import CodeForm, PhoneForm
from tenants.access import anyone


def next_url(request: HttpRequest) -> str:
    """Where the customer wanted to go: a page of this very portal, else the home page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    prefix = get_script_prefix()
    inside = wanted.startswith(prefix) and not wanted.startswith(reverse("portal:login"))
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if inside and safe else reverse("portal:home")


def _gallery_in(address: str) -> str:
    """The code of the gallery that the customer is on the way to, where a PIN would do; "" for other ways."""
    found = re.fullmatch(r"gallery/([a-z0-9]+)/(people/)?", address.removeprefix(get_script_prefix()))
    return found.group(1) if found else ""


def with_next(request: HttpRequest, name: str) -> str:
    """The address of another step that keeps `next`."""
    return f"{reverse(name)}?{urlencode({'next': next_url(request)})}"


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Step one: the number."""
    if request.customer:
        return redirect(next_url(request))
    form = PhoneForm(request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        status = 422 if form.is_bound else 200
        context = {"form": form, "next": next_url(request), "gallery": _gallery_in(next_url(request))}
        return render(request, "portal/login.html", context, status=status)
    response = redirect(with_next(request, "portal:code"))
    cookies.set_waiting(response, form.cleaned_data["phone"])
    return _send(request, form.cleaned_data["phone"], response)


def _send(request: HttpRequest, phone: str, response: HttpResponse) -> HttpResponse:
    """Have a code sent; a limit is told on the next page, where an earlier code may still be typed."""
    deliver = partial(queue_phone_code, studio=request.studio.name)
    try:
        people.request_code(phone=phone, address=client_address(request), deliver=deliver)
    except Refusal as refusal:
        response["Location"] += f"&{urlencode({'wait': refusal.facts.get('wait', 60)})}"
    return response


@anyone
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step two: the code; a right one opens the session and leads on."""
    phone = cookies.waiting_phone(request)
    if not phone:
        return redirect(with_next(request, "portal:login"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, phone, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_refusal(refusal)
    resend_in = people.resend_in(phone)
    context = {
        "form": form,
        "next": next_url(request),
        "phone": mask(phone),
        "minutes": people.CODE_MINUTES,
        "resend_in": resend_in,
        "was_refused": bool(resend_in and "wait" in request.GET),
    }
    return render(request, "portal/code.html", context, status=422 if form.is_bound else 200)


def _enter(request: HttpRequest, phone: str, digits: str) -> HttpResponse:
    device = device_name(request.headers.get("user-agent", ""))
    customer, token = people.log_in(phone=phone, code=digits, device=device, address=client_address(request))
    response = redirect(next_url(request))
    cookies.set_session(response, token)
    cookies.clear_waiting(response)
    if customer.language:
        cookies.set_language(response, customer.language)
    return response


@anyone
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Another code to the same number."""
    phone = cookies.waiting_phone(request)
    if not phone:
        return redirect(with_next(request, "portal:login"))
    return _send(request, phone, redirect(with_next(request, "portal:code")))


@anyone
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends this device's session; harmless when there is none."""
    people.log_out(request.COOKIES.get(people.COOKIE, ""))
    response = redirect("portal:login")
    cookies.clear_session(response)
    return response
