"""The door of support visits: every request is written down, verbs are refused unless the owner allowed them, and when
the time is over, the visitor is outside.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tenants.life import support
from tenants.life.models import READING


class SupportMiddleware:
    """Sets `request.support_visit` (None for everybody else), after the session is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.support_visit = None  # type: ignore[attr-defined]  # ours
        if request.studio is not None and request.session.session_key:  # type: ignore[attr-defined]  # ours
            code = support.visit_in(request.session)
            if code:
                step = support.step(request, code)
                if step is None:
                    auth.logout(request)
                    return HttpResponseRedirect(reverse("console:login"))
                request.support_visit = step.visit  # type: ignore[attr-defined]  # ours
                response = self.get_response(request)
                support.answered(step, response.status_code)
                return response
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A visitor looks. What they may always do is in settings.VISITORS_MAY."""
        visit, match = request.support_visit, request.resolver_match  # type: ignore[attr-defined]  # ours
        if visit is None or visit.may_write or request.method in READING:
            return None
        if match is not None and match.view_name in settings.VISITORS_MAY:
            return None
        if request.path_info.startswith("/api/"):
            return HttpResponse('{"code":"visit.read_only"}', status=403, content_type="application/json")
        return render(request, "console/studio/only_looking.html", status=403)
