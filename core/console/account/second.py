"""The second step of logging in: a code, or a passkey; a passkey alone is enough too."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.console.account import attempts
from core.console.account.forms import CodeForm
from core.console.sentences import refusal_sentence
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from tenants.access import anyone
from tenants.accounts.steps import entering, passkeys
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.having import steps_of
from tenants.accounts.steps.site import site_of


@anyone
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Asked of whoever gave the right password; everybody else is led back to it."""
    found = entering.waiting(request)
    if found is None:
        return redirect("console:login")
    user, wanted = found
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _try(request, user, form)
        if status == 302:
            return redirect(wanted)
    return _page(request, user, form, status)


def _page(request: HttpRequest, user: Any, form: CodeForm, status: int) -> HttpResponse:
    steps, site = steps_of(user), site_of(request)
    context = {
        "form": form,
        "app": steps.app,
        "has_passkey": any(key.host == site.host for key in steps.passkeys),
        "elsewhere": [host for host in passkeys.hosts(steps.passkeys) if host != site.host],
        "codes_left": steps.codes_left,
    }
    return render(request, "console/account/second.html", context, status=status)


def _try(request: HttpRequest, user: Any, form: CodeForm) -> int:
    try:
        attempts.spend_step(user.username, client_address(request))
        entering.pass_code(request, user, form.cleaned_data["code"])
    except Refusal as refusal:
        form.add_error(None, refusal_sentence(refusal))
        return 429
    except StepRefused as refused:
        wrong = "step.used" if refused.code == "step.used" else "step.wrong"
        form.add_error("code", refusal_sentence(Refusal(wrong)))
        return 422
    return 302


@anyone
@never_cache
@require_POST
def question(request: HttpRequest) -> HttpResponse:
    """What the browser is to be asked. The same for everybody who has not given a password."""
    try:
        attempts.spend_step("", client_address(request))
    except Refusal as refusal:
        return JsonResponse({"message": refusal_sentence(refusal)}, status=429)
    return JsonResponse(entering.ask_passkey(request, site_of(request)))


@anyone
@never_cache
@sensitive_post_parameters()
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """The browser's answer; whoever holds the passkey is in."""
    found = entering.waiting(request)
    try:
        attempts.spend_step(found[0].username if found else "", client_address(request))
        entering.pass_passkey(request, site_of(request), request.POST.get("answer", ""))
    except (Refusal, StepRefused) as refused:
        messages.error(request, refusal_sentence(Refusal(refused.code, **refused.facts)))
        return redirect("console:second" if found else "console:login")
    return redirect(found[1] if found else "console:today")
