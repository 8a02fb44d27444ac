"""Before the customer: the cull page, and the page of looks, order and stacks."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.console.access import requires
from core.people.enums import Capability
from selection.console.cullwords import KEYS, cull_words
from selection.console.finding import gallery_or_404
from selection.console.verbs import settle
from selection.culling import services
from selection.culling.enums import DISTANCE_RANGE, GAP_RANGE, LOOK_GAP_MINUTES, DisplayOrder
from selection.culling.selectors import arrangement_of, looks_of, preview_stacks

CULL = Capability.UPLOAD_PHOTOS
USUAL_PAUSE = 8  # minutes: changing a gown takes longer, changing a pose does not


@requires(CULL)
@require_GET
def cull(request: HttpRequest, code: str) -> HttpResponse:
    """Photograph by photograph, by keyboard or by buttons."""
    gallery = gallery_or_404(request, code, CULL)
    context = {"gallery": gallery, "looks": gallery.looks.all(), "keys": KEYS, "words": cull_words()}
    return render(request, "selection/cull.html", context)


@requires(CULL)
@require_GET
def arrange(request: HttpRequest, code: str) -> HttpResponse:
    """Looks, the order that customers see, stacks of similar shots."""
    gallery = gallery_or_404(request, code, CULL)
    arrangement = arrangement_of(gallery)
    context = {
        "gallery": gallery,
        "looks": looks_of(gallery),
        "orders": DisplayOrder.choices,
        "arrangement": arrangement,
        "preview": preview_stacks(gallery, arrangement.gap_seconds, arrangement.distance),
        "gaps": GAP_RANGE,
        "distances": DISTANCE_RANGE,
        "pauses": LOOK_GAP_MINUTES,
        "usual_pause": USUAL_PAUSE,
    }
    return render(request, "selection/arrange.html", context)


_settle = partial(settle, back="selection:arrange")


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else otherwise


@requires(CULL)
@require_POST
def order(request: HttpRequest, code: str) -> HttpResponse:
    """By number, by time, or by look."""
    gallery = gallery_or_404(request, code, CULL)
    wanted = request.POST.get("order", "")
    return _settle(
        request,
        gallery,
        lambda: services.set_order(actor=request.user, gallery=gallery, order=wanted),
        lambda _done: _("The customer sees the photos in this order now."),
    )


@requires(CULL)
@require_POST
def look_new(request: HttpRequest, code: str) -> HttpResponse:
    """One more look."""
    gallery = gallery_or_404(request, code, CULL)
    name = request.POST.get("name", "")
    return _settle(
        request,
        gallery,
        lambda: services.add_look(actor=request.user, gallery=gallery, name=name),
        lambda made: _("Look “{name}” added.").format(name=made.name),
    )


@requires(CULL)
@require_POST
def look(request: HttpRequest, code: str, look: int) -> HttpResponse:
    """A new name, or none: `remove` takes the look away, its photographs stay."""
    gallery = gallery_or_404(request, code, CULL)
    row = get_object_or_404(gallery.looks, pk=look)
    if "remove" in request.POST:
        done = _("Look “{name}” removed; its photos stay.").format(name=row.name)
        return _settle(request, gallery, lambda: services.remove_look(actor=request.user, look=row), lambda _done: done)
    name = request.POST.get("name", "")
    return _settle(
        request,
        gallery,
        lambda: services.rename_look(actor=request.user, look=row, name=name),
        lambda _done: _("Saved."),
    )


@requires(CULL)
@require_POST
def looks_suggest(request: HttpRequest, code: str) -> HttpResponse:
    """Looks by the pauses between photographs."""
    gallery = gallery_or_404(request, code, CULL)
    gap = _number(request, "gap", USUAL_PAUSE)
    return _settle(
        request,
        gallery,
        lambda: services.suggest_looks(actor=request.user, gallery=gallery, gap_minutes=gap),
        lambda made: (
            ngettext("{n} look found. Give it its name.", "{n} looks found. Give them their names.", len(made))
        ).format(n=len(made)),
    )


@requires(CULL)
@require_POST
def looks_order(request: HttpRequest, code: str) -> HttpResponse:
    """`look` keys in their new order: dragged, or one moved `up` or `down` by a button."""
    gallery = gallery_or_404(request, code, CULL)
    keys = [int(key) for key in request.POST.getlist("look") if key.isascii() and key.isdigit() and len(key) < 18]
    for name, step in (("up", -1), ("down", 1)):
        moved = _number(request, name, 0)
        if moved in keys:
            at = keys.index(moved)
            keys.insert(max(0, at + step), keys.pop(at))
    done = _("Order saved.")
    return _settle(
        request,
        gallery,
        lambda: services.order_looks(actor=request.user, gallery=gallery, looks=keys),
        lambda _done: done,
    )


@requires(CULL)
@require_POST
def stacks(request: HttpRequest, code: str) -> HttpResponse:
    """Stack similar shots anew."""
    gallery = gallery_or_404(request, code, CULL)
    now = arrangement_of(gallery)
    gap, distance = _number(request, "gap", now.gap_seconds), _number(request, "distance", now.distance)
    return _settle(
        request,
        gallery,
        lambda: services.build_stacks(actor=request.user, gallery=gallery, gap=gap, distance=distance),
        lambda n: ngettext("{n} stack of similar shots.", "{n} stacks of similar shots.", n).format(n=n),
    )
