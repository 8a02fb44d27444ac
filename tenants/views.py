"""The platform's pages, and the few that every host has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from django.views.i18n import set_language as django_set_language

from tenants import brand, tickets
from tenants.access import anyone
from tenants.forms import WhichStudioForm
from tenants.models import Studio

set_language = anyone(django_set_language)
BRAND_SECONDS = 300
# For forms that are answered with a redirect to a studio's host: browsers hold that against form-action too.
INTO_STUDIOS: dict[str, Any] = {**settings.SECURE_CSP, "form-action": [CSP.SELF, settings.STUDIO_ORIGINS]}


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, in one screen."""
    return render(request, "tenants/home.html")


@anyone
@csp_override(INTO_STUDIOS)
@require_safe
def login(request: HttpRequest) -> HttpResponse:
    """From a studio's address to its login page, which exists for every address that could be one: nothing is told."""
    form = WhichStudioForm(request.GET if "studio" in request.GET else None)
    if form.is_valid():
        return redirect(f"{Studio(slug=form.cleaned_data['studio']).url}/console/")
    context = {"form": form, "suffix": f".{settings.PLATFORM_HOST}"}
    return render(request, "tenants/login.html", context, status=422 if form.is_bound else 200)


@anyone
@never_cache
@require_safe
def enter(request: HttpRequest, ticket: str) -> HttpResponse:
    """From sign-up into the console; a worthless ticket leads to the login page."""
    if not tickets.enter(request, ticket):
        return redirect(settings.LOGIN_URL)
    return redirect(settings.LOGIN_REDIRECT_URL)


@anyone
@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The studio's colour as a stylesheet; browsers keep it for minutes and then ask whether it changed."""
    hue = request.studio.brand_hue  # type: ignore[attr-defined]  # Django's stubs do not know it
    tag = f'"hue-{hue}-{brand.VERSION}"'
    if request.headers.get("if-none-match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(brand.stylesheet(hue), content_type="text/css; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={BRAND_SECONDS}"
    return response


@anyone
@require_safe
def brand_file(request: HttpRequest, tag: str) -> HttpResponse:
    """The same under an address that names its content: kept for a year. An old address leads to what is now."""
    hue = request.studio.brand_hue  # type: ignore[attr-defined]  # Django's stubs do not know it
    if tag != brand.tag_of(hue):
        return redirect("brand-css")
    response = HttpResponse(brand.stylesheet(hue), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@anyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a page that was open for too long."""
    return render(request, "403.html", status=403)
