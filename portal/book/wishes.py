"""Wishes and shooting plan on the phone. Both pages work without scripts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.booking.enums import Colour, PlanState
from core.booking.selectors import brief_of, looks_of, shown_plan
from core.booking.services import briefs, plans
from core.booking.styles import cards_for
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.orders.selectors import order_of
from core.people.evidence import evidence
from portal.book.forms import BriefForm, ReturnForm, sentence
from portal.book.samples import samples, samples_by_code
from tenants.access import declare

customer = declare("customer")


def order_or_404(request: HttpRequest, code: str) -> Order:
    """An order that the customer is on."""
    found = order_of(request.customer, code)
    if found is None:
        raise Http404
    return found


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def brief(request: HttpRequest, code: str) -> HttpResponse:
    """Styles, pictures, colours, places, wishes and taboos: one page, sent as often as they like until the shoot."""
    order = order_or_404(request, code)
    known, pictures = brief_of(order), samples()
    told: dict[str, Any] = {"order": order, "brief": known, "samples": [picture.code for picture in pictures]}
    form = BriefForm(request.POST or None, **told)
    if request.method == "POST" and form.is_valid() and _sent(request, order, form):
        messages.success(request, _("Thank you! Your studio turns this into a plan and asks you to confirm it."))
        return redirect("portal:order", order.code)
    context = {
        "order": order,
        "form": form,
        "brief": known,
        "cards": cards_for(order.kind),
        "colours": Colour,
        "pictures": pictures,
        "is_open": briefs.may_be_sent(order),
    }
    return render(request, "portal/book/brief.html", context, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest, order: Order, form: BriefForm) -> bool:
    try:
        briefs.send_brief(customer=request.customer, order=order, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
        if refusal.code == "brief.stale":  # what was typed stays; sending once more means it
            form.data = _with_rev(form.data, refusal.facts["rev"])
        return False
    return True


def _with_rev(data: Any, rev: int) -> Any:
    fresh = data.copy()
    fresh["seen"] = str(rev)
    return fresh


@customer
@never_cache
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The plan in words for each craft, to confirm or to send back."""
    return _plan_page(request, order_or_404(request, code), ReturnForm())


def _plan_page(request: HttpRequest, order: Order, form: ReturnForm) -> HttpResponse:
    found = shown_plan(order)
    known = brief_of(order)
    context: dict[str, Any] = {"order": order, "plan": found, "brief": known, "form": form}
    if found:
        context |= {"looks": looks_of(found), "digest": plans.digest_of(found), "asks": found.state == PlanState.SENT}
    context["pictures"] = samples_by_code(known.pictures) if known and known.pictures else []
    return render(request, "portal/book/plan.html", context, status=422 if form.is_bound else 200)


@customer
@require_POST
def confirm(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Agree to the plan that was read."""
    order = order_or_404(request, code)
    found = get_object_or_404(order.plans, version=version)
    try:
        plans.confirm_plan(
            customer=request.customer, plan=found, digest=request.POST.get("digest", ""), evidence=evidence(request)
        )
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("Confirmed. Everybody who works with you has it on their sheet."))
    return redirect("portal:plan", order.code)


@customer
@require_POST
def send_back(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Ask for something else."""
    order = order_or_404(request, code)
    found = get_object_or_404(order.plans, version=version)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, order, form)
    try:
        plans.return_plan(customer=request.customer, plan=found, answer=form.cleaned_data["answer"])
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("Sent. You get a message when the new plan is ready."))
    return redirect("portal:plan", order.code)
