"""A PIN lets one person into one gallery: what it opens, what it does not, and that guessing is hopeless."""

import datetime as dt
import secrets

import pytest
from django.db import IntegrityError, transaction

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.people.models import CustomerSession
from selection.enums import GalleryState
from selection.models import EntryPin, PinDoor
from selection.services import close_pin, dismiss_guest, enter_by_pin, invite_guest, make_pin, withdraw_gallery
from selection.services.pin_entry import MISSES, MISSES_OF_ALL, SHUT
from tests.factories import make_staff
from tests.selection.couple import couple

pytestmark = pytest.mark.django_db


def somewhere():
    """Limits outlive a test run: each visitor comes from elsewhere."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def come_in(gallery, pin, address=""):
    return enter_by_pin(code=gallery.code, pin=pin, device="iPhone", address=address or somewhere())


def refused(work, code):
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code
    return caught.value.facts


@pytest.fixture
def boss(studio):
    return make_staff("manager")


def wrong(pin):
    return f"{(int(pin) + 1) % 10**6:06d}"


def test_a_pin_opens_a_session_for_this_gallery_alone(boss):
    gallery, _main, partner = couple()
    pin = make_pin(actor=boss, chooser=partner)
    seat, token = come_in(gallery, pin.digits)
    session = CustomerSession.objects.get()
    assert (seat.pk, session.customer_id, session.only) == (partner.pk, partner.customer_id, f"gallery.{gallery.code}")
    assert (len(pin.digits), token != "") == (6, True)
    assert Event.objects.filter(kind="pin.changed").values_list("facts__what", flat=True)[0] == "made"


def test_a_new_pin_ends_the_former_one_and_what_it_opened(boss):
    gallery, _main, partner = couple()
    former = make_pin(actor=boss, chooser=partner).digits
    come_in(gallery, former)
    make_pin(actor=boss, chooser=partner)
    assert CustomerSession.objects.get().revoked_at is not None
    close_pin(actor=boss, chooser=partner)
    assert not EntryPin.objects.exists()
    refused(lambda: come_in(gallery, former), "pin.wrong")


def test_pins_of_one_gallery_differ_in_postgresql(boss):
    gallery, main, partner = couple()
    pin = make_pin(actor=boss, chooser=partner)
    with pytest.raises(IntegrityError, match="entry_pin_names_one"), transaction.atomic():
        EntryPin.objects.create(gallery=gallery, chooser=main, digits=pin.digits, made_at=clock.now())


def test_ten_wrong_pins_shut_the_door_there_for_the_right_one_too_and_nowhere_else(boss):
    gallery, _main, partner = couple()
    pin, stranger = make_pin(actor=boss, chooser=partner).digits, somewhere()
    left = [refused(lambda: come_in(gallery, wrong(pin), stranger), "pin.wrong")["left"] for _ in range(MISSES)]
    assert left == list(range(MISSES - 1, -1, -1))
    neighbour = stranger.replace("::1", ":2:3:4:5")  # the same household of addresses
    assert refused(lambda: come_in(gallery, pin, neighbour), "pin.shut")["wait"] > 0
    come_in(gallery, pin)  # the family, from home
    with clock.at(clock.now() + SHUT + dt.timedelta(seconds=1)):
        come_in(gallery, pin, stranger)


def test_a_hundred_wrong_pins_from_everywhere_shut_the_door_for_all(boss):
    gallery, _main, partner = couple()
    pin = make_pin(actor=boss, chooser=partner).digits
    for i in range(MISSES_OF_ALL):
        if i % 30 == 0:
            come_in(gallery, pin)  # a guest's own PIN forgives nobody's guesses
        refused(lambda: come_in(gallery, wrong(pin)), "pin.wrong")
    refused(lambda: come_in(gallery, pin), "pin.shut")
    with clock.at(clock.now() + SHUT + dt.timedelta(seconds=1)):
        come_in(gallery, pin)
        assert refused(lambda: come_in(gallery, wrong(pin)), "pin.wrong")["left"] == MISSES - 1
    assert set(PinDoor.objects.filter(caller="").values_list("misses", flat=True)) == {1}


def test_misses_are_forgotten_after_half_an_hour(boss):
    gallery, _main, partner = couple()
    pin, home = make_pin(actor=boss, chooser=partner).digits, somewhere()
    for _ in range(MISSES - 1):
        refused(lambda: come_in(gallery, wrong(pin), home), "pin.wrong")
    with clock.at(clock.now() + SHUT + dt.timedelta(seconds=1)):
        assert refused(lambda: come_in(gallery, wrong(pin), home), "pin.wrong")["left"] == MISSES - 1


def test_staff_forgive_by_a_new_pin(boss):
    gallery, _main, partner = couple()
    pin, home = make_pin(actor=boss, chooser=partner).digits, somewhere()
    for _ in range(MISSES):
        refused(lambda: come_in(gallery, wrong(pin), home), "pin.wrong")
    come_in(gallery, make_pin(actor=boss, chooser=partner).digits, home)


def test_an_unknown_and_a_closed_gallery_answer_alike(boss):
    gallery, _main, partner = couple()
    pin = make_pin(actor=boss, chooser=partner).digits
    withdraw_gallery(actor=boss, gallery=gallery)
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.DRAFT
    refused(lambda: come_in(gallery, pin), "pin.wrong")
    refused(lambda: enter_by_pin(code="nothinghere", pin=pin, device="", address=somewhere()), "pin.wrong")


def test_a_dismissed_guests_pin_and_session_are_gone(boss):
    gallery, main, _partner = couple()
    guest = invite_guest(gallery=gallery, name="外婆", phone="13911112222", role="viewer", by=main)
    pin = make_pin(actor=boss, chooser=guest).digits
    come_in(gallery, pin)
    dismiss_guest(chooser=guest, by=main)
    assert CustomerSession.objects.get().revoked_at is not None
    refused(lambda: come_in(gallery, pin), "pin.wrong")
    refused(lambda: make_pin(actor=boss, chooser=guest), "guest.unknown")


def test_addresses_are_limited(boss, settings):
    settings.DEMO = False
    _gallery, _main, partner = couple()
    make_pin(actor=boss, chooser=partner)
    codes, address = [], somewhere()
    for _ in range(32):
        with pytest.raises(Refusal) as caught:
            enter_by_pin(code="nothinghere", pin="000000", device="", address=address)
        codes.append(caught.value.code)
    assert codes[-1] == "pin.too_often"
