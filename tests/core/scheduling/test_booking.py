"""Holds, confirmations, moves and their refusals, one after the other; threads race in test_races."""

import datetime as dt

import pytest

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event, position
from core.messaging.models import OutboxMessage
from core.scheduling.enums import AppointmentState
from core.scheduling.jobs import sweep_holds
from core.scheduling.models import Appointment, ResourceClaim
from core.scheduling.services import (
    agree_lending,
    book,
    cancel,
    confirm,
    finish,
    refuse_lending,
    release,
    reschedule,
)
from core.scheduling.services.changes import plan_of
from tests.core.scheduling.make import NOW, at, booked, crew, held, one, overlaps, resource
from tests.factories import make_branch


def kinds(appointment):
    return list(
        Event.objects.filter(subject=f"appointment.{appointment.pk}").order_by("id").values_list("kind", flat=True)
    )


def test_a_hold_takes_its_resources_for_a_while(branch, team, customer):
    made = held(branch, [one(at(2, 10), 120, team["photo"], team["room"])], customer=customer, actor=customer)
    assert made.state == "held"
    assert made.hold_expires_at == pytest.approx(NOW + dt.timedelta(minutes=15), abs=dt.timedelta(seconds=30))
    assert set(made.claims.values_list("resource__name", flat=True)) == {"NS photo", "NS room"}
    assert kinds(made) == ["appointment.held"]
    assert position(f"calendar.{branch.pk}")[1] > 0


def test_staff_hold_longer_than_customers(branch, team, clerk):
    made = held(branch, [one(at(2, 10), 60, team["photo"])], actor=clerk)
    assert made.hold_expires_at - clock.now() > dt.timedelta(hours=23)


def test_what_is_held_is_taken_and_three_nearest_are_named(branch, team):
    plan = [one(at(2, 10), 120, team["photo"])]
    held(branch, plan)
    with pytest.raises(Refusal) as refused:
        held(branch, plan)
    assert refused.value.code == "slot.taken"
    starts = [dt.datetime.fromisoformat(iso).astimezone(at(1, 1).tzinfo) for iso in refused.value.facts["alternatives"]]
    assert starts == [at(2, 12), at(2, 12, 30), at(2, 13)]
    assert Appointment.objects.count() == 1


def test_half_open_neighbours_touch(branch, team):
    booked(branch, [one(at(2, 10), 60, team["photo"])])
    booked(branch, [one(at(2, 11), 60, team["photo"])])
    assert overlaps() == 0


def test_buffers_of_both_bookings_keep_apart(branch):
    room = resource(branch, "room", "Studio", before=10, after=20)
    booked(branch, [one(at(2, 10), 60, room)])
    for minute in (0, 25):
        with pytest.raises(Refusal, match=r"slot\.taken"):
            booked(branch, [one(at(2, 11, minute), 60, room)])
    booked(branch, [one(at(2, 11, 30), 60, room)])
    assert overlaps() == 0


def test_own_buffers_do_not_keep_an_appointment_out(branch):
    room = resource(branch, "room", "Studio", before=15, after=15)
    made = booked(branch, [one(at(2, 10), 60, room), one(at(2, 11), 60, room)])
    claim = made.claims.get()
    assert (claim.during.lower, claim.during.upper) == (at(2, 9, 45), at(2, 12, 15))
    assert claim.positions == [0, 1]


def test_an_expired_hold_gives_way_without_the_sweep(branch, team):
    plan = [one(at(2, 10), 120, team["photo"])]
    first = held(branch, plan, expires=dt.timedelta(minutes=5))
    with clock.at(NOW + dt.timedelta(minutes=6)):
        second = held(branch, plan)
    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "held")
    assert kinds(first) == ["appointment.held", "appointment.expired"]
    assert not first.claims.filter(active=True).exists()


