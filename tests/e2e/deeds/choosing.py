"""Inside the clerk: what customers say on other phones, and what PostgreSQL has of it."""

from typing import Any

from tests.e2e.deeds.house import inside, user


def chosen(*, studio: str, gallery: str) -> dict[str, Any]:
    """What the main chooser said, as PostgreSQL has it: {values: {number: value}, yes, maybe, no, state, notes}."""
    from selection.models import Gallery, PhotoNote, Pick

    with inside(studio):
        found = Gallery.objects.get(code=gallery)
        chooser = found.choosers.get(is_main=True)
        values = Pick.objects.filter(chooser=chooser).exclude(value="").values_list("photo__number", "value")
        notes = PhotoNote.objects.filter(chooser=chooser).values_list("photo__number", "text")
        return {
            "values": {str(number): value for number, value in values},
            "counts": [chooser.yes, chooser.maybe, chooser.no],
            "notes": {str(number): text for number, text in notes},
            "state": found.state,
            "placed": placed_by(chooser),
            "to_pay": [row.extra_total_minor for row in found.submissions.filter(reopened_at=None)],
        }


def placed_by(chooser: Any) -> dict[str, list[int]]:
    """Slot name → photograph numbers."""
    rows = chooser.placements.filter(is_in=True).order_by("photo__number").values_list("slot__name", "photo__number")
    found: dict[str, list[int]] = {}
    for name, number in rows:
        found.setdefault(name, []).append(number)
    return found


def pins(*, studio: str, gallery: str) -> dict[str, Any]:
    """Number → what is pinned there, as PostgreSQL has it."""
    from selection.models import Gallery, PhotoNote

    with inside(studio):
        notes = PhotoNote.objects.filter(photo__gallery=Gallery.objects.get(code=gallery)).exclude(pins=[])
        return {str(number): found for number, found in notes.values_list("photo__number", "pins")}


def say(*, studio: str, gallery: str, picks: dict[str, str]) -> None:
    """The main chooser says it on another phone, just now."""
    from core.kernel import clock
    from selection.models import Gallery
    from selection.services import Op, apply_picks

    with inside(studio):
        chooser = Gallery.objects.get(code=gallery).choosers.get(is_main=True)
        now = clock.now()
        first = int(now.timestamp()) % 10**9  # a device's counter grows
        ops = [Op(i, int(number), value, now) for i, (number, value) in enumerate(picks.items(), start=first)]
        apply_picks(chooser=chooser, device="other-phone", ops=ops)


def submit(*, studio: str, gallery: str) -> None:
    """The main chooser signs on another phone."""
    from selection.models import Gallery
    from selection.selectors import counts
    from selection.services import submit_selection

    with inside(studio):
        found = Gallery.objects.get(code=gallery)
        chooser = found.choosers.get(is_main=True)
        price = counts(found, chooser).extra_total_minor
        submit_selection(chooser=chooser, extra_total_minor=price, signed_name=chooser.customer.name)


def unlock(*, studio: str, gallery: str) -> None:
    """The selection adviser opens a submitted selection again."""
    from selection.models import Gallery
    from selection.services import galleries

    with inside(studio):
        galleries.unlock_selection(
            actor=user("hejing"), gallery=Gallery.objects.get(code=gallery), reason="客户想换一张"
        )


def accompany(*, studio: str, gallery: str, name: str, role: str = "co") -> dict[str, Any]:
    """A second person on the gallery's order; their phone number and the PIN that staff made for them."""
    from core.orders.models import OrderPerson
    from core.people import services as people
    from core.people.models import Customer
    from selection.models import Chooser, Gallery
    from selection.services import make_pin, set_role

    with inside(studio):
        found = Gallery.objects.get(code=gallery)
        number = f"1360000{Customer.objects.count():04d}"
        customer = people.add_customer(actor=None, name=name, phone=number, source="referral")
        OrderPerson.objects.create(order=found.order, customer=customer, part="groom")
        seat = Chooser.objects.create(gallery=found, customer=customer)
        if role != "co":
            set_role(actor=user("hejing"), chooser=seat, role=role)
        pin = make_pin(actor=user("hejing"), chooser=seat)
        return {"seat": seat.pk, "phone": number, "pin": pin.digits, "name": name}


def marks(*, studio: str, gallery: str) -> dict[str, dict[str, str]]:
    """What everybody said, as PostgreSQL has it: name → {number: value}."""
    from selection.models import Gallery, Pick

    with inside(studio):
        found: dict[str, dict[str, str]] = {}
        rows = Pick.objects.filter(chooser__gallery=Gallery.objects.get(code=gallery)).exclude(value="")
        for name, number, value in rows.values_list("chooser__customer__name", "photo__number", "value"):
            found.setdefault(name, {})[str(number)] = value
        return found


def share(*, studio: str, seat: int, shares: bool) -> None:
    """The person lets the others see their marks, or not."""
    from selection.models import Chooser
    from selection.services import set_sharing

    with inside(studio):
        set_sharing(chooser=Chooser.objects.get(pk=seat), shares=shares)


def amending(*, studio: str, gallery: str) -> None:
    """A part is signed, the whole list too; it is in retouch when the customer wants another photograph and has
    arranged what the list is used for.
    """
    from selection.models import Gallery
    from selection.retouch.services import start_retouching
    from selection.services import arrange_change, ask_reopening, sign_part, submit_selection
    from tests.selection.make import main_chooser, pick

    with inside(studio):
        found, boss = Gallery.objects.get(code=gallery), user("boss")
        chooser = main_chooser(found)
        pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
        name = chooser.customer.name
        sign_part(chooser=chooser, numbers=[1], beyond_minor=0, signed_name=name, note="先修这张")
        submit_selection(chooser=chooser, extra_total_minor=0, signed_name=name)
        found.refresh_from_db()
        start_retouching(actor=boss, gallery=found, retoucher=boss, due_on=None)
        ask_reopening(chooser=chooser, reason="想换一张", add=[4], drop=[2])
        arrange_change(chooser=chooser, slot=1, number=4, is_in=True)
