"""The first page of the day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.console.access import requires
from core.console.contracts import today as contracts
from core.console.studio.views import owner_studio
from core.console.today.checklist import first_steps
from core.console.today.sections import sections_of
from core.kernel import clock
from core.orders.selectors import today_of
from core.people.enums import Capability
from tenants.services import settle_studio


@requires(Capability.VIEW_TODAY)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What needs somebody now, own things first; `?me=1` own things only."""
    staff: Any = request.staff
    mine = request.GET.get("me") == "1"
    links = [
        {"label": _("Everybody"), "url": "?", "current": not mine},
        {"label": _("Mine"), "url": "?me=1", "current": mine},
    ]
    steps = first_steps(staff, request.studio)
    context = {
        "sections": [*contracts.sections(staff, mine=mine), *sections_of(today_of(staff), staff, mine=mine)],
        "steps": steps,
        "steps_done": sum(step.is_done for step in steps),
        "links": links,
        "day": clock.today(request.studio.timezone),
    }
    return render(request, "console/today/today.html", context)


@requires(Capability.KEEP_STUDIO)
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Put the first steps away for good."""
    settle_studio(studio=owner_studio(request))
    messages.success(request, _("The first steps are put away. Practice data stay under “Studio”."))
    return redirect("console:today")
