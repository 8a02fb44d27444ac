"""Four steps, each a plain form: studio, owner, the owner's code, address. Then the studio is built, once."""

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenants import tickets
from tenants.access import anyone
from tenants.accounts.models import User
from tenants.address import client_address
from tenants.context import in_studio
from tenants.models import Studio
from tenants.names import clean_slug
from tenants.services import AddressTaken
from tenants.signup import codes, draft, limits, opening, steps
from tenants.signup.forms import (
    REGIONS,
    AddressForm,
    CodeForm,
    OwnerForm,
    StudioForm,
    as_address,
    first_guess,
    free_near,
    is_good_password,
    refused_code,
)
from tenants.views import INTO_STUDIOS

log = logging.getLogger(__name__)


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def studio(request: HttpRequest) -> HttpResponse:
    """Step 1."""
    typed = draft.read(request)
    initial = {"language": get_language(), "region": "cn", **typed.get("studio", {})}
    form = StudioForm(steps.sent(request, typed, "studio"), initial=initial)
    if request.method == "POST":
        begun = steps.begin(typed)
        return steps.answer(form, begun, "studio", here="platform:signup", onward="platform:signup-owner")
    return steps.page(request, form, 1)


@anyone
@never_cache
@sensitive_post_parameters("owner_password")
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Step 2. Done well, it sends the code."""
    typed = draft.read(request)
    if (first := steps.missing(typed)) and first != "platform:signup-owner":
        return redirect(first)
    before, again = typed.get("owner", {}), draft.mistaken(typed, "owner") or {}
    kept = next((text for each in (again, before) if is_good_password(text := each.get("owner_password", ""))), "")
    region = typed["studio"]["region"]
    form = OwnerForm(steps.sent(request, typed, "owner"), initial=before, kept_password=kept, region=region)
    if request.method != "POST":
        return steps.page(request, form, 2)
    if form.is_valid() and (why := _no_person(form, typed)):
        messages.error(request, why)
        return steps.answer(form, typed, "owner", here="", onward="platform:signup-owner")
    if form.is_valid():
        _send(request, draft.with_step(typed, "owner", form.cleaned_data))
    return steps.answer(form, typed, "owner", here="platform:signup-owner", onward="platform:signup-code")


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step 3: the six digits."""
    typed = draft.read(request)
    if first := steps.missing(typed):
        return redirect(first)
    if steps.verified(typed):
        return redirect("platform:signup-address")
    if request.method == "POST":
        return _check(request, typed)
    again = draft.mistaken(typed, "code")
    form = CodeForm(again)
    if again and form.is_valid() and again.get("why"):
        form.add_error("code", refused_code(again["why"], again["facts"]))
    contact = steps.contact_of(typed)
    row = codes.sign_up_of(steps.key_of(typed), contact)
    told: dict[str, Any] = {
        "to": contact.masked,
        "minutes": codes.MINUTES,
        "wait": codes.wait_of(row),
        "was_sent": row is not None and row.sent_at is not None,
        "demo_code": settings.DEMO_PHONE_CODE,
    }
    return steps.page(request, form, 3, **told)


@anyone
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Another code, once a minute."""
    typed = draft.read(request)
    if not steps.missing(typed):
        row = codes.sign_up_of(steps.key_of(typed), steps.contact_of(typed))
        if wait := codes.wait_of(row):
            messages.info(request, refused_code("too_often", {"wait": wait}))
        elif _send(request, typed):
            messages.success(request, _("A new code is on its way. Earlier ones no longer work."))
    response = redirect("platform:signup-code")
    typed.pop("code again", None)
    draft.write(response, typed)
    return response


@anyone
@never_cache
@csp_override(INTO_STUDIOS)
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Step 4, and the answer to "is this address free?" (`?slug=`, for the page's script)."""
    if request.method == "GET" and request.GET.get("slug") and "application/json" in request.headers.get("accept", ""):
        return _verdict(request)
    typed = draft.read(request)
    if first := steps.missing(typed, code=True):
        return redirect(first)
    if request.method == "POST":
        form = AddressForm(request.POST)
        stands = _stands(typed)
        if stands is not None:
            return stands
        return _open(request, form, typed) if form.is_valid() else _refused(form, typed)
    asked = request.GET.get("slug") or (draft.mistaken(typed, "address") or {}).get("slug")
    form = AddressForm({"slug": asked}) if asked is not None else AddressForm(initial={"slug": first_guess(typed)})
    return _stands(typed) or _last_page(request, form)


@anyone
@never_cache
@require_safe
def building(request: HttpRequest) -> HttpResponse:
    """How far the studio is, for whoever pressed twice, lost the line or came back: looks again by itself each second.
    It leads into the console once; afterwards it says where the studio is.
    """
    typed = draft.read(request)
    if not (key := steps.key_of(typed)):
        return redirect("platform:signup")
    try:
        stands = opening.studio_of(key)
    except opening.StillBuilding:
        response = render(request, "tenants/signup/building.html", {"name": typed.get("studio", {}).get("name", "")})
        response["Refresh"] = "1"
        return response
    if stands is None:
        return redirect("platform:signup-address" if "opened" not in typed else "platform:signup")
    if "owner" in typed:
        return _into(stands, typed)
    return render(request, "tenants/signup/stands.html", {"opened": stands})


