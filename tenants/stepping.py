"""The operators' second step inside Django's admin: asked for after the password, set up on a page of its own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tenants.accounts import sessions
from tenants.accounts.steps import entering, having, recovery, setting, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.address import client_address
from tenants.signup import limits

View = Callable[[HttpRequest], HttpResponse]
ISSUER = "Yinglou operators"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Verification code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class ProveForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def urls() -> list[Any]:
    """The addresses, for `OperatorSite.get_urls`."""
    return [path("second/", second, name="second"), path("security/", security, name="security")]


def limited(purpose: str) -> Callable[[View], View]:
    """Each try counts, by address; in production an operator's name is counted too."""

    def wrap(view: View) -> View:
        @wraps(view)
        def look(request: HttpRequest) -> HttpResponse:
            if request.method == "POST" and not limits.allows(purpose, client_address(request)):
                return render(request, "tenants/too_often.html", status=429)
            return view(request)

        return look

    return wrap


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@limited("operator")
def second(request: HttpRequest) -> HttpResponse:
    """Asked of whoever gave the right password."""
    found = entering.waiting(request)
    if found is None:
        return redirect("admin:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.allows("operator_step", f"user {found[0].pk}"):
            return render(request, "tenants/too_often.html", status=429)
        try:
            entering.pass_code(request, found[0], form.cleaned_data["code"])
        except StepRefused as refused:
            form.add_error("code", sentence(refused))
        else:
            return redirect(found[1])
    return _page(request, "second", {"form": form, "title": _("Second step")}, 422 if form.is_bound else 200)


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
@limited("operator")
def security(request: HttpRequest) -> HttpResponse:
    """An operator's own second step: set up, given up, new recovery codes."""
    user: Any = request.user
    if not (user.is_authenticated and user.is_active and user.is_operator):
        return redirect("admin:login")
    if not setting.is_proved(request):
        return _prove(request)
    if request.method == "POST":
        try:
            if shown := _act(request, user, request.POST.get("verb", "")):
                return shown
        except StepRefused as refused:
            messages.error(request, sentence(refused))
        return redirect("admin:security")
    key = totp.begun_by(user)
    context: dict[str, Any] = {"steps": having.steps_of(user), "title": _("Login and security"), "form": CodeForm()}
    if key is not None:
        context |= {"secret": totp.secret_of(key), "square": totp.square_of(totp.address_of(key, ISSUER))}
    return _page(request, "security", context)


def _act(request: HttpRequest, user: Any, verb: str) -> HttpResponse | None:
    """One verb of the page; a page of its own when there is something to show."""
    codes: list[str] = []
    if verb == "begin":
        totp.begin(user=user)
    elif verb == "confirm":
        codes = setting.confirm_app(request, user, request.POST.get("code", "")[:40])
    elif verb == "drop":
        having.drop(user=user, is_needed=settings.OPERATOR_SECOND_STEP)
    elif verb == "codes" and having.has_step(user):
        codes = recovery.renew(user=user)
    elif verb == "logout-others":
        sessions.end_logins(user=user, but=request.session.session_key)
    return _page(request, "codes", {"codes": codes, "title": _("Recovery codes")}) if codes else None


def _prove(request: HttpRequest) -> HttpResponse:
    form = ProveForm(request.POST or None)
    user: Any = request.user
    if request.method == "POST" and form.is_valid():
        if user.check_password(form.cleaned_data["password"]):
            sessions.mark_proved(request)
            return redirect("admin:security")
        form.add_error("password", _("This is not your current password."))
    context = {"form": form, "title": _("Confirm your password")}
    return _page(request, "second", context, 422 if form.is_bound else 200)


def sentence(refused: StepRefused) -> str:
    """The sentence of a no."""
    return {
        "step.used": _("This code was used already. Please wait for the next one."),
        "step.needed": _("Operators need a second step."),
        "step.many": _("There is one already. Remove it first."),
        "step.over": _("That took too long. Please begin again."),
    }.get(refused.code, _("This code is not right. Codes of the app change every half minute."))


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {**admin.site.each_context(request), **context}
    return render(request, f"admin/tenants/{name}.html", shared, status=status)
