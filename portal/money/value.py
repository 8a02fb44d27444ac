"""What I hold: stored value and points."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.finance.holdings import card_of, next_to_expire, offers, top_ups_of
from core.finance.services import point_rule
from portal.money.pages import routes_for
from tenants.access import declare


@declare("customer")
@never_cache
@require_safe
def value(request: HttpRequest) -> HttpResponse:
    """Balances and every row of them. Nothing is ever used by itself."""
    card = card_of(request.customer)
    ending = next_to_expire(request.customer)
    context = {
        "card": card, "zone": request.studio.timezone, "rule": point_rule(), "ending": ending,
        "offers": offers() if routes_for(request) else [], "top_ups": top_ups_of(request.customer)[:5],
    }  # fmt: skip
    return render(request, "portal/money/value.html", context)
