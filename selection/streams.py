"""Who may follow a gallery live: staff who see it, and the customers who may open it now."""

from core.realtime.codes import LOGIN, UNKNOWN
from core.realtime.streams import Actor, Follow, Refused, follow_stream, only, register
from selection.selectors import gallery_for_customer, gallery_for_staff

FOR_CUSTOMERS = {
    "gallery.published",
    "gallery.withdrawn",
    "photo.ready",
    "photo.removed",
    "photo.restored",
    "photo.replaced",
    "photos.culled",
    "gallery.arranged",
    "photo.picked",
    "photo.noted",
    "photo.placed",
    "photo.suggested",
    "sitting.started",
    "sitting.shown",
    "sitting.ended",
    "sitting.phones",
    "originals.wanted",
    "price.lowered",
    "selection.submitted",
    "selection.unlocked",
    "retouch.started",
    "retouch.stopped",
    "round.sent",
    "round.returned",
    "round.granted",
    "round.agreed",
    "round.declined",
    "final.judged",
    "retouch.signed",
}


def gallery(actor: Actor, code: str) -> list[Follow]:
    """`/ws/gallery/<code>/`. Customers hear that something was picked, never what or by whom."""
    if actor.staff is None and actor.customer is None:
        raise Refused(LOGIN)
    if actor.staff is not None and (found := gallery_for_staff(actor.staff, code)):
        return [follow_stream(found.event_stream)]
    if actor.customer is not None and (found := gallery_for_customer(actor.customer, code)):
        return [follow_stream(found.event_stream, lens=only(FOR_CUSTOMERS))]
    raise Refused(UNKNOWN)


register("gallery", gallery)
