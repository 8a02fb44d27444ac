"""Rights under real threads and commits: a tap is before a change of role or of privacy, or under it."""

import secrets
from collections import Counter

from django.db import connection

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.people.models import CustomerSession
from selection.models import Chooser, Pick, PinDoor
from selection.services import enter_by_pin, make_pin, set_role, set_sharing
from selection.services.pin_entry import MISSES
from tests.factories import make_staff
from tests.selection.couple import couple
from tests.selection.make import pick
from tests.selection.test_races import at_once


def fresh(seat):
    return Chooser.objects.select_related("customer").get(pk=seat.pk)


def test_nothing_is_marked_after_somebody_became_a_viewer(throwaway_studio):
    gallery, _main, partner = couple(40)
    boss = make_staff("manager")
    connection.close()

    def work(i):
        if i == 16:
            set_role(actor=boss, chooser=partner, role="viewer")
            return None
        return [one.why for one in pick(fresh(partner), (i + 1, i + 1, "yes"), device=f"device-{i}").rejected]

    answers = at_once(throwaway_studio, work)
    accepted = sum(answer == [] for answer in answers)
    assert {why for answer in answers if answer for why in answer} <= {"viewer"}
    seat = fresh(partner)
    kinds = list(Event.objects.filter(stream=gallery.event_stream).order_by("seq").values_list("kind", flat=True))
    assert (seat.role, seat.yes, Pick.objects.filter(chooser=partner).count()) == ("viewer", accepted, accepted)
    assert "photo.picked" not in kinds[kinds.index("seat.changed") :]


def test_no_poke_after_the_no_carries_marks(throwaway_studio, monkeypatch):
    """The number of the change tells which taps came after it."""
    from core.kernel import live

    gallery, _main, partner = couple(40)
    sent = []
    real = live.poke
    monkeypatch.setattr(live, "poke", lambda stream, message: (sent.append(message), real(stream, message)))
    connection.close()

    def work(i):
        if i == 16:
            set_sharing(chooser=partner, shares=False)
        else:
            pick(fresh(partner), (i + 1, i + 1, "yes"), device=f"device-{i}")

    at_once(throwaway_studio, work)
    changed = Event.objects.get(stream=gallery.event_stream, kind="seat.changed").seq
    picked = [message for message in sent if message["type"] == "photo.picked"]
    assert len(picked) == 31
    assert {message["shared"] for message in picked if message["seq"] > changed} <= {False}
    assert {message["shared"] for message in picked if message["seq"] < changed} <= {True}


def test_thirty_two_guesses_at_once_are_ten(throwaway_studio):
    gallery, _main, partner = couple()
    digits = make_pin(actor=make_staff("manager"), chooser=partner).digits
    net = secrets.token_hex(2)
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    connection.close()

    def work(i):
        try:
            enter_by_pin(code=gallery.code, pin=wrong, device="", address=f"2001:db8:{net}::{i:x}")
        except Refusal as refusal:
            return refusal.code

    answers = at_once(throwaway_studio, work)
    allowed = 30  # tries an hour from one network (PER_ADDRESS)
    assert Counter(answers) == {"pin.wrong": MISSES, "pin.shut": allowed - MISSES, "pin.too_often": 32 - allowed}
    assert not CustomerSession.objects.exists()
    assert PinDoor.objects.exclude(caller="").get().shut_until is not None


def test_guesses_from_thirty_two_places_at_once_are_all_counted(throwaway_studio):
    gallery, _main, partner = couple()
    digits = make_pin(actor=make_staff("manager"), chooser=partner).digits
    net = secrets.token_hex(2)
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    connection.close()

    def work(i):
        try:
            enter_by_pin(code=gallery.code, pin=wrong, device="", address=f"2001:db8:{net}:{i:x}::1")
        except Refusal as refusal:
            return refusal.code

    assert at_once(throwaway_studio, work) == ["pin.wrong"] * 32
    assert PinDoor.objects.get(caller="").misses == 32
    assert PinDoor.objects.exclude(caller="").count() == 32
