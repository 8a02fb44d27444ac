"""The bill and what can be done there. Works without scripts; with them it stays right by itself."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.finance import services
from core.finance.charges import shown
from core.finance.services.online import look_again
from core.finance.values import usable_minor
from core.kernel.errors import Refusal
from core.kernel.htmx import page
from core.orders.models import Order
from portal.devices import is_wechat
from portal.money.forms import ClaimForm, InvoiceForm, PayForm, said
from portal.money.pages import (
    account_or_404,
    attempt_or_404,
    bill_of,
    date_of,
    not_now,
    payment_page,
    routes_for,
)
from portal.money.wechat import begin, must_ask, to_ask
from portal.money.wishes import order_wish
from tenants.access import declare

customer = declare("customer")


@customer
@never_cache
@require_safe
def bill(request: HttpRequest, code: str) -> HttpResponse:
    """What is owed and why, what was paid, what comes next."""
    return _bill(request, code)


def _bill(request: HttpRequest, code: str, status: int = 200, **forms: Any) -> HttpResponse:
    order, account = account_or_404(request, code)
    due = bill_of(order, account)
    owed = due.to_pay.open_minor if due.to_pay else None
    context = {
        "order": order,
        "bill": due,
        "routes": routes_for(request),
        "date": date_of(order),
        "claim_form": ClaimForm(currency=account.currency, owed=account.owed_minor, initial={"amount": owed}),
        "invoice_form": InvoiceForm(),
        "usable": usable_minor(request.customer) if account.customer_id == request.customer.pk else 0,
        "zone": account.branch.timezone,
        **forms,
    }
    return page(request, "portal/money/bill.html", context, partial="live", status=status)


@customer
@require_POST
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """Begin to pay the next instalment, or everything: on to the try's own page."""
    order, account = account_or_404(request, code)
    if why := not_now(order):
        return _no(request, order, why)
    form = PayForm(request.POST, routes=routes_for(request))
    if not form.is_valid():
        return _bill(request, code, 422)
    number, route = form.cleaned_data["instalment"], form.cleaned_data["route"]
    if must_ask(request, route):
        return to_ask(account, number or 0, reverse("portal:bill", args=[order.code]))
    try:
        attempt = begin(request, route, order_wish(request, account, number or 0))
    except Refusal as refusal:
        return _no(request, order, said(refusal))
    return redirect(f"{reverse('portal:payment', args=[attempt.reference])}?go=1")


def _no(request: HttpRequest, order: Order, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("portal:bill", order.code)


@customer
@never_cache
@require_safe
def payment(request: HttpRequest, reference: str) -> HttpResponse:
    """One try: the way on to the provider, then the wait, then the receipt. `?go=1` goes on by itself."""
    order, attempt = attempt_or_404(request, reference)
    if "go" not in request.GET:
        look_again(attempt=attempt)
    context = {**payment_page(order, attempt), "end": request.GET.get("end", ""), "in_wechat": is_wechat(request)}
    response = page(request, "portal/money/payment.html", context, partial="live")
    if "go" in request.GET and context["go_url"]:
        response["Refresh"] = f"0; url={context['go_url']}"  # a form's redirect to another host would break the CSP
    return response


@customer
@never_cache
@require_safe
def receipt(request: HttpRequest, code: str, receipt: str) -> HttpResponse:
    """A receipt to keep or print."""
    order, account = account_or_404(request, code)
    found = account.payments.filter(receipt=receipt.upper()).select_related("recorded_by").first()
    if found is None:
        raise Http404
    charges = [shown(charge) for charge in account.charges.order_by("pk")]
    context = {
        "order": order,
        "account": account,
        "payment": found,
        "charges": charges,
        "zone": account.branch.timezone,
    }
    return render(request, "portal/money/receipt.html", context)


@customer
@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """The customer has paid: staff look for the money."""
    order, account = account_or_404(request, code)
    form = ClaimForm(request.POST, currency=account.currency, owed=account.owed_minor)
    if not form.is_valid():
        return _bill(request, code, 422, claim_form=form)
    told = form.cleaned_data
    try:
        services.claim_payment(
            customer=request.customer, account=account, amount_minor=told["amount"], method=told["method"],
            note=told["note"],
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return _bill(request, code, 422, claim_form=form)
    messages.success(request, _("Thank you. We look for your payment and confirm it here."))
    return redirect("portal:bill", order.code)


@customer
@require_POST
def invoice(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for an e-invoice of what was paid."""
    order, account = account_or_404(request, code)
    form = InvoiceForm(request.POST)
    if form.is_valid():
        try:
            services.ask_invoice(actor=request.customer, account=account, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, _("Thank you. The invoice is sent to you once it is issued."))
            return redirect("portal:bill", order.code)
    return _bill(request, code, 422, invoice_form=form)
