"""Everything about one order: the page, the parts that change while one looks, the job sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.booking.selectors import brief_of, confirmed_plan, crew_of_order
from core.console.access import requires
from core.console.booking.wording import planned, wished
from core.console.orders.pages import Panel, order_or_404, order_page, people_of
from core.orders import selectors
from core.people.enums import Capability


@requires(Capability.VIEW_BOARD)
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """The order on one page, with one stage opened (`?stage=`, by default the current one)."""
    return render(request, "console/orders/detail.html", order_page(request, order_or_404(request, code)))


@requires(Capability.VIEW_BOARD)
@require_safe
def live(request: HttpRequest, code: str) -> HttpResponse:
    """The parts that others may have changed, as out-of-band fragments; `?panel=1` brings the stage's forms too."""
    context = order_page(request, order_or_404(request, code), oob=True)
    return render(request, "console/orders/live.html", context)


@requires(Capability.VIEW_BOARD)
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The job sheet that travels with the guest from desk to desk (R009): all eight stages, filled or to be filled."""
    order = order_or_404(request, code)
    staff: Any = request.staff
    panels = [Panel(order, line) for line in selectors.journey_of(order)]
    see_customers = staff.may(Capability.VIEW_CUSTOMERS, order.branch_id)
    people = people_of(order, full_phones=see_customers)
    brief = brief_of(order)
    plan = {**wished(brief), **planned(confirmed_plan(order), brief)}
    context = {"order": order, "zone": order.branch.timezone, "panels": panels, "people": people, **plan}
    context["crew"] = crew_of_order(order)
    return render(request, "console/orders/sheet.html", context)
