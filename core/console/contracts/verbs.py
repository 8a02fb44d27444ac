"""What staff do with contracts: compose, send, withdraw, countersign, amend."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.console.access import requires
from core.console.contracts.forms import AnnexForm, ComposeForm, ReasonForm
from core.console.contracts.views import contract_or_404
from core.console.orders.pages import insist, order_or_404
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.contracts import services
from core.contracts.models import Contract, ContractTemplate
from core.contracts.services.keeping import furnish
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.people.enums import Capability

form_page = require_http_methods(["GET", "POST"])


def _settle(request: HttpRequest, contract: Contract, work: Callable[[], Any], done: str) -> HttpResponse:
    """Do the work, say how it went, back to the contract."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("console:contracts:detail", contract.code)


@requires(Capability.SEND_CONTRACTS)
@form_page
def compose(request: HttpRequest, code: str) -> HttpResponse:
    """Template and signers; then the draft is there to be read and sent."""
    order = order_or_404(request, code)
    insist(request, Capability.SEND_CONTRACTS, order)
    if not ContractTemplate.objects.exists():
        furnish()
    form = ComposeForm(request.POST or None, order=order)
    if form.is_bound and form.is_valid():
        template = form.cleaned_data["template"]
        told = {"order": order, "template": template, "language": template.language, "signers": form.chosen}
        try:
            made = services.compose_contract(actor=request.user, **told)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("console:contracts:detail", made.code)
    context = {"order": order, "form": form}
    return render(request, "console/contracts/compose.html", context, status=422 if form.is_bound else 200)


@requires(Capability.SEND_CONTRACTS)
@require_POST
def send(request: HttpRequest, code: str) -> HttpResponse:
    """To everybody who signs, by message."""
    found = contract_or_404(request, code)
    work = lambda: services.send_contract(actor=request.user, contract=found)  # noqa: E731 (one line says it)
    return _settle(request, found, work, _("Sent. Everybody who signs has got a message."))


@requires(Capability.SEND_CONTRACTS)
@form_page
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """With a reason; nobody is bound yet."""
    found = contract_or_404(request, code)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        work = lambda: services.withdraw(actor=request.user, contract=found, reason=reason)  # noqa: E731 (as above)
        return _settle(request, found, work, _("Withdrawn."))
    words = {"title": _("Withdraw the contract"), "submit": _("Withdraw"), "danger": True}
    return _ask(request, found, form, **words)


@requires(Capability.COUNTERSIGN)
@require_POST
def countersign(request: HttpRequest, code: str) -> HttpResponse:
    """The studio's own signature; then the final file is made."""
    found = contract_or_404(request, code, Capability.COUNTERSIGN)
    told = {"address": client_address(request), "agent": request.headers.get("User-Agent", "")[:200]}
    work = lambda: services.countersign(actor=request.user, contract=found, evidence=told)  # noqa: E731 (as above)
    return _settle(request, found, work, _("Countersigned. The final file is being sealed."))


@requires(Capability.SEND_CONTRACTS)
@form_page
def annex(request: HttpRequest, code: str) -> HttpResponse:
    """What is agreed besides a signed contract; a draft of its own."""
    found = contract_or_404(request, code)
    form = AnnexForm(request.POST or None, currency=found.data["order"]["currency"])
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        told = {"contract": found, "title": said["title"], "text": said["text"], "lines": form.lines}
        try:
            made = services.amend_contract(actor=request.user, **told)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("console:contracts:detail", made.code)
    return _ask(request, found, form, title=_("New annex"), submit=_("Compose"))


def _ask(request: HttpRequest, contract: Contract, form: Any, **words: Any) -> HttpResponse:
    context = {"contract": contract, "order": contract.order, "form": form, **words}
    return render(request, "console/contracts/form.html", context, status=422 if form.is_bound else 200)
