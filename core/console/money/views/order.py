"""The money of one order. The panel is loaded into the order's page; deeds are forms, in a dialog where scripts run."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.console.access import requires
from core.console.money.asking import ask, settle
from core.console.money.files import kept
from core.console.money.finding import account_or_404
from core.console.money.forms import ChargeForm, DiscountForm, InvoiceForm, RefundForm, TakeForm
from core.console.money.pages import discount_text, panel_of, usual_amount
from core.finance import services
from core.finance.charges import shown
from core.finance.returnable import returnable
from core.finance.services.charging import line
from core.kernel import clock
from core.people.enums import Capability

form_page = require_http_methods(["GET", "POST"])


@requires(Capability.VIEW_MONEY)
@require_safe
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """Charges, schedule, payments, balance and what may be done: a part of the order's page."""
    account = account_or_404(request, code)
    template = "console/money/panel.html" if request.headers.get("HX-Request") else "console/money/page.html"
    return render(request, template, panel_of(request, account))


@requires(Capability.VIEW_MONEY)
@require_safe
def receipt(request: HttpRequest, code: str, receipt: str) -> HttpResponse:
    """A receipt to print."""
    account = account_or_404(request, code)
    found = account.payments.filter(receipt=receipt.upper()).select_related("recorded_by", "attempt").first()
    if found is None:
        raise Http404
    charges = [shown(charge) for charge in account.charges.order_by("pk")]
    context = {"account": account, "payment": found, "charges": charges, "zone": account.branch.timezone}
    return render(request, "console/money/receipt.html", context)


@requires(Capability.TAKE_PAYMENT)
@form_page
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Record cash, POS or a transfer; somebody else audits it."""
    account = account_or_404(request, code, Capability.TAKE_PAYMENT)
    initial = {"amount": usual_amount(account), "day": clock.today(account.branch.timezone)}
    form = TakeForm(request.POST or None, request.FILES or None, initial=initial, currency=account.currency)
    words: dict[str, Any] = {"title": _("Take a payment"), "submit": _("Money received")}
    if not form.is_valid():
        return ask(request, account, form, **words)
    told = form.cleaned_data

    def work() -> None:
        services.record_payment(
            actor=request.user, account=account, amount_minor=told["amount"], method=told["method"], day=told["day"],
            note=told["note"], once=told["once"], proof=kept(told["photo"]),
        )  # fmt: skip

    done = _("Payment recorded. It stays red until a colleague has checked it.")
    return settle(request, account, work, done, form, **words)


@requires(Capability.TAKE_PAYMENT)
@form_page
def add_charge(request: HttpRequest, code: str) -> HttpResponse:
    """Something more that is owed, due at once."""
    account = account_or_404(request, code, Capability.TAKE_PAYMENT)
    form = ChargeForm(request.POST or None, currency=account.currency)
    text = _("Only what the customer has agreed to. It is due at once and shows on their bill.")
    words: dict[str, Any] = {"title": _("Add a charge"), "submit": _("Add"), "text": text}
    if not form.is_valid():
        return ask(request, account, form, **words)
    told = form.cleaned_data

    def work() -> None:
        services.charge(
            actor=request.user, account=account, source=f"other.{told['once']}", title=told["name"],
            lines=[line(told["name"], told["amount"])],
        )  # fmt: skip

    return settle(request, account, work, _("Added to the bill."), form, **words)


@requires(Capability.DISCOUNT)
@form_page
def discount(request: HttpRequest, code: str) -> HttpResponse:
    """Charge less, within the limit of the viewer's job."""
    account = account_or_404(request, code, Capability.DISCOUNT)
    form = DiscountForm(request.POST or None, currency=account.currency)
    text = discount_text(request, account)
    words: dict[str, Any] = {"title": _("Give a discount"), "submit": _("Give it"), "text": text}
    if not form.is_valid():
        return ask(request, account, form, **words)
    told = form.cleaned_data

    def work() -> None:
        services.give_discount(
            actor=request.user, account=account, amount_minor=told["amount"], reason=told["reason"],
            source=f"discount.{told['once']}",
        )  # fmt: skip

    return settle(request, account, work, _("Discount given."), form, **words)


@requires(Capability.REFUND)
@form_page
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    """Money back, of what was paid too much or of the price."""
    account = account_or_404(request, code, Capability.REFUND)
    found = returnable(account)
    initial = {"amount": min(account.surplus_minor, found.free_minor) or None}
    form = RefundForm(request.POST or None, initial=initial, currency=account.currency, most_minor=found.free_minor)
    words: dict[str, Any] = {"title": _("Refund"), "submit": _("Refund"), "danger": True}
    words |= {"part": "console/money/returnable.html", "found": found}
    if not form.is_valid():
        return ask(request, account, form, **words)
    told = form.cleaned_data

    def work() -> None:
        services.refund(
            actor=request.user, account=account, amount_minor=told["amount"], reason=told["reason"],
            by_hand=told["by_hand"], once=told["once"],
        )  # fmt: skip

    return settle(request, account, work, _("Refund started."), form, **words)


@requires(Capability.ISSUE_INVOICE)
@form_page
def new_invoice(request: HttpRequest, code: str) -> HttpResponse:
    """The data of an e-invoice, as the customer tells them."""
    account = account_or_404(request, code, Capability.ISSUE_INVOICE)
    initial = {"title": account.customer.name, "amount": account.paid_minor or None}
    form = InvoiceForm(request.POST or None, initial=initial, currency=account.currency)
    words: dict[str, Any] = {"title": _("E-invoice"), "submit": _("Save")}
    if not form.is_valid():
        return ask(request, account, form, **words)
    told = {name: form.cleaned_data[name] for name in ("kind", "title", "tax_id", "email")}

    def work() -> None:
        services.ask_invoice(actor=request.user, account=account, amount_minor=form.cleaned_data["amount"], **told)

    return settle(request, account, work, _("The invoice waits to be issued."), form, **words)
