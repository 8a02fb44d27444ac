"""The studio's own works into the sample library, and the end of their release."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.console.access import requires
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.studios.models import Branch
from selection.console.finding import staff_of
from selection.console.rights.forms import WorksForm
from selection.console.sentences import sentence
from selection.rights import services
from selection.rights.models import Release
from selection.rights.selectors import popular_tags


@requires(Capability.KEEP_LIBRARY)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Works with a declared release."""
    form = WorksForm(request.POST or None, request.FILES or None, branches=_branches(request))
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {**form.cleaned_data}
        said.pop("declared")
        files = [(file.name, file.read()) for file in said.pop("pictures")]
        try:
            release = services.add_works(actor=request.user, files=files, **said)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            n = release.works.count()
            done = ngettext("%(n)d photo is in the library.", "%(n)d photos are in the library.", n) % {"n": n}
            messages.success(request, done)
            return redirect("selection:library")
    context = {"form": form, "suggested": popular_tags()}
    return render(request, "selection/rights/works.html", context, status=422 if form.is_bound else 200)


@requires(Capability.KEEP_LIBRARY)
@require_POST
def end(request: HttpRequest, release: int) -> HttpResponse:
    """The release is over: its works go."""
    found = get_object_or_404(Release, pk=release)
    if not staff_of(request).may(Capability.KEEP_LIBRARY, found.branch_id):
        raise PermissionDenied
    try:
        left = services.end_release(actor=request.user, release=found)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        done = ngettext("%(n)d photo has left the library.", "%(n)d photos have left the library.", left) % {"n": left}
        messages.success(request, done)
    return redirect("selection:library")


def _branches(request: HttpRequest) -> Any:
    """Where this colleague keeps the library."""
    staff = staff_of(request)
    mine = [pk for pk in Branch.objects.values_list("pk", flat=True) if staff.may(Capability.KEEP_LIBRARY, pk)]
    return Branch.objects.filter(pk__in=mine).order_by("pk")
