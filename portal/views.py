"""The customer's pages: my orders, one order, my photos, my account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.kernel.errors import Refusal
from core.kernel.htmx import page
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.selectors import order_of, orders_of
from core.people import login as people
from core.people.phone import mask
from portal import cookies
from portal.book.before import desk_dated
from portal.journey import consultant_of, journey, terms_of
from selection.culling.selectors import covers_of
from selection.selectors import galleries_of
from tenants.access import declare

private = cache_control(private=True, no_cache=True)


def _lateness(order: Order) -> int:
    """What is under way comes first, then what after-sales still hold open, then the past; newest first in each."""
    if order.state != OrderState.OPEN:
        return 2
    return int(order.stage == Stage.AFTER_SALES)


@declare("customer")
@private
@vary_on_headers("HX-Request")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The order that is under way, whole, and links to the others."""
    customer: Any = request.customer
    orders = orders_of(customer)
    main = min(orders, key=_lateness, default=None)
    context: dict[str, Any] = {"others": [order for order in orders if order != main]}
    if main is not None:
        context |= {"order": main, "journey": journey(main, customer), "consultant": consultant_of(main)}
    return page(request, "portal/home.html", context, partial="live")


@declare("customer")
@private
@vary_on_headers("HX-Request")
@require_safe
def order(request: HttpRequest, code: str) -> HttpResponse:
    """One order with its terms; somebody else's does not exist (404)."""
    customer: Any = request.customer
    found = order_of(customer, code)
    if found is None:
        raise Http404
    told = journey(found, customer)
    context = {
        "order": found,
        "journey": told,
        "dated": desk_dated(found, told.before),
        "consultant": consultant_of(found),
        "terms": terms_of(found),
    }
    return page(request, "portal/order.html", context, partial="live")


@declare("customer")
@private
@require_safe
def galleries(request: HttpRequest) -> HttpResponse:
    """My galleries; the only one opens at once."""
    found = list(galleries_of(request.customer))
    if len(found) == 1:
        return redirect("portal:gallery", found[0].code)
    covers = covers_of(found)
    rows = [{"gallery": gallery, "cover": covers.get(gallery.pk)} for gallery in found]
    return page(request, "portal/galleries.html", {"galleries": rows})


@declare("customer")
@private
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Name, number, language, and the devices that are logged in."""
    customer: Any = request.customer
    context = {
        "phone": mask(customer.phone),
        "sessions": people.sessions_of(customer),
        "session": request.customer_session,
    }
    return page(request, "portal/account.html", context)


@declare("customer")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of pages and messages."""
    chosen = request.POST.get("language", "")
    response = redirect("portal:account")
    try:
        people.choose_language(customer=request.customer, language=chosen)
    except Refusal:
        raise Http404 from None
    cookies.set_language(response, chosen)
    return response


@declare("customer")
@require_POST
def revoke(request: HttpRequest, session: int) -> HttpResponse:
    """Log one of my devices out; somebody else's does not exist (404)."""
    if not people.revoke_session(customer=request.customer, session_id=session):
        raise Http404
    messages.success(request, _("That device is logged out."))
    return redirect("portal:account")
