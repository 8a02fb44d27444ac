"""Setting an authenticator app up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.console.account import attempts
from core.console.account.forms import CodeForm
from core.console.security.answers import done, refuse
from core.console.security.doors import own, proved
from core.console.sentences import refusal_sentence
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from tenants.accounts.steps import setting, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.site import site_of


@own
@proved
@require_POST
def new_app(request: HttpRequest) -> HttpResponse:
    """A secret to be read by an authenticator app."""
    try:
        totp.begin(user=request.user)
    except StepRefused as refused:
        return refuse(request, refused)
    return redirect("console:security:app")


@own
@proved
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """The square and the secret, until the app has given a code."""
    key = totp.begun_by(request.user)
    if key is None:
        return redirect("console:security:overview")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            attempts.spend_step(key.user.username, client_address(request))
            return done(request, "app", setting.confirm_app(request, request.user, form.cleaned_data["code"]))
        except (Refusal, StepRefused) as refused:
            form.add_error("code", refusal_sentence(Refusal(refused.code, **refused.facts)))
            status = 422
    secret = totp.secret_of(key)
    parts = [secret[i : i + 4] for i in range(0, len(secret), 4)]
    address = totp.address_of(key, site_of(request).name)
    context = {"form": form, "square": totp.square_of(address), "address": address, "secret": " ".join(parts)}
    return render(request, "console/security/app.html", context, status=status)
