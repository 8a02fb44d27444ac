"""The first page of the day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.console.access import requires
from core.console.contracts import today as contracts
from core.console.today.checklist import first_steps
from core.console.today.sections import sections_of
from core.kernel import clock
from core.orders.selectors import today_of
from core.people.enums import Capability


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
    context = {
        "sections": [*contracts.sections(staff, mine=mine), *sections_of(today_of(staff), staff, mine=mine)],
        "steps": first_steps(staff),
        "links": links,
        "day": clock.today(request.studio.timezone),
    }
    return render(request, "console/today/today.html", context)
