"""Who does what in a gallery: roles, guests, and whose marks the others may see.

Staff pass `actor`; the main chooser on the phone passes their own seat as `by`. All of it happens under the gallery's
lock, as taps do, so a tap is either before a change or under it.
"""

from typing import Any

from django.db import transaction

from core.kernel import events, presence
from core.kernel.errors import Refusal
from core.orders.models import OrderPerson
from core.orders.services import report_progress
from core.people.login import end_limited
from core.people.models import Customer
from core.people.phone import to_e164
from core.people.services import add_customer
from selection.enums import ChooserRole
from selection.models import Chooser, Gallery, locked
from selection.screens import bump
from selection.seats import people_of, shown_ids
from selection.selectors import counts
from selection.services.picks import progress_of
from selection.services.slots import reprice
from tenants.context import on_commit_in_studio

MOST_PEOPLE, NAME_LENGTH = 8, 60


def set_role(*, chooser: Chooser, role: str, actor: Any = None, by: Chooser | None = None) -> Chooser:
    """Give a person of the gallery another role; the same again changes nothing.

    Making somebody `main` makes the former main chooser a co-chooser and moves the wish for all originals along: staff
    only. The main chooser changes the others. Records SEAT_CHANGED for everybody whose role changed. Raises Refusal
    chooser.not_main | role.staff_only | role.unknown | role.main_stays (name another one instead) | role.guest.
    """
    if role not in ChooserRole.values:
        raise Refusal("role.unknown")
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        _refuse_unless_allowed(by, chooser)
        chooser = _fresh(chooser)
        if chooser.role == role:
            return chooser
        if role == ChooserRole.MAIN and by is not None:
            raise Refusal("role.staff_only")
        if chooser.role == ChooserRole.MAIN:
            raise Refusal("role.main_stays")
        if role == ChooserRole.MAIN and (chooser.is_guest or not _is_on_order(chooser, gallery)):
            raise Refusal("role.guest")
        who = actor or (by.customer if by else None)
        if role == ChooserRole.MAIN:
            _step_down(gallery, chooser, who)
        _become(gallery, chooser, role, who)
        if role == ChooserRole.MAIN:
            report_progress(order_id=gallery.order_id, **progress_of(gallery, counts(gallery, chooser)))
    return chooser


def _step_down(gallery: Gallery, successor: Chooser, who: Any) -> None:
    former = gallery.choosers.select_related("customer").filter(is_main=True).first()
    if former is None:
        return
    if former.wants_originals:
        Chooser.objects.filter(pk=former.pk).update(wants_originals=False)
        Chooser.objects.filter(pk=successor.pk).update(wants_originals=True)
        for seat in (former, successor):
            seat.refresh_from_db(fields=["wants_originals", "yes"])
            reprice(gallery, seat)
    _become(gallery, former, ChooserRole.CO, who)


def _become(gallery: Gallery, chooser: Chooser, role: str, who: Any) -> None:
    former, chooser.role = chooser.role, role
    chooser.save(update_fields=["role"])
    chooser.refresh_from_db(fields=["is_main"])
    _changed(gallery, chooser, who, role=[str(former), str(role)])


def set_sharing(*, chooser: Chooser, shares: bool) -> Chooser:
    """Show the others what this person marks and that they are here, or hide both: from the next request on.

    Records SEAT_CHANGED, and every screen of the gallery is told to look again.
    """
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        chooser = _fresh(chooser)
        if chooser.shares == shares:
            return chooser
        chooser.shares = shares
        chooser.save(update_fields=["shares"])
        _changed(gallery, chooser, chooser.customer, shares=shares)
        if not shares:
            _forget(gallery, [chooser.pk])
    return chooser


