"""Photographs to keep, one of them large, and the story. They work without scripts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.kernel.errors import Refusal
from core.kernel.htmx import page
from portal.delivery.pages import (
    clean_url,
    clip_context,
    cold_or_404,
    context,
    found,
    shared_clip_context,
    story_context,
    taking_of,
)
from selection.addresses import GRID, PROOF
from selection.delivery.selectors import delivered_to, files_of, shared_story, story_of
from selection.delivery.services import share_story
from tenants.access import anyone, declare

customer = declare("customer")


@customer
@never_cache
@require_safe
def delivery(request: HttpRequest, code: str) -> HttpResponse:
    """The files and ZIP parts; when access has ended, how to have it again."""
    mine = delivered_to(request.customer, code)
    if mine is None:
        gallery = cold_or_404(request, code)
        return render(request, "portal/delivery/cold.html", context(request, gallery), status=410)
    told = context(request, mine[0], taking=taking_of(request, *mine), delivery=mine[1])
    return page(request, "portal/delivery/overview.html", told, partial="live")


@customer
@never_cache
@require_safe
def single(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """One photograph large, to be saved by a long press (WeChat) or by the button."""
    taking = taking_of(request, *found(request, code))
    items = [item for shelf in taking.shelves for item in shelf.items if item.file.kind == what[0]]
    at = next((i for i, item in enumerate(items) if item.file.what == what), None)
    if at is None:
        raise Http404
    told = {
        "item": items[at],
        "before": items[at - 1] if at else None,
        "after": items[at + 1] if at + 1 < len(items) else None,
    }
    return render(request, "portal/delivery/single.html", context(request, taking.gallery, **told))


@customer
@never_cache
@require_safe
def story(request: HttpRequest, code: str) -> HttpResponse:
    """The studio's story of these photographs, for those on the order."""
    gallery, _delivery = found(request, code)
    told = story_of(gallery)
    if told is None or told.published_at is None:
        raise Http404
    pictures = {n: (clean_url(gallery, n, GRID), clean_url(gallery, n, PROOF)) for n in told.shown_numbers}
    more = {**story_context(told, pictures), **clip_context(request, gallery)}
    return render(request, "portal/delivery/story.html", context(request, gallery, may_share=True, **more))


@customer
@require_POST
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Make the link that needs no login, or take it back."""
    gallery, _delivery = found(request, code)
    wanted = request.POST.get("shared") == "1"
    try:
        share_story(customer=request.customer, gallery=gallery, shared=wanted)
    except Refusal as refusal:
        if refusal.code not in {"story.unknown", "state.forbidden"}:
            raise
        raise Http404 from refusal
    done = _("Everybody with the link can see the story now.") if wanted else _("The link does not work any more.")
    messages.success(request, done)
    return redirect("portal:story", code)


@anyone
@never_cache
@require_safe
def shared(request: HttpRequest, share_code: str) -> HttpResponse:
    """The story for whoever has the link: to look at, nothing to buy, nothing to download."""
    told = shared_story(share_code)
    if told is None:
        raise Http404
    gallery = told.delivery.gallery
    there = {file.number for file in files_of(gallery)}

    def url(number: int, size: str) -> str:
        return reverse("media:story", args=[share_code, number, size])

    pictures = {n: (url(n, GRID), url(n, PROOF)) for n in told.shown_numbers if n in there}
    more = {**story_context(told, pictures), **shared_clip_context(gallery, share_code)}
    response = render(request, "portal/delivery/story.html", {"may_share": False, **more})
    response["X-Robots-Tag"] = "noindex"
    return response
