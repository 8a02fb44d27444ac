"""Adding a passkey; giving a second step up; new recovery codes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.console.security.answers import done, refuse
from core.console.security.doors import own, proved
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.people import security
from tenants.accounts.steps import recovery, setting
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.having import steps_of
from tenants.accounts.steps.site import site_of


@own
@proved
@require_POST
def question(request: HttpRequest) -> HttpResponse:
    """What the browser is asked for a new passkey."""
    try:
        return JsonResponse(setting.ask_passkey(request, request.user, site_of(request)))
    except StepRefused as refused:
        return JsonResponse({"message": refusal_sentence(Refusal(refused.code, **refused.facts))}, status=409)


@own
@proved
@sensitive_post_parameters()
@require_POST
def add_passkey(request: HttpRequest) -> HttpResponse:
    """The passkey that the browser made."""
    try:
        codes = setting.add_passkey(request, request.user, site_of(request), request.POST.get("answer", ""))
    except StepRefused as refused:
        return refuse(request, refused)
    return done(request, "passkey", codes)


@own
@proved
@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    """Give up the app, or the passkey named in the form."""
    number = request.POST.get("passkey", "")
    try:
        security.drop_step(staff=request.staff, passkey=int(number) if number.isdecimal() and len(number) < 19 else 0)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, _("Removed."))
    return redirect("console:security:overview")


@own
@proved
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the former ones are worthless."""
    if not steps_of(request.user).any:
        return refuse(request, Refusal("step.none"))
    return done(request, "codes", recovery.renew(user=request.user))
