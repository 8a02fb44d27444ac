"""The wording: clauses, templates with a preview, and how the studio contracts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.contracts.forms import ClauseForm, SettingsForm, TemplateForm
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.contracts import services
from core.contracts.fields import FIELDS, fill
from core.contracts.models import Clause, ContractTemplate
from core.contracts.sample import invented, sample
from core.contracts.selectors import without_moving_terms
from core.contracts.services import keeping
from core.kernel.errors import Refusal
from core.people.enums import Capability

manages = requires(Capability.MANAGE_CONTRACTS)
form_page = require_http_methods(["GET", "POST"])


@manages
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Templates and clauses by language, and the settings."""
    clauses, facts = Clause.objects.order_by("-is_active", "language", "position", "pk"), invented()
    context = {
        "templates": ContractTemplate.objects.prefetch_related("clauses"),
        "clauses": [(one, fill(one.title, facts, one.language)) for one in clauses],
        "setting": keeping.setting(),
        "silent": without_moving_terms(),
    }
    return render(request, "console/contracts/wording.html", context)


@manages
@require_POST
def furnish(request: HttpRequest) -> HttpResponse:
    """Take the standard wording, where there is none."""
    keeping.furnish()
    messages.success(request, _("The standard clauses and templates are here. Please read them before you use them."))
    return redirect("console:contracts:wording")


@manages
@require_POST
def add_moving(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a template say how a date is moved, by one tap."""
    try:
        done = services.add_moving_terms(actor=request.user, template=get_object_or_404(ContractTemplate, pk=pk))
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
        return redirect("console:contracts:wording")
    messages.success(
        request, _("The wording says now how a date is moved. Contracts composed before keep their words.")
    )
    return redirect("console:contracts:clause", done.pk) if done else redirect("console:contracts:wording")


@manages
@form_page
def settings(request: HttpRequest) -> HttpResponse:
    """Party, deposit, time to sign, countersigning."""
    form = SettingsForm(request.POST or None, instance=keeping.setting())
    if form.is_bound and form.is_valid():
        services.save_settings(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Contracts composed from now on say it like this."))
        return redirect("console:contracts:wording")
    return _page(request, "settings", form, title=_("How we contract"))


@manages
@form_page
def clause(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A clause; other words make a new version."""
    found = get_object_or_404(Clause, pk=pk) if pk else None
    form = ClauseForm(request.POST or None, instance=Clause.objects.get(pk=pk) if pk else None)
    if form.is_bound and form.is_valid():
        try:
            services.save_clause(actor=request.user, clause=found, **form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. Contracts composed before keep their words."))
            return redirect("console:contracts:wording")
    more = {"fields": FIELDS, "versions": list(found.versions.select_related("made_by")[:10]) if found else []}
    title = fill(found.title, invented(), found.language) if found else _("New clause")
    return _page(request, "clause", form, title=title, **more)


@manages
@form_page
def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A template: its clauses, in the order of their places."""
    found = get_object_or_404(ContractTemplate, pk=pk) if pk else None
    form = TemplateForm(request.POST or None, instance=ContractTemplate.objects.get(pk=pk) if pk else None)
    if form.is_bound and form.is_valid():
        try:
            services.save_template(actor=request.user, template=found, **form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:contracts:wording")
    return _page(request, "template", form, title=found.name if found else _("New template"), template=found)


@manages
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The template with the newest order's facts (or an invented one's): as a customer would read it."""
    found = get_object_or_404(ContractTemplate, pk=pk)
    made, order = sample(found)
    context = {"template": found, "made": made, "order": order}
    return render(request, "console/contracts/preview.html", context)


def _page(request: HttpRequest, name: str, form: Any, **more: Any) -> HttpResponse:
    context = {"form": form, **more}
    return render(request, f"console/contracts/{name}.html", context, status=422 if form.is_bound else 200)
