"""List packages, work at a draft, see what customers will see, publish."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.booking.plannable import plannable
from core.booking.services.publishing import publish_planned
from core.catalog import selectors, services
from core.catalog.enums import ShootKind
from core.catalog.models import Package
from core.catalog.standard import standard_terms
from core.catalog.terms import digest
from core.catalog.wording import changes
from core.console.access import requires
from core.console.packages.forms import PackageForms
from core.console.packages.further import Further
from core.console.packages.pages import SampleForm, card, shown_packages, state_of, tried
from core.console.packages.planning import shown_lacks
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.people.enums import Capability


@requires(Capability.MANAGE_PACKAGES)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "console/packages/list.html", {"shown": shown_packages()})


@requires(Capability.MANAGE_PACKAGES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The draft. `then=publish`: on to what customers will see."""
    package = get_object_or_404(Package.objects.annotate(sold=Count("orders")), pk=pk) if pk else None
    currency = request.studio.currency
    more = None if package else standard_terms(_kind(request.GET), currency)
    forms = PackageForms(request.POST or None, package, currency, more)
    title = package.name if package else ""
    if request.method == "POST" and forms.is_valid():
        try:
            saved = services.save_package(actor=request.user, package=package, **forms.values())
        except Refusal as refusal:
            apply_refusal(forms.form, refusal)
        else:
            return _saved(request, saved)
    context = {"forms": forms, "form": forms.form, "further": forms.further, "package": package, "title": title}
    context |= {"samples": SampleForm(), "state": _state(package), **(_planned(package.terms()) if package else {})}
    return render(request, "console/packages/form.html", context, status=422 if request.method == "POST" else 200)


def _kind(data: Any) -> str:
    return data.get("kind") if data.get("kind") in ShootKind.values else ShootKind.WEDDING


def _state(package: Package | None) -> str:
    return state_of(package, selectors.latest_version(package)) if package else ""


def _saved(request: HttpRequest, package: Package) -> HttpResponse:
    if request.POST.get("then") == "publish":
        return redirect("console:packages:publication", package.pk)
    messages.success(request, _("Draft saved. Customers see it once you publish it."))
    return redirect("console:packages:list")


@requires(Capability.MANAGE_PACKAGES)
@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    package = get_object_or_404(Package, pk=pk)
    is_offered = request.POST.get("offered") == "1"
    services.set_offered(actor=request.user, package=package, is_offered=is_offered)
    messages.success(request, _("On offer again.") if is_offered else _("No longer on offer."))
    return redirect("console:packages:list")


@requires(Capability.MANAGE_PACKAGES)
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes, and the card that customers will see; then the next version."""
    package = get_object_or_404(Package, pk=pk)
    if request.method == "POST":
        return _publish(request, package)
    terms, latest = package.terms(), selectors.latest_version(package)
    found = changes(latest.terms, terms, request.studio.currency) if latest else []
    context = {"package": package, "latest": latest, "changes": found, "seen": digest(terms), **card(terms)}
    context |= {"state": state_of(package, latest), "versions": selectors.versions_of(package), **_planned(terms)}
    return render(request, "console/packages/publication.html", context)


def _planned(terms: dict[str, Any]) -> dict[str, Any]:
    """Which branches could not plan the shoot, and why."""
    found = plannable(terms)
    return {"planned": found, "lacks": shown_lacks(found)}


def _publish(request: HttpRequest, package: Package) -> HttpResponse:
    try:
        told: dict[str, Any] = {"seen": request.POST.get("seen", "?"), "accepted": request.POST.get("accepted") == "on"}
        version = publish_planned(actor=request.user, package=package, **told)
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
        return redirect("console:packages:publication", package.pk)
    facts = {"name": package.name, "number": version.number}
    messages.success(
        request, _("%(name)s, version %(number)s: new orders are sold on these terms from now on.") % facts
    )
    return redirect("console:packages:list")


@requires(Capability.MANAGE_PACKAGES)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What is typed, before it is saved: the price on three sample days and the card. Saves nothing."""
    given = request.POST.get("package", "")
    package = Package.objects.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 18 else None
    forms, samples = PackageForms(request.POST, package, request.studio.currency), SampleForm(request.POST)
    context: dict[str, Any] = {"samples": samples, "package": package}
    if forms.is_valid() and samples.is_valid():
        terms = forms.terms()
        context |= {"tried": tried(terms, package.pk if package else 0, samples), **card(terms)}
    return render(request, "console/packages/preview.html", context)


@requires(Capability.MANAGE_PACKAGES)
@require_POST
def standard(request: HttpRequest) -> HttpResponse:
    """The further terms that suit the kind of shoot, in place of what stood there; saved with the form, not before."""
    more = standard_terms(_kind(request.POST), request.studio.currency)
    return render(request, "console/packages/further.html", {"further": Further(None, more, request.studio.currency)})
