"""One's own second steps and logins."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import open_when_held, open_when_lapsed
from core.console.account import attempts
from core.console.account.forms import CodeForm, ProveForm
from core.console.security.site import site_of
from core.console.sentences import refusal_sentence
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.people import security
from tenants.access import declare
from tenants.accounts import sessions
from tenants.accounts.models import TotpKey
from tenants.accounts.steps import recovery, setting, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.having import steps_of

View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """A page about one's own way in: for every colleague, also when they are held or the subscription has lapsed."""
    marked: View = declare("staff")(open_when_held(open_when_lapsed(never_cache(view))))
    return marked


def proved(view: View) -> View:
    """Only in a login whose owner gave the password a moment ago; otherwise they are asked for it first."""

    @wraps(view)
    def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if setting.is_proved(request):
            return view(request, *args, **kwargs)
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"message": _("Please confirm your password first."), "reload": True}, status=403)
        return redirect("console:security:prove")

    return look


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
@proved
@require_POST
def new_app(request: HttpRequest) -> HttpResponse:
    """A secret to be read by an authenticator app."""
    try:
        totp.begin(user=request.user)
    except StepRefused as refused:
        return _refused(request, refused)
    return redirect("console:security:app")


@own
@proved
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """The square and the secret, until the app has given a code."""
    key = TotpKey.objects.select_related("user").filter(user=request.user, confirmed_at=None).first()
    if key is None:
        return redirect("console:security:overview")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            attempts.spend_step(key.user.username, client_address(request))
            return _done(request, "app", setting.confirm_app(request, request.user, form.cleaned_data["code"]))
        except (Refusal, StepRefused) as refused:
            form.add_error("code", refusal_sentence(Refusal(refused.code, **refused.facts)))
            status = 422
    secret = totp.secret_of(key)
    parts = [secret[i : i + 4] for i in range(0, len(secret), 4)]
    address = totp.address_of(key, site_of(request).name)
    context = {"form": form, "square": totp.square_of(address), "address": address, "secret": " ".join(parts)}
    return render(request, "console/security/app.html", context, status=status)


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
        return _refused(request, refused)
    return _done(request, "passkey", codes)


@own
@proved
@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    """Give up the app, or the passkey named in the form."""
    number = request.POST.get("passkey", "")
    try:
        security.drop_step(staff=request.staff, passkey=int(number) if number.isdecimal() and len(number) < 19 else 0)
    except Refusal as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Removed."))
    return redirect("console:security:overview")


@own
@proved
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the former ones are worthless."""
    if not steps_of(request.user).any:
        return _refused(request, Refusal("step.none"))
    return _done(request, "codes", recovery.renew(user=request.user))


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


def _done(request: HttpRequest, what: str, codes: list[str]) -> HttpResponse:
    """Written down; recovery codes are shown by this very answer and never again."""
    security.note_step(user=request.user, what=what, is_set=True)
    if not codes:
        messages.success(request, _("Set up. From the next login on it is asked for."))
        return redirect("console:security:overview")
    return render(request, "console/security/codes.html", {"codes": codes, "is_first": what != "codes"})


def _refused(request: HttpRequest, refused: Refusal | StepRefused) -> HttpResponse:
    messages.error(request, refusal_sentence(Refusal(refused.code, **refused.facts)))
    return redirect("console:security:overview")
