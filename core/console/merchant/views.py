"""The studio's pay routes: set up, check, offer, switch off. For the boss of the whole chain."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import services
from billing.enums import PayRoute
from billing.exchange import PayRefused, PayUnreachable
from billing.keys import KEYS, key_set
from billing.selectors import account_of, accounts_of, recent_notices, wechat_has_app, wechat_provides
from core.console.access import requires
from core.console.merchant.cards import cards_of, notice_rows, pay_hosts
from core.console.merchant.forms import KeysForm, StripeForm
from core.console.merchant.sentences import fault_sentence, key_fault
from core.people.enums import Capability

LIST = "console:merchant:list"
SHOWN_NOTICES = 12


@requires(Capability.MANAGE_PAY_ROUTES)
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return _page(request, StripeForm(initial={"country": "HK"}))


@requires(Capability.MANAGE_PAY_ROUTES)
@require_POST
def stripe_account(request: HttpRequest) -> HttpResponse:
    """Make the studio's account at Stripe and go there."""
    studio, form = _studio(request), StripeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        services.connect_stripe(actor=request.user, studio=studio, **form.cleaned_data)
    except (PayRefused, PayUnreachable) as trouble:
        return _back(request, trouble)
    return _to_stripe(request)


@requires(Capability.MANAGE_PAY_ROUTES)
@never_cache
@require_http_methods(["GET", "POST"])
def stripe_link(request: HttpRequest) -> HttpResponse:
    """On to Stripe's pages; also where Stripe sends a browser whose link was too old."""
    _studio(request)
    return _to_stripe(request)


@requires(Capability.MANAGE_PAY_ROUTES)
@never_cache
@require_safe
def stripe_back(request: HttpRequest) -> HttpResponse:
    """Home from Stripe: ask how the account stands now."""
    return _checked(request, PayRoute.STRIPE)


@requires(Capability.MANAGE_PAY_ROUTES)
@sensitive_post_parameters("private_key", "apiv3_key", "public_key", "app_secret")
@never_cache
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest, route: str) -> HttpResponse:
    studio = _studio(request)
    account = accounts_of(studio).get(_wallet(route))
    by_partner = _is_by_partner(request, route, account)
    form = KeysForm(request.POST or None, key_set(route, by_partner=by_partner), account.shown if account else {})
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_keys(
                actor=request.user, studio=studio, route=route, values=form.cleaned_data, by_partner=by_partner
            )
        except services.KeysRefused as refused:
            for name, code in refused.faults.items():
                form.add_error(name, key_fault(code))
        else:
            return _told(request, saved)
    context = {
        "form": form, "route": PayRoute(route), "account": account, "by_partner": by_partner,
        "offers_partner": route == PayRoute.WECHAT and wechat_provides(), "pay_hosts": pay_hosts(studio),
        "has_our_app": by_partner and wechat_has_app(),
    }  # fmt: skip
    return render(request, "console/merchant/keys.html", context, status=422 if request.method == "POST" else 200)


def _is_by_partner(request: HttpRequest, route: str, account: Any) -> bool:
    """Whether the form asks for a number under the platform: as `by` says, else as the account is kept."""
    by = request.POST.get("by") or request.GET.get("by") or ("partner" if account and account.is_by_partner else "own")
    return route == PayRoute.WECHAT and by == "partner" and wechat_provides()


@requires(Capability.MANAGE_PAY_ROUTES)
@require_POST
def check(request: HttpRequest, route: str) -> HttpResponse:
    return _checked(request, route)


@requires(Capability.MANAGE_PAY_ROUTES)
@require_POST
def offer(request: HttpRequest, route: str) -> HttpResponse:
    studio, is_on = _studio(request), request.POST.get("on") == "1"
    services.offer_route(actor=request.user, studio=studio, route=_route(route), is_on=is_on)
    messages.success(request, _("Customers can pay by it now.") if is_on else _("No longer offered to customers."))
    return redirect(LIST)


@requires(Capability.MANAGE_PAY_ROUTES)
@require_POST
def forget(request: HttpRequest, route: str) -> HttpResponse:
    services.forget_keys(actor=request.user, studio=_studio(request), route=_wallet(route))
    messages.success(request, _("The keys are gone."))
    return redirect(LIST)


def _page(request: HttpRequest, form: StripeForm, status: int = 200) -> HttpResponse:
    studio = _studio(request)
    rows = notice_rows(recent_notices(studio, SHOWN_NOTICES))
    context = {"cards": cards_of(studio), "stripe_form": form, "rows": rows, "zone": studio.timezone}
    return render(request, "console/merchant/list.html", context, status=status)


def _to_stripe(request: HttpRequest) -> HttpResponse:
    try:
        url = services.stripe_link(
            studio=request.studio,
            back_url=request.build_absolute_uri(reverse("console:merchant:stripe-back")),
            again_url=request.build_absolute_uri(reverse("console:merchant:stripe-link")),
        )
    except (PayRefused, PayUnreachable) as trouble:
        return _back(request, trouble)
    return redirect(url)


def _checked(request: HttpRequest, route: str) -> HttpResponse:
    studio = _studio(request)
    try:
        account_of(studio, _route(route))
    except PayRefused as trouble:
        return _back(request, trouble)
    return _told(request, services.check_account(studio=studio, route=route))


def _told(request: HttpRequest, account: Any) -> HttpResponse:
    """What a check found, above the list."""
    if account.fault:
        messages.error(request, fault_sentence(account.fault))
    elif account.is_ready:
        messages.success(request, _("The provider answered: everything is in order."))
    else:
        messages.info(request, _("Stripe still needs something. Go on there."))
    return redirect(LIST)


def _back(request: HttpRequest, trouble: PayRefused | PayUnreachable) -> HttpResponse:
    code = trouble.code if isinstance(trouble, PayRefused) else "unreachable"
    messages.error(request, fault_sentence(code))
    return redirect(LIST)


def _studio(request: HttpRequest) -> Any:
    """Accounts are the whole chain's: the boss of one branch is turned away."""
    if request.staff.branches(Capability.MANAGE_PAY_ROUTES) is not None:
        raise PermissionDenied
    return request.studio


def _route(route: str) -> PayRoute:
    if route not in PayRoute.values:
        raise Http404
    return PayRoute(route)


def _wallet(route: str) -> PayRoute:
    """A route with keys to type in."""
    if route not in KEYS:
        raise Http404
    return PayRoute(route)