def _no_person(form: Any, typed: steps.Draft) -> str:
    """Why this was hardly typed by a person; "" when it may have been. People only press the button once more."""
    if form.cleaned_data.pop("surname_again"):
        return _("Something filled in a field that people cannot see. Please press the button once more.")
    if time.time() - typed["began"]["at"] < settings.SIGNUP_FASTEST:
        return _("That was very quick. Please look it over and press the button once more.")
    return ""


def _send(request: HttpRequest, typed: steps.Draft) -> bool:
    """Send the code; what goes wrong is said on the next page."""
    told = {"address": client_address(request), "language": get_language() or settings.LANGUAGE_CODE}
    try:
        codes.send_code(key=steps.key_of(typed), contact=steps.contact_of(typed), **told)
    except codes.CodeRefused as refused:
        messages.error(request, refused_code(refused.code, refused.facts, sending=True))
        return False
    return True


def _check(request: HttpRequest, typed: steps.Draft) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        told = {"code": form.cleaned_data["code"], "address": client_address(request)}
        try:
            codes.check_code(key=steps.key_of(typed), contact=steps.contact_of(typed), **told)
        except codes.CodeRefused as refused:
            again = {"code": told["code"], "why": refused.code, "facts": refused.facts}
            response = redirect("platform:signup-code")
            draft.write(response, {**typed, "code again": again})
            return response
    typed.pop("code again", None)
    return steps.answer(form, typed, "code", here="platform:signup-code", onward="platform:signup-address")


def _verdict(request: HttpRequest) -> JsonResponse:
    if not limits.allows("look", client_address(request)):
        return JsonResponse({"ok": None, "message": "", "free": []}, status=429)
    form = AddressForm({"slug": request.GET["slug"]})
    ok = form.is_valid()
    free = _("%(address)s is free.")
    message = free % {"address": form.cleaned_data["slug"] + steps.suffix()} if ok else form.errors["slug"][0]
    return JsonResponse({"ok": ok, "message": message, "free": _alternatives(form)})


def _stands(typed: steps.Draft) -> HttpResponse | None:
    """The way on when this sign-up's studio stands already, or is just being built."""
    try:
        stands = opening.studio_of(steps.key_of(typed))
    except opening.StillBuilding:
        return redirect("platform:signup-building")
    return _into(stands, typed) if stands is not None else None


def _open(request: HttpRequest, form: AddressForm, typed: steps.Draft) -> HttpResponse:
    if not (limits.allows("open", client_address(request)) and limits.allows("open_all", "all")):
        messages.error(request, _("Too many studios were opened from your connection. Please try again in an hour."))
        return _refused(form, typed)
    try:
        opened = opening.open_once(key=steps.key_of(typed), slug=form.cleaned_data["slug"], **_wanted(typed))
    except opening.StillBuilding:
        return redirect("platform:signup-building")
    except AddressTaken:
        return _refused(form, typed)  # the page finds it taken
    except Exception:
        log.exception("sign-up failed")
        messages.error(
            request, _("Something went wrong on our side and nothing was created. Please press the button again.")
        )
        return _refused(form, typed)
    return _into(opened, typed)


def _wanted(typed: steps.Draft) -> dict[str, Any]:
    """What `open_studio` is told of the draft."""
    first, boss, contact = typed["studio"], typed["owner"], steps.contact_of(typed)
    _label, currency, zone = REGIONS[first["region"]]
    return {
        **{key: first[key] for key in ("name", "branch_name", "language")},
        **{key: boss[key] for key in ("owner_name", "owner_username", "owner_password")},
        "owner_email" if contact.is_email else "owner_phone": contact.to,
        "currency": currency,
        "timezone": zone,
    }


def _into(opened: Studio, typed: steps.Draft) -> HttpResponse:
    """Into the console; the draft forgets all but which sign-up it was, for whoever comes back."""
    with in_studio(opened):
        ticket = tickets.issue(User.objects.get(username=typed["owner"]["owner_username"]))
    response = HttpResponseRedirect(f"{opened.url}/enter/{ticket}/")
    draft.write(response, {"opened": {"key": steps.key_of(typed)}})
    return response


def _alternatives(form: AddressForm) -> list[str]:
    """Free addresses near the one asked for, when that is taken."""
    if not form.has_error("slug", "taken"):
        return []
    return free_near(clean_slug(as_address(form.data["slug"])))


def _refused(form: AddressForm, typed: steps.Draft) -> HttpResponse:
    """Back to the step, which shows what was typed with its mistakes: no page in answer to a POST."""
    response = redirect("platform:signup-address")
    draft.write(response, draft.with_mistakes(typed, "address", {"slug": form.data.get("slug", "")}))
    return response


def _last_page(request: HttpRequest, form: AddressForm) -> HttpResponse:
    return steps.page(request, form, 4, free=_alternatives(form) if form.is_bound else [])
