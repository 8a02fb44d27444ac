"""What staff do with an order besides moving it. Each is a form of its own page, shown in a dialog when scripts run."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.booking.services.days import change_order_for_staff, day_is_promised, schedule_for_staff
from core.console.access import requires
from core.console.orders.forms import CancelForm, DutyForm, IssueEndForm, IssueForm, OrderForm
from core.console.orders.pages import Panel, insist, order_or_404, order_page
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.kernel.htmx import page
from core.orders import info as key_info
from core.orders import selectors, services
from core.orders.enums import Stage
from core.orders.models import Order
from core.people.enums import Capability

form_page = require_http_methods(["GET", "POST"])


def settle(request: HttpRequest, order: Order, work: Callable[[], Any], done: str, part: str = "") -> HttpResponse:
    """Do the work, say how it went, back to the order."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)
    return redirect(reverse("console:orders:detail", args=[order.code]) + part)


def ask(request: HttpRequest, order: Order, form: forms.BaseForm, **words: Any) -> HttpResponse:
    """A form about the order: `title`, `submit`, perhaps `text` and `danger`."""
    back = reverse("console:orders:detail", args=[order.code])
    context = {"order": order, "form": form, "back": back, "action": request.get_full_path(), **words}
    return page(request, "console/orders/form.html", context, partial="form", status=422 if form.is_bound else 200)


def _stage_panel(order: Order, stage: str) -> Panel:
    if stage not in Stage.values:
        raise Http404
    return Panel(order, next(line for line in selectors.journey_of(order) if line.stage == stage))


@requires(Capability.CHANGE_ORDER)
@require_POST
def duty(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Name a stage's responsible person and its due day (R003, R004)."""
    order = order_or_404(request, code)
    insist(request, Capability.CHANGE_ORDER, order)
    panel = _stage_panel(order, stage)
    form = DutyForm(request.POST, branch_id=order.branch_id, initial=panel.duty_form.initial)
    if not form.is_valid():
        return _again(request, order, panel, duty_form=form)

    def work() -> None:
        if "owner" in form.changed_data and form.cleaned_data["owner"]:
            services.assign_stage(actor=request.user, order=order, stage=stage, owner=form.cleaned_data["owner"])
        if "due_on" in form.changed_data:
            schedule_for_staff(actor=request.user, order=order, stage=stage, due_on=form.cleaned_data["due_on"])

    return settle(request, order, work, _("Responsibility saved."), f"?stage={stage}#stage")


@requires(Capability.MOVE_ORDER)
@require_POST
def info(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Save a stage's key information; empty points are allowed and pointed out."""
    order = order_or_404(request, code)
    insist(request, Capability.MOVE_ORDER, order)
    panel = _stage_panel(order, stage)
    form = key_info.InfoForm(request.POST, stage=stage)
    if not form.is_valid():
        return _again(request, order, panel, info_form=form)

    def work() -> None:
        services.note_stage(actor=request.user, order=order, stage=stage, info=form.info())

    return settle(request, order, work, _("Key information saved."), f"?stage={stage}#stage")


def _again(request: HttpRequest, order: Order, panel: Panel, **forms_: forms.BaseForm) -> HttpResponse:
    for name, form in forms_.items():
        setattr(panel, name, form)
    return render(request, "console/orders/detail.html", order_page(request, order, panel=panel), status=422)


@requires(Capability.CHANGE_ORDER)
@form_page
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Title, dates, note and who answers for the customer. The terms stay as sold."""
    order = order_or_404(request, code)
    insist(request, Capability.CHANGE_ORDER, order)
    form = OrderForm(request.POST or None, order=order, promised=day_is_promised(order))
    if form.is_valid():
        try:
            change_order_for_staff(actor=request.user, order=order, **form.cleaned_data)
        except Refusal as refusal:
            if "field" not in refusal.facts:
                messages.error(request, refusal_sentence(refusal))
                return redirect("console:orders:detail", order.code)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Order changed."))
            return redirect("console:orders:detail", order.code)
    return ask(request, order, form, title=_("Change the order"), submit=_("Save"))


@requires(Capability.VIEW_BOARD)
@form_page
def raise_issue(request: HttpRequest, code: str) -> HttpResponse:
    """Log a problem or feedback against a stage (R005); everyone who sees the order may."""
    order = order_or_404(request, code)
    form = IssueForm(request.POST or None, initial={"stage": request.GET.get("stage") or order.stage})
    if not form.is_valid():
        return ask(request, order, form, title=_("Note a problem"), submit=_("Note it"))

    def work() -> None:
        services.raise_issue(actor=request.user, order=order, **form.cleaned_data)

    return settle(request, order, work, _("Noted. It stays visible until it is solved."), "#order-issues")


@requires(Capability.MOVE_ORDER)
@form_page
def close_issue(request: HttpRequest, code: str, issue: int) -> HttpResponse:
    """Close a problem with what was done."""
    order = order_or_404(request, code)
    insist(request, Capability.MOVE_ORDER, order)
    found = get_object_or_404(order.issues, pk=issue)
    form = IssueEndForm(request.POST or None)
    if not form.is_valid():
        return ask(request, order, form, title=_("Problem solved"), submit=_("Solved"), text=found.text)

    def work() -> None:
        services.close_issue(actor=request.user, issue=found, resolution=form.cleaned_data["resolution"])

    return settle(request, order, work, _("Solved."), "#order-issues")


@requires(Capability.CANCEL_ORDER)
@form_page
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Take the order off the board, with a reason."""
    order = order_or_404(request, code)
    insist(request, Capability.CANCEL_ORDER, order)
    form = CancelForm(request.POST or None, order=order)
    if not form.is_valid():
        text = _("The order leaves the board for good; its history stays. This cannot be undone.")
        return ask(
            request, order, form, title=_("Cancel the order"), submit=_("Cancel the order"), text=text, danger=True
        )

    def work() -> None:
        services.cancel_order(actor=request.user, order=order, reason=form.cleaned_data["reason"], **form.agreed)

    return settle(request, order, work, _("Order cancelled."))


@requires(Capability.MOVE_ORDER)
@require_POST
def finish(request: HttpRequest, code: str) -> HttpResponse:
    """Close an order whose after-sales is over."""
    order = order_or_404(request, code)
    insist(request, Capability.MOVE_ORDER, order)

    def work() -> None:
        services.finish_order(actor=request.user, order=order)

    return settle(request, order, work, _("Order finished."))
