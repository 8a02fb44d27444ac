"""The selection desk in the branch: a large screen that adviser and customer look at together. The customer decides."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.kernel import events
from core.people.enums import Capability
from selection.bills import filling_of, slots_of
from selection.console.finding import gallery_or_404
from selection.console.sentences import REFUSALS
from selection.models import Chooser, Gallery
from selection.selectors import choosers_of, counts
from selection.sitting.selectors import seat_at_desk

LEAD = Capability.LEAD_SELECTION


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the desk with its button. No key chooses: that is the customer's phone."""

    act: str
    key: str
    label: str | Promise
    icon: str
    shown: str = ""

    @property
    def text(self) -> str:
        return self.shown or self.key.upper()


KEYS = [
    Key("previous", "ArrowLeft", gettext_lazy("Previous photo"), "chevron-left", "←"),
    Key("next", "ArrowRight", gettext_lazy("Next photo"), "chevron-right", "→"),
    Key("show", "h", gettext_lazy("Show to the customer"), "eye"),
    Key("compare", "c", gettext_lazy("Compare"), "columns-2"),
    Key("mark", "m", gettext_lazy("Put aside to compare"), "stack-2"),
    Key("zoom", "z", gettext_lazy("Zoom"), "zoom-in"),
    Key("present", "f", gettext_lazy("Large screen"), "maximize"),
]


@requires(LEAD)
@require_GET
def selection_desk(request: HttpRequest, code: str) -> HttpResponse:
    """The page; photographs and picks come with the sheet (selection-api:desk-sheet)."""
    gallery = gallery_or_404(request, code, LEAD)
    seat = _seat(request, gallery)
    context = {
        "gallery": gallery,
        "order": gallery.order,
        "seat": seat,
        "seats": choosers_of(gallery),
        "keys": KEYS,
        "looks": gallery.looks.all(),
        "slots": slots_of(gallery),
        "position": {gallery.event_stream: list(events.position(gallery.event_stream))},
        "words": words(),
        **_bill(gallery, seat),
    }
    return render(request, "selection/sitting/desk.html", context)


@requires(LEAD)
@require_GET
def bill(request: HttpRequest, code: str) -> HttpResponse:
    """After a poke: counts and money of the person at the desk."""
    gallery = gallery_or_404(request, code, LEAD)
    return render(request, "selection/sitting/bill.html", _bill(gallery, _seat(request, gallery)))


def _seat(request: HttpRequest, gallery: Gallery) -> Chooser:
    asked = request.GET.get("seat", "")
    seat = seat_at_desk(gallery, int(asked) if asked.isdecimal() and len(asked) < 18 else None)
    if seat is None:
        raise Http404
    return seat


def _bill(gallery: Gallery, seat: Chooser) -> dict[str, Any]:
    return {"filling": filling_of(gallery, seat), "counts": counts(gallery, seat), "currency": gallery.order.currency}


def words() -> dict[str, Any]:
    """For js/sitting/*.js."""
    return {
        "cull_alt": _("Photo {n}"),
        "desk_of": _("{n} / {all}"),
        "desk_yes": pgettext("a photo is", "Selected"),
        "desk_maybe": pgettext("a photo is", "Undecided"),
        "desk_no": pgettext("a photo is", "Dropped"),
        "desk_open": pgettext("a photo is", "Open"),
        "desk_rec": pgettext("a photo is", "Recommended"),
        "desk_noted": _("With a note"),
        "desk_held": _("On the customer’s phone"),
        "desk_aside": {"one": _("{n} photo put aside"), "other": _("{n} photos put aside")},
        "desk_decided": _("Photo {n}: {what}"),
        "desk_suggested": _("Suggested for {what}"),
        "desk_retouching": _("retouching"),
        "desk_nothing": _("Nothing here. Choose another filter."),
        "desk_few": _("Put photos aside with M, or stand before another photo, to compare."),
        "desk_follows": _("{name}’s phone follows"),
        "desk_here": _("{name}’s phone is connected"),
        "desk_nobody": _("No phone is connected"),
        "desk_held_up": {"one": _("Photo {which} is shown"), "other": _("Photos {which} are shown")},
        "desk_waiting": _("Nothing is shown yet. Press H."),
        **{
            code.replace(".", "_"): str(REFUSALS[code])
            for code in (
                *("sitting.not_open", "sitting.over", "sitting.too_many", "photo.settled"),
                *("gallery.locked", "suggestion.taken", "slot.unknown"),
            )
        },
    }
