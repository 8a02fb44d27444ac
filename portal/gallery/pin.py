"""The way in by link and PIN: for grandparents without a phone number here, and for a phone that gets no message."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.kernel.address import client_address
from core.kernel.errors import Refusal
from portal import cookies
from portal.devices import device_name
from portal.forms import PinForm
from selection.selectors import gallery_for_customer
from selection.services import enter_by_pin
from tenants.access import declare

anyone = declare("anyone", within="gallery")  # the card's link opened again leads straight in


@anyone
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, code: str) -> HttpResponse:
    """Six digits for one gallery; the same page and answers whether it is there or not."""
    customer: Any = request.customer
    if customer and gallery_for_customer(customer, code):
        return redirect("portal:gallery", code)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, code, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "code": code}
    return render(request, "portal/gallery/pin.html", context, status=422 if form.is_bound else 200)


def _enter(request: HttpRequest, code: str, digits: str) -> HttpResponse:
    device = device_name(request.headers.get("user-agent", ""))
    seat, token = enter_by_pin(code=code, pin=digits, device=device, address=client_address(request))
    response = redirect("portal:gallery", code)
    cookies.set_session(response, token)
    if seat.customer.language:
        cookies.set_language(response, seat.customer.language)
    return response
