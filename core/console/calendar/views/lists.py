"""Who still needs a date: orders without a shoot, and the waiting list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.calendar.forms import WaitingForm
from core.console.calendar.place import branch_links, branches_for, pick
from core.console.calendar.views.dates import chain_for
from core.console.refusals import apply_refusal
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.dates import undated_orders
from core.orders.selectors import order_for
from core.people.enums import Capability
from core.scheduling import services
from core.scheduling.models import WaitingEntry
from core.scheduling.selectors import waiting_list


def _here(request: HttpRequest, capability: Capability) -> tuple[Any, Any]:
    """(branches, the one asked for or None for all)."""
    branches = branches_for(request, capability)
    wanted = request.GET.get("branch", "")
    return branches, pick(branches, wanted) if wanted not in {"", "all"} else None


def _query(**changes: Any) -> str:
    return "&".join(f"{name}={value}" for name, value in changes.items())


@requires(Capability.BOOK_DATES)
@require_safe
def undated(request: HttpRequest) -> HttpResponse:
    """Orders whose customers have to be asked for a date (R052), longest waiting first."""
    branches, branch = _here(request, Capability.BOOK_DATES)
    ids = [branch.pk] if branch else [one.pk for one in branches]
    rows = undated_orders(request.staff, ids)
    today = clock.today(branches[0].timezone)
    lines = [(row, (today - row.order.taken_at.date()).days) for row in rows]
    context = {"lines": lines, "links": branch_links(branches, branch, _query)}
    return render(request, "console/calendar/undated.html", context)


@requires(Capability.BOOK_DATES)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Who would take a date that becomes free."""
    branches, branch = _here(request, Capability.BOOK_DATES)
    ids = [branch.pk] if branch else [one.pk for one in branches]
    context = {"entries": waiting_list(ids), "links": branch_links(branches, branch, _query), "branch": branch}
    return render(request, "console/calendar/waiting.html", context)


@requires(Capability.BOOK_DATES)
@require_http_methods(["GET", "POST"])
def new_waiting(request: HttpRequest) -> HttpResponse:
    """Put a customer on the list; `?order=` fills the form."""
    branches = branches_for(request, Capability.BOOK_DATES)
    order = order_for(request.staff, request.GET["order"]) if request.GET.get("order") else None
    if request.GET.get("order") and (order is None or order.branch_id not in {one.pk for one in branches}):
        raise Http404
    branch = order.branch if order else pick(branches, request.GET.get("branch", ""))
    initial = {"title": order.title, "customer": order.customer.phone} if order else {}
    form = WaitingForm(request.POST or None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        told = {**data, "weekdays": tuple(data["weekdays"]), "chain": chain_for(data["kind"], order)}
        try:
            services.add_waiting(actor=request.user, branch=branch, thread=order.event_thread if order else "", **told)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("On the waiting list. What becomes free is offered by itself."))
            return redirect(f"{reverse('console:calendar:waiting')}?branch={branch.pk}")
    context = {"form": form, "branch": branch, "branches": branches, "order": order}
    return render(request, "console/calendar/waiting_new.html", context, status=422 if form.is_bound else 200)


@requires(Capability.BOOK_DATES)
@require_POST
def close_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the list."""
    scope = request.staff.scope(WaitingEntry.objects.all(), Capability.BOOK_DATES)
    entry = get_object_or_404(scope, pk=pk)
    services.close_waiting(actor=request.user, entry=entry, reason=request.POST.get("reason", ""))
    messages.success(request, _("Off the list."))
    return redirect("console:calendar:waiting")
