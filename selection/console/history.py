"""Everything a gallery's customers did, in words: what they chose, changed, asked for, signed."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.console.orders.pages import history_of
from core.kernel.events import Event, Kind
from core.people.enums import Capability
from selection.console.finding import gallery_or_404
from selection.enums import PickValue
from selection.models import GallerySlot
from selection.selectors import customer_events

PAGE, MOST_NAMED = 40, 12


@requires(Capability.VIEW_GALLERIES)
@require_GET
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Newest first, a page at a time; `person` narrows it to one seat. Five queries."""
    gallery = gallery_or_404(request, code)
    seats = list(gallery.choosers.select_related("customer").order_by("-is_main", "pk"))
    person = request.GET.get("person", "")
    who = next((seat.customer_id for seat in seats if str(seat.pk) == person), None)
    found = Paginator(customer_events(gallery, who), PAGE).get_page(request.GET.get("page"))
    slots = dict(GallerySlot.objects.filter(gallery=gallery).values_list("number", "name"))
    context = {
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "seats": seats,
        "person": person if who else "",
        "page_obj": found,
        "rows": [{**line, "what": detail(event, slots)} for event in found for line in history_of([event])],
    }
    return render(request, "selection/history.html", context)


def detail(event: Event, slots: dict[int, str]) -> str:
    """Which photographs, and what of them; "" where the sentence says everything."""
    facts: Any = event.facts
    if event.kind == Kind.PHOTO_PICKED:
        return _by_word(facts.get("picks") or [])
    if event.kind == Kind.PHOTO_PLACED:
        return _by_slot(facts.get("placements") or [], slots)
    if event.kind == Kind.PHOTO_NOTED:
        return _("Photo %(n)s") % {"n": facts.get("photo")}
    if event.kind == Kind.REOPENING_ARRANGED:
        return _by_slot(facts.get("placements") or [], slots)
    if event.kind in {Kind.REOPENING_ASKED, Kind.REOPENING_AGREED}:
        said = [(_("in"), facts.get("add") or []), (_("out"), facts.get("drop") or [])]
        return " · ".join(f"{word}: {_numbers(numbers)}" for word, numbers in said if numbers)
    return ""


def _by_word(picks: list[Any]) -> str:
    words = {
        "": _("taken back"),
        PickValue.YES: _("selected"),
        PickValue.MAYBE: _("undecided"),
        PickValue.NO: _("dropped"),
    }
    said = [(word, [photo for photo, given in picks if given == value]) for value, word in words.items()]
    return " · ".join(f"{word}: {_numbers(numbers)}" for word, numbers in said if numbers)


def _by_slot(placements: list[Any], slots: dict[int, str]) -> str:
    said: dict[str, list[int]] = {}
    for photo, slot, is_in in placements:
        name = slots.get(slot, str(slot))
        word = _("into %(slot)s") % {"slot": name} if is_in else _("out of %(slot)s") % {"slot": name}
        said.setdefault(word, []).append(photo)
    return " · ".join(f"{word}: {_numbers(numbers)}" for word, numbers in said.items())


def _numbers(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in sorted(numbers)[:MOST_NAMED])
    rest = len(numbers) - MOST_NAMED
    return shown if rest <= 0 else shown + " " + ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest}