def test_the_sweep_ends_holds_that_ran_out_and_no_others(branch, team):
    early = held(branch, [one(at(2, 10), 60, team["photo"])], expires=dt.timedelta(minutes=5))
    late = held(branch, [one(at(2, 12), 60, team["photo"])], expires=dt.timedelta(minutes=50))
    with clock.at(NOW + dt.timedelta(minutes=6)):
        sweep_holds()
        sweep_holds()
    states = dict(Appointment.objects.values_list("pk", "state"))
    assert states == {early.pk: "expired", late.pk: "held"}
    assert kinds(early).count("appointment.expired") == 1


def test_confirming_is_once_and_tells_the_customer(branch, team, customer, clerk):
    made = held(branch, [one(at(2, 10), 60, team["photo"])], customer=customer)
    for _ in range(2):
        assert confirm(actor=clerk, appointment=made).state == "confirmed"
    assert kinds(made).count("appointment.confirmed") == 1
    assert OutboxMessage.objects.filter(template="date_confirmed").count() == 1


def test_a_late_confirmation_is_refused_or_takes_the_time_again(branch, team, clerk):
    made = held(branch, [one(at(2, 10), 60, team["photo"])], expires=dt.timedelta(minutes=5))
    with clock.at(NOW + dt.timedelta(minutes=9)):
        with pytest.raises(Refusal, match=r"hold\.expired"):
            confirm(actor=clerk, appointment=made)
        sweep_holds()
        assert confirm(actor=clerk, appointment=made, revive=True).state == "confirmed"
    assert made.claims.filter(active=True).count() == 1
    assert overlaps() == 0


def test_a_revival_finds_the_time_taken(branch, team, clerk):
    plan = [one(at(2, 10), 60, team["photo"])]
    late = held(branch, plan, expires=dt.timedelta(minutes=5))
    with clock.at(NOW + dt.timedelta(minutes=9)):
        booked(branch, plan)
        with pytest.raises(Refusal) as refused:
            confirm(actor=clerk, appointment=late, revive=True)
    assert refused.value.code == "slot.taken"
    assert len(refused.value.facts["alternatives"]) == 3
    late.refresh_from_db()
    assert late.state == "expired"


def test_released_and_cancelled_times_are_free(branch, team, clerk, customer):
    plan = [one(at(2, 10), 60, team["photo"])]
    release(actor=clerk, appointment=held(branch, plan))
    firm = booked(branch, plan, customer=customer)
    with pytest.raises(Refusal, match=r"reason\.missing"):
        cancel(actor=clerk, appointment=firm, reason=" ")
    cancel(actor=clerk, appointment=firm, reason="下雨")
    booked(branch, plan)
    assert OutboxMessage.objects.filter(template="date_cancelled").count() == 1
    with pytest.raises(Refusal, match=r"appointment\.closed"):
        cancel(actor=clerk, appointment=firm, reason="again")


def test_moving_keeps_the_old_date_when_the_new_is_taken(branch, team, clerk):
    booked(branch, [one(at(3, 10), 120, team["photo"])])
    mine = booked(branch, [one(at(2, 10), 120, team["photo"], team["room"])])
    with pytest.raises(Refusal, match=r"slot\.taken"):
        reschedule(actor=clerk, appointment=mine, plan=[one(at(3, 11), 120, team["photo"], team["room"])])
    mine.refresh_from_db()
    assert mine.starts_at == at(2, 10)
    assert mine.claims.filter(active=True).count() == 2
    assert mine.blocks.get().starts_at == at(2, 10)


def test_moving_within_its_own_time_is_no_conflict(branch, team, clerk, customer):
    mine = booked(branch, [one(at(2, 10), 120, team["photo"])], customer=customer)
    moved = reschedule(actor=clerk, appointment=mine, plan=[one(at(2, 11), 120, team["photo"])], reason="午后光线")
    assert (moved.starts_at, moved.seq) == (at(2, 11), 1)
    told = Event.objects.get(kind="appointment.moved").facts
    assert (told["was"][:13], told["reason"]) == ("2027-03-02T02", "午后光线")
    assert OutboxMessage.objects.filter(template="date_moved").count() == 1
    assert mine.claims.filter(active=True).count() == 1


