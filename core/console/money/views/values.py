"""Stored value: who holds how much, a customer's card, money for it, spending it on a bill."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.money.asking import ask, settle
from core.console.money.files import kept
from core.console.money.finding import account_or_404, branches_of, insist, insist_everywhere
from core.console.money.forms import ReasonForm
from core.console.money.forms_value import (
    CapForm,
    GiftForm,
    PayOutForm,
    PointRuleForm,
    PointsForm,
    SpendForm,
    TopUpForm,
)
from core.console.money.pages import tabs
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.finance import services
from core.finance.holdings import card_of, cards, owed_by_branch, owed_value, top_ups_for
from core.finance.models import GiftTier, ValueDeal, ValueRule
from core.finance.values import cap_minor
from core.kernel.amounts import MoneyField
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.people.models import Customer

form_page = require_http_methods(["GET", "POST"])


@requires(Capability.VIEW_MONEY)
@require_safe
def values(request: HttpRequest) -> HttpResponse:
    """Customers who hold stored value, what the studio owes them in all, and the rule of gifts."""
    page = Paginator(cards(), 50).get_page(request.GET.get("page"))
    rule = ValueRule.objects.filter(pk=1).select_related("set_by").first()
    cap = {"cap": cap_minor(), "reason": rule.cap_reason if rule else ""}
    context = {
        "page_obj": page,
        "owed": owed_value(),
        "owing": owed_by_branch(),
        "online": top_ups_for(request.staff).order_by("-pk")[:10],
        "value_rule": rule,
        "cap_form": CapForm(initial=cap, currency=request.studio.currency, auto_id="cap-%s"),
        "tiers": GiftTier.objects.all(),
        "gift_form": GiftForm(currency=request.studio.currency),
        "rule": services.point_rule(),
        "rule_form": _rule_form(request),
        "tabs": tabs("values", request.staff),
    }
    return render(request, "console/money/values.html", context)


@requires(Capability.MANAGE_COMMISSIONS)
@require_POST
def gift(request: HttpRequest) -> HttpResponse:
    """A tier of gifts, set or ended."""
    form = GiftForm(request.POST, currency=request.studio.currency)
    return _settled(request, form, services.set_gift, _("Saved."))


@requires(Capability.MANAGE_COMMISSIONS)
@require_POST
def cap(request: HttpRequest) -> HttpResponse:
    """What one card may hold."""
    form = CapForm(request.POST, currency=request.studio.currency)
    return _settled(request, form, services.set_cap, _("Saved. What is on cards stays."))


@requires(Capability.MANAGE_COMMISSIONS)
@require_POST
def point_rule(request: HttpRequest) -> HttpResponse:
    """How points are earned from now on."""
    done = _("Saved. It counts for sales that have earned nothing yet.")
    return _settled(request, _rule_form(request, request.POST), services.set_point_rule, done)


def _settled(request: HttpRequest, form: Any, verb: Callable[..., Any], done: str) -> HttpResponse:
    """A rule of the whole chain, from a small form of the page: what was typed goes to the verb by its name, amounts
    as `…_minor`. Where they are no numbers, that is said and nothing changes.
    """
    insist_everywhere(request, Capability.MANAGE_COMMISSIONS)
    if not form.is_valid():
        messages.error(request, _("Please type numbers of more than zero."))
        return redirect("console:money:values")
    amounts = {name for name, field in form.fields.items() if isinstance(field, MoneyField)}
    told = {f"{name}_minor" if name in amounts else name: value for name, value in form.cleaned_data.items()}
    told.pop("once")
    _do(request, partial(verb, actor=request.user, **told), done)
    return redirect("console:money:values")


def _rule_form(request: HttpRequest, data: Any = None) -> PointRuleForm:
    rule = services.point_rule()
    names = ("points", "when", "valid_days", "is_active")
    initial = {"per": rule.per_minor, **{name: getattr(rule, name) for name in names}}
    return PointRuleForm(data, initial=initial, currency=request.studio.currency)


@requires(Capability.VIEW_MONEY)
@require_safe
def card(request: HttpRequest, customer: int) -> HttpResponse:
    """Balances, every row, the money for it, and what may be done."""
    found = get_object_or_404(Customer, pk=customer)
    context = {
        "customer": found, "card": card_of(found), "tabs": tabs("values", request.staff), "me": request.user.pk,
        "online": top_ups_for(request.staff).filter(account__customer=found)[:20],
    }  # fmt: skip
    return render(request, "console/money/card.html", context)


@requires(Capability.TAKE_PAYMENT)
@form_page
def top_up(request: HttpRequest, customer: int) -> HttpResponse:
    """Money for stored value; the gift is what the rule says, and somebody else looks at the money."""

    def work(buyer: Customer, told: dict[str, Any]) -> None:
        services.sell_value(
            actor=request.user, customer=buyer, branch=told["branch"], principal_minor=told["amount"],
            method=told["method"], note=told["note"], once=told["once"], proof=kept(told["photo"]),
        )  # fmt: skip

    words = {"title": _("Top up"), "submit": _("Money received"), "text": _gifts(request)}
    return _deed(request, customer, Capability.TAKE_PAYMENT, TopUpForm, work, words)


def _gifts(request: HttpRequest) -> str:
    from core.kernel.money import format_minor

    rows = [
        _("from %(least)s: %(gift)s") % {
            "least": format_minor(tier.least_minor, request.studio.currency, "zh"),
            "gift": format_minor(tier.gift_minor, request.studio.currency, "zh"),
        }
        for tier in GiftTier.objects.all()
    ]  # fmt: skip
    return _("The gift is added by itself (%(tiers)s).") % {"tiers": " · ".join(rows)} if rows else ""


@requires(Capability.REFUND)
@form_page
def pay_out(request: HttpRequest, customer: int) -> HttpResponse:
    """Principal back to the customer; gifts were never paid."""

    def work(buyer: Customer, told: dict[str, Any]) -> None:
        services.pay_out_value(
            actor=request.user, customer=buyer, branch=told["branch"], amount_minor=told["amount"],
            method=told["method"], reason=told["reason"], once=told["once"],
        )  # fmt: skip

    text = _("Only principal is paid out. The gift stays on the card.")
    words = {"title": _("Pay out"), "submit": _("Paid out"), "text": text, "danger": True}
    return _deed(request, customer, Capability.REFUND, PayOutForm, work, words)


@requires(Capability.DISCOUNT)
@form_page
def points(request: HttpRequest, customer: int) -> HttpResponse:
    """Points given or used, with a reason."""

    def work(buyer: Customer, told: dict[str, Any]) -> None:
        services.hand_points(
            actor=request.user, customer=buyer, branch=told["branch"], points=told["points"], reason=told["reason"],
            once=told["once"],
        )  # fmt: skip

    return _deed(request, customer, Capability.DISCOUNT, PointsForm, work, {"title": _("Points"), "submit": _("Save")})


def _deed(
    request: HttpRequest, pk: int, capability: Capability, kind: Any, work: Callable[..., None], words: dict[str, Any]
) -> HttpResponse:
    """A form about a card, done in one of the viewer's branches."""
    customer = get_object_or_404(Customer, pk=pk)
    branches = branches_of(request.staff, capability)
    if not branches:
        raise PermissionDenied
    form = kind(request.POST or None, request.FILES or None, branches=branches, currency=request.studio.currency)
    if form.is_valid():
        try:
            work(customer, form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:money:card", customer.pk)
    context = {"customer": customer, "form": form, **words}
    return render(request, "console/money/card_form.html", context, status=422 if form.is_bound else 200)


@requires(Capability.AUDIT_PAYMENT)
@require_POST
def audit_deal(request: HttpRequest, deal: int) -> HttpResponse:
    """I have seen this money."""
    row = deal_or_404(request, deal, Capability.AUDIT_PAYMENT)
    _do(request, lambda: services.audit_deal(actor=request.user, deal=row), _("Checked. Thank you!"))
    return _back(request, row)


@requires(Capability.TAKE_PAYMENT)
@form_page
def correct_deal(request: HttpRequest, deal: int) -> HttpResponse:
    """Take a wrong top-up back; an audited one only by those who audit."""
    row = deal_or_404(request, deal, Capability.TAKE_PAYMENT)
    if row.audited_at:
        insist(request, Capability.AUDIT_PAYMENT, row.branch_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        _do(request, lambda: services.correct_deal(actor=request.user, deal=row, reason=reason), _("Taken back."))
        return redirect("console:money:card", row.customer_id)
    text = _("The entry stays in the books with a row against it. Record the right amount afterwards.")
    context = {"customer": row.customer, "form": form, "title": _("Wrong entry"), "submit": _("Take it back")}
    context |= {"text": text, "danger": True}
    return render(request, "console/money/card_form.html", context, status=422 if form.is_bound else 200)


@requires(Capability.TAKE_PAYMENT)
@form_page
def spend(request: HttpRequest, code: str) -> HttpResponse:
    """Pay a bill, or a part of it, with the customer's stored value: only when somebody says so."""
    account = account_or_404(request, code, Capability.TAKE_PAYMENT)
    usable = card_of(account.customer, 0).usable_minor
    form = SpendForm(
        request.POST or None, initial={"amount": min(usable, account.owed_minor)}, currency=account.currency
    )
    if not form.is_valid():
        text = _("The principal is used first, then the gift.")
        return ask(request, account, form, title=_("Pay with stored value"), submit=_("Pay"), text=text)
    told = {"amount_minor": form.cleaned_data["amount"], "once": form.cleaned_data["once"]}

    def work() -> None:
        services.pay_from_value(actor=request.user, account=account, **told)

    return settle(request, account, work, _("Paid with stored value."))


def deal_or_404(request: HttpRequest, pk: int, capability: Capability) -> ValueDeal:
    """A deal of a branch whose money may be seen; 403 without `capability` there."""
    rows = request.staff.scope(ValueDeal.objects.select_related("branch", "customer"), Capability.VIEW_MONEY)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    insist(request, capability, row.branch_id)
    return row


def _do(request: HttpRequest, work: Callable[[], Any], done: str) -> None:
    try:
        work()
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)


def _back(request: HttpRequest, row: ValueDeal) -> HttpResponse:
    there = "console:money:checking" if request.POST.get("next") else "console:money:card"
    return redirect(there) if request.POST.get("next") else redirect(there, row.customer_id)
