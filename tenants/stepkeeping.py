"""An operator's own second steps and logins: set up, given up, listed, ended. Each change is in the operation log."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tenants.accounts import sessions
from tenants.accounts.steps import having, recovery, setting, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.site import site_of
from tenants.oplog import note_operator
from tenants.stepping import CodeForm, View, limited, operator_page, sentence

ISSUER = "Yinglou operators"


class ProveForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def urls() -> list[Any]:
    """The addresses, for `OperatorSite.get_urls`."""
    return [
        path("security/", security, name="security"),
        path("security/passkeys/question/", new_question, name="passkey-new-question"),
        path("security/passkeys/", new_passkey, name="passkey-new"),
    ]


def own(view: View) -> View:
    """For operators who gave the password, also while the second step that is demanded is still missing."""

    @wraps(view)
    def look(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not (user.is_authenticated and user.is_active and user.is_operator):
            return redirect("admin:login")
        if setting.is_proved(request):
            return view(request)
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"message": _("Please confirm your password first."), "reload": True}, status=403)
        return _prove(request)

    return look


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
@limited("operator")
@own
def security(request: HttpRequest) -> HttpResponse:
    """The page; its forms name a verb."""
    user: Any = request.user
    if request.method == "POST":
        try:
            codes = VERBS.get(request.POST.get("verb", ""), _nothing)(request, user)
        except StepRefused as refused:
            messages.error(request, sentence(refused))
            codes = []
        return _answer(request, codes)
    key = totp.begun_by(user)
    context: dict[str, Any] = {
        "steps": having.steps_of(user),
        "title": _("Login and security"),
        "form": CodeForm(),
        "logins": sessions.logins_of(user),
        "here": request.session.session_key,
    }
    if key is not None:
        context |= {"secret": totp.secret_of(key), "square": totp.square_of(totp.address_of(key, ISSUER))}
    return operator_page(request, "security", context)


@never_cache
@require_POST
@limited("operator")
@own
def new_question(request: HttpRequest) -> HttpResponse:
    """What the browser is asked for a new passkey."""
    try:
        return JsonResponse(setting.ask_passkey(request, request.user, site_of(request)))
    except StepRefused as refused:
        return JsonResponse({"message": sentence(refused)}, status=409)


@never_cache
@sensitive_post_parameters()
@require_POST
@limited("operator")
@own
def new_passkey(request: HttpRequest) -> HttpResponse:
    """The passkey that the browser made."""
    user: Any = request.user
    try:
        codes = setting.add_passkey(request, user, site_of(request), request.POST.get("answer", ""))
    except StepRefused as refused:
        messages.error(request, sentence(refused))
        return redirect("admin:security")
    note_operator(request, user.username, "step_set", step="passkey")
    return _answer(request, codes)


def _answer(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Recovery codes are shown by this very answer and never again."""
    if codes:
        return operator_page(request, "codes", {"codes": codes, "title": _("Recovery codes")})
    return redirect("admin:security")


def _nothing(_request: HttpRequest, _user: Any) -> list[str]:
    return []


def _begin(_request: HttpRequest, user: Any) -> list[str]:
    totp.begin(user=user)
    return []


def _confirm(request: HttpRequest, user: Any) -> list[str]:
    codes = setting.confirm_app(request, user, request.POST.get("code", "")[:40])
    note_operator(request, user.username, "step_set", step="app")
    return codes


def _drop(request: HttpRequest, user: Any) -> list[str]:
    """The app, or the passkey named in the form."""
    number = request.POST.get("passkey", "")
    named = int(number) if number.isdecimal() and len(number) < 19 else 0
    having.drop(user=user, passkey=named, is_needed=settings.OPERATOR_SECOND_STEP)
    note_operator(request, user.username, "step_dropped", step="passkey" if named else "app")
    return []


def _codes(request: HttpRequest, user: Any) -> list[str]:
    if not having.has_step(user):
        raise StepRefused("step.none")
    note_operator(request, user.username, "codes_renewed")
    return recovery.renew(user=user)


def _end(request: HttpRequest, user: Any) -> list[str]:
    if sessions.end_login(user=user, code=request.POST.get("login", "")):
        note_operator(request, user.username, "logins_ended", count=1)
    return []


def _end_others(request: HttpRequest, user: Any) -> list[str]:
    if count := sessions.end_logins(user=user, but=request.session.session_key):
        note_operator(request, user.username, "logins_ended", count=count)
    return []


VERBS: dict[str, Callable[[HttpRequest, Any], list[str]]] = {
    "begin": _begin,
    "confirm": _confirm,
    "drop": _drop,
    "codes": _codes,
    "logout": _end,
    "logout-others": _end_others,
}


def _prove(request: HttpRequest) -> HttpResponse:
    """The password once more."""
    form = ProveForm(request.POST or None)
    user: Any = request.user
    if request.method == "POST" and form.is_valid():
        if user.check_password(form.cleaned_data["password"]):
            sessions.mark_proved(request)
            return redirect("admin:security")
        note_operator(request, user.username, "proof_failed")
        form.add_error("password", _("This is not your current password."))
    context = {"form": form, "title": _("Confirm your password")}
    return operator_page(request, "second", context, 422 if form.is_bound else 200)
