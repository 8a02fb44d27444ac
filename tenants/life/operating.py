"""The operators' pages of one studio's life, inside Django's admin: one page shows, one address a verb does."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tenants.life import closing, erasing, exporting, rescuing, restoring, selectors, support, tasks
from tenants.life.models import ErasureCertificate
from tenants.life.words import act_lines, operator_sentence
from tenants.models import Studio
from tenants.names import NameRefused
from tenants.services import StudioBusy

REFRESH_SECONDS = 3
WATCHED = "erasures"  # session: studio → the code of its erasure and, once done, of its certificate


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Everybody who opens the studio's address reads this sentence."),
    )
    keeps_customers = forms.BooleanField(
        label=gettext_lazy("Customers still reach what they paid for"), required=False, initial=True
    )


class VisitForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, min_length=support.SHORTEST_REASON)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=5, max_value=support.LONGEST, initial=30)


class RestoreForm(forms.Form):
    source = forms.CharField(label=gettext_lazy("Export"), widget=forms.Select)
    slug = forms.SlugField(
        label=gettext_lazy("New address"), required=False, help_text=gettext_lazy("Empty: in place of what is there.")
    )

    def __init__(self, data: Any, studio: Studio) -> None:
        super().__init__(data)
        kept = [task for task in selectors.exports_of(studio) if exporting.is_kept(task)]
        self.fields["source"] = forms.ChoiceField(
            label=gettext_lazy("Export"), choices=[(t.code, f"{t.created_at:%Y-%m-%d %H:%M} {t.code}") for t in kept]
        )
        self.tasks = {task.code: task for task in kept}


class EraseForm(forms.Form):
    typed = forms.CharField(label=gettext_lazy("The studio's address, by hand"), max_length=40)


class RescueForm(forms.Form):
    """`typed`: the studio's address, so that it is this studio's owner and no other's."""

    username = forms.CharField(label=gettext_lazy("Owner"), widget=forms.Select)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        min_length=support.SHORTEST_REASON,
        help_text=gettext_lazy("How you made sure who asks. All owners read it, at every address they have."),
    )
    typed = forms.CharField(label=gettext_lazy("The studio's address, by hand"), max_length=40)

    def __init__(self, data: Any, studio: Studio) -> None:
        super().__init__(data)
        self.owners = [owner for owner in rescuing.owners_of(studio) if owner.has_step]
        choices = [(owner.username, f"{owner.name} ({owner.username})") for owner in self.owners]
        self.fields["username"] = forms.ChoiceField(label=gettext_lazy("Owner"), choices=choices)


class ExportForm(forms.Form):
    with_files = forms.BooleanField(label=gettext_lazy("With all photographs"), required=False)


def urls(model_admin: Any) -> list[Any]:
    """The addresses, for `StudioAdmin.get_urls`."""
    guard = model_admin.admin_site.admin_view
    return [
        path("<int:pk>/life/", guard(life), name="studio-life"),
        path("<int:pk>/life/<slug:verb>/", guard(require_POST(act)), name="studio-life-act"),
    ]


