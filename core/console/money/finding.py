"""Finding money's rows within the branches that the viewer may see: 404 unseen, 403 unallowed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.finance.models import Account
from core.finance.selectors import account_for
from core.people.enums import Capability
from core.studios.models import Branch


def account_or_404(request: HttpRequest, code: str, capability: Capability = Capability.VIEW_MONEY) -> Account:
    """The account, if its branch's money may be seen; 403 without `capability` there."""
    account = account_for(request.staff, code)
    if account is None:
        raise Http404
    insist(request, capability, account.branch_id)
    return account


def row_or_404(request: HttpRequest, rows: Any, pk: int, capability: Capability) -> Any:
    """A row of an account under the same rule."""
    seen = request.staff.scope(rows.select_related("account__branch"), Capability.VIEW_MONEY, "account__branch_id")
    row = seen.filter(pk=pk).first()
    if row is None:
        raise Http404
    insist(request, capability, row.account.branch_id)
    return row


def insist(request: HttpRequest, capability: Capability, branch_id: int) -> None:
    if not request.staff.may(capability, branch_id):
        raise PermissionDenied


def insist_everywhere(request: HttpRequest, capability: Capability) -> None:
    """The whole chain's: 403 for who holds the capability in some branches only."""
    if request.staff.branches(capability) is not None:
        raise PermissionDenied


def branches_of(staff: Any, capability: Capability = Capability.VIEW_MONEY) -> list[Branch]:
    """The branches where the capability holds."""
    return list(staff.scope(Branch.objects.filter(is_active=True), capability, "pk"))


def chosen_branch(request: HttpRequest, branches: list[Branch]) -> Branch | None:
    """`?branch=<id>` among them; None: all together."""
    wanted = request.GET.get("branch", "")
    return next((branch for branch in branches if str(branch.pk) == wanted), None)


def branch_links(request: HttpRequest, branches: list[Branch], only: Branch | None = None) -> list[dict[str, Any]]:
    """Links to one branch each, and to all together (but for a page of one branch, `only`); none when there is one."""
    if len(branches) < 2:
        return []
    here = only or chosen_branch(request, branches)
    links = [] if only else [{"label": _("All branches"), "url": "?", "current": here is None}]
    return links + [{"label": b.name, "url": f"?branch={b.pk}", "current": b == here} for b in branches]


def back_of(request: HttpRequest, account: Account) -> str:
    """Where a deed leads: to where it was begun (`next`), else to the order's money."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("console:orders:detail", args=[account.code]) + "#order-money"
