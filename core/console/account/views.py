"""Log in, log out, own password."""

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.console.access import open_when_lapsed
from core.console.account import attempts
from core.console.account.forms import LoginForm, PasswordForm
from core.console.sentences import refusal_sentence
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.people import services as people
from tenants.access import anyone, declare
from tenants.accounts.steps import entering


def _after_login(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("console:today")


@anyone
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """A wrong name and a wrong password look the same; too many tries pause this name at this address."""
    if request.user.is_authenticated:
        return redirect(_after_login(request))
    form = LoginForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _try(request, form)
        if status == 303:
            return redirect("console:second")
        if status == 302:
            return redirect(_after_login(request))
    return render(request, "console/account/login.html", {"form": form, "next": _after_login(request)}, status=status)


def _try(request: HttpRequest, form: LoginForm) -> int:
    username = form.cleaned_data["username"].strip().lower()
    try:
        attempts.spend(username, client_address(request))
    except Refusal as refusal:
        form.add_error(None, refusal_sentence(refusal))
        return 429
    user = auth.authenticate(request, username=username, password=form.cleaned_data["password"])
    if user is None:
        form.add_error(None, _("User name and password do not match. Please check both."))
        return 422
    return 302 if entering.enter(request, user, _after_login(request)) else 303


@anyone
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session; harmless when there is none."""
    auth.logout(request)
    return redirect("console:login")


@declare("staff")
@open_when_lapsed
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session stays, all others of the user end."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        stays = request.session.session_key
        people.set_password(actor=user, user=user, password=form.cleaned_data["new"], stays=stays)
        user.refresh_from_db()
        auth.update_session_auth_hash(request, user)
        messages.success(request, _("Your password was changed."))
        return redirect("console:today")
    status = 422 if form.is_bound else 200
    return render(request, "console/account/password.html", {"form": form}, status=status)
