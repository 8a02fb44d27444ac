"""Threads with connections of their own: one winner, no overlap, no deadlock, whatever they do to each other."""

import contextlib
import datetime as dt
import threading
from collections import Counter

import pytest

from core.scheduling.models import Appointment, WaitingEntry
from core.scheduling.services import (
    add_waiting,
    cancel,
    changes,
    confirm,
    expire_holds,
    hold,
    offer_waiting,
    release,
    reschedule,
)
from tests.core.scheduling.make import CHAIN, at, booked, crew, held, one, overlaps
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.retouch.test_races import THREADS, at_once


@pytest.fixture
def house(throwaway_studio):
    make_staff("owner")
    branch = make_branch("南山店", code="NS")
    return throwaway_studio, branch, crew(branch)


def run_out(appointment):
    """Its time is over, for every thread's clock."""
    Appointment.objects.filter(pk=appointment.pk).update(hold_expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_one_wins_a_date_and_the_others_are_shown_others(house):
    studio, branch, team = house
    order = [team["photo"], team["face"], team["room"]]

    def work(i):
        held(branch, [one(at(2, 10), 60, *order[i % 3 :], *order[: i % 3])], alternatives=i % 2)

    answers = at_once(studio, work)
    assert Counter(answers) == {"done": 1, "slot.taken": THREADS - 1}
    assert (Appointment.objects.count(), overlaps()) == (1, 0)


def test_an_expired_hold_goes_to_one(house):
    studio, branch, team = house
    plan = [one(at(2, 10), 60, team["photo"], team["room"])]
    old = held(branch, plan)
    run_out(old)

    def work(i):
        if i % 4 == 3:
            expire_holds()
        else:
            held(branch, plan, alternatives=0)

    answers = Counter(at_once(studio, work))
    assert answers["slot.taken"] == THREADS - THREADS // 4 - 1
    assert sum(answers.values()) - answers["slot.taken"] == answers["done"]
    old.refresh_from_db()
    assert (old.state, overlaps()) == ("expired", 0)
    assert Appointment.objects.filter(state="held").count() == 1


def test_a_late_payment_and_a_new_guest_do_not_both_get_it(house):
    studio, branch, team = house
    plan = [one(at(2, 10), 60, team["photo"], team["room"])]
    old = held(branch, plan)
    run_out(old)

    def work(i):
        if i % 2:
            held(branch, plan, alternatives=0)
        else:
            confirm(actor=None, appointment=old, revive=True)

    answers = at_once(studio, work)
    assert set(answers) <= {"done", "slot.taken"}
    assert overlaps() == 0
    standing = Appointment.objects.filter(state__in=["held", "confirmed"])
    assert standing.count() == 1
    assert standing.get().claims.filter(active=True).count() == 2


def test_two_appointments_want_each_others_place(house):
    """Each moves onto resources that the other is leaving: without ordered locks, a deadlock."""
    studio, branch, team = house
    photo, face = team["photo"], team["face"]
    first, second = booked(branch, [one(at(2, 10), 60, photo)]), booked(branch, [one(at(2, 10), 60, face)])

    def work(i):
        mine, there = (first, face) if i % 2 else (second, photo)
        reschedule(actor=None, appointment=mine, plan=[one(at(2, 10), 60, there)], alternatives=0)

    answers = at_once(studio, work)
    assert set(answers) <= {"done", "slot.taken"}
    assert overlaps() == 0
    for mine in (first, second):
        mine.refresh_from_db()
        assert (mine.state, mine.claims.filter(active=True).count()) == ("confirmed", 1)


def test_resources_are_locked_before_anything_is_touched(house, monkeypatch):
    """Both stop between letting go of the old time and taking the new: only one may get there, or they deadlock."""
    studio, branch, team = house
    rows = [booked(branch, [one(at(2, 10), 60, team[key])]) for key in ("photo", "face")]
    gate, entered, real = threading.Barrier(2), [], changes.insert

    def insert(appointment, claims):
        entered.append(appointment.pk)
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(1)
        return real(appointment, claims)

    monkeypatch.setattr(changes, "insert", insert)

    def work(i):
        if i < 2:
            there = team["face" if i == 0 else "photo"]
            reschedule(actor=None, appointment=rows[i], plan=[one(at(2, 10), 60, there)], alternatives=0)

    assert Counter(at_once(studio, work)) == {"done": THREADS - 2, "slot.taken": 2}
    assert sorted(entered) == sorted(row.pk for row in rows)  # a deadlock would have come here once more
    assert overlaps() == 0


def test_everything_at_once_keeps_every_date_whole(house):
    studio, branch, team = house
    things = list(team.values())
    rows = [booked(branch, [one(at(2 + i, 10), 60, *things)]) for i in range(4)]

    def work(i):
        mine, other = rows[i % 4], rows[(i + 1) % 4]
        day = other.starts_at.astimezone(at(1, 1).tzinfo).day
        if i % 6 == 5:
            cancel(actor=None, appointment=mine, reason="x")
        elif i % 3 == 1:
            release(actor=None, appointment=held(branch, [one(at(day, 10, 30), 60, *things[::-1])], alternatives=0))
        else:
            plan = [one(at(day, 10), 60, *things[::-1])]
            reschedule(actor=None, appointment=mine, plan=plan, alternatives=0)

    answers = at_once(studio, work)
    assert set(answers) <= {"done", "slot.taken", "appointment.closed"}
    assert overlaps() == 0
    for mine in Appointment.objects.all():
        standing = mine.claims.filter(active=True)
        assert standing.count() == (3 if mine.state == "confirmed" else 0)
        assert all(claim.during.lower == mine.starts_at for claim in standing)


def test_a_hold_is_confirmed_once(house):
    studio, branch, team = house
    mine = held(branch, [one(at(2, 10), 60, team["photo"])], customer=make_customer())
    assert set(at_once(studio, lambda _i: confirm(actor=None, appointment=mine))) == {"done"}
    from core.kernel.events import Event

    assert Event.objects.filter(kind="appointment.confirmed").count() == 1


def test_two_jobs_offer_a_date_once(house):
    studio, branch, _team = house
    days = {"first": dt.date(2027, 3, 2), "last": dt.date(2027, 3, 2)}
    for i in range(2):
        add_waiting(actor=None, branch=branch, customer=make_customer(), title=f"{i}", chain=CHAIN, **days)
    assert set(at_once(studio, lambda _i: offer_waiting(branch=branch))) == {"done"}
    assert WaitingEntry.objects.filter(state="offered").count() == 2
    assert Appointment.objects.filter(state="held").count() == 2
    assert overlaps() == 0


def test_hold_is_the_verb_of_the_races():
    """Otherwise the threads above would prove something else."""
    assert held.__globals__["hold"] is hold
