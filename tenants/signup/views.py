"""Three steps, each a plain form. `/signup/address/?slug=` also answers the page's script about one address."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tenants import tickets
from tenants.access import anyone
from tenants.accounts.models import User
from tenants.address import client_address
from tenants.context import in_studio
from tenants.models import Studio
from tenants.names import clean_slug
from tenants.services import AddressTaken, open_studio
from tenants.signup import draft, limits
from tenants.signup.forms import (
    REGIONS,
    AddressForm,
    OwnerForm,
    StudioForm,
    as_address,
    first_guess,
    free_near,
    sentence,
)
from tenants.views import INTO_STUDIOS

log = logging.getLogger(__name__)
Draft = dict[str, dict[str, Any]]


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def studio(request: HttpRequest) -> HttpResponse:
    """Step 1."""
    typed = draft.read(request)
    initial = {"language": get_language(), "region": "cn", **typed.get("studio", {})}
    form = StudioForm(_sent(request, typed, "studio"), initial=initial)
    if request.method == "POST":
        return _answer(form, typed, "studio", here="platform:signup", onward="platform:signup-owner")
    return _page(request, form, 1)


@anyone
@never_cache
@sensitive_post_parameters("owner_password")
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Step 2."""
    typed = draft.read(request)
    if "studio" not in typed:
        return redirect("platform:signup")
    before = typed.get("owner", {})
    kept = before.get("owner_password", "")
    form = OwnerForm(_sent(request, typed, "owner"), initial=before, kept_password=kept)
    if request.method == "POST":
        return _answer(form, typed, "owner", here="platform:signup-owner", onward="platform:signup-address")
    return _page(request, form, 2)


@anyone
@never_cache
@csp_override(INTO_STUDIOS)
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Step 3, and the answer to "is this address free?"."""
    if request.method == "GET" and request.GET.get("slug") and "application/json" in request.headers.get("accept", ""):
        return _verdict(request)
    typed = draft.read(request)
    if "studio" not in typed or "owner" not in typed:
        return redirect("platform:signup" if "studio" not in typed else "platform:signup-owner")
    if request.method == "POST":
        form = AddressForm(request.POST)
        return _open(request, form, typed) if form.is_valid() else _page(request, form, 3)
    asked = request.GET.get("slug")
    return _page(
        request, AddressForm({"slug": asked}) if asked else AddressForm(initial={"slug": first_guess(typed)}), 3
    )


def _verdict(request: HttpRequest) -> JsonResponse:
    if not limits.allows("look", client_address(request)):
        return JsonResponse({"ok": None, "message": "", "free": []}, status=429)
    form = AddressForm({"slug": request.GET["slug"]})
    ok = form.is_valid()
    free = _("%(address)s is free.")
    message = free % {"address": form.cleaned_data["slug"] + _suffix()} if ok else form.errors["slug"][0]
    return JsonResponse({"ok": ok, "message": message, "free": _alternatives(form)})


def _open(request: HttpRequest, form: AddressForm, typed: dict[str, Any]) -> HttpResponse:
    if not limits.allows("open", client_address(request)):
        form.add_error(None, _("Too many studios were opened from your connection. Please try again in an hour."))
        return _page(request, form, 3, status=429)
    first, boss = typed["studio"], typed["owner"]
    _label, currency, zone = REGIONS[first["region"]]
    try:
        named = {key: first[key] for key in ("name", "branch_name", "language")}
        opened = open_studio(slug=form.cleaned_data["slug"], currency=currency, timezone=zone, **named, **boss)
    except AddressTaken:
        form.add_error("slug", ValidationError(sentence("taken"), code="taken"))
        return _page(request, form, 3)
    except Exception:
        log.exception("sign-up failed")
        form.add_error(
            None, _("Something went wrong on our side and nothing was created. Please press the button again.")
        )
        return _page(request, form, 3, status=503)
    return _into(opened, boss["owner_username"])


def _into(opened: Studio, username: str) -> HttpResponse:
    with in_studio(opened):
        ticket = tickets.issue(User.objects.get(username=username))
    response = HttpResponseRedirect(f"{opened.url}/enter/{ticket}/")
    draft.forget(response)
    return response


def _sent(request: HttpRequest, typed: Draft, step: str) -> Any:
    return request.POST if request.method == "POST" else draft.mistaken(typed, step)


def _answer(form: Form, typed: Draft, step: str, *, here: str, onward: str) -> HttpResponse:
    """To the next step, or to this one with its mistakes; never a page in answer to a POST: Back would not find it."""
    if form.is_valid():
        response, typed = redirect(onward), draft.with_step(typed, step, form.cleaned_data)
    else:
        sent = {name: str(form.data[name]) for name in form.fields if name in form.data}
        response, typed = redirect(here), draft.with_mistakes(typed, step, sent)
    draft.write(response, typed)
    return response


def _alternatives(form: AddressForm) -> list[str]:
    """Free addresses near the one asked for, when that is taken."""
    if not form.has_error("slug", "taken"):
        return []
    return free_near(clean_slug(as_address(form.data["slug"])))


def _suffix() -> str:
    return f".{settings.PLATFORM_HOST}"


def _page(request: HttpRequest, form: Any, number: int, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "number": number,
        "steps": [_("Studio"), _("Owner"), _("Address")],
        "suffix": _suffix(),
        "free": _alternatives(form) if number == 3 and form.is_bound else [],
    }
    if status == 200 and form.is_bound and form.errors:
        status = 422
    return render(request, f"tenants/signup/step{number}.html", context, status=status)
