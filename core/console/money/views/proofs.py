"""Photographs of receipts: added by who takes money, seen by who checks it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.console.access import requires
from core.console.money.asking import ask, settle
from core.console.money.files import kept, shown
from core.console.money.finding import row_or_404
from core.console.money.forms_value import PhotoForm
from core.console.money.views.values import deal_or_404
from core.console.refusals import apply_refusal
from core.finance import services
from core.finance.models import Payment
from core.kernel.errors import Refusal
from core.people.enums import Capability


@requires(Capability.AUDIT_PAYMENT)
@never_cache
@require_safe
def photo(request: HttpRequest, payment: int) -> HttpResponse:
    """The photograph of a payment's receipt."""
    return shown(row_or_404(request, Payment.objects.all(), payment, Capability.AUDIT_PAYMENT).proof)


@requires(Capability.AUDIT_PAYMENT)
@never_cache
@require_safe
def deal_photo(request: HttpRequest, deal: int) -> HttpResponse:
    """The photograph of a deal's receipt."""
    return shown(deal_or_404(request, deal, Capability.AUDIT_PAYMENT).proof)


@requires(Capability.TAKE_PAYMENT)
@require_http_methods(["GET", "POST"])
def add_photo(request: HttpRequest, payment: int) -> HttpResponse:
    """A photograph for a payment that was recorded without one, or a better one."""
    row = row_or_404(request, Payment.objects.all(), payment, Capability.TAKE_PAYMENT)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return ask(request, row.account, form, title=_("Photograph of the receipt"), submit=_("Save"))
    return settle(request, row.account, _attaching(request, row, form), _("Saved."))


@requires(Capability.TAKE_PAYMENT)
@require_http_methods(["GET", "POST"])
def add_deal_photo(request: HttpRequest, deal: int) -> HttpResponse:
    """The same for stored value."""
    row = deal_or_404(request, deal, Capability.TAKE_PAYMENT)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            _attaching(request, row, form)()
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:money:card", row.customer_id)
    context = {"customer": row.customer, "form": form, "title": _("Photograph of the receipt"), "submit": _("Save")}
    return render(request, "console/money/card_form.html", context, status=422 if form.is_bound else 200)


def _attaching(request: HttpRequest, row: Any, form: PhotoForm) -> Any:
    upload = form.cleaned_data["photo"]
    return lambda: services.attach_proof(actor=request.user, money=row, proof=kept(upload))
