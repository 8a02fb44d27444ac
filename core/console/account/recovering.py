"""Forgot the password: an address, six digits, a new password. The same pages whether or not anybody is known there.

Where somebody is on that way stands in a session that is nobody's, as with the second step; never the password.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.console.account.recoverforms import AddressForm, DigitsForm, NewPasswordForm
from core.console.sentences import refusal_sentence
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.messaging.services import queue_password_code, queue_password_notice
from core.people import login, recovery
from core.people.phone import mask
from core.people.reached import people_at
from tenants.access import anyone

WAY = "recovery"  # {"to"}, then {"to", "code"}: the id of the code that was proved


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Step one: where the code goes."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[WAY] = {"to": form.cleaned_data["address"]}
        return _send(request, form.cleaned_data["address"])
    status = 422 if form.is_bound else 200
    return render(request, "console/account/forgotten.html", {"form": form}, status=status)


@anyone
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Another code to the same address."""
    way = request.session.get(WAY)
    return _send(request, way["to"]) if way else redirect("console:forgotten")


def _send(request: HttpRequest, to: str) -> HttpResponse:
    """A limit is told on the next page, where an earlier code may still be typed."""
    try:
        recovery.request_code(to=to, address=client_address(request), deliver=queue_password_code)
    except Refusal as refusal:
        messages.info(request, refusal_sentence(refusal))
    return redirect("console:forgotten-code")


@anyone
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step two: the six digits."""
    way = request.session.get(WAY)
    if not way:
        return redirect("console:forgotten")
    form, to = DigitsForm(request.POST or None), way["to"]
    if request.method == "POST" and form.is_valid():
        try:
            proved = recovery.prove(to=to, code=form.cleaned_data["code"], address=client_address(request))
        except Refusal as refusal:
            form.add_error("code", refusal_sentence(refusal))
        else:
            request.session.cycle_key()
            request.session[WAY] = {"to": to, "code": proved}
            return redirect("console:forgotten-password")
    shown = f"{to[:1]}****@{to.partition('@')[2]}" if "@" in to else mask(to)
    told = {"form": form, "to": shown, "minutes": recovery.MINUTES, "wait": login.resend_in(to)}
    return render(request, "console/account/forgotten_code.html", told, status=422 if form.is_bound else 200)


@anyone
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Step three: the new password; then the login, which still asks for the second step."""
    way = request.session.get(WAY) or {}
    people = people_at(way["to"]) if "code" in way else []
    if not people:
        return _over(request)
    form = NewPasswordForm(request.POST or None, people=people)
    if request.method != "POST" or not form.is_valid():
        told: dict[str, Any] = {"form": form, "only": people[0] if len(people) == 1 else None}
        status = 422 if form.is_bound else 200
        return render(request, "console/account/forgotten_password.html", told, status=status)
    try:
        recovery.reset_password(to=way["to"], code_id=way["code"], tell=queue_password_notice, **form.cleaned_data)
    except Refusal:
        return _over(request)
    request.session.flush()
    messages.success(request, _("Your password was changed. Please log in with it."))
    return redirect("console:login")


def _over(request: HttpRequest) -> HttpResponse:
    request.session.pop(WAY, None)
    messages.info(request, refusal_sentence(Refusal("recovery.over")))
    return redirect("console:forgotten")
