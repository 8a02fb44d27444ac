"""What travels to whom: the poke of a tap, the lens of each follower, presence; never more than is shared now."""

import json

import pytest

from core.kernel import live
from core.realtime.streams import Actor, Refused, missed, resolve
from selection.enums import ChooserRole
from selection.services import save_note, set_role, set_sharing
from selection.streams import eyes_of
from tests.factories import make_staff
from tests.selection.couple import couple
from tests.selection.make import pick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("studio")]


@pytest.fixture
def told(monkeypatch, django_capture_on_commit_callbacks):
    """`told(work)` → what was published, by channel."""

    def run(work):
        found = []
        monkeypatch.setattr(live, "_publish", found.extend)
        with django_capture_on_commit_callbacks(execute=True):
            work()
        return {name: json.loads(text) for name, text in found}

    return run


def heard(told, gallery, seat, work):
    return eyes_of(seat.pk, gallery.pk)(told(work)[live.channel(gallery.event_stream)])


def test_a_shared_tap_reaches_the_partner_with_what_changed(told):
    gallery, main, partner = couple()
    message = heard(told, gallery, main, lambda: pick(partner, (1, 2, "yes"), (2, 3, "no")))
    assert message["type"] == "photo.picked"
    assert (message["by"], sorted(message["picks"])) == (partner.pk, [[2, "yes"], [3, "no"]])
    assert not {"thread", "subject", "shared"} & set(message)


def test_a_hidden_tap_tells_nothing_at_all(told):
    gallery, main, partner = couple()
    set_sharing(chooser=partner, shares=False)
    assert heard(told, gallery, main, lambda: pick(partner, (1, 2, "yes"))) is None


def test_a_seat_read_before_its_owner_said_no_does_not_leak(told):
    """The verb settles it under the lock, whatever the caller had read."""
    gallery, main, partner = couple()
    set_sharing(chooser=partner, shares=False)
    partner.shares = True  # as read before
    assert heard(told, gallery, main, lambda: pick(partner, (1, 2, "yes"))) is None


def test_ones_own_other_phone_hears_that_it_was_oneself(told):
    gallery, _main, partner = couple()
    set_sharing(chooser=partner, shares=False)
    message = heard(told, gallery, partner, lambda: pick(partner, (1, 2, "yes")))
    assert (message["type"], message["by"]) == ("photo.picked", partner.pk)


def test_notes_are_nobody_elses_business(told):
    gallery, main, partner = couple()
    note = {"number": 1, "text": "x", "tags": [], "device": "phone-1", "op": 1}
    assert heard(told, gallery, main, lambda: save_note(chooser=partner, **note)) is None


def test_everybody_looks_again_when_somebody_hides(told):
    gallery, main, partner = couple()
    before = gallery.rev
    message = heard(told, gallery, main, lambda: set_sharing(chooser=partner, shares=False))
    gallery.refresh_from_db()
    assert (message["type"], gallery.rev > before, "shares" in message) == ("seat.changed", True, False)


def test_catching_up_carries_no_marks_to_anybody(told):
    gallery, main, partner = couple()
    follow = resolve("gallery", Actor(customer=main.customer), gallery.code)[0]
    pick(partner, (1, 2, "yes"))
    answer = missed(follow, 1, 0)
    assert answer["events"][-1] == {"stream": gallery.event_stream, "type": "photo.picked", "seq": answer["seq"],
                                    "epoch": 1, "by": partner.pk}  # fmt: skip
    assert not any({"picks", "subject", "past"} & set(event) for event in answer["events"])
    set_sharing(chooser=partner, shares=False)
    pick(partner, (2, 3, "yes"))
    seen = missed(follow, 1, 0)
    assert seen["seq"] == answer["seq"] + 2  # the position goes on, of what happened there is no trace
    assert [event["type"] for event in seen["events"]].count("photo.picked") == 0
    assert seen["events"][-1]["type"] == "seat.changed"


def test_a_session_by_pin_follows_its_gallery_and_nothing_else():
    gallery, _main, partner = couple()
    other, _other_main, _third = couple()
    mine = Actor(customer=partner.customer, only=f"gallery.{gallery.code}")
    assert resolve("gallery", mine, gallery.code)
    for kind, name in (("gallery", other.code), ("order", gallery.order.code)):
        with pytest.raises(Refused):
            resolve(kind, mine, name)


def presence_of(seat, gallery):
    return resolve("gallery", Actor(customer=seat.customer), gallery.code)[1].attend


def test_who_is_here_is_told_until_they_leave():
    gallery, main, partner = couple()
    mine, theirs = presence_of(main, gallery), presence_of(partner, gallery)
    assert mine.arrive("a")["online"] == [main.pk]
    assert theirs.arrive("b")["online"] == [main.pk, partner.pk]
    theirs.leave("b")
    assert mine.arrive("c")["online"] == [main.pk]


def test_who_hides_is_not_seen_being_here(told):
    gallery, main, partner = couple()
    mine, theirs = presence_of(main, gallery), presence_of(partner, gallery)
    theirs.arrive("b")
    set_sharing(chooser=partner, shares=False)  # the mark in Valkey may outlive this moment
    assert mine.arrive("a")["online"] == [main.pk]
    assert told(lambda: theirs.arrive("c")) == {}  # nobody is even told that something happened
    set_role(chooser=main, role=ChooserRole.MAIN, actor=make_staff("manager"))
    assert partner.pk not in mine.arrive("d")["online"]


def test_presence_of_another_studio_is_another_place(other_studio):
    from tenants.context import in_studio

    gallery, main, _partner = couple()
    presence_of(main, gallery).arrive("a")
    with in_studio(other_studio):
        theirs, their_main, _other = couple()
        assert presence_of(their_main, theirs).arrive("a")["online"] == [their_main.pk]
