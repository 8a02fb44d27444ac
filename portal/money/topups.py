"""Topping up my card: what it means, paying, what became of it, the receipt. Works without scripts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.finance import services
from core.finance.charges import shown
from core.finance.enums import AttemptState, TopUpState
from core.finance.holdings import offers
from core.finance.models import GiftTier
from core.finance.services.online import look_again
from core.kernel.errors import Refusal
from core.templatetags.ui import money
from portal.devices import is_wechat
from portal.money.forms import TopUpForm, said
from portal.money.pages import mine_or_404, routes_for, way_on
from portal.money.terms import terms_of
from portal.money.wechat import begin, must_ask, to_ask
from portal.money.wishes import top_up_wish
from tenants.access import declare

customer = declare("customer")
WAIT = 6  # seconds until a page that waits for money looks again


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The offer and its terms; agreed to, on to paying."""
    wanted = (request.POST or request.GET).get("least", "")
    offer = next((one for one in offers() if str(one.least_minor) == wanted), None)
    if offer is None:
        messages.error(request, said(Refusal("offer.changed")))
        return redirect("portal:value")
    routes = routes_for(request)
    form = TopUpForm(request.POST or None, routes=routes, customer=request.customer, initial={"gift": offer.gift_minor})
    if form.is_valid() and (begun := _begun(request, offer, form)):
        return begun
    context = {"offer": offer, "terms": terms_of(offer), "form": form, "routes": routes}
    return render(request, "portal/money/top_up_new.html", context, status=422 if form.is_bound else 200)


def _begun(request: HttpRequest, offer: GiftTier, form: TopUpForm) -> HttpResponse | None:
    """On to the top-up whose payment has begun; None when it could not, and the form says why."""
    told = form.cleaned_data
    try:
        top_up = services.ask_top_up(
            customer=request.customer, branch=told["branch"], least_minor=offer.least_minor, gift_minor=told["gift"],
            title=_("Stored value %(amount)s") % {"amount": money(offer.least_minor)}, terms=terms_of(offer),
        )  # fmt: skip
        if must_ask(request, told["route"]):
            return to_ask(top_up.account, 0, reverse("portal:top-up", args=[top_up.account.code]))
        wish = top_up_wish(request, top_up)
        begin(request, told["route"], wish)
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return None
    return redirect(f"{wish.page_of('')}?go=1")


@customer
@never_cache
@require_safe
def top_up(request: HttpRequest, code: str) -> HttpResponse:
    """One top-up: the way on to the provider, the wait, what is on the card. `?go=1` goes on by itself; a page that
    waits looks again by itself, with or without scripts.
    """
    row = mine_or_404(request, code)
    attempt = row.account.attempts.order_by("-pk").first()
    if attempt is not None and "go" not in request.GET:
        look_again(attempt=attempt)
    waits = row.state == TopUpState.ASKED and attempt is not None and attempt.state == AttemptState.OPEN
    on = way_on(attempt) if attempt is not None and waits else {"go_url": "", "qr": "", "bridge": ""}
    context: dict[str, Any] = {
        "top_up": row,
        "account": row.account,
        "attempt": attempt,
        "waits": waits,
        "payments": list(row.account.payments.all()),
        "refunds": list(row.account.refunds.exclude(state="failed")),
        "end": request.GET.get("end", ""),
        "in_wechat": is_wechat(request),
        **on,
    }
    response = render(request, "portal/money/top_up.html", context)
    if "go" in request.GET and on["go_url"]:
        response["Refresh"] = f"0; url={on['go_url']}"  # a form's redirect to another host would break the CSP
    elif waits and (not on["bridge"] or context["end"] == "ok"):  # else it would be loaded again under WeChat's sheet
        response["Refresh"] = str(WAIT)
    return response


@customer
@require_POST
def give_up(request: HttpRequest, code: str) -> HttpResponse:
    """I do not want it any more."""
    try:
        services.give_up_top_up(customer=request.customer, top_up=mine_or_404(request, code))
    except Refusal as refusal:
        messages.error(request, said(refusal))
        return redirect("portal:top-up", code)
    messages.success(request, _("Given up. Should money come all the same, it goes back the way it came."))
    return redirect("portal:value")


@customer
@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What was paid for the card, to keep or print."""
    row = mine_or_404(request, code)
    payments = list(row.account.payments.select_related("attempt").order_by("pk"))
    if not payments:
        raise Http404
    payment = next((one for one in payments if one.left_minor), payments[0])
    charges = [shown(charge) for charge in row.account.charges.order_by("pk")]
    context = {"account": row.account, "payment": payment, "charges": charges, "zone": row.account.branch.timezone}
    return render(request, "portal/money/top_up_receipt.html", context)
