"""The day of a branch: what came in, what was counted, and the close."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.console.access import requires
from core.console.money.finding import branch_links, branches_of, chosen_branch
from core.console.money.forms import CloseForm, DayForm
from core.console.money.pages import tabs
from core.console.refusals import apply_refusal
from core.finance import selectors, services
from core.finance.enums import BY_HAND, Method
from core.kernel import clock
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.studios.models import Branch


@requires(Capability.VIEW_MONEY)
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest) -> HttpResponse:
    """Figures by method of `?branch=` on `?day=`; closing counts them and locks the day."""
    branches = branches_of(request.staff)
    if not branches:
        raise Http404
    branch = chosen_branch(request, branches) or branches[0]
    today = clock.today(branch.timezone)
    chosen = DayForm(request.GET).chosen(today)
    form = CloseForm(request.POST or None, currency=request.studio.currency)
    if request.method == "POST":
        if not request.staff.may(Capability.CLOSE_DAY, branch.pk):
            raise PermissionDenied
        if form.is_valid() and _closed(request, branch, chosen, form):
            messages.success(request, _("The day is closed."))
            return redirect(f"{request.path}?branch={branch.pk}&day={chosen}")
    context = _context(request, branch, chosen, today, form)
    context |= {"branches": branch_links(request, branches, branch), "tabs": tabs("day", request.staff)}
    return render(request, "console/money/day.html", context, status=422 if form.is_bound else 200)


def _closed(request: HttpRequest, branch: Branch, day: dt.date, form: CloseForm) -> bool:
    try:
        services.close_day(actor=request.user, branch=branch, day=day, counted=form.counted, reasons=form.reasons)
    except Refusal as refusal:
        if "method" in refusal.facts:
            refusal.facts["field"] = f"why_{refusal.facts['method']}"
        apply_refusal(form, refusal)
        return False
    return True


def _context(request: HttpRequest, branch: Branch, day: dt.date, today: dt.date, form: CloseForm) -> dict[str, Any]:
    figures = selectors.day_figures(branch, day)
    book = selectors.book_of(branch, day)
    return {
        "branch": branch,
        "day": day,
        "day_form": DayForm(initial={"day": day}),
        "today": today,
        "book": book,
        "figures": [(Method(name).label, figure) for name, figure in figures.items()],
        "total": sum(figure.total_minor for figure in figures.values()),
        "counts": [(Method(count.method).label, count) for count in book.counts.all()] if book else [],
        "form": form,
        "pairs": [(form[f"count_{m}"], form[f"why_{m}"], figures[m].total_minor) for m in BY_HAND],
        "open_days": selectors.open_days(branch, today),
        "may_close": request.staff.may(Capability.CLOSE_DAY, branch.pk),
    }
