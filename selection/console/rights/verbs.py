"""What staff do with consented photographs: each a POST to a noun of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.console.access import requires
from core.kernel.errors import Refusal
from core.people.enums import Capability
from selection.console.finding import gallery_or_404, staff_of
from selection.console.rights.forms import SampleForm, SamplesForm
from selection.console.rights.pages import covered_ids, gallery_context, sample_found
from selection.console.sentences import sentence
from selection.console.verbs import settle
from selection.rights import services
from selection.rights.models import Sample


@requires(Capability.KEEP_LIBRARY)
@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Ticked photographs into the library."""
    gallery = gallery_or_404(request, code, Capability.KEEP_LIBRARY)
    numbers = list(gallery.photos.filter(pk__in=covered_ids(gallery)).values_list("number", flat=True))
    form = SamplesForm(request.POST, numbers=numbers)
    if not form.is_valid():
        return render(request, "selection/rights/gallery.html", gallery_context(request, gallery, form), status=422)
    said = form.cleaned_data
    given = {"numbers": said["photo"], "kind": said["kind"], "tags": said["tags"]}
    return settle(
        request,
        gallery,
        lambda: services.add_samples(actor=request.user, gallery=gallery, **given),
        lambda made: (
            ngettext("%(n)d photo is in the library.", "%(n)d photos are in the library.", len(made)) % {"n": len(made)}
        ),
        back="selection:rights",
    )


@requires(Capability.KEEP_LIBRARY)
@require_POST
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Taken-back consents are seen to."""
    gallery = gallery_or_404(request, code, Capability.KEEP_LIBRARY)
    done = _("Noted. It leaves the list of today.")
    work: dict[str, Any] = {"actor": request.user, "gallery": gallery}
    return settle(request, gallery, lambda: services.note_revocation(**work), done, back="selection:rights")


@requires(Capability.KEEP_LIBRARY)
@require_POST
def tag(request: HttpRequest, sample: str) -> HttpResponse:
    """What it is, and its tags."""
    found = _sample_or_404(request, sample)
    form = SampleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say what kind of photo it is."))
        return redirect("selection:sample", found.code)
    try:
        services.tag_sample(actor=request.user, sample=found, **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("selection:library")
    messages.success(request, _("Saved."))
    return redirect("selection:sample", found.code)


@requires(Capability.KEEP_LIBRARY)
@require_POST
def remove(request: HttpRequest, sample: str) -> HttpResponse:
    """Out of the library; the consent stands."""
    found = _sample_or_404(request, sample)
    try:
        services.remove_sample(actor=request.user, sample=found)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The photo has left the library. Its consent stands."))
    return redirect("selection:library")


def _sample_or_404(request: HttpRequest, code: str) -> Sample:
    found: Sample = get_object_or_404(sample_found(code))
    if not staff_of(request).may(Capability.KEEP_LIBRARY, found.branch_id):
        raise PermissionDenied
    return found
