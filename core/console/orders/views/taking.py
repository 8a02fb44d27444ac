"""Taking a new order."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.orders.priced import worked_out
from core.console.orders.taking import NewOrderForm, is_other_name, known_customer, offers, take, words
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.people.phone import to_e164


@requires(Capability.TAKE_ORDER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One page for the whole sale; what was typed survives every error."""
    staff: Any = request.staff
    currency = request.studio.currency
    form = NewOrderForm(request.POST or None, initial=_given(request), staff=staff, currency=currency)
    if form.is_valid():
        try:
            order = take(form, request.user)
        except Refusal as refusal:
            form.add_error("coupon" if refusal.code.startswith("coupon.") else None, refusal_sentence(refusal))
        else:
            messages.success(request, _("Order %(code)s is taken.") % {"code": order.code})
            return redirect("console:orders:detail", order.code)
    packages = offers(currency, str(form["package"].value() or ""))
    context = {
        "form": form,
        "packages": packages,
        "words": words(currency),
        "worked": worked_out(form) if form.is_bound else None,
        "lookup_url": reverse("console:orders:known"),
    }
    return render(request, "console/orders/new.html", context, status=422 if form.is_bound else 200)


def _given(request: HttpRequest) -> dict[str, str]:
    """`?phone=…&name=…`: from the customer's record."""
    return {name: request.GET[name] for name in ("phone", "name", "package") if request.GET.get(name)}


@requires(Capability.TAKE_ORDER)
@require_safe
def known(request: HttpRequest) -> HttpResponse:
    """Whose number this is, while it is being typed."""
    typed, name = (request.GET.get(field) or request.GET.get(f"second_{field}") or "" for field in ("phone", "name"))
    try:
        phone = to_e164(typed)
    except Refusal:
        return render(request, "console/orders/known.html", {})
    customer = known_customer(phone)
    other_name = name if customer and is_other_name(name, customer) else ""
    context = {"customer": customer, "new": customer is None, "name": name, "other_name": other_name}
    return render(request, "console/orders/known.html", context)


@requires(Capability.TAKE_ORDER)
@require_POST
def priced(request: HttpRequest) -> HttpResponse:
    """What the order would cost as the form stands, line by line. Takes nothing."""
    staff: Any = request.staff
    form = NewOrderForm(request.POST, staff=staff, currency=request.studio.currency)
    return render(request, "console/orders/priced.html", {"worked": worked_out(form)})
