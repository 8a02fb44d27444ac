"""Who owes what is due, and what will come when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.console.access import requires
from core.console.money.asking import settle
from core.console.money.finding import account_or_404, branch_links, branches_of, chosen_branch
from core.console.money.pages import tabs
from core.finance import selectors, services
from core.finance.enums import When
from core.people.enums import Capability


@requires(Capability.VIEW_MONEY)
@require_safe
def arrears(request: HttpRequest) -> HttpResponse:
    """What is due and not paid, the oldest first; `?branch=`."""
    branches = branches_of(request.staff)
    branch = chosen_branch(request, branches)
    rows = selectors.arrears(request.staff, branch.pk if branch else None)
    context = {
        "rows": rows,
        "total": sum(row.due_minor for row in rows),
        "tabs": tabs("arrears", request.staff),
        "branches": branch_links(request, branches),
        "here": request.get_full_path(),
    }
    return render(request, "console/money/arrears.html", context)


@requires(Capability.TAKE_PAYMENT)
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the customer politely, with the link to pay; once a day."""
    account = account_or_404(request, code, Capability.TAKE_PAYMENT)
    return settle(
        request,
        account,
        lambda: services.remind(actor=request.user, account=account),
        _("The customer gets a message."),
    )


@requires(Capability.VIEW_MONEY)
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """Instalments by the week in which they are due, by branch and together."""
    branches = branches_of(request.staff)
    branch = chosen_branch(request, branches)
    found = selectors.forecast(request.staff, branch.pk if branch else None)
    shown = [branch] if branch else branches
    weeks = [
        (_("Overdue"), found.overdue),
        *((None, week) for week in found.weeks),
        (_("Later"), found.later),
        *((str(When(when).label), week) for when, week in found.waiting.items()),
    ]
    rows = [(label, week, [week.by_branch.get(one.pk, 0) for one in shown]) for label, week in weeks]
    context = {
        "rows": rows,
        "shown": shown,
        "total": sum(week.total_minor for _label, week in weeks),
        "tabs": tabs("forecast", request.staff),
        "branches": branch_links(request, branches),
    }
    return render(request, "console/money/forecast.html", context)
