"""The waiting list: a date that becomes free is offered to whoever waits longest and fits."""

import datetime as dt

import pytest

from core.kernel import clock
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.scheduling.models import Appointment, WaitingEntry
from core.scheduling.services import add_waiting, cancel, close_waiting, confirm, offer_waiting, release
from tests.core.scheduling.make import CHAIN, NOW, SHANGHAI, at, booked, one
from tests.factories import make_customer
from tests.jobs import run_jobs


@pytest.fixture
def full(branch, team):
    """Tuesday is full."""
    return booked(branch, [one(at(2, 9, 30), 540, *team.values())])


def wait(branch, name="候补", **more):
    days = {"first": dt.date(2027, 3, 2), "last": dt.date(2027, 3, 2)}
    told = {"actor": None, "branch": branch, "customer": make_customer(name), "title": name, "chain": CHAIN}
    return add_waiting(**(told | days | more))


def test_a_cancellation_is_offered_to_the_first_who_fits(branch, full):
    late = wait(branch, "周末", first=dt.date(2027, 3, 6), last=dt.date(2027, 3, 7), weekdays=(5,), part="evening")
    first, second = wait(branch, "第一"), wait(branch, "第二", part="afternoon")
    run_jobs()
    assert Appointment.objects.filter(state="held").count() == 0
    cancel(actor=None, appointment=full, reason="改期")
    run_jobs()
    for row in (late, first, second):
        row.refresh_from_db()
    assert [row.state for row in (late, first, second)] == ["waiting", "offered", "offered"]
    assert first.offer.starts_at == at(2, 9, 30)
    assert second.offer.starts_at.astimezone(SHANGHAI).hour >= 12
    assert second.offer.starts_at >= first.offer.ends_at - dt.timedelta(hours=2)  # the make-up artist is free earlier
    told = OutboxMessage.objects.filter(template="slot_offered").order_by("pk")
    assert [message.to for message in told] == [first.customer.phone, second.customer.phone]


def test_an_offer_that_lapses_goes_on_and_does_not_come_back(branch, full):
    first = wait(branch, "第一")
    cancel(actor=None, appointment=full, reason="x")
    run_jobs()
    first.refresh_from_db()
    offer = first.offer
    with clock.at(NOW + dt.timedelta(hours=13)):
        from core.scheduling.jobs import sweep_holds

        sweep_holds()
        run_jobs()
    first.refresh_from_db()
    assert first.offer != offer
    assert first.offered == [at(2, 9, 30), first.offer.starts_at]
    assert len(set(first.offered)) == 2


def test_an_accepted_offer_closes_the_entry(branch, full):
    first = wait(branch)
    cancel(actor=None, appointment=full, reason="x")
    run_jobs()
    first.refresh_from_db()
    confirm(actor=first.customer, appointment=first.offer)
    offer_waiting(branch=branch)
    first.refresh_from_db()
    assert (first.state, first.offer.state) == ("closed", "confirmed")


def test_a_declined_offer_goes_to_the_next(branch, team):
    booked(branch, [one(at(2, 12, 30), 360, *team.values())])  # room for one visit in the morning
    first = wait(branch, "第一")
    run_jobs()
    second = wait(branch, "第二")
    run_jobs()
    first.refresh_from_db()
    assert (first.offer.state, WaitingEntry.objects.get(pk=second.pk).state) == ("held", "waiting")
    release(actor=first.customer, appointment=first.offer)
    run_jobs()
    second.refresh_from_db()
    assert second.offer.starts_at == at(2, 9, 30)


def test_closed_entries_are_offered_nothing_and_days_make_sense(branch, full):
    entry = wait(branch)
    close_waiting(actor=None, entry=entry, reason="不等了")
    cancel(actor=None, appointment=full, reason="x")
    run_jobs()
    assert not Appointment.objects.filter(state="held").exists()
    with pytest.raises(Refusal, match=r"days\.unsound"):
        wait(branch, first=dt.date(2027, 3, 9))
