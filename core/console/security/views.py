"""What one has set up and where one is logged in; the password once more; logins ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.account import attempts
from core.console.account.forms import ProveForm
from core.console.security.doors import own
from core.console.sentences import refusal_sentence
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.people import security
from tenants.accounts import sessions
from tenants.accounts.steps import setting
from tenants.accounts.steps.having import steps_of


@own
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What I have set up, and where I am logged in."""
    user, staff = request.user, request.staff
    context = {
        "steps": steps_of(user),
        "proved": setting.is_proved(request),
        "here": request.session.session_key,
        "logins": sessions.logins_of(user),
        "since": staff.step_since,
        "held": security.is_held(staff, request.session),
        "may_drop": not security.must_step(staff),
    }
    return render(request, "console/security/overview.html", context)


@own
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The password once more; tries are counted like those of logging in."""
    form = ProveForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        try:
            attempts.spend(user.username, client_address(request))
        except Refusal as refusal:
            form.add_error(None, refusal_sentence(refusal))
            return render(request, "console/security/prove.html", {"form": form}, status=429)
        if user.check_password(form.cleaned_data["password"]):
            sessions.mark_proved(request)
            return redirect("console:security:overview")
        form.add_error("password", _("This is not your current password."))
        status = 422
    return render(request, "console/security/prove.html", {"form": form}, status=status)


@own
@require_POST
def end_login(request: HttpRequest) -> HttpResponse:
    if security.end_one(user=request.user, code=request.POST.get("code", "")):
        messages.success(request, _("That device has to log in again."))
    return redirect("console:security:overview")


@own
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    security.end_all(actor=request.user, user=request.user, stays=request.session.session_key)
    messages.success(request, _("Every other device has to log in again."))
    return redirect("console:security:overview")
