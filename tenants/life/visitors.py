"""The door of support visits: every page is written down; when the time is over, the visitor is outside."""

from collections.abc import Callable

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tenants.life import support


class SupportMiddleware:
    """Sets `request.support_visit` (None for everybody else), after the session is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.support_visit = None  # type: ignore[attr-defined]  # ours
        if request.studio is not None and request.session.session_key:  # type: ignore[attr-defined]  # ours
            code = support.visit_in(request.session)
            if code:
                visit = support.step(request, code)
                if visit is None:
                    auth.logout(request)
                    return HttpResponseRedirect(reverse("console:login"))
                request.support_visit = visit  # type: ignore[attr-defined]  # ours
        return self.get_response(request)
