"""Short ways: home from Stripe, to its portal, ending and going on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import subscribing
from billing.exchange import PayRefused, PayUnreachable
from core.console.access import open_when_lapsed, requires
from core.console.subscription.sentences import trouble_sentence
from core.console.subscription.views import HERE, studio_of
from core.people.enums import Capability


@requires(Capability.MANAGE_SUBSCRIPTION)
@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Home from Stripe: its notice may still be on the way, so it is asked."""
    return _read(request, _("Thank you. Everything is in order."))


@requires(Capability.MANAGE_SUBSCRIPTION)
@open_when_lapsed
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Ask Stripe now how the subscription stands."""
    return _read(request, _("This is how it stands now."))


@requires(Capability.MANAGE_SUBSCRIPTION)
@open_when_lapsed
@require_POST
def portal(request: HttpRequest) -> HttpResponse:
    """To Stripe's pages about card, address, tax number and invoices."""
    home = request.build_absolute_uri(reverse("console:subscription:back"))
    try:
        return redirect(subscribing.portal(studio=studio_of(request), back_url=home))
    except (PayRefused, PayUnreachable) as trouble:
        messages.error(request, trouble_sentence(trouble))
        return redirect(HERE)


@requires(Capability.MANAGE_SUBSCRIPTION)
@open_when_lapsed
@require_POST
def cancellation(request: HttpRequest) -> HttpResponse:
    """End the subscription when what is paid for is over, or take that back (`on` = 0)."""
    is_on = request.POST.get("on") == "1"
    done = _("Cancelled. You can go on until the paid time is over.") if is_on else _("The subscription goes on.")
    try:
        subscribing.cancel(actor=request.user, studio=studio_of(request), is_on=is_on)
        messages.success(request, done)
    except (PayRefused, PayUnreachable) as trouble:
        messages.error(request, trouble_sentence(trouble))
    return redirect(HERE)


def _read(request: HttpRequest, done: str) -> HttpResponse:
    try:
        subscribing.refresh(studio=studio_of(request))
    except (PayRefused, PayUnreachable) as trouble:
        messages.error(request, trouble_sentence(trouble))
    else:
        messages.success(request, done)
    return redirect(HERE)
