"""Branches: list, open, change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.selectors import entitlements_of
from core.console.access import requires
from core.console.branches.forms import BranchForm
from core.console.refusals import apply_refusal
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.studios import services
from core.studios.models import Branch


@requires(Capability.MANAGE_BRANCHES)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    branches = _managed(request).annotate(open_orders=Count("orders", filter=Q(orders__state="open")))
    context = {"branches": branches, "may_add": _may_add(request), **_room(request)}
    return render(request, "console/branches/list.html", context)


@requires(Capability.MANAGE_BRANCHES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    branch = get_object_or_404(_managed(request), pk=pk) if pk else None
    if branch is None and not _may_add(request):
        raise PermissionDenied
    title = branch.name if branch else ""
    here = {} if branch else {"timezone": request.studio.timezone}  # a new one is most likely where the studio is
    form = BranchForm(request.POST or None, instance=branch, initial=here)
    if request.method == "POST" and form.is_valid():
        try:
            if branch:
                services.change_branch(actor=request.user, branch=branch, **form.cleaned_data)
            else:
                services.add_branch(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:branches:list")
    context = {"form": form, "branch": branch, "title": title, **({} if branch else _room(request))}
    return render(request, "console/branches/form.html", context, status=422 if request.method == "POST" else 200)


def _managed(request: HttpRequest) -> Any:
    """The boss of one branch sees that one."""
    return request.staff.scope(Branch.objects.all(), Capability.MANAGE_BRANCHES, "pk")


def _room(request: HttpRequest) -> dict[str, int]:
    """Open branches, and how many the plan has: told before anything is typed."""
    used, limit = Branch.objects.filter(is_active=True).count(), entitlements_of(request.studio).branches
    return {"used": used, "limit": limit}


def _may_add(request: HttpRequest) -> bool:
    """Only the boss of the whole chain opens branches."""
    return request.staff.branches(Capability.MANAGE_BRANCHES) is None
