"""Owner's pages: take everything away, see who visited, use an own address, leave. Verbs are in `tenants.life`."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import open_when_lapsed, requires
from core.console.studio.forms import AddressForm, ClosingForm, ExportForm
from core.console.studio.sentences import life_sentence
from core.people.enums import Capability
from tenants.life import closing, domains, exporting, support, tasks
from tenants.life.selectors import acts_of, export_of, exports_of
from tenants.life.words import act_lines


@open_when_lapsed
@requires(Capability.KEEP_STUDIO)
@never_cache
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """The exports that are kept, and a new one."""
    studio, form = _studio(request), ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            exporting.ask_export(studio=studio, actor=_who(request), with_files=form.cleaned_data["with_files"])
        except tasks.LifeRefused as refused:
            messages.error(request, life_sentence(refused))
        return redirect("console:studio:export")
    context = {"form": form, "tasks": exports_of(studio)}
    return _page(request, "export", context)


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_safe
def export_state(request: HttpRequest, code: str) -> HttpResponse:
    """One export's card; a running one asks for itself again (htmx)."""
    return render(
        request, "console/studio/task.html", {"task": _export(request, code), "zone": _studio(request).timezone}
    )


@open_when_lapsed
@requires(Capability.KEEP_STUDIO)
@require_POST
def export_again(request: HttpRequest, code: str) -> HttpResponse:
    try:
        tasks.again(_export(request, code), actor=_who(request))
    except tasks.LifeRefused as refused:
        messages.error(request, life_sentence(refused))
    return redirect("console:studio:export")


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_safe
def export_download(request: HttpRequest, code: str) -> HttpResponse:
    """On to the store, by an address that works for some minutes."""
    try:
        return redirect(exporting.download_link(_export(request, code), actor=_who(request)))
    except tasks.LifeRefused as refused:
        messages.error(request, life_sentence(refused))
        return redirect("console:studio:export")


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Who of the platform was here, why, and what they looked at; and what was done to the studio as a whole."""
    studio = _studio(request)
    return _page(request, "visits", {"visits": support.visits_of(studio), "acts": act_lines(acts_of(studio))})


@open_when_lapsed
@requires(Capability.KEEP_STUDIO)
@require_POST
def end_visit(request: HttpRequest, code: str) -> HttpResponse:
    if support.end_visit(studio=_studio(request), code=code, actor=_who(request)):
        messages.success(request, _("The visit has ended."))
    return redirect("console:studio:visits")


@requires(Capability.KEEP_STUDIO)
@require_POST
def visit_writing(request: HttpRequest, code: str) -> HttpResponse:
    """Let this visit change things (`on` = 1), or look only."""
    is_on = request.POST.get("on") == "1"
    if support.allow_writing(studio=_studio(request), code=code, actor=_who(request), is_on=is_on):
        said = _("Support may change things until this visit ends.") if is_on else _("Support can only look now.")
        messages.success(request, said)
    return redirect("console:studio:visits")


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Own names, whether they lead here, and what to enter at the registrar."""
    studio, form = _studio(request), AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            domains.add_domain(studio=studio, name=form.cleaned_data["name"], actor=_who(request))
        except tasks.LifeRefused as refused:
            form.add_error("name", life_sentence(refused))
        else:
            return redirect("console:studio:address")
    context = {"form": form, "domains": domains.own_domains(studio), "target": domains.target_of(studio)}
    return _page(request, "address", context, 422 if form.errors else 200)


@requires(Capability.KEEP_STUDIO)
@require_POST
def check_address(request: HttpRequest) -> HttpResponse:
    row = domains.check_domain(studio=_studio(request), name=request.POST.get("name", ""), actor=_who(request))
    if row is None:
        raise Http404
    if row.is_ready:
        messages.success(request, _("%(name)s leads here. It answers now.") % {"name": row.domain})
    else:
        messages.warning(request, _("%(name)s does not lead here yet. DNS may need some hours.") % {"name": row.domain})
    return redirect("console:studio:address")


@requires(Capability.KEEP_STUDIO)
@require_POST
def drop_address(request: HttpRequest) -> HttpResponse:
    if not domains.drop_domain(studio=_studio(request), name=request.POST.get("name", ""), actor=_who(request)):
        raise Http404
    messages.success(request, _("The address no longer leads here."))
    return redirect("console:studio:address")


@open_when_lapsed
@requires(Capability.KEEP_STUDIO)
@never_cache
@require_http_methods(["GET", "POST"])
def closing_page(request: HttpRequest) -> HttpResponse:
    """What closing means, by dates; asked for by typing the studio's address."""
    studio = _studio(request)
    form = ClosingForm(request.POST or None, slug=studio.slug)
    if request.method == "POST" and form.is_valid():
        try:
            closing.ask_closing(studio=studio, actor=_who(request))
        except tasks.LifeRefused as refused:
            messages.error(request, life_sentence(refused))
        return redirect("console:studio:closing")
    context = {"form": form, "grace": closing.GRACE_DAYS, "kept": closing.KEPT_DAYS}
    return _page(request, "closing", context, 422 if form.errors else 200)


@open_when_lapsed
@requires(Capability.KEEP_STUDIO)
@require_POST
def cancel_closing(request: HttpRequest) -> HttpResponse:
    try:
        closing.cancel_closing(studio=_studio(request), actor=_who(request))
    except tasks.LifeRefused as refused:
        messages.error(request, life_sentence(refused))
    else:
        messages.success(request, _("The studio stays. All dates are taken back."))
    return redirect("console:studio:closing")


def tabs_of(name: str) -> list[dict[str, Any]]:
    """The pages of the studio as a whole; `name` is the one shown. Practice data live on a floor above: by name."""
    labels = {
        "console:studio:brand": _("Brand"),
        "console:studio:export": _("Export"),
        "console:studio:visits": _("Support and log"),
        "console:security:rule": _("Second step"),
        "console:studio:address": _("Own address"),
        "selection:practice": _("Practice data"),
        "console:studio:closing": _("Close"),
    }
    return [{"label": label, "url": reverse(key), "current": key == name} for key, label in labels.items()]


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {**context, "tabs": tabs_of(f"console:studio:{name}"), "zone": _studio(request).timezone}
    return render(request, f"console/studio/{name}.html", context, status=status)


def owner_studio(request: HttpRequest) -> Any:
    """The studio, for whoever may decide about all of it; 403 for others."""
    return _studio(request)


def _studio(request: HttpRequest) -> Any:
    """The studio, for whoever may decide about all of it: a support visitor may not."""
    if request.staff.branches(Capability.KEEP_STUDIO) is not None:  # type: ignore[attr-defined]  # set by StaffMiddleware
        raise PermissionDenied
    studio = request.studio  # type: ignore[attr-defined]  # set by StudioMiddleware
    studio.refresh_from_db()
    return studio


def _export(request: HttpRequest, code: str) -> Any:
    task = export_of(_studio(request), code)
    if task is None:
        raise Http404
    return task


def _who(request: HttpRequest) -> str:
    return str(request.user)
