"""Practice data on and off, for the owner."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.console.access import requires
from core.console.studio.views import owner_studio, tabs_of
from core.kernel.errors import Refusal
from core.people.enums import Capability
from selection.console.sentences import sentence
from selection.practice.selectors import practice_now
from selection.practice.services import add_practice, remove_practice


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What practice data are, whether they are on, and their gallery. One order is of whoever has a phone with us."""
    who: Any = request.user
    context = {
        "practice": practice_now(),
        "own_phone": bool(who.phone),
        "tabs": tabs_of("selection:practice"),
        "zone": owner_studio(request).timezone,
    }
    return render(request, "selection/practice.html", context)


@requires(Capability.KEEP_STUDIO)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    owner_studio(request)
    try:
        add_practice(actor=request.user)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("Practice data are on. Nobody was written to."))
    return redirect("selection:practice")


@requires(Capability.KEEP_STUDIO)
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    owner_studio(request)
    try:
        remove_practice(actor=request.user)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("Practice data are gone, with everything that was done to them."))
    return redirect("selection:practice")
