"""Wishes and shooting plan at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.booking.selectors import brief_of, plans_of, suggested_looks
from core.booking.services import plans
from core.console.access import requires
from core.console.booking.forms import PlanForms
from core.console.booking.wording import booked, planned, wished
from core.console.faults import faults_of
from core.console.orders.pages import insist, order_or_404
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.people.enums import Capability


@requires(Capability.VIEW_BOARD)
@require_safe
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """The card on the order's page."""
    order = order_or_404(request, code)
    brief, newest = brief_of(order), next(iter(plans_of(order)), None)
    is_open = order.state == "open"
    may = {
        "may_write": is_open and request.staff.may(Capability.MOVE_ORDER, order.branch_id),
        "may_book": is_open and request.staff.may(Capability.BOOK_DATES, order.branch_id),
    }
    context = {"order": order, **may, **booked(order), **wished(brief), **planned(newest, brief)}
    return render(request, "console/booking/panel.html", context)


@requires(Capability.MOVE_ORDER)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Write the plan beside the wishes; save it, or save and send it."""
    order = order_or_404(request, code)
    insist(request, Capability.MOVE_ORDER, order)
    brief, versions = brief_of(order), plans_of(order)
    newest = versions[0] if versions else None
    looks = list(newest.looks) if newest else suggested_looks(order, brief, _("Look %(n)s"))
    forms = PlanForms(request.POST or None, newest, looks)
    if request.method == "POST" and forms.is_valid():
        done = _saved(request, order, forms)
        if done is not None:
            return done
    facts = {**wished(brief), **planned(newest, brief), "zone": order.branch.timezone, "versions": versions[1:]}
    faults = faults_of([forms.form], [forms.looks])
    context = {"order": order, "forms": forms, "form": forms.form, "faults": faults, **facts}
    return render(request, "console/booking/plan.html", context, status=422 if request.method == "POST" else 200)


def _saved(request: HttpRequest, order: Order, forms: PlanForms) -> HttpResponse | None:
    try:
        written = plans.write_plan(actor=request.user, order=order, **forms.values())
        if "send" in request.POST:
            plans.send_plan(actor=request.user, plan=written)
    except Refusal as refusal:
        forms.form.add_error(None, refusal_sentence(refusal))
        return None
    if "send" in request.POST:
        messages.success(request, _("Sent to the customer to confirm."))
        return redirect("console:orders:detail", order.code)
    messages.success(request, _("Plan saved. The customer does not see it yet."))
    return redirect("console:booking:plan", order.code)
