"""Price rules: what packages cost elsewhere, in a season, at a sought-after or a quiet hour."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.catalog import services
from core.catalog.enums import RuleKind
from core.catalog.models import Package, PriceRule
from core.console.access import requires
from core.console.packages.pricing import RuleForm
from core.console.refusals import apply_refusal
from core.kernel.errors import Refusal
from core.people.enums import Capability


@requires(Capability.MANAGE_PACKAGES)
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    rules = list(PriceRule.objects.select_related("package", "branch").order_by("-is_active", "-priority", "pk"))
    groups = [{"kind": kind, "rules": [rule for rule in rules if rule.kind == kind]} for kind in RuleKind]
    return render(request, "console/packages/prices.html", {"groups": groups, "has_packages": Package.objects.exists()})


@requires(Capability.MANAGE_PACKAGES)
@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new rule of `?kind=`, or a standing one."""
    rule = get_object_or_404(PriceRule, pk=pk) if pk else None
    kind = rule.kind if rule else request.GET.get("kind", RuleKind.OFF_PEAK)
    if kind not in RuleKind.values:
        raise Http404
    form = RuleForm(request.POST or None, kind=kind, currency=request.studio.currency, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_rule(actor=request.user, rule=rule, fields=form.values())
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. New prices follow it at once; sold orders keep theirs."))
            return redirect("console:packages:prices")
    context: dict[str, Any] = {"form": form, "rule": rule, "title": rule.name if rule else RuleKind(kind).label}
    return render(request, "console/packages/price.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.MANAGE_PACKAGES)
@require_POST
def rule_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it rest, or put it in force again."""
    rule, is_active = get_object_or_404(PriceRule, pk=pk), request.POST.get("active") == "1"
    services.set_rule_active(actor=request.user, rule=rule, is_active=is_active)
    messages.success(request, _("In force again.") if is_active else _("Resting: it no longer counts."))
    return redirect("console:packages:prices")


@requires(Capability.MANAGE_PACKAGES)
@require_http_methods(["GET", "POST"])
def rule_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then drops the rule."""
    rule = get_object_or_404(PriceRule, pk=pk)
    if request.method != "POST":
        return render(request, "console/packages/price_end.html", {"rule": rule, "title": rule.name})
    services.drop_rule(actor=request.user, rule=rule)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": rule.name})
    return redirect("console:packages:prices")
