"""How operators get past their second step, inside Django's admin: a code, or a passkey; which alone is enough too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tenants.accounts.steps import entering
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.having import steps_of
from tenants.accounts.steps.site import site_of
from tenants.address import client_address
from tenants.oplog import UNKNOWN, note_operator
from tenants.signup import limits

View = Callable[[HttpRequest], HttpResponse]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Verification code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


def urls() -> list[Any]:
    """The addresses, for `OperatorSite.get_urls`."""
    return [
        path("second/", second, name="second"),
        path("passkey/question/", question, name="passkey-question"),
        path("passkey/", passkey, name="passkey"),
    ]


def limited(purpose: str) -> Callable[[View], View]:
    """Each try counts, by address; in production an operator's name is counted too."""

    def wrap(view: View) -> View:
        @wraps(view)
        def look(request: HttpRequest) -> HttpResponse:
            if request.method == "POST" and not limits.allows(purpose, client_address(request)):
                return too_often(request)
            return view(request)

        return look

    return wrap


def too_often(request: HttpRequest) -> HttpResponse:
    """As a page, or as words for a script."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"message": _("That was too often. Please try again in a while.")}, status=429)
    return render(request, "tenants/too_often.html", status=429)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@limited("operator")
def second(request: HttpRequest) -> HttpResponse:
    """Asked of whoever gave the right password."""
    found = entering.waiting(request)
    if found is None:
        return redirect("admin:login")
    user, wanted = found
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.allows("operator_step", f"user {user.pk}"):
            return too_often(request)
        try:
            by = entering.pass_code(request, user, form.cleaned_data["code"])
        except StepRefused as refused:
            note_operator(request, user.username, "login_failed", step="code")
            form.add_error("code", sentence(refused))
        else:
            note_operator(request, user.username, "login", step=by)
            return redirect(wanted)
    steps, site = steps_of(user), site_of(request)
    context = {
        "form": form,
        "title": _("Second step"),
        "app": steps.app,
        "has_passkey": any(key.host == site.host for key in steps.passkeys),
    }
    return operator_page(request, "second", context, 422 if form.is_bound else 200)


@never_cache
@require_POST
@limited("operator")
def question(request: HttpRequest) -> HttpResponse:
    """What the browser is to be asked. The same for everybody who has not given a password."""
    return JsonResponse(entering.ask_passkey(request, site_of(request)))


@never_cache
@sensitive_post_parameters()
@require_POST
@limited("operator")
def passkey(request: HttpRequest) -> HttpResponse:
    """The browser's answer; whoever holds the passkey is in."""
    found = entering.waiting(request)
    try:
        user = entering.pass_passkey(request, site_of(request), request.POST.get("answer", ""))
    except StepRefused as refused:
        note_operator(request, found[0].username if found else UNKNOWN, "login_failed", step="passkey")
        messages.error(request, sentence(refused))
        return redirect("admin:second" if found else "admin:login")
    note_operator(request, user.username, "login", step="passkey")
    return redirect(found[1] if found else "admin:index")


def sentence(refused: StepRefused) -> str:
    """The sentence of a no."""
    return {
        "step.used": _("This code was used already. Please wait for the next one."),
        "step.needed": _("Operators need a second step. Set another one up first, then remove this one."),
        "step.many": _("There is one already. Remove it first."),
        "step.over": _("That took too long. Please begin again."),
        "step.passkey": _("The passkey was not accepted. Please try again, or use a code."),
        "step.none": _("There is no second step set up."),
    }.get(refused.code, _("This code is not right. Codes of the app change every half minute."))


def operator_page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of ours inside Django's admin."""
    shared = {**admin.site.each_context(request), **context}
    return render(request, f"admin/tenants/{name}.html", shared, status=status)
