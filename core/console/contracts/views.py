"""Contracts of the branches seen: the list, one of them with its evidence, its files, the panel on the order's page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.console.access import requires
from core.console.orders.pages import insist, order_or_404
from core.contracts import files, trail
from core.contracts.enums import FIRM, OPEN, TONES, ContractState
from core.contracts.models import Contract
from core.contracts.selectors import contract_for_staff, contracts_for_staff, contracts_of
from core.contracts.telling import reading_link
from core.kernel import storage
from core.orders.enums import OrderState
from core.people.enums import Capability

A_PAGE = 40


def contract_or_404(request: HttpRequest, code: str, capability: Capability = Capability.SEND_CONTRACTS) -> Contract:
    """The contract if its order is seen; 403 without the capability in its branch."""
    found = contract_for_staff(request.staff, code)
    if found is None:
        raise Http404
    if not request.staff.may(capability, found.order.branch_id):
        raise PermissionDenied
    return found


@requires(Capability.SEND_CONTRACTS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; `?state=sent` narrows."""
    state = request.GET.get("state", "")
    rows = request.staff.scope(contracts_for_staff(request.staff), Capability.SEND_CONTRACTS, "order__branch_id")
    found = rows.filter(state=state) if state in ContractState.values else rows
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    tabs = [{"label": _("All"), "url": "?", "current": state not in ContractState.values}]
    tabs += [
        {"label": label, "url": f"?state={value}", "current": state == value} for value, label in ContractState.choices
    ]
    context = {"page_obj": shown, "rows": [_row(one) for one in shown], "tabs": tabs, "zone": request.studio.timezone}
    return render(request, "console/contracts/list.html", context)


def _row(contract: Contract) -> dict[str, Any]:
    signers = list(contract.signers.all())
    return {
        "contract": contract,
        "tone": TONES[contract.state],
        "signers": signers,
        "signed": sum(one.state == "signed" for one in signers),
    }


@requires(Capability.SEND_CONTRACTS)
@require_safe
def order_panel(request: HttpRequest, code: str) -> HttpResponse:
    """An order's contracts, as a card on the order's page."""
    order = order_or_404(request, code)
    insist(request, Capability.SEND_CONTRACTS, order)
    rows = [_row(one) for one in contracts_of(order)]
    standing = any(row["contract"].parent_id is None and row["contract"].state in OPEN | FIRM for row in rows)
    context = {
        "order": order,
        "zone": order.branch.timezone,
        "rows": rows,
        "may_compose": order.state == OrderState.OPEN and not standing,
    }
    return render(request, "console/contracts/panel.html", context)


@requires(Capability.SEND_CONTRACTS)
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One contract: words, who has signed, the chain of evidence, what can be done next."""
    found = contract_or_404(request, code)
    order, branch = found.order, found.order.branch_id
    links = list(found.trail.order_by("number"))
    context = {
        **_row(found),
        "order": order,
        "zone": order.branch.timezone,
        "price_minor": found.data["order"]["price_minor"],
        "currency": found.data["order"]["currency"],
        "links": links,
        "broken": trail.broken_at(found),
        "link": reading_link(found),
        "annexes": list(found.annexes.order_by("pk")),
        "may_change": found.state in OPEN,
        "may_countersign": found.state == ContractState.SIGNED
        and found.needs_countersign
        and request.staff.may(Capability.COUNTERSIGN, branch),
        "may_annex": found.parent_id is None and found.is_firm and order.state == OrderState.OPEN,
    }
    return render(request, "console/contracts/detail.html", context)


@requires(Capability.SEND_CONTRACTS)
@never_cache
@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The exact file that is read and signed."""
    found = contract_or_404(request, code)
    return _pdf(files.document_bytes(found), f"{found.number}.pdf")


@requires(Capability.SEND_CONTRACTS)
@never_cache
@require_safe
def final(request: HttpRequest, code: str) -> HttpResponse:
    """The sealed file; 404 before there is one."""
    found = contract_or_404(request, code)
    try:
        return _pdf(files.final_bytes(found), f"{found.number}-signed.pdf")
    except storage.Missing:
        raise Http404 from None


def _pdf(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": storage.disposition(name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=files.PDF, headers=headers)
