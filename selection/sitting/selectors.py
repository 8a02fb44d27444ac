"""Whether somebody sits with the customer now, what they hold up, and what the large screen may know."""

import datetime as dt
from typing import Any

from core.kernel import clock
from selection.enums import GalleryState, PhotoState
from selection.manifest import manifest
from selection.models import Chooser, Gallery
from selection.selectors import choosers_of
from selection.sitting.models import Sitting
from selection.sitting.phones import phones_of

FORGOTTEN = dt.timedelta(hours=4)


def current_sitting(gallery: Gallery) -> Sitting | None:
    """The sitting going on; None while nobody chooses, and for one that was forgotten."""
    if gallery.state != GalleryState.OPEN:
        return None
    fresh = clock.now() - FORGOTTEN
    open_ones = Sitting.objects.filter(gallery=gallery, ended_at=None, touched_at__gt=fresh)
    return open_ones.select_related("by").first()


def held_up(sitting: Sitting) -> list[int]:
    """What is held up, without photographs that are gone or hidden meanwhile, in the adviser's order."""
    ready = sitting.gallery.photos.filter(state=PhotoState.READY, number__in=sitting.photos)
    seen = set(ready.values_list("number", flat=True))
    return [number for number in sitting.photos if number in seen]


def sitting_for_phone(gallery: Gallery) -> dict[str, Any]:
    """What a customer's phone is told: `key` names this sitting, `by` who leads it, `photos` what is held up."""
    sitting = current_sitting(gallery)
    if sitting is None:
        return {"on": False}
    key = str(int(sitting.started_at.timestamp() * 1000))
    return {"on": True, "key": key, "by": sitting.by.name, "photos": held_up(sitting), "shows": sitting.shows}


def seat_at_desk(gallery: Gallery, key: int | None) -> Chooser | None:
    """The person whose choices the desk shows: the one asked for, else the main chooser."""
    seats = choosers_of(gallery)
    return next((seat for seat in seats if seat.pk == key), seats[0] if seats else None)


def desk_sheet(gallery: Gallery, seat: Chooser) -> dict[str, Any]:
    """Everything the large screen shows: the person's own manifest, the sitting, the phones.

    A customer may stand before it: there are no file names, flags, stars or hidden photographs in it, because it is
    what the customer's own phone is told. Only `suggested` is there also for who has muted suggestions (`muted`).
    """
    unmuted = Chooser(pk=seat.pk, gallery=gallery, is_main=seat.is_main, also_minor=seat.also_minor)
    return {
        **manifest(gallery, unmuted),
        "muted": seat.mutes_suggestions,
        "seat": seat.pk,
        "sitting": sitting_for_phone(gallery),
        "phones": [{"name": one.name, "follows": one.follows} for one in phones_of(choosers_of(gallery))],
    }
