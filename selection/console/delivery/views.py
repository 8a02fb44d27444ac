"""The delivery desk of a gallery, and what staff do there: each a POST to a noun of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.console.access import requires
from core.kernel.errors import Refusal
from core.people.enums import Capability
from selection.console.delivery.forms import (
    ArchiveForm,
    DeliverForm,
    ExtendForm,
    GrantFilesForm,
    ReviveForm,
    StoryForm,
)
from selection.console.delivery.pages import SHOWN, colleagues, live_context, page_context, story_page
from selection.console.finding import gallery_or_404
from selection.console.sentences import sentence
from selection.console.verbs import settle
from selection.delivery import services
from selection.models import Gallery

_settle = partial(settle, back="selection:delivery")


@requires(Capability.DELIVER)
@require_GET
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """Files, access, log; 404 before the customer has signed."""
    gallery = gallery_or_404(request, code, Capability.DELIVER)
    if gallery.state not in SHOWN:
        raise Http404
    return render(request, "selection/delivery/desk.html", page_context(request, gallery))


@requires(Capability.DELIVER)
@require_GET
def live(request: HttpRequest, code: str) -> HttpResponse:
    """After a poke: the parts that may have changed."""
    gallery = gallery_or_404(request, code, Capability.DELIVER)
    return render(request, "selection/delivery/live.html", live_context(request, gallery))


def _told(
    request: HttpRequest, gallery: Gallery, form: Form, verb: Callable[[dict[str, Any]], Any], done: str
) -> HttpResponse:
    """The verb with what the form says; a form that is not right says so."""
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("selection:delivery", gallery.code)
    return _settle(request, gallery, lambda: verb(form.cleaned_data), done)


@requires(Capability.DELIVER)
@require_POST
def deliver(request: HttpRequest, code: str) -> HttpResponse:
    """Hand over: the customer gets a message."""
    gallery = gallery_or_404(request, code, Capability.DELIVER)

    def verb(given: dict[str, Any]) -> Any:
        who = get_user_model().objects.get(pk=given["checked_by"])
        until, note = given["deliver_until"], given["check_note"]
        return services.deliver_gallery(actor=request.user, gallery=gallery, checked_by=who, until=until, note=note)

    form = DeliverForm(request.POST, colleagues=colleagues(gallery))
    return _told(request, gallery, form, verb, _("Delivered. The customer has been told."))


@requires(Capability.DELIVER)
@require_POST
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """Another last day."""
    gallery = gallery_or_404(request, code, Capability.DELIVER)

    def verb(given: dict[str, Any]) -> Any:
        return services.extend_access(actor=request.user, gallery=gallery, until=given["until"])

    return _told(request, gallery, ExtendForm(request.POST), verb, _("The new day is set."))


@requires(Capability.GRANT_FILES)
@require_POST
def grant(request: HttpRequest, code: str) -> HttpResponse:
    """Originals beyond the contract."""
    gallery = gallery_or_404(request, code, Capability.GRANT_FILES)

    def verb(given: dict[str, Any]) -> Any:
        what, why = given["originals"], given["grant_reason"]
        return services.grant_files(actor=request.user, gallery=gallery, originals=what, reason=why)

    return _told(request, gallery, GrantFilesForm(request.POST), verb, _("The customer can download them too now."))


@requires(Capability.DELIVER)
@require_POST
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """Access ends; nothing is deleted."""
    gallery = gallery_or_404(request, code, Capability.DELIVER)

    def verb(given: dict[str, Any]) -> Any:
        return services.archive_gallery(actor=request.user, gallery=gallery, reason=given["archive_reason"])

    done = _("The gallery is archived; every link has stopped working, every file is kept.")
    return _told(request, gallery, ArchiveForm(request.POST), verb, done)


@requires(Capability.GRANT_FILES)
@require_POST
def revive(request: HttpRequest, code: str) -> HttpResponse:
    """Open what has expired once more."""
    gallery = gallery_or_404(request, code, Capability.GRANT_FILES)

    def verb(given: dict[str, Any]) -> Any:
        told = {"until": given["revive_until"], "reason": given["revive_reason"], "price": given["price"]}
        return services.revive_gallery(actor=request.user, gallery=gallery, **told)

    return _told(request, gallery, ReviveForm(request.POST), verb, _("Open again. The customer has been told."))


@requires(Capability.DELIVER)
@require_http_methods(["GET", "POST"])
def story(request: HttpRequest, code: str) -> HttpResponse:
    """Write the story; the photographs are ticked among the delivered finals."""
    gallery = gallery_or_404(request, code, Capability.DELIVER)
    if gallery.state != "delivered":
        raise Http404
    form = StoryForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        numbers = [int(n) for n in request.POST.getlist("numbers") if n.isdecimal() and len(n) < 7]
        poster = request.POST.get("poster", "")
        given: dict[str, Any] = {
            "numbers": numbers,
            "poster": int(poster) if poster.isdecimal() and len(poster) < 7 else 0,
        }
        try:
            services.save_story(actor=request.user, gallery=gallery, **given, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("The story is saved."))
            return redirect("selection:story", gallery.code)
    status = 422 if form is not None else 200
    return render(request, "selection/delivery/story.html", story_page(gallery, form), status=status)
