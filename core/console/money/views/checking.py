"""What a second person has to look at, and the deeds that settle it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.money.asking import ask, settle
from core.console.money.finding import branch_links, branches_of, chosen_branch, insist, row_or_404
from core.console.money.forms import ClaimForm, InvoiceEndForm, ReasonForm
from core.console.money.pages import tabs
from core.finance import selectors, services
from core.finance.days import unclosed_days
from core.finance.models import Invoice, Payment, PaymentClaim, Refund
from core.kernel import clock
from core.people.enums import Capability

form_page = require_http_methods(["GET", "POST"])


@requires(Capability.VIEW_MONEY)
@require_safe
def checking(request: HttpRequest) -> HttpResponse:
    """Unaudited money, customers' claims, odd money, refunds to pay out, invoices to issue; `?branch=`."""
    branches = branches_of(request.staff)
    branch = chosen_branch(request, branches)
    context = {
        "queue": selectors.audit_queue(request.staff, branch.pk if branch else None),
        "late": _late(request, branch),
        "tabs": tabs("checking", request.staff),
        "branches": branch_links(request, branches),
        "zone": request.studio.timezone,
        "me": request.user.pk,
        "here": request.get_full_path(),
    }
    return render(request, "console/money/checking.html", context)


def _late(request: HttpRequest, branch: Any) -> Any:
    """Days that somebody has to close: a reminder for those who may."""
    may = branches_of(request.staff, Capability.CLOSE_DAY)
    wanted = [one for one in may if branch is None or one == branch]
    return unclosed_days(wanted, clock.today(request.studio.timezone))


@requires(Capability.AUDIT_PAYMENT)
@require_POST
def audit(request: HttpRequest, payment: int) -> HttpResponse:
    """I have seen this money; whoever recorded it cannot say so."""
    row = row_or_404(request, Payment.objects.all(), payment, Capability.AUDIT_PAYMENT)
    return settle(
        request, row.account, lambda: services.audit_payment(actor=request.user, payment=row), _("Checked. Thank you!")
    )


@requires(Capability.TAKE_PAYMENT)
@form_page
def correct(request: HttpRequest, payment: int) -> HttpResponse:
    """Take a wrong entry back; an audited one only by those who audit."""
    row = row_or_404(request, Payment.objects.all(), payment, Capability.TAKE_PAYMENT)
    if row.audited_at:
        insist(request, Capability.AUDIT_PAYMENT, row.account.branch_id)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        text = _("The entry stays in the books with a row against it. Record the right amount afterwards.")
        return ask(request, row.account, form, title=_("Wrong entry"), submit=_("Take it back"), text=text, danger=True)
    reason = form.cleaned_data["reason"]

    def work() -> None:
        services.correct_payment(actor=request.user, payment=row, reason=reason)

    return settle(request, row.account, work, _("Taken back."))


@requires(Capability.TAKE_PAYMENT)
@require_POST
def pay_out(request: HttpRequest, refund: int) -> HttpResponse:
    """I have paid this refund out."""
    row = row_or_404(request, Refund.objects.all(), refund, Capability.TAKE_PAYMENT)
    return settle(
        request,
        row.account,
        lambda: services.pay_out(actor=request.user, refund=row),
        _("Paid out. A colleague checks it."),
    )


@requires(Capability.AUDIT_PAYMENT)
@require_POST
def audit_refund(request: HttpRequest, refund: int) -> HttpResponse:
    """I have seen that this refund went out."""
    row = row_or_404(request, Refund.objects.all(), refund, Capability.AUDIT_PAYMENT)
    return settle(
        request, row.account, lambda: services.audit_refund(actor=request.user, refund=row), _("Checked. Thank you!")
    )


@requires(Capability.TAKE_PAYMENT)
@form_page
def claim(request: HttpRequest, claim: int) -> HttpResponse:
    """A customer says that they have paid: found or not."""
    row = row_or_404(request, PaymentClaim.objects.all(), claim, Capability.TAKE_PAYMENT)
    initial = {"amount": row.amount_minor, "day": clock.today(row.account.branch.timezone)}
    form = ClaimForm(request.POST or None, initial=initial, currency=row.account.currency)
    if not form.is_valid():
        text = f"{row.get_method_display()} · {row.note}" if row.note else row.get_method_display()
        return ask(request, row.account, form, title=_("Customer says: paid"), submit=_("Save"), text=text)
    told = form.cleaned_data

    def work() -> None:
        if told["found"] == "yes":
            services.confirm_claim(actor=request.user, claim=row, amount_minor=told["amount"], day=told["day"])
        else:
            services.decline_claim(actor=request.user, claim=row, answer=told["answer"])

    return settle(request, row.account, work, _("Saved."))


@requires(Capability.ISSUE_INVOICE)
@require_POST
def issue(request: HttpRequest, invoice: int) -> HttpResponse:
    """Give an invoice its number."""
    row = row_or_404(request, Invoice.objects.all(), invoice, Capability.ISSUE_INVOICE)
    return settle(
        request, row.account, lambda: services.issue_invoice(actor=request.user, invoice=row), _("Invoice issued.")
    )


@requires(Capability.ISSUE_INVOICE)
@form_page
def cancel_invoice(request: HttpRequest, invoice: int) -> HttpResponse:
    """Cancel an invoice, perhaps to issue it with another title; nothing is ever edited."""
    row = row_or_404(request, Invoice.objects.all(), invoice, Capability.ISSUE_INVOICE)
    form = InvoiceEndForm(request.POST or None)
    if not form.is_valid():
        return ask(
            request, row.account, form, title=_("Cancel the invoice"), submit=_("Cancel the invoice"), danger=True
        )

    def work() -> None:
        services.cancel_invoice(actor=request.user, invoice=row, **form.cleaned_data)

    return settle(request, row.account, work, _("Invoice cancelled."))