def life(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one studio on one page; while something runs the page asks again. A studio that was erased
    leads to its certificate.
    """
    studio = Studio.objects.filter(pk=pk).first()
    if studio is None:
        return _to_certificate(request, pk)
    found = selectors.tasks_of(studio)
    context = {
        **admin.site.each_context(request),
        "title": studio.name,
        "studio": studio,
        "tasks": found,
        "refresh": REFRESH_SECONDS if any(task.is_open for task in found) else 0,
        "acts": act_lines(selectors.acts_of(studio)),
        "visits": support.visits_of(studio),
        "storage": selectors.storage_of(studio),
        "jobs": selectors.jobs_of(studio),
        "schema": selectors.schema_of(studio),
        "unconfirmed": restoring.unconfirmed(studio),
        "forms": {
            "suspend": ReasonForm(),
            "visit": VisitForm(),
            "restore": RestoreForm(None, studio),
            "erase": EraseForm(),
            "rescue": RescueForm(None, studio),
            "export": ExportForm(),
        },
    }
    return render(request, "admin/tenants/life.html", context)


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one of VERBS; what cannot be done is said on the page that follows."""
    studio, do = _studio(pk), VERBS.get(verb)
    if do is None:
        raise Http404
    try:
        answer = do(studio, request)
    except (tasks.LifeRefused, StudioBusy, NameRefused) as refused:
        messages.error(request, operator_sentence(refused))
    except forms.ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if isinstance(answer, HttpResponse):
            return answer
        messages.success(request, _("Done."))
    return redirect("admin:studio-life", pk)


def _to_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the page of an erased studio leads; the operator's session knows which one they watched there."""
    code = request.session.get(WATCHED, {}).get(str(pk), "")
    made = ErasureCertificate.objects.filter(code=code).first() if code else None
    if made is None:
        raise Http404
    return redirect("admin:tenants_erasurecertificate_change", made.pk)


def _watch(request: HttpRequest, studio: Studio, code: str) -> None:
    """Remember the erasure that will take this page away, the last few."""
    known = dict(list(request.session.get(WATCHED, {}).items())[-9:])
    request.session[WATCHED] = {**known, str(studio.pk): code}


def _studio(pk: int) -> Studio:
    found: Studio | None = Studio.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _clean(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise forms.ValidationError([_said(form, name, errors) for name, errors in form.errors.items()])
    return form.cleaned_data


def _said(form: forms.Form, name: str, errors: Any) -> str:
    """What is wrong with a field, by the name that people see."""
    label = form.fields[name].label if name in form.fields else ""
    said = " ".join(map(str, errors))
    return _("%(label)s: %(said)s") % {"label": label, "said": said} if label else said


def _export(studio: Studio, request: HttpRequest) -> Any:
    exporting.ask_export(studio=studio, actor=str(request.user), **_clean(ExportForm(request.POST)))


def _restore(studio: Studio, request: HttpRequest) -> Any:
    form = RestoreForm(request.POST, studio)
    given = _clean(form)
    restoring.ask_restore(actor=str(request.user), source=form.tasks[given["source"]], slug=given["slug"])


def _suspend(studio: Studio, request: HttpRequest) -> Any:
    closing.suspend(studio=studio, actor=str(request.user), **_clean(ReasonForm(request.POST)))


def _erase(studio: Studio, request: HttpRequest) -> Any:
    typed = _clean(EraseForm(request.POST))["typed"]
    task = erasing.ask_erasure(studio=studio, actor=str(request.user), typed=typed)
    _watch(request, studio, task.code)


def _rescue(studio: Studio, request: HttpRequest) -> Any:
    given = _clean(RescueForm(request.POST, studio))
    told = rescuing.rescue_owner(studio=studio, actor=request.user.get_username(), **given)
    messages.info(request, _("Messages to owners: %(count)s") % {"count": told})


def _visit(studio: Studio, request: HttpRequest) -> Any:
    support.ask_visit(studio=studio, operator=request.user.get_username(), **_clean(VisitForm(request.POST)))


def _enter(studio: Studio, request: HttpRequest) -> Any:
    code = request.POST.get("visit", "")
    visit = next((one for one in support.visits_of(studio) if one.code == code), None)
    if visit is None:
        raise Http404
    return render(
        request,
        "admin/tenants/enter.html",
        {**admin.site.each_context(request), "url": support.entry_url(visit, operator=request.user.get_username())},
    )


def _end_visit(studio: Studio, request: HttpRequest) -> Any:
    support.end_visit(studio=studio, code=request.POST.get("visit", ""), actor=request.user.get_username())


def _again(studio: Studio, request: HttpRequest) -> Any:
    task = next((one for one in selectors.tasks_of(studio) if one.code == request.POST.get("task")), None)
    if task is None:
        raise Http404
    tasks.again(task, actor=str(request.user))


def _by_name(verb: Callable[..., Any]) -> Callable[[Studio, HttpRequest], Any]:
    return lambda studio, request: verb(studio=studio, actor=str(request.user))


VERBS: dict[str, Callable[[Studio, HttpRequest], Any]] = {
    "export": _export,
    "restore": _restore,
    "confirm": _by_name(restoring.confirm_restore),
    "take-back": _by_name(restoring.take_back_restore),
    "suspend": _suspend,
    "resume": _by_name(closing.resume),
    "close": _by_name(closing.ask_closing),
    "cancel-closing": _by_name(closing.cancel_closing),
    "erase": _erase,
    "rescue": _rescue,
    "visit": _visit,
    "enter": _enter,
    "end-visit": _end_visit,
    "again": _again,
}
