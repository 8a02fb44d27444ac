"""The customer's door: enforces what a portal view declares (`tenants.access`)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from billing.selectors import standing_of
from core.booking.shop import shops
from core.people.login import COOKIE, note_seen
from core.people.models import Customer
from core.people.selectors import session_of_token
from tenants.access import GOES_ON, SHUT, access_of

GetResponse = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class CustomerMiddleware:
    """Sets `request.customer`; a customer's page without a login leads to the phone-code page (scripts: 401)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.customer = None
        if getattr(request, "studio", None) is not None:
            request.customer = SimpleLazyObject(lambda: _customer(request))
        response = self.get_response(request)
        return _page_of_verb(request, response) if response.status_code == 405 else response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        access = access_of(view)
        if access is None or access.kind == "staff" or getattr(request, "studio", None) is None:
            return None
        if access.kind != "customer" or request.customer:
            return lapsed(request)
        if request.path_info.startswith("/api/") or request.headers.get("Accept") == "application/json":  # a script
            return HttpResponse('{"code":"login.required"}', status=401, content_type="application/json")
        wanted = request.get_full_path() if request.method == "GET" else reverse("portal:home")
        return redirect(f"{reverse('portal:login')}?{urlencode({'next': wanted})}")


def lapsed(request: HttpRequest) -> HttpResponse | None:
    """The kind no to new work once the studio's subscription has lapsed (config.lapsed); why is not the visitor's
    business. Of addresses without a line, verbs are refused.
    """
    rule = settings.WHEN_LAPSED.get(request.resolver_match.view_name if request.resolver_match else "", "")
    is_reading = request.method in READING
    if rule == GOES_ON or (is_reading and rule != SHUT):
        return None
    if standing_of(request.studio).may_write:  # type: ignore[attr-defined]  # Django's stubs do not know it
        return None
    if request.path_info.startswith("/api/") or request.headers.get("Accept") == "application/json":
        return HttpResponse('{"code":"studio.paused"}', status=403, content_type="application/json")
    answer = render(request, "portal/book/closed.html", {"branches": shops()}, status=200 if is_reading else 403)
    answer["X-Robots-Tag"] = "noindex"  # it is for now
    return answer


def _page_of_verb(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody opens the address that a form was sent to (a phone had dropped the tab): on to its page."""
    match, scripted = request.resolver_match, request.headers.get("Accept") == "application/json"
    if request.method not in {"GET", "HEAD"} or match is None or "portal" not in match.namespaces or scripted:
        return response
    prefix = get_script_prefix()
    parts = request.path.removeprefix(prefix).strip("/").split("/")
    for length in range(len(parts) - 1, -1, -1):
        path = "".join(f"{part}/" for part in parts[:length])
        try:
            found = resolve(f"/{path}", getattr(request, "urlconf", None))
        except Resolver404:
            continue
        if "portal" in found.namespaces:
            return HttpResponseRedirect(f"{prefix}{path}", headers={"Allow": response["Allow"]})
    return response


def _opens(only: str, request: HttpRequest) -> bool:
    """Whether the session opens the page asked for; one by PIN opens its gallery's pages and is nobody elsewhere."""
    if not only:
        return True
    found = request.resolver_match
    access = access_of(found.func) if found else None
    return bool(found and access and access.admits(only, str(found.kwargs.get("code", ""))))


def _customer(request: HttpRequest) -> Customer | None:
    session = session_of_token(request.COOKIES.get(COOKIE, ""))
    request.customer_session = session
    if session is None or not _opens(session.only, request):
        return None
    note_seen(session)
    return session.customer
