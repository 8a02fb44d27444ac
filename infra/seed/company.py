"""Who chooses with the couple: he marks on his phone, her mother looks on, and both have a PIN."""

import datetime as dt
from typing import Any

from core.kernel import clock
from selection.models import Chooser, EntryPin, Gallery
from selection.seats import people_of
from selection.services import enter_gallery, invite_guest, make_pin
from selection.services.picks import Op, apply_picks

MOTHER, MOTHER_PHONE = "妈妈", "13800002621"


def bring_company(gallery: Gallery, main: Chooser, numbers: list[int], actor: Any) -> None:
    """The partner agrees with half of what she selected, hesitates over some, has favourites of his own."""
    partner = next(seat for seat in people_of(gallery) if seat.pk != main.pk)
    for customer in (main.customer, partner.customer):
        enter_gallery(customer=customer, gallery=gallery)
    theirs = dict.fromkeys(numbers[:24:4], "yes") | dict.fromkeys(numbers[2:24:8], "maybe")
    theirs |= dict.fromkeys(numbers[5:24:6], "yes") | dict.fromkeys(numbers[6:24:12], "no")
    ops = [
        Op(i, number, value, clock.now() - dt.timedelta(hours=3, minutes=-i))
        for i, (number, value) in enumerate(theirs.items(), start=1)
    ]
    apply_picks(chooser=partner, device="demo-two", ops=ops)
    mother = invite_guest(gallery=gallery, name=MOTHER, phone=MOTHER_PHONE, role="viewer", by=main)
    for seat in (partner, mother):
        make_pin(actor=actor, chooser=seat)


def pins_of(gallery: Gallery) -> list[dict[str, str]]:
    """`[{name, role, pin}]` of those who have one."""
    rows = EntryPin.objects.filter(gallery=gallery).select_related("chooser__customer").order_by("chooser")
    return [{"name": row.chooser.name, "role": row.chooser.role, "pin": row.digits} for row in rows]