def set_sharing_default(*, actor: Any, gallery: Gallery, shares: bool) -> Gallery:
    """What holds for people who have not said whether others may see their marks.

    Switched off, it hides all who have not said so. Switched on, it shows only who comes in from now on: whoever was
    told on entering that nobody looks keeps that. Records SEATS_DEFAULT_CHANGED.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        if gallery.shares_marks == shares:
            return gallery
        if shares:
            gallery.choosers.filter(shares=None, opened_at__isnull=False).update(shares=False)
        gallery.shares_marks, gallery.rev = shares, gallery.rev + 1
        gallery.save(update_fields=["shares_marks", "rev"])
        events.record(events.Kind.SEATS_DEFAULT_CHANGED, gallery, actor, shares=shares)
        shown = shown_ids(gallery.pk)
        _forget(gallery, [seat.pk for seat in people_of(gallery) if seat.pk not in shown])
    return gallery


def invite_guest(
    *, gallery: Gallery, name: str, phone: str, role: str, actor: Any = None, by: Chooser | None = None
) -> Chooser:
    """Let somebody who is not on the order into this gallery, and nothing else of the order.

    `name` is what the others read; whose number it is in the studio's books is not told. Somebody already here keeps
    what they have. Records SEAT_CHANGED. Raises Refusal chooser.not_main | role.staff_only (guests mark or look)
    | name.missing | people.too_many and those of phone.to_e164.
    """
    name, e164 = name.strip()[:NAME_LENGTH], to_e164(phone)
    if role not in {ChooserRole.CO, ChooserRole.VIEWER}:
        raise Refusal("role.staff_only")
    if not name:
        raise Refusal("name.missing")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        _refuse_unless_main(by)
        here = people_of(gallery)
        known = next((seat for seat in here if seat.customer.phone == e164), None)
        if known is not None:
            return known
        if len(here) >= MOST_PEOPLE or gallery.choosers.count() >= 2 * MOST_PEOPLE:
            raise Refusal("people.too_many", most=MOST_PEOPLE)
        customer = Customer.objects.filter(phone=e164).first()
        who = actor or (by.customer if by else None)
        customer = customer or add_customer(actor=who, name=name, phone=e164, source="referral")
        chooser, _made = Chooser.objects.get_or_create(gallery=gallery, customer=customer)
        chooser.is_guest = not _is_on_order(chooser, gallery)
        chooser.called, chooser.role = name if chooser.is_guest else "", role
        chooser.save(update_fields=["is_guest", "called", "role"])
        _changed(gallery, chooser, who, role=["", str(role)], guest=chooser.is_guest)
    return chooser


def dismiss_guest(*, chooser: Chooser, actor: Any = None, by: Chooser | None = None) -> Chooser:
    """A guest comes in no more, from the next request on; what they marked is kept, should they be invited again.

    Records SEAT_CHANGED. Raises Refusal chooser.not_main | guest.unknown.
    """
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        _refuse_unless_allowed(by, chooser)
        chooser = _fresh(chooser)
        if not chooser.is_guest:
            raise Refusal("guest.unknown")
        chooser.is_guest = False
        chooser.save(update_fields=["is_guest"])
        gallery.pins.filter(chooser=chooser).delete()
        end_limited(customer=chooser.customer, only=session_scope(gallery))
        who = actor or (by.customer if by else None)
        _changed(gallery, chooser, who, role=[str(chooser.role), ""], guest=False)
        _forget(gallery, [chooser.pk])
    return chooser


def session_scope(gallery: Gallery) -> str:
    """How a session names the one gallery that it opens (tenants.access)."""
    return f"gallery.{gallery.code}"


def place_of(gallery_id: int) -> str:
    """Where people of a gallery are present (core.kernel.presence)."""
    return f"gallery.{gallery_id}"


def _refuse_unless_main(by: Chooser | None) -> None:
    if by is None:
        return
    by.refresh_from_db(fields=["role", "is_main"])
    if not by.is_main:
        raise Refusal("chooser.not_main")


def _refuse_unless_allowed(by: Chooser | None, chooser: Chooser) -> None:
    _refuse_unless_main(by)
    if by is not None and by.gallery_id != chooser.gallery_id:
        raise Refusal("guest.unknown")


def _fresh(chooser: Chooser) -> Chooser:
    """As it stands under the lock."""
    return Chooser.objects.select_related("customer").get(pk=chooser.pk)


def _is_on_order(chooser: Chooser, gallery: Gallery) -> bool:
    on_it = OrderPerson.objects.filter(order=gallery.order_id, customer=chooser.customer_id)
    return gallery.order.customer_id == chooser.customer_id or on_it.exists()


def _changed(gallery: Gallery, chooser: Chooser, who: Any, **facts: Any) -> None:
    bump(gallery)
    events.record(events.Kind.SEAT_CHANGED, chooser, who, seat=chooser.pk, name=chooser.name, **facts)


def _forget(gallery: Gallery, seats: list[int]) -> None:
    """They are not seen here any more, once this is committed."""
    place = place_of(gallery.pk)

    def forget() -> None:
        for seat in seats:
            presence.leave(place, seat)

    on_commit_in_studio(forget)
