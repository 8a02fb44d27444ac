"""The staff's door: enforces what a console view declares (`tenants.access`)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from billing.selectors import standing_of
from core.people.staff import staff_of
from tenants.access import access_of

GetResponse = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class StaffMiddleware:
    """Sets `request.staff`; a staff page without a login leads to the login page, without the capability is 403."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.staff = None
        if getattr(request, "studio", None) is not None:
            request.staff = SimpleLazyObject(lambda: staff_of(request.user) if request.user.is_authenticated else None)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        access = access_of(view)
        if getattr(request, "studio", None) is None:
            return None
        if access is None:
            raise ImproperlyConfigured(f"{view} declares no access")
        if access.kind != "staff":
            return None
        if request.urlconf == settings.CUSTOMER_URLCONF:
            raise Http404  # `/s/<slug>/` is for customers: no staff session is looked for there
        if not request.user.is_authenticated:
            return self._login(request)
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
    def _login(request: HttpRequest) -> HttpResponse:
        login = reverse("console:login")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": login})
        if request.path_info.startswith("/api/"):
            return HttpResponse('{"code":"login.required"}', status=401, content_type="application/json")
        return redirect_to_login(request.get_full_path(), login)
