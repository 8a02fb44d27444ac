"""The calendar feed, read back by a library's parser: times, sequence, cancellations, and an ETag that holds."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from core.console.calendar.feed import feed_body
from core.kernel import clock
from core.scheduling.models import Resource
from core.scheduling.services import cancel, make_feed, reschedule, revoke_feed
from core.scheduling.solver import PlannedBlock
from tests.core.console.conftest import browser
from tests.core.scheduling.make import at, booked, held, one, resource
from tests.factories import make_branch, make_customer


@pytest.fixture
def photo(team) -> Resource:
    make_feed(actor=None, resource=team["photo"])
    team["photo"].refresh_from_db()
    return team["photo"]


@pytest.fixture
def phone(studio) -> Client:
    return browser(studio)


def read(phone, photo, **headers):
    return phone.get(f"/cal/{photo.feed_token}.ics", headers=headers)


def events(body):
    return {str(event["summary"]): event for event in Calendar.from_ical(body).walk("VEVENT")}


def test_a_date_as_the_phone_reads_it(phone, branch, photo, team):
    customer = make_customer("陈晓雨", phone="13812345678")
    made = booked(branch, [one(at(2, 10), 120, photo, team["room"])], customer=customer, title="晓雨")
    answer = read(phone, photo)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert (event.start, event.end) == (at(2, 10), at(2, 12))
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert str(event["uid"]).startswith(f"{made.code}-0@")
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert "南山店" in event["location"]
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert b"1381234" not in answer.content  # no phone leaves the house


def test_the_uid_stays_and_the_sequence_grows(phone, branch, photo):
    made = booked(branch, [one(at(2, 10), 60, photo)])
    (before,) = Calendar.from_ical(read(phone, photo).content).walk("VEVENT")
    reschedule(actor=None, appointment=made, plan=[one(at(3, 15), 60, photo)])
    (after,) = Calendar.from_ical(read(phone, photo).content).walk("VEVENT")
    assert after["uid"] == before["uid"]
    assert (after["sequence"], after.start) == (before["sequence"] + 1, at(3, 15))


def test_what_is_off_says_so(phone, branch, photo, team):
    other = resource(branch, "photographer", "谢威")
    gone = booked(branch, [one(at(2, 10), 60, photo)], title="取消的")
    given = booked(branch, [one(at(3, 10), 60, photo)], title="换人的")
    held(branch, [one(at(4, 10), 60, photo)], title="预留的")
    cancel(actor=None, appointment=gone, reason="x")
    reschedule(actor=None, appointment=given, plan=[one(at(3, 10), 60, other)])
    found = {
        name.partition(" · ")[2]: str(event["status"]) for name, event in events(read(phone, photo).content).items()
    }
    assert found == {"取消的": "CANCELLED", "换人的": "CANCELLED", "预留的": "TENTATIVE"}


def test_an_unchanged_calendar_keeps_its_etag(phone, branch, photo):
    made = booked(branch, [one(at(2, 10), 60, photo)])
    first = read(phone, photo)
    with clock.at(clock.now() + dt.timedelta(hours=3)):
        second = read(phone, photo, if_none_match=first["ETag"])
    assert (second.status_code, second.content) == (304, b"")
    cancel(actor=None, appointment=made, reason="x")
    third = read(phone, photo, if_none_match=first["ETag"])
    assert third.status_code == 200
    assert third["ETag"] != first["ETag"]


def test_the_address_is_secret_and_can_be_taken_back(phone, photo):
    assert len(photo.feed_token) == 26
    assert phone.get("/cal/guessed.ics").status_code == 404
    old = photo.feed_token
    make_feed(actor=None, resource=photo)
    assert phone.get(f"/cal/{old}.ics").status_code == 404
    photo.refresh_from_db()
    assert read(phone, photo).status_code == 200
    revoke_feed(actor=None, resource=photo)
    assert read(phone, photo).status_code == 404


def test_blocks_apart_are_events_apart(branch, photo, team):
    """Make-up in the morning, the shoot in the afternoon: the artist comes twice."""
    far = [one(at(2, 10), 60, team["face"]), one(at(2, 11), 180, team["room"]), one(at(2, 14), 60, team["face"])]
    booked(branch, far)
    found = Calendar.from_ical(feed_body(team["face"])).walk("VEVENT")
    assert [(event.start.hour, event.end.hour) for event in found] == [(10, 11), (14, 15)]
    assert len({str(event["uid"]) for event in found}) == 2


def test_summer_time_is_told_with_its_rules(db):
    """Berlin, over the night in which the clock jumps: an independent reader gets the same instants."""
    branch = make_branch("Berlin", code="BE", timezone="Europe/Berlin")
    photo, zone = resource(branch, "photographer"), ZoneInfo("Europe/Berlin")
    for day in (27, 28):  # before and after the change
        start = dt.datetime(2027, 3, day, 10, tzinfo=zone)
        booked(branch, [PlannedBlock("x", start, start + dt.timedelta(hours=2), (photo.pk,))], title=f"{day}")
    calendar = Calendar.from_ical(feed_body(photo))
    told = sorted(event.start.astimezone(dt.UTC) for event in calendar.walk("VEVENT"))
    assert [instant.hour for instant in told] == [9, 8]
    (rules,) = calendar.walk("VTIMEZONE")
    offsets = {part["tzoffsetto"].td for part in rules.subcomponents}
    assert {dt.timedelta(hours=1), dt.timedelta(hours=2)} <= offsets
