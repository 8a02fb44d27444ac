"""Who reaches the pages about one's own way in, and what is asked before anything there changes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.console.access import open_when_held, open_when_lapsed
from tenants.access import declare
from tenants.accounts.steps import setting

View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """A page about one's own way in: for every colleague, also when they are held or the subscription has lapsed."""
    marked: View = declare("staff")(open_when_held(open_when_lapsed(never_cache(view))))
    return marked


def proved(view: View) -> View:
    """Only in a login whose owner gave the password a moment ago; otherwise they are asked for it first."""

    @wraps(view)
    def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if setting.is_proved(request):
            return view(request, *args, **kwargs)
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"message": _("Please confirm your password first."), "reload": True}, status=403)
        return redirect("console:security:prove")

    return look
