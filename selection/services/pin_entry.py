"""A way into one gallery without a phone: its link and six digits, one PIN a person.

A PIN names a person of that gallery and opens it alone: no other order, no account, no submitting (tenants.access).
Wrong ones are counted in PostgreSQL under the lock of the gallery's own row, so a thousand guesses at once are ten
guesses. They are counted by where they come from: a stranger with the link shuts the door for himself, not for the
family. A much higher count of everybody's stands against one who comes from everywhere: a hundred guesses in half an
hour need months for a million digits. No right PIN forgives that count, or a guest could guess the others' between two
entries. Addresses are limited on Valkey before all this.
"""

import datetime as dt
import ipaddress
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction

from core.kernel import clock, events, limits
from core.kernel.crypto import keyed_hash
from core.kernel.errors import Refusal
from core.people.login import end_limited, open_session
from selection.models import Chooser, EntryPin, Gallery, PinDoor, locked
from selection.seats import admitted
from selection.selectors import VISIBLE_TO_CUSTOMERS
from selection.services.people import session_scope

MISSES, MISSES_OF_ALL, SHUT = 10, 100, dt.timedelta(minutes=30)
HOME = 64  # bits of an IPv6 address that one household shares
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
    found = _try(gallery, pin, _caller(address))
    if isinstance(found, Refusal):
        raise found
    return found, open_session(customer=found.customer, device=device, only=session_scope(gallery))


def _try(gallery: Gallery, pin: str, caller: str) -> Chooser | Refusal:
    """Count the try under the gallery's lock of this door and commit that, whatever comes of it."""
    with transaction.atomic():
        of_all, own = _door(gallery, ""), _door(gallery, caller)
        now = clock.now()
        shut = max((door.shut_until for door in (of_all, own) if door.shut_until), default=now)
        if shut > now:
            return Refusal("pin.shut", wait=int((shut - now).total_seconds()) + 1)
        seat = admitted().filter(gallery=gallery, pin__digits=pin).select_related("customer").first()
        if seat is not None:
            own.delete()
            return seat
        left = min(_miss(of_all, MISSES_OF_ALL, now), _miss(own, MISSES, now))
        return Refusal("pin.wrong", left=left)


def _door(gallery: Gallery, caller: str) -> PinDoor:
    """The row, locked; everybody's comes first, so two callers never wait for each other in a ring."""
    PinDoor.objects.get_or_create(gallery=gallery, caller=caller, defaults={"since": clock.now()})
    return PinDoor.objects.select_for_update().get(gallery=gallery, caller=caller)


def _miss(door: PinDoor, most: int, now: dt.datetime) -> int:
    """One more; how many are left before the door is shut. Half an hour after the first they are forgotten."""
    if now - door.since > SHUT:
        door.misses, door.since = 0, now
    door.misses += 1
    door.shut_until = now + SHUT if door.misses >= most else None
    door.save(update_fields=["misses", "since", "shut_until"])
    return max(0, most - door.misses)


def _caller(address: str) -> str:
    """Where somebody comes from, as a hash: a household has more IPv6 addresses than there are PINs."""
    try:
        place = ipaddress.ip_network(f"{address}/{HOME}" if ":" in address else address, strict=False)
    except ValueError:
        return keyed_hash("pin.caller", address, 22)
    return keyed_hash("pin.caller", str(place), 22)


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
