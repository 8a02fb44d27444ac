"""Coupons and vouchers: make them, stop them, see how often they were used."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.catalog import selectors, services
from core.catalog.models import Coupon
from core.console.access import requires
from core.console.packages.coupons import CouponForm
from core.console.refusals import apply_refusal
from core.kernel.errors import Refusal
from core.people.enums import Capability


@requires(Capability.MANAGE_PACKAGES)
@require_safe
def coupon_list(request: HttpRequest) -> HttpResponse:
    return render(request, "console/packages/coupons.html", {"coupons": selectors.coupons()})


@requires(Capability.MANAGE_PACKAGES)
@require_http_methods(["GET", "POST"])
def coupon_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    coupon = get_object_or_404(Coupon, pk=pk) if pk else None
    form = CouponForm(request.POST or None, currency=request.studio.currency, coupon=coupon)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_coupon(actor=request.user, coupon=coupon, **form.values())
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:packages:coupons")
    uses = selectors.uses_of(coupon) if coupon else []
    context: dict[str, Any] = {"form": form, "coupon": coupon, "title": coupon.name if coupon else "", "uses": uses}
    return render(request, "console/packages/coupon.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.MANAGE_PACKAGES)
@require_POST
def coupon_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop it, or let it count again."""
    coupon, is_active = get_object_or_404(Coupon, pk=pk), request.POST.get("active") == "1"
    services.set_coupon_active(actor=request.user, coupon=coupon, is_active=is_active)
    messages.success(request, _("In force again.") if is_active else _("Stopped: it no longer counts."))
    return redirect("console:packages:coupons")
