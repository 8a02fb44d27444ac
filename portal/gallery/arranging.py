"""What the photographs of a change are used for, once retouching has begun. By plain forms: nothing needs a script."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.kernel.errors import Refusal
from portal.gallery.seat import seat_or_404
from selection.amendments import Reopening
from selection.changes import reopening_of
from selection.enums import AFTER_SUBMISSION
from selection.models import Chooser, Gallery
from selection.rearranging import Place, listed, places_of, uses_price
from selection.selectors import tiles_of
from selection.services import arrange_change
from tenants.access import declare

customer = declare("customer")

SENTENCES = {
    "reopening.gone": _("This request is not open any more."),
    "reopening.too_late": _("The photos are finished. Please talk to the studio."),
    "use.unknown": _("This photo would not be in your selection. Please look again."),
    "use.full": _("There is no room for one more. Take one out first."),
    "chooser.not_main": _("Only the main contact of the order can do this."),
}


@dataclass(frozen=True, slots=True)
class Arranged:
    """All the uses of a change, and what they add to its price."""

    places: list[Place]
    minor: int
    is_changeable: bool

    @property
    def changed(self) -> list[Place]:
        return [place for place in self.places if place.came or place.left]

    @property
    def charged(self) -> list[Place]:
        return [place for place in self.places if place.due_minor]

    @property
    def lost(self) -> list[Place]:
        """Uses that must be filled and lost some."""
        return [place for place in self.places if place.slot.is_required and place.missing]


def arranged(gallery: Gallery, found: Reopening | None) -> Arranged | None:
    """For the page of the request; None where nothing is used for anything, or before retouching."""
    if found is None or not (found.is_open or found.state == "agreed") or gallery.state not in AFTER_SUBMISSION:
        return None
    places = places_of(gallery, found.submission, found)
    return Arranged(places, uses_price(places), found.is_open) if places else None


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def slot(request: HttpRequest, code: str, slot: int) -> HttpResponse:
    """The photographs of the changed list, each with a button that puts it into the slot or takes it out."""
    chooser = seat_or_404(request, code)
    if request.method == "POST":
        number = _put(request, chooser, slot)
        return redirect(f"{reverse('portal:change-slot', args=[code, slot])}#p{number}")
    found = reopening_of(chooser.gallery)
    if found is None or not chooser.is_main or chooser.gallery.state not in AFTER_SUBMISSION:
        return redirect("portal:change", code)
    return render(request, "portal/gallery/change_slot.html", _facts(chooser.gallery, found, slot))


def _put(request: HttpRequest, chooser: Chooser, slot: int) -> int:
    text = request.POST.get("put") or request.POST.get("take") or ""
    if not text.isdecimal() or len(text) > 6:
        raise Http404
    try:
        arrange_change(chooser=chooser, slot=slot, number=int(text), is_in="put" in request.POST)
    except Refusal as refusal:
        messages.error(request, str(SENTENCES[refusal.code]))
    return int(text)


def _facts(gallery: Gallery, found: Reopening, number: int) -> dict[str, Any]:
    """Six queries, whatever the number of photographs."""
    told = arranged(gallery, found)
    place = next((one for one in told.places if one.slot.number == number), None) if told else None
    if told is None or place is None:
        raise Http404
    inside = listed(found.submission, found.add, found.drop)
    tiles = tiles_of(gallery, list(gallery.photos.filter(number__in=inside).order_by("number")), None)
    rows = [
        {
            "tile": tile,
            "is_in": tile.number in place.numbers,
            "is_new": tile.number in found.add,
            "others": [one.slot.name for one in told.places if one is not place and tile.number in one.numbers],
        }
        for tile in tiles
    ]
    return {
        "gallery": gallery,
        "currency": gallery.order.currency,
        "place": place,
        "rows": sorted(rows, key=lambda row: not row["is_new"]),  # stable: those that come in stand first
        "found": found,
        "uses_minor": told.minor,
    }
