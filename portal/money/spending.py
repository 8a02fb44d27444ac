"""Paying my own bill with my own card, on the phone: a code to that phone says that it is me."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.finance import services
from core.finance.models import Account
from core.finance.values import usable_minor
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.people.login import resend_in
from core.people.phone import mask
from portal.forms import refusal_sentence
from portal.money.forms import SpendForm, said
from portal.money.pages import account_or_404, not_now
from tenants.access import declare

customer = declare("customer")


def bill_or_404(request: HttpRequest, code: str) -> tuple[Order, Account]:
    """My own bill: a card pays for its holder."""
    order, account = account_or_404(request, code)
    if account.customer_id != request.customer.pk:
        raise Http404
    return order, account


@customer
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def spend(request: HttpRequest, code: str) -> HttpResponse:
    """How much of my bill my card pays, and the code that proves that it is me."""
    order, account = bill_or_404(request, code)
    usable = usable_minor(request.customer)
    if why := not_now(order) or ("" if usable and account.owed_minor else _("Nothing can be paid with your card now.")):
        messages.error(request, why)
        return redirect("portal:bill", order.code)
    first = account.instalments.order_by("due_on", "number")
    due = next((one.open_minor for one in first if one.open_minor), account.owed_minor)
    initial = {"amount": min(usable, due)}
    form = SpendForm(request.POST or None, initial=initial, currency=account.currency)
    if form.is_valid() and _paid(request, account, form):
        messages.success(request, _("Paid with your stored value. Thank you!"))
        return redirect("portal:bill", order.code)
    context = {
        "order": order, "account": account, "form": form, "usable": usable, "phone": mask(request.customer.phone),
        "resend_in": resend_in(request.customer.phone), "most": min(usable, account.owed_minor),
        "sent": "sent" in request.GET,
    }  # fmt: skip
    return render(request, "portal/money/spend.html", context, status=422 if form.is_bound else 200)


def _paid(request: HttpRequest, account: Account, form: SpendForm) -> bool:
    told = form.cleaned_data
    try:
        services.pay_own_bill(
            customer=request.customer, account=account, amount_minor=told["amount"], code=told["code"],
            address=client_address(request), once=told["once"],
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code.startswith("code."):
            form.add_refusal(refusal)
        else:
            form.add_error("amount", said(refusal))
        return False
    return True


@customer
@never_cache
@require_POST
def send_code(request: HttpRequest, code: str) -> HttpResponse:
    """A code to my own phone, and back to the page."""
    order, account = bill_or_404(request, code)
    try:
        services.request_paying_code(customer=request.customer, account=account, address=client_address(request))
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
        return redirect("portal:spend", order.code)
    return redirect(f"{reverse('portal:spend', args=[order.code])}?sent=1#code")
