"""Filling the slots and settling the bill, by plain forms: nothing here needs a script."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel import clock
from core.kernel.errors import Refusal
from portal.gallery.refusals import WHY
from portal.gallery.seat import seat_or_404
from portal.gallery.uses import uses_of
from selection.bills import filling_of
from selection.enums import GalleryState
from selection.models import Chooser
from selection.selectors import picked_photos
from selection.services import Op, Put, apply_picks, mute_suggestions, place_photos, want_originals
from tenants.access import declare

customer = declare("customer")
here_too = declare("customer", within="gallery")
DEVICE = "review"  # pages without a counter of their own: the moment in microseconds counts


@here_too
@never_cache
@require_http_methods(["GET", "POST"])
def slot(request: HttpRequest, code: str, slot: int) -> HttpResponse:
    """The selected photographs, each with a button that puts it into the slot or takes it out."""
    chooser = seat_or_404(request, code)
    if not chooser.gallery.slots.filter(number=slot).exists():
        raise Http404
    if request.method == "POST":
        number = _number(request.POST.get("put") or request.POST.get("take"))
        tap = Put(_op(), number, slot, "put" in request.POST, clock.now())
        outcome = place_photos(chooser=chooser, device=DEVICE, ops=[tap])
        _say(request, outcome.rejected[0].why if outcome.rejected else "")
        return redirect(f"{reverse('portal:slot', args=[code, slot])}#p{number}")
    chooser.refresh_from_db(fields=["yes", "maybe", "no", "also_minor"])
    return render(request, "portal/gallery/slot.html", _facts(chooser, slot))


def _facts(chooser: Chooser, number: int) -> dict[str, Any]:
    gallery = chooser.gallery
    is_open = gallery.state == GalleryState.OPEN and chooser.may_mark
    filling = filling_of(gallery, chooser)
    uses = uses_of(gallery, chooser, filling)
    use = next(one for one in uses if one.slot == number)
    inside = {tile.number for tile in use.tiles}
    rows = [
        {
            "tile": tile,
            "is_in": tile.number in inside,
            "is_disabled": not is_open or (use.is_full and tile.number not in inside),
            "suits": use.suits(tile),
            "others": [one.name for one in uses if one.slot != number and tile.number in {t.number for t in one.tiles}],
        }
        for tile in picked_photos(gallery, chooser)
    ]
    picking = filling.retouched.next_minor
    may_pick = not (gallery.hard_limit and filling.retouched.used >= filling.retouched.included)
    return {
        "gallery": gallery,
        "currency": gallery.order.currency,
        "is_open": is_open,
        "use": use,
        "rows": rows,
        "suggested": [
            {"tile": tile, "minor": use.next_minor + (0 if tile.value == "yes" else picking)}
            for tile in use.suggested
            if tile.value == "yes" or may_pick
        ],
        "total_minor": filling.bill.total_minor,
    }


@here_too
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """A selected photograph becomes undecided: it is not lost, and costs nothing."""
    chooser, number = seat_or_404(request, code), _number(request.POST.get("photo"))
    tap = Op(_op(), number, "maybe", clock.now())
    outcome = apply_picks(chooser=chooser, device=DEVICE, ops=[tap])
    _say(request, outcome.rejected[0].why if outcome.rejected else "")
    return redirect("portal:review", code)


@customer
@require_POST
def originals(request: HttpRequest, code: str) -> HttpResponse:
    """All originals onto the bill, or off it."""
    try:
        want_originals(chooser=seat_or_404(request, code), wanted=request.POST.get("wanted") == "1")
    except Refusal as refusal:
        _say(request, refusal.code)
    return redirect("portal:review", code)


@here_too
@require_POST
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """The studio's suggestions off, or on again."""
    mute_suggestions(chooser=seat_or_404(request, code), muted=request.POST.get("muted") == "1")
    return redirect("portal:review", code)


def _op() -> int:
    return int(clock.now().timestamp() * 1_000_000)


def _number(text: str | None) -> int:
    if not text or not text.isdecimal() or len(text) > 6:
        raise Http404
    return int(text)


def _say(request: HttpRequest, why: str) -> None:
    if why:
        messages.error(request, str(WHY[why]))
