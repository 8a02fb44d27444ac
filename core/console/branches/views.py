"""Branches: list, open, change."""

from django.contrib import messages
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
    branches = Branch.objects.annotate(open_orders=Count("orders", filter=Q(orders__state="open")))
    used = sum(branch.is_active for branch in branches)
    context = {"branches": branches, "used": used, "limit": entitlements_of(request.studio).branches}
    return render(request, "console/branches/list.html", context)


@requires(Capability.MANAGE_BRANCHES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    branch = get_object_or_404(Branch, pk=pk) if pk else None
    form = BranchForm(request.POST or None, instance=branch)
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
    context = {"form": form, "branch": branch}
    return render(request, "console/branches/form.html", context, status=422 if request.method == "POST" else 200)