def test_another_photographer_is_told(branch, team, clerk, customer):
    """R117: not silently."""
    other = resource(branch, "photographer", "谢威")
    mine = booked(branch, [one(at(2, 10), 120, team["photo"])], customer=customer)
    reschedule(actor=clerk, appointment=mine, plan=[one(at(2, 10), 120, other)])
    assert Event.objects.get(kind="appointment.moved").facts["crew"] == [["NS photo"], ["谢威"]]
    assert OutboxMessage.objects.filter(template="date_moved").count() == 1


def test_a_stale_form_moves_nothing(branch, team, clerk):
    mine = booked(branch, [one(at(2, 10), 60, team["photo"])])
    reschedule(actor=clerk, appointment=mine, plan=[one(at(2, 12), 60, team["photo"])], seq=0)
    with pytest.raises(Refusal, match=r"appointment\.stale"):
        reschedule(actor=clerk, appointment=mine, plan=[one(at(2, 14), 60, team["photo"])], seq=0)


def test_visits_end_once_they_began(branch, team, clerk):
    mine = booked(branch, [one(at(2, 10), 60, team["photo"])])
    with pytest.raises(Refusal, match=r"appointment\.ahead"):
        finish(actor=clerk, appointment=mine)
    with clock.at(at(2, 11)):
        assert finish(actor=clerk, appointment=mine).state == AppointmentState.DONE
    assert ResourceClaim.objects.filter(active=True).count() == 1


def test_lending_needs_the_other_branch(branch, team, clerk):
    far = make_branch("福田店", code="FT")
    theirs = resource(far, "photographer", "谢威", lendable=True)
    own = resource(far, "photographer", "唐琪")
    with pytest.raises(Refusal, match=r"resource\.elsewhere"):
        held(branch, [one(at(2, 10), 60, own)])
    with pytest.raises(Refusal, match=r"lending\.waiting"):
        book(actor=clerk, branch=branch, kind="shoot", title="x", plan=[one(at(2, 10), 60, theirs)])
    mine = held(branch, [one(at(2, 10), 60, theirs)])
    with pytest.raises(Refusal, match=r"lending\.waiting"):
        confirm(actor=clerk, appointment=mine)
    agree_lending(actor=clerk, appointment=mine, resource=theirs)
    assert confirm(actor=clerk, appointment=mine).state == "confirmed"
    assert (
        reschedule(actor=clerk, appointment=mine, plan=[one(at(3, 10), 60, theirs)]).claims.get(active=True).lending
        == "agreed"
    )


def test_a_refused_loan_frees_the_time(branch, clerk):
    far = make_branch("福田店", code="FT")
    theirs = resource(far, "photographer", "谢威", lendable=True)
    mine = held(branch, [one(at(2, 10), 60, theirs)])
    refuse_lending(actor=clerk, appointment=mine, resource=theirs, reason="当天外出")
    booked(far, [one(at(2, 10), 60, theirs)])
    with pytest.raises(Refusal, match=r"lending\.settled"):
        agree_lending(actor=clerk, appointment=mine, resource=theirs)
    assert plan_of(mine)[0].resources == ()


def test_what_is_out_of_use_or_upside_down_is_refused(branch, team):
    gone = resource(branch, "room", "Old", is_active=False)
    with pytest.raises(Refusal, match=r"resource\.gone"):
        held(branch, [one(at(2, 10), 60, gone)])
    twice = [one(at(2, 10), 60, team["photo"]), one(at(2, 10, 30), 60, team["photo"])]
    for plan in ([], twice, [one(at(2, 12), 60, team["photo"]), one(at(2, 10), 60, team["room"])]):
        with pytest.raises(Refusal, match=r"plan\.unsound"):
            held(branch, plan)


def test_studios_do_not_see_each_others_time(branch, team, other_studio):
    from tenants.context import in_studio

    booked(branch, [one(at(2, 10), 60, team["photo"])])
    with in_studio(other_studio):
        far = make_branch("外店", code="ZZ")
        theirs = crew(far)["photo"]
        booked(far, [one(at(2, 10), 60, theirs)])
        assert Appointment.objects.count() == 1
