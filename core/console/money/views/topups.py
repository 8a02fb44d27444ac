"""A customer's top-up by a pay route, and giving it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.console.access import requires
from core.console.money.finding import insist
from core.console.money.forms import RefundForm
from core.console.money.pages import tabs
from core.console.refusals import apply_refusal
from core.finance import services
from core.finance.charges import shown
from core.finance.holdings import top_ups_for
from core.finance.models import TopUp
from core.finance.services.topups_back import top_up_left
from core.kernel.errors import Refusal
from core.people.enums import Capability


@requires(Capability.VIEW_MONEY)
@require_safe
def online_top_up(request: HttpRequest, code: str) -> HttpResponse:
    """What was agreed, tries, money, the card's part, and what can go back."""
    row = top_up_or_404(request, code)
    account = row.account
    payments = list(account.payments.select_related("attempt").order_by("pk"))
    context = {
        "top_up": row,
        "account": account,
        "payments": payments,
        "refunds": list(account.refunds.select_related("payment").order_by("pk")),
        "attempts": list(account.attempts.order_by("pk")),
        "payment": next((one for one in payments if one.left_minor), payments[0]) if payments else None,
        "charges": [shown(charge) for charge in account.charges.order_by("pk")],
        "left": top_up_left(account),
        "may_refund": request.staff.may(Capability.REFUND, account.branch_id),
        "zone": account.branch.timezone,
        "tabs": tabs("values", request.staff),
    }
    return render(request, "console/money/top_up.html", context)


@requires(Capability.REFUND)
@require_http_methods(["GET", "POST"])
def refund_top_up(request: HttpRequest, code: str) -> HttpResponse:
    """Unused principal back, by the way it came or by hand; the card follows at once."""
    row = top_up_or_404(request, code)
    insist(request, Capability.REFUND, row.account.branch_id)
    left = top_up_left(row.account)
    form = RefundForm(request.POST or None, initial={"amount": left}, most_minor=left, currency=row.account.currency)
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.refund_top_up(
                actor=request.user, account=row.account, amount_minor=told["amount"], reason=told["reason"],
                by_hand=told["by_hand"], once=told["once"],
            )  # fmt: skip
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("It goes back, and the card has given it."))
            return redirect("console:money:online-top-up", row.account.code)
    text = _("Only principal that nobody has used goes back, and its share of the gift leaves the card with it.")
    context = {"customer": row.account.customer, "form": form, "title": _("Give the top-up back")}
    context |= {"submit": _("Refund"), "text": text, "danger": True}
    return render(request, "console/money/card_form.html", context, status=422 if form.is_bound else 200)


def top_up_or_404(request: HttpRequest, code: str) -> TopUp:
    """A top-up of a branch whose money may be seen."""
    row = top_ups_for(request.staff).filter(account__code=code.upper()).first()
    if row is None:
        raise Http404
    return row
