"""A way into one gallery without a phone: its link and six digits, one PIN a person.

A PIN names a person of that gallery and opens it alone: no other order, no account, no submitting (tenants.access).
Wrong ones are counted in PostgreSQL under a row's lock, so a thousand guesses at once are ten guesses; addresses are
limited on Valkey before that.
"""

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction

from core.kernel import clock, events, limits
from core.kernel.errors import Refusal
from core.people.login import end_limited, open_session
from selection.models import Chooser, EntryPin, Gallery, PinDoor, locked
from selection.seats import admitted
from selection.selectors import VISIBLE_TO_CUSTOMERS
from selection.services.people import session_scope

MISSES, SHUT = 10, dt.timedelta(minutes=30)
PER_ADDRESS, PER_ADDRESS_IN_DEMO = "30 per hour", "600 per hour"


def make_pin(*, actor: Any, chooser: Chooser) -> EntryPin:
    """New digits for the person; what the former ones had opened is closed, and wrong tries are forgiven.

    Records PIN_CHANGED (what: made | renewed). Raises Refusal guest.unknown (the person may not come in).
    """
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        chooser = Chooser.objects.select_related("customer").get(pk=chooser.pk)
        if not admitted().filter(pk=chooser.pk).exists():
            raise Refusal("guest.unknown")
        was_there = _close(gallery, chooser)
        pin = EntryPin.objects.create(
            gallery=gallery, chooser=chooser, digits=_free_digits(gallery), made_at=clock.now()
        )
        PinDoor.objects.filter(gallery=gallery).delete()
        _tell(chooser, actor, "renewed" if was_there else "made")
    return pin


def close_pin(*, actor: Any, chooser: Chooser) -> None:
    """The person's PIN opens nothing any more, nor do sessions that it opened. Records PIN_CHANGED (what: closed)."""
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        chooser = Chooser.objects.select_related("customer").get(pk=chooser.pk)
        if _close(gallery, chooser):
            _tell(chooser, actor, "closed")


def enter_by_pin(*, code: str, pin: str, device: str, address: str) -> tuple[Chooser, str]:
    """Exchange a PIN of the gallery with this code for a session that opens this gallery alone; seat and token.

    Raises Refusal pin.wrong (also for a gallery that is not there) | pin.shut(wait) | pin.too_often(wait).
    """
    limits.spend(PER_ADDRESS_IN_DEMO if settings.DEMO else PER_ADDRESS, "pin.address", address, code="pin.too_often")
    gallery = Gallery.objects.filter(code=code, state__in=VISIBLE_TO_CUSTOMERS).first()
    if gallery is None:
        raise Refusal("pin.wrong")
    found = _try(gallery, pin)
    if isinstance(found, Refusal):
        raise found
    return found, open_session(customer=found.customer, device=device, only=session_scope(gallery))


def _try(gallery: Gallery, pin: str) -> Chooser | Refusal:
    """Count the try under the door's lock and commit that, whatever comes of it."""
    with transaction.atomic():
        PinDoor.objects.get_or_create(gallery=gallery)
        door = PinDoor.objects.select_for_update().get(gallery=gallery)
        now = clock.now()
        if door.shut_until is not None and door.shut_until > now:
            return Refusal("pin.shut", wait=int((door.shut_until - now).total_seconds()) + 1)
        seat = admitted().filter(gallery=gallery, pin__digits=pin).select_related("customer").first()
        door.misses = 0 if seat or door.shut_until else door.misses
        door.misses += seat is None
        door.shut_until = now + SHUT if door.misses >= MISSES else None
        door.save(update_fields=["misses", "shut_until"])
        return seat or Refusal("pin.wrong", left=max(0, MISSES - door.misses))


def _close(gallery: Gallery, chooser: Chooser) -> bool:
    end_limited(customer=chooser.customer, only=session_scope(gallery))
    return bool(EntryPin.objects.filter(chooser=chooser).delete()[0])


def _free_digits(gallery: Gallery) -> str:
    taken = set(gallery.pins.values_list("digits", flat=True))
    while (digits := f"{secrets.randbelow(10**6):06d}") in taken:
        pass
    return digits


def _tell(chooser: Chooser, actor: Any, what: str) -> None:
    events.record(events.Kind.PIN_CHANGED, chooser, actor, seat=chooser.pk, name=chooser.name, what=what)
