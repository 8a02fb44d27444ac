"""The owner's page about the subscription, the plans, and the page where one is chosen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing import subscribing
from billing.enums import Interval, PlanState
from billing.exchange import PayRefused, PayUnreachable
from billing.metering import in_the_way
from billing.models import Plan
from billing.selectors import plans_on_offer, subscription_of
from core.console.access import open_when_lapsed, requires
from core.console.subscription.pages import offers_of, page_of
from core.console.subscription.sentences import trouble_sentence, what_must_go
from core.console.subscription.usage import charts_of
from core.people.enums import Capability
from tenants.access import declare

HERE = "console:subscription:overview"


def studio_of(request: HttpRequest) -> Any:
    """The subscription is the whole chain's: the boss of one branch is turned away."""
    if request.staff.branches(Capability.MANAGE_SUBSCRIPTION) is not None:
        raise PermissionDenied
    return request.studio


@requires(Capability.MANAGE_SUBSCRIPTION)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    studio = studio_of(request)
    row = subscription_of(studio) or subscribing.row_of(studio)
    return render(request, "console/subscription/overview.html", page_of(studio, row))


@requires(Capability.MANAGE_SUBSCRIPTION)
@never_cache
@require_safe
def use(request: HttpRequest) -> HttpResponse:
    """A year of use beside the plan's limits."""
    return render(request, "console/subscription/use.html", {"charts": charts_of(studio_of(request))})


@declare("staff")
@never_cache
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """For everybody who meets a limit; who may choose is said there."""
    row = subscription_of(request.studio)
    context = {"offers": offers_of(request.studio, row), "row": row, "intervals": Interval}
    return render(request, "console/subscription/plans.html", context)


@declare("staff")
@require_safe
def lapsed(request: HttpRequest) -> HttpResponse:
    """Why nothing was saved: where a refused htmx request leads (core.console.middleware)."""
    return render(request, "console/subscription/lapsed.html")


@requires(Capability.MANAGE_SUBSCRIPTION)
@open_when_lapsed
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, code: str, interval: str) -> HttpResponse:
    """What would change, before it does; then on to Stripe, or done at once where a card pays already."""
    studio, plan = studio_of(request), _plan(code, interval)
    row = subscribing.row_of(studio)
    is_card = subscribing.pays_by_card(row)
    if request.method == "POST":
        return _chosen(request, studio, plan, interval, is_card=is_card)
    obstacles = [what_must_go(meter) for meter in in_the_way(studio, plan)]
    context = {
        "plan": plan,
        "row": row,
        "interval": Interval(interval),
        "price": plan.price_minor(interval),
        "obstacles": obstacles,
        "is_card": is_card,
        "quote": _quote(studio, plan, interval) if is_card and not obstacles else None,
        "is_year": interval == Interval.YEAR,
        "is_trial": row.state == PlanState.TRIALING,
    }
    return render(request, "console/subscription/choose.html", context)


def _quote(studio: Any, plan: Plan, interval: str) -> dict[str, int] | None:
    """What is charged now, or the credit, to the fen; None when Stripe does not say: then words must do."""
    try:
        due, at = subscribing.quote(studio=studio, plan=plan, interval=interval)
    except (PayRefused, PayUnreachable):
        return None
    return {"due": max(due, 0), "credit": max(-due, 0), "at": at}


def _chosen(request: HttpRequest, studio: Any, plan: Plan, interval: str, *, is_card: bool) -> HttpResponse:
    back = request.build_absolute_uri(reverse("console:subscription:back"))
    urls = (back, request.build_absolute_uri(reverse(HERE)))
    try:
        if is_card:
            at = request.POST.get("at", "")
            quoted = int(at) if at.isascii() and at.isdigit() and len(at) < 12 else 0
            subscribing.change_plan(actor=request.user, studio=studio, plan=plan, interval=interval, at=quoted)
            messages.success(request, _("The new plan counts from now on."))
            return redirect(HERE)
        if request.POST.get("pay") == "year":
            return redirect(subscribing.buy_year(actor=request.user, studio=studio, plan=plan, urls=urls))
        return redirect(
            subscribing.subscribe(actor=request.user, studio=studio, plan=plan, interval=interval, urls=urls)
        )
    except (PayRefused, PayUnreachable) as trouble:
        messages.error(request, trouble_sentence(trouble))
        return redirect("console:subscription:choose", plan.code, interval)


def _plan(code: str, interval: str) -> Plan:
    found = next((plan for plan in plans_on_offer() if plan.code == code), None)
    if found is None or interval not in Interval.values:
        raise Http404
    return found
