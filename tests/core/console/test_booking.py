"""Booking while the customer is on the phone, and asking for another date, at the desk."""

import datetime as dt
import re

import pytest

from core.booking.models import Booking, Proposal
from core.catalog.services import save_coupon
from core.kernel import clock
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from core.people.models import Customer
from core.scheduling.models import Resource
from tests.core.booking.make import NOW, SATURDAY, bookable, held, pay, signed, team
from tests.core.console.conftest import browser
from tests.factories import furnish_stages, make_customer, make_staff

NEW = "/console/booking/new/"


@pytest.fixture(autouse=True)
def _monday(settings):
    settings.LANGUAGE_CODE = "en"
    with clock.at(NOW):
        yield


@pytest.fixture
def package(branch):
    furnish_stages()
    team(branch)
    return bookable()


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def desk(studio, clerk):
    found = browser(studio, clerk)
    found.cookies["yl_language"] = "en"
    return found


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def said(branch, package, **more):
    return {
        "phone": "13812345678", "name": "陈晓雨", "branch": branch.pk, "package": package.pk, "first": "2027-03-20",
        "hours": "24", "at": SATURDAY.isoformat(), **more,
    }  # fmt: skip


def test_the_first_free_times_stand_there_with_their_price(desk, branch, package):
    page = text(desk.get(NEW))
    assert page.count('name="at"') == 8
    times = text(desk.get(NEW, {"first": "2027-03-20", "part": "afternoon"}, headers={"hx-request": "true"}))
    assert "<html" not in times
    assert "−20\xa0%" in times
    assert "Mar 20" in times
    assert "console/booking/times" not in times


def test_held_in_one_go_and_the_customer_has_the_link(desk, branch, package, clerk):
    answer = desk.post(NEW, said(branch, package))
    row = Booking.objects.get()
    assert answer["Location"] == f"/console/orders/{row.order.code}/"
    assert (row.state, row.origin, row.order.owner, row.customer.name) == ("held", "desk", clerk, "陈晓雨")
    assert (row.appointment.hold_expires_at - NOW).total_seconds() == pytest.approx(24 * 3600, abs=120)
    link = OutboxMessage.objects.get(template="booking_held").facts["link"]
    assert link.endswith(f"/bookings/{row.code}/")
    panel = text(desk.get(f"/console/booking/orders/{row.order.code}/panel/"))
    assert "On hold: contract to sign" in panel
    assert "¥1,199.70" in panel


def test_errors_keep_what_was_typed(desk, branch, package):
    page = text(desk.post(NEW, said(branch, package, name="", note="花粉过敏")), 422)
    assert "please give the name" in page
    assert "花粉过敏" in page
    known = make_customer("林一舟", phone="13812345678")
    page = text(desk.post(NEW, said(branch, package)), 422)
    assert "belongs to 林一舟" in page
    assert "Please choose a time." in text(desk.post(NEW, said(branch, package, name="", at="")), 422)
    assert not Order.objects.exists()
    desk.post(NEW, said(branch, package, name=""))
    assert Order.objects.get().customer == known


def test_just_taken_at_the_desk_says_so_and_shows_what_is_free(desk, branch, package):
    held(branch, package, make_customer("快手"))
    page = text(desk.post(NEW, said(branch, package)), 422)
    assert "taken" in page
    assert page.count('name="at"') == 8
    assert Customer.objects.filter(name="陈晓雨").exists()
    assert Booking.objects.filter(state="held").count() == 1


def test_who_may_not_book_does_not(as_role, branch, package):
    assert as_role("photographer").get(NEW).status_code == 403
    assert as_role("photographer").post(NEW, said(branch, package)).status_code == 403
    assert not Order.objects.exists()


def test_a_new_date_is_asked_for_with_a_reason_and_taken_back(desk, branch, package, clerk, monkeypatch):
    signed(monkeypatch)
    row = held(branch, package, make_customer("陈晓雨"))
    pay(row, clerk)
    code = row.order.code
    url = f"/console/booking/orders/{code}/proposal/?first=2027-03-22"
    page = text(desk.get(url))
    at = re.findall(r'name="at" value="([^"]+)"', page)
    assert len(at) == 12
    assert "Please give a reason." in text(desk.post(url, {"at": at[0], "reason": " "}), 422)
    assert desk.post(url, {"at": at[0], "reason": "摄影师出差"}).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.hold.starts_at) == ("open", dt.datetime.fromisoformat(at[0]))
    panel = text(desk.get(f"/console/booking/orders/{code}/panel/"))
    assert "Take the proposal back" in panel
    page = text(desk.get(f"/console/orders/{code}/"))
    assert "Another date proposed" in page
    desk.post(f"/console/booking/orders/{code}/proposals/{proposal.pk}/withdrawal/")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.hold.state) == ("ended", "cancelled")


def test_without_a_firm_shoot_there_is_nothing_to_ask_about(desk, branch, package, monkeypatch):
    signed(monkeypatch, False)
    row = held(branch, package, make_customer("陈晓雨"))
    assert desk.get(f"/console/booking/orders/{row.order.code}/proposal/").status_code == 404


def test_on_the_phone_add_ons_and_a_coupon_count_too(desk, branch, package):
    code = package.extras.get().code
    save_coupon(actor=None, fields={"code": "NEW300", "name": "新客立减", "kind": "amount", "amount_minor": 30000})
    page = desk.get(NEW, {"package": package.pk, "first": "2027-03-19", "addons": code}).content.decode()
    assert "¥4,299" in page
    page = desk.get(NEW, {"package": package.pk, "first": "2027-03-19", "coupon": "OLD"}).content.decode()
    assert "There is no such coupon" in page
    told = {"phone": "13800138077", "name": "陈晓雨", "branch": branch.pk, "package": package.pk, "first": "2027-03-19",
            "hours": "24", "at": "2027-03-19T10:00:00+08:00", "addons": code, "coupon": "NEW300"}  # fmt: skip
    assert desk.post(NEW, {**told, "coupon": "OLD"}).status_code == 422
    assert not Order.objects.exists()
    assert desk.post(NEW, told).status_code == 302
    assert Order.objects.get().price_minor == 429900 - 30000


def test_why_nothing_is_free_is_said_where_it_can_be_mended(desk, studio, branch, package):
    Resource.objects.filter(kind="photographer").update(is_active=False)
    page = text(desk.get(f"{NEW}?branch={branch.pk}&package={package.pk}&first=2027-03-20"))
    assert "Photographer: 1 needed, 0 there" in page
    assert "/console/calendar/resources/?" not in page, "who may not keep the calendar has no link"
    boss = browser(studio, make_staff())
    boss.cookies["yl_language"] = "en"
    page = text(boss.get(f"{NEW}?branch={branch.pk}&package={package.pk}&first=2027-03-20"))
    assert f"/console/calendar/resources/?branch={branch.pk}" in page
