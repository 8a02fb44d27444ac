"""The staff's door: enforces what a console view declares (`tenants.access`)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from billing.selectors import standing_of
from core.people.security import is_held
from core.people.staff import Staff, staff_of
from tenants.access import access_of
from tenants.accounts.sessions import note_seen

GetResponse = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class StaffMiddleware:
    """Sets `request.staff`; a staff page without a login leads to the login page, without the capability is 403."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.staff = None
        if getattr(request, "studio", None) is not None:
            request.staff = SimpleLazyObject(lambda: _staff(request))
            if request.session.session_key and auth.SESSION_KEY in request.session:
                note_seen(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        access = access_of(view)
        if getattr(request, "studio", None) is None:
            return None
        request.open_when_held = getattr(view, "open_when_held", False)
        if access is None:
            raise ImproperlyConfigured(f"{view} declares no access")
        if access.kind != "staff":
            return None
        if request.urlconf == settings.CUSTOMER_URLCONF:
            raise Http404  # `/s/<slug>/` is for customers: no staff session is looked for there
        if not request.user.is_authenticated:
            return self._login(request)
        if not request.staff:
            return self._held(request)
        if access.capability and not request.staff.may(access.capability):
            raise PermissionDenied
        if request.method not in READING and not getattr(view, "open_when_lapsed", False):
            return self._lapsed(request)
        return None

    @staticmethod
    def _lapsed(request: HttpRequest) -> HttpResponse | None:
        """The refusal of every verb of the staff once the subscription has lapsed; customers have other doors."""
        if standing_of(request.studio).may_write:  # type: ignore[attr-defined]  # Django's stubs do not know it
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("console:subscription:lapsed")})
        if request.path_info.startswith("/api/"):
            return HttpResponse('{"code":"plan.read_only"}', status=403, content_type="application/json")
        return render(request, "console/subscription/lapsed.html", status=403)

    @staticmethod
    def _held(request: HttpRequest) -> HttpResponse:
        """To setting a second step up: the job demands one."""
        security = reverse("console:security:overview")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": security})
        if request.path_info.startswith("/api/"):
            return HttpResponse('{"code":"step.needed"}', status=403, content_type="application/json")
        return HttpResponseRedirect(security)

    @staticmethod
    def _login(request: HttpRequest) -> HttpResponse:
        login = reverse("console:login")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": login})
        if request.path_info.startswith("/api/"):
            return HttpResponse('{"code":"login.required"}', status=401, content_type="application/json")
        return redirect_to_login(request.get_full_path(), login)


def _staff(request: HttpRequest) -> Staff | None:
    """Whoever is logged in; nobody while they have to set a second step up, but on the pages for that."""
    if not request.user.is_authenticated:
        return None
    staff = staff_of(request.user)
    held = is_held(staff, request.session)
    return None if held and not getattr(request, "open_when_held", False) else staff
