"""Over all branches: what they owe each other, and every one's day."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.money.files import table
from core.console.money.finding import branches_of, insist_everywhere
from core.console.money.forms import DayForm
from core.console.money.forms_more import CloseMonthForm, ShareForm
from core.console.money.months import around, month_of, month_or_404
from core.console.money.pages import tabs
from core.console.sentences import refusal_sentence
from core.finance import services
from core.finance.between import next_month
from core.finance.days import days_of
from core.finance.models import ShootShare
from core.finance.pairs import Pair, pairs_of
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.money import to_money
from core.people.enums import Capability


@requires(Capability.SETTLE_BRANCHES)
@require_safe
def settlements(request: HttpRequest) -> HttpResponse:
    """Every two branches of `?month=`: who owes whom, and whether it is closed."""
    month = month_of(request)
    context = {
        "pairs": pairs_of(request.staff, month),
        "shares": ShootShare.objects.order_by("-starts_on")[:6],
        "share_form": ShareForm(initial={"starts_on": clock.today(request.studio.timezone)}),
        "tabs": tabs("settlements", request.staff),
        **around(request, month),
    }
    return render(request, "console/money/settlements.html", context)


@requires(Capability.MANAGE_COMMISSIONS)
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """The shooting branch's share from a day on."""
    insist_everywhere(request, Capability.MANAGE_COMMISSIONS)
    form = ShareForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A share is between 0 and 100 percent."))
        return redirect("console:money:settlements")
    return _done(request, lambda: services.agree_share(actor=request.user, **form.cleaned_data), _("Saved."))


@requires(Capability.SETTLE_BRANCHES)
@require_http_methods(["GET", "POST"])
def settlement(request: HttpRequest, low: int, high: int, month: str) -> HttpResponse:
    """A month of two branches with the rows behind; closing it makes it unchangeable."""
    pair = _pair_or_404(request, low, high, month)
    form = CloseMonthForm(request.POST or None, initial={"seen": pair.net_minor})
    if form.is_valid():
        told: dict[str, Any] = {"one": pair.low, "other": pair.high, "month": pair.month}
        told["seen_minor"] = form.cleaned_data["seen"]
        work = lambda: services.settle_month(actor=request.user, **told)  # noqa: E731
        return _done(request, work, _("The month is closed."), f"?month={month}")
    is_over = clock.today(request.studio.timezone) >= next_month(pair.month)
    context = {"pair": pair, "form": form, "month_text": month, "is_over": is_over}
    return render(request, "console/money/settlement.html", context, status=422 if form.is_bound else 200)


@requires(Capability.SETTLE_BRANCHES)
@require_safe
def settlement_csv(request: HttpRequest, low: int, high: int, month: str) -> HttpResponse:
    """The rows of the page; amounts as seen from the first branch."""
    pair = _pair_or_404(request, low, high, month)
    rows: list[list[Any]] = [[_("Day"), _("Debtor"), _("Creditor"), _("Why"), _("Order"), _("Customer"), _("Amount")]]
    for row in pair.rows:
        amount = to_money(row.amount_minor, request.studio.currency).amount
        code = row.account.code if row.account else row.entry.note if row.entry else ""
        who = row.entry.customer.name if row.entry else ""
        rows.append([row.on.isoformat(), row.debtor.name, row.creditor.name, row.get_kind_display(), code, who, amount])
    return table(f"settlement-{low}-{high}-{month}.csv", rows)


def _pair_or_404(request: HttpRequest, low: int, high: int, month: str) -> Pair:
    """The pair, if one of the two is the viewer's."""
    pairs = pairs_of(request.staff, month_or_404(month))
    found = next((pair for pair in pairs if (pair.low.pk, pair.high.pk) == (low, high)), None)
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, work: Any, done: str, query: str = "") -> HttpResponse:
    try:
        work()
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)
    return redirect(redirect("console:money:settlements").url + query)


@requires(Capability.VIEW_MONEY)
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Every branch's `?day=`: closed or not, what was counted, the differences, all together."""
    today = clock.today(request.studio.timezone)
    day = DayForm(request.GET).chosen(today)
    rows = days_of(branches_of(request.staff), day)
    context = {
        "rows": rows,
        "day": day,
        "today": today,
        "day_form": DayForm(initial={"day": day}),
        "total": sum(row.total_minor for row in rows),
        "difference": sum(row.difference_minor for row in rows if row.is_closed),
        "late": [row for row in rows if row.open_days],
        "tabs": tabs("days", request.staff),
    }
    return render(request, "console/money/days.html", context)
