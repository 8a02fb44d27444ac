"""List, add and change packages."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.catalog import services
from core.catalog.models import Package
from core.console.access import requires
from core.console.packages.forms import PackageForms
from core.console.refusals import apply_refusal
from core.kernel.errors import Refusal
from core.people.enums import Capability


@requires(Capability.MANAGE_PACKAGES)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    packages = Package.objects.prefetch_related("products", "extras", "slots").order_by("-is_offered", "position", "pk")
    return render(request, "console/packages/list.html", {"packages": packages})


@requires(Capability.MANAGE_PACKAGES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    package = get_object_or_404(Package.objects.annotate(sold=Count("orders")), pk=pk) if pk else None
    title = package.name if package else ""
    forms = PackageForms(request.POST or None, package, request.studio.currency)
    if request.method == "POST" and forms.is_valid():
        try:
            services.save_package(actor=request.user, package=package, **forms.values())
        except Refusal as refusal:
            apply_refusal(forms.form, refusal)
        else:
            messages.success(request, _("Saved. Orders sold earlier keep their own terms."))
            return redirect("console:packages:list")
    context = {"forms": forms, "form": forms.form, "package": package, "title": title}
    return render(request, "console/packages/form.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.MANAGE_PACKAGES)
@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    package = get_object_or_404(Package, pk=pk)
    is_offered = request.POST.get("offered") == "1"
    services.set_offered(actor=request.user, package=package, is_offered=is_offered)
    messages.success(request, _("On offer again.") if is_offered else _("No longer on offer."))
    return redirect("console:packages:list")
