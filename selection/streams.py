"""Who may follow a gallery live: staff who see it, and the customers who may open it now.

Customers hear that something happened, never what or by whom — but for marks that a person shares: those travel with
the poke, so that the other phone shows them at once.
"""

from dataclasses import dataclass
from typing import Any

from core.kernel import live, presence
from core.realtime.codes import LOGIN, UNKNOWN
from core.realtime.streams import Actor, Follow, Message, Refused, follow_stream, only, register
from selection.models import Gallery
from selection.seats import shown_ids
from selection.selectors import chooser_of, gallery_for_customer, gallery_for_staff
from selection.services.people import place_of

FOR_CUSTOMERS = {
    "gallery.published",
    "gallery.withdrawn",
    "photo.ready",
    "photo.removed",
    "photo.restored",
    "photo.replaced",
    "photos.culled",
    "gallery.arranged",
    "photo.suggested",
    "sitting.started",
    "sitting.shown",
    "sitting.ended",
    "sitting.phones",
    "price.lowered",
    "selection.submitted",
    "selection.unlocked",
    "seat.changed",
    "seats.default_changed",
    "retouch.started",
    "retouch.stopped",
    "round.sent",
    "round.returned",
    "round.granted",
    "round.agreed",
    "round.declined",
    "final.judged",
    "retouch.signed",
    "album.sent",
    "album.commented",
    "album.settled",
    "album.judged",
    "album.returned",
    "album.waived",
    "album.priced",
    "album.agreed",
    "album.declined",
    "album.approved",
}
OWN = {"photo.picked", "photo.placed", "photo.noted", "originals.wanted"}  # nobody else's business, unless shared
HERE = "here"


def gallery(actor: Actor, code: str) -> list[Follow]:
    """`/ws/gallery/<code>/`. A customer also hears who of those who let themselves be seen is here."""
    if actor.staff is None and actor.customer is None:
        raise Refused(LOGIN)
    if actor.staff is not None and (found := gallery_for_staff(actor.staff, code)):
        return [follow_stream(found.event_stream)]
    if actor.customer is not None and (found := gallery_for_customer(actor.customer, code)):
        seat = chooser_of(found, actor.customer)
        me = seat.pk if seat else 0
        return [follow_stream(found.event_stream, lens=eyes_of(me, found.pk)), _presence(found, me)]
    raise Refused(UNKNOWN)


def eyes_of(me: int, gallery_id: int) -> Any:
    """The lens of one seat: own taps as such, others' marks only as far as they were shared when they were made.

    `shared` was settled under the gallery's lock by the verb that wrote the marks. Events caught up with carry nothing:
    of those who share now it is told that they marked, and the phone asks for the manifest.
    """
    public = only(FOR_CUSTOMERS)

    def look(message: Message) -> Message | None:
        seen = public(message)
        if message.get("type") not in OWN:
            return seen
        by = _seat_of(message)
        if by == me or (message.get("past") and by in shown_ids(gallery_id)):
            return {**seen, "type": message["type"], "by": by}
        if message.get("shared"):
            return {**seen, "type": message["type"], "by": by, "picks": message["picks"], "rev": message["rev"]}
        return None  # not even that something happened: its moment would tell (core.realtime.withheld)

    return look


def _seat_of(message: Message) -> int:
    """Whose act it was: the subject of all that is nobody else's business is a seat."""
    kind, _, number = str(message.get("subject", "")).partition(".")
    return int(number) if kind == "chooser" else 0


# -- Who is here ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Presence:
    """One person at one gallery. Whoever forbids others to see their marks is not seen being here either."""

    gallery_id: int
    channel: str
    me: int

    def arrive(self, token: str) -> Message:
        if self._mark(token):
            self._tell_all()
        return self._message()

    def stay(self, token: str) -> None:
        self._mark(token)

    def leave(self, token: str) -> None:
        presence.leave(place_of(self.gallery_id), self.me, token)
        if self.me in shown_ids(self.gallery_id):
            self._tell_all()

    def _mark(self, token: str) -> bool:
        seen = self.me in shown_ids(self.gallery_id)
        if seen:
            presence.stay(place_of(self.gallery_id), self.me, token)
        return seen

    def _message(self) -> Message:
        """Asked of PostgreSQL at the last moment: what Valkey remembers may be older than a no."""
        here = presence.present(place_of(self.gallery_id)) & shown_ids(self.gallery_id)
        return {"stream": HERE, "type": "presence", "online": sorted(here)}

    def _tell_all(self) -> None:
        live.poke(self.channel, self._message())


def _presence(found: Gallery, me: int) -> Follow:
    place = f"{found.event_stream}.here"
    return Follow(HERE, live.channel(place), attend=Presence(found.pk, place, me) if me else None)


register("gallery", gallery)
