"""Commissions: a month's statement with the rows behind it, and the rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.money.files import table
from core.console.money.finding import branch_links, branches_of, chosen_branch, insist_everywhere
from core.console.money.forms_more import RuleForm
from core.console.money.months import around, month_of
from core.console.money.pages import tabs
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.finance import services
from core.finance.models import CommissionRule
from core.finance.statements import commissions_for
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.money import to_money
from core.people.enums import Capability


@requires(Capability.VIEW_TODAY)
@require_safe
def commissions(request: HttpRequest) -> HttpResponse:
    """One's own, the branch's or all, of `?month=` and `?branch=`, by person with the rows behind."""
    month = month_of(request)
    branches = branches_of(request.staff, Capability.VIEW_COMMISSIONS)
    branch = chosen_branch(request, branches)
    people = commissions_for(request.staff, month, branch.pk if branch else None)
    context = {
        "people": people,
        "total": sum(one.amount_minor for one in people),
        "tabs": tabs("commissions", request.staff),
        "branches": branch_links(request, branches),
        "chosen": branch,
        **around(request, month),
    }
    return render(request, "console/money/commissions.html", context)


@requires(Capability.VIEW_TODAY)
@require_safe
def commissions_csv(request: HttpRequest) -> HttpResponse:
    """The rows of the page."""
    month = month_of(request)
    branch = chosen_branch(request, branches_of(request.staff, Capability.VIEW_COMMISSIONS))
    head = [_("Branch"), _("Person"), _("Day"), _("Order"), _("For"), _("Why"), _("Counted from"), _("Commission")]
    rows: list[list[Any]] = [head]
    for one in commissions_for(request.staff, month, branch.pk if branch else None):
        for row in one.rows:
            base, amount = (to_money(part, row.account.currency).amount for part in (row.base_minor, row.amount_minor))
            what = [row.account.code, row.get_occasion_display(), row.get_why_display(), base, amount]
            rows.append([one.branch.name, one.user.name, row.on.isoformat(), *what])
    return table(f"commissions-{month:%Y-%m}.csv", rows)


@requires(Capability.MANAGE_COMMISSIONS)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, the standing ones first; a new one, or a new version of a standing one."""
    insist_everywhere(request, Capability.MANAGE_COMMISSIONS)
    initial = {"starts_on": clock.today(request.studio.timezone)}
    form = RuleForm(request.POST or None, initial=initial, currency=request.studio.currency)
    if form.is_valid():
        try:
            services.make_rule(actor=request.user, **form.told())
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The rule was saved. Sales that were counted before keep theirs."))
            return redirect("console:money:commission-rules")
    rows = CommissionRule.objects.select_related("user", "branch").order_by("-starts_on", "-pk")
    rows = sorted(rows[:200], key=lambda rule: rule.ends_on is not None)
    context = {"rows": rows, "form": form, "tabs": tabs("commissions", request.staff)}
    return render(request, "console/money/rules.html", context, status=422 if form.is_bound else 200)


@requires(Capability.MANAGE_COMMISSIONS)
@require_POST
def end_rule(request: HttpRequest, rule: int) -> HttpResponse:
    """From today on the rule holds no more."""
    insist_everywhere(request, Capability.MANAGE_COMMISSIONS)
    row = get_object_or_404(CommissionRule, pk=rule)
    day = max(row.starts_on, clock.today(request.studio.timezone))
    try:
        services.end_rule(actor=request.user, rule=row, on=day)
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, _("The rule has ended. What it has made stays."))
    return redirect("console:money:commission-rules")
