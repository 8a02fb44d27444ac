"""The calendar's pages: who sees what, what a form does, and that no gesture does more than its button."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.contracts.models import Contract
from core.kernel import clock
from core.orders.dates import take_date
from core.orders.models import Order
from core.scheduling.models import Appointment, Holiday, Leave, OpeningHours, Resource, Shift, WaitingEntry
from core.scheduling.services import save_week
from tests.core.booking.make import team as furnish_team
from tests.core.booking.test_annexes import firm_booking
from tests.core.console.conftest import browser
from tests.core.scheduling.make import NOW, at, booked, crew, held, one, resource
from tests.factories import make_customer, make_order, make_staff

BASE = "/console/calendar/"


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(NOW):
        yield


@pytest.fixture
def team(branch):
    return crew(branch)


@pytest.fixture
def date(branch, team):
    return booked(branch, [one(at(2, 10), 120, team["photo"], team["room"])], customer=make_customer("陈晓雨"))


def html(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_the_day_tells_who_is_where(client, date):
    page = html(client, f"{BASE}?day=2027-03-02")
    assert "晓雨" in page
    assert "NS photo · NS room" in page
    assert "10:00" in page
    assert "晓雨" not in html(client, f"{BASE}?day=2027-03-03")
    assert "晓雨" in html(client, f"{BASE}?day=2027-03-03&view=week")
    assert "晓雨" in html(client, f"{BASE}?day=2027-03-30&view=month")
    assert "晓雨" not in html(client, f"{BASE}?day=2027-03-02&kind=car")


def test_the_timeline_draws_claims_buffers_and_hours_away(client, branch, team):
    team["room"].after = 30
    team["room"].save()
    booked(branch, [one(at(2, 10), 60, team["room"])], title="晓雨")
    data = client.get(f"{BASE}timeline/?day=2027-03-02").json()
    assert [row["id"] for row in data["resources"]][-1] == "none"
    bars = [event for event in data["events"] if event.get("title") == "晓雨"]
    assert [(bar["start"], bar["end"], bar["editable"]) for bar in bars] == [
        ("2027-03-02T10:00", "2027-03-02T11:00", True)
    ]
    buffers = [event for event in data["events"] if event.get("classNames") == ["cal-buffer"]]
    assert [(one["start"], one["end"]) for one in buffers] == [("2027-03-02T11:00", "2027-03-02T11:30")]
    away = [
        e for e in data["events"] if e.get("classNames") == ["cal-away"] and e["resourceIds"] == [str(team["room"].pk)]
    ]
    assert [(one["start"], one["end"]) for one in away] == [
        ("2027-03-02T00:00", "2027-03-02T09:30"),
        ("2027-03-02T18:30", "2027-03-03T00:00"),
    ]


def test_a_photographer_looks_and_moves_nothing(as_role, date):
    mine = as_role("photographer")
    assert "晓雨" in html(mine, f"{BASE}?day=2027-03-02")
    data = mine.get(f"{BASE}timeline/?day=2027-03-02").json()
    assert not any(event.get("editable") for event in data["events"])
    for name in ("move", "cancel"):
        assert mine.get(reverse(f"console:calendar:{name}", args=[date.code])).status_code == 403
    assert mine.get(f"{BASE}shifts/").status_code == 403


def test_another_branch_is_not_there(client, far_branch, studio):
    theirs = booked(far_branch, [one(at(2, 10), 60, resource(far_branch, "room", "远处"))])
    assert html(client, f"{BASE}?branch={far_branch.pk}", 404)
    assert html(client, f"{BASE}dates/{theirs.code}/", 404)
    assert client.post(f"{BASE}dates/{theirs.code}/cancellation/", {"reason": "x"}).status_code == 404


def test_who_may_not_see_customers_sees_no_phone(as_role, client, date):
    url = f"{BASE}dates/{date.code}/"
    assert date.customer.phone[-8:-4] in html(client, url).replace(" ", "")
    assert date.customer.phone[-8:-4] not in html(as_role("photographer"), url).replace(" ", "")


def test_moving_by_form(client, date, team):
    url = f"{BASE}dates/{date.code}/time/"
    other = resource(date.branch, "photographer", "谢威")
    page = html(client, f"{url}?start=2027-03-03T14:00&swap={team['photo'].pk}:{other.pk}")
    assert 'value="2027-03-03T14:00"' in page
    assert f'<option value="{other.pk}" selected>' in page
    date.refresh_from_db()
    assert date.starts_at == at(2, 10)  # looking moves nothing
    form = {
        "start": "2027-03-03T14:00",
        "role0": other.pk,
        "role1": team["room"].pk,
        "seq": 0,
        "reason": "天气",
        "say": "on",
    }
    answer = client.post(url, form)
    assert answer.status_code == 302
    date.refresh_from_db()
    assert date.starts_at == at(3, 14)
    assert set(date.claims.filter(active=True).values_list("resource__name", flat=True)) == {"谢威", "NS room"}
    again = client.post(url, {**form, "start": "2027-03-04T14:00"})
    assert again.status_code == 422
    assert Appointment.objects.get(pk=date.pk).starts_at == at(3, 14)  # the form was older than the date


def test_a_taken_time_is_refused_with_others(client, branch, date, team):
    booked(branch, [one(at(3, 10), 120, team["photo"])])
    url = f"{BASE}dates/{date.code}/time/"
    answer = client.post(
        url, {"start": "2027-03-03T10:00", "role0": team["photo"].pk, "role1": team["room"].pk, "seq": 0}
    )
    assert answer.status_code == 422
    assert "13:00" in answer.content.decode() or "12:00" in answer.content.decode()


def test_the_dialog_gets_the_form_alone(client, date):
    answer = client.get(f"{BASE}dates/{date.code}/time/?start=2027-03-03T14:00", headers={"HX-Request": "true"})
    assert b"<form" in answer.content
    assert b"<html" not in answer.content


def test_a_new_date_for_an_order_moves_its_shoot_day(client, branch, team, order):
    url = f"{BASE}new/?order={order.code}&kind=shoot"
    page = html(client, url)
    assert "2027-03-01T" in page  # proposals, linked
    form = {"start": "2027-03-02T10:00", "role0": team["face"].pk, "role1": team["photo"].pk, "role2": team["room"].pk,
            "title": "陈晓雨", "customer": "", "note": "", "how": "firm"}  # fmt: skip
    answer = client.post(url, form)
    assert answer.status_code == 302
    made = Appointment.objects.get()
    assert (made.state, made.starts_at, made.ends_at) == ("confirmed", at(2, 10), at(2, 15, 30))
    order.refresh_from_db()
    assert order.shoot_on == dt.date(2027, 3, 2)
    assert "10:00" in html(client, reverse("console:orders:detail", args=[order.code]))


def test_a_hold_without_an_order(client, branch, team):
    form = {"start": "2027-03-02T10:00", "role0": "", "role1": team["photo"].pk, "role2": "", "title": "电话客户",
            "customer": "13912345678", "note": "", "how": "hold"}  # fmt: skip
    url = f"{BASE}new/?kind=shoot"
    assert client.post(url, form).status_code == 422  # nobody has this number
    make_customer("陈晓雨", phone="13912345678")
    assert client.post(url, form).status_code == 302
    assert (Appointment.objects.get().state, Appointment.objects.get().customer.name) == ("held", "陈晓雨")
    twice = {**form, "start": "2027-03-03T10:00", "role0": team["photo"].pk, "role1": team["photo"].pk}
    assert client.post(url, twice).status_code == 422


def test_one_button_verbs(client, branch, team):
    mine = held(branch, [one(at(2, 10), 60, team["photo"])])
    url = f"{BASE}dates/{mine.code}/"
    assert client.post(f"{url}confirmation/").status_code == 302
    assert Appointment.objects.get().state == "confirmed"
    assert client.post(f"{url}release/").status_code == 302  # too late: said, not done
    assert Appointment.objects.get().state == "confirmed"
    with clock.at(at(2, 11)):
        client.post(f"{url}completion/")
        assert Appointment.objects.get().state == "done"
        client.post(f"{url}reopening/")
    client.post(f"{url}details/", {"title": "新标题", "note": "带狗"})
    client.post(f"{url}cancellation/", {"reason": ""})
    assert (Appointment.objects.get().state, Appointment.objects.get().title) == ("confirmed", "新标题")
    client.post(f"{url}cancellation/", {"reason": "病了"})
    assert Appointment.objects.get().state == "cancelled"
    assert "病了" in html(client, url)


def test_lending_is_answered_by_the_lender(studio, branch, far_branch, client):
    theirs = resource(far_branch, "photographer", "谢威", lendable=True)
    mine = held(branch, [one(at(2, 10), 60, theirs)])
    url = f"{BASE}dates/{mine.code}/loans/{theirs.pk}/"
    assert client.post(url, {"answer": "agree"}).status_code == 403
    lender = browser(studio, make_staff("manager", far_branch))
    assert "谢威" in html(lender, BASE)
    assert lender.post(url, {"answer": "agree"}).status_code == 302
    assert mine.claims.get().lending == "agreed"


def test_undated_orders_are_those_without_a_shoot(client, branch, team, manager):
    make_order(branch, manager, title="没有日期", shoot_on=None)
    wished = make_order(branch, manager, title="只有愿望")
    dated = make_order(branch, manager, title="已排", shoot_on=dt.date(2027, 3, 2))
    take_date(actor=manager, order=dated, kind="shoot", plan=[one(at(2, 10), 60, team["photo"])], firm=True)
    page = html(client, f"{BASE}undated/")
    assert "没有日期" in page
    assert "只有愿望" in page
    assert "已排" not in page
    assert f"order={wished.code}" in page


def test_the_waiting_list_by_form(client, branch, order):
    form = {"customer": order.customer.phone, "title": "苏念想改到周六", "kind": "shoot", "first": "2027-03-06",
            "last": "2027-03-06", "part": "", "weekdays": ["5"], "note": ""}  # fmt: skip
    assert client.post(f"{BASE}waiting/new/?order={order.code}", {**form, "last": "2027-03-01"}).status_code == 422
    assert client.post(f"{BASE}waiting/new/?order={order.code}", form).status_code == 302
    entry = WaitingEntry.objects.get()
    assert (entry.thread, entry.weekdays) == (order.event_thread, [5])
    assert "苏念想改到周六" in html(client, f"{BASE}waiting/")
    client.post(f"{BASE}waiting/{entry.pk}/closing/")
    assert "苏念想改到周六" not in html(client, f"{BASE}waiting/")


def test_resources_are_kept(client, branch, manager):
    form = {"kind": "photographer", "name": "周航", "user": manager.pk, "also": ["assistant"], "skills": "外景，新生儿",
            "before": "15", "after": "15", "lendable": "on", "is_active": "on"}  # fmt: skip
    assert client.post(f"{BASE}resources/new/", form).status_code == 302
    made = Resource.objects.get()
    assert (made.skills, made.also, made.user) == (["外景", "新生儿"], ["assistant"], manager)
    assert client.post(f"{BASE}resources/new/", {**form, "name": "再来"}).status_code == 422  # one row a colleague
    assert client.post(f"{BASE}resources/{made.pk}/", {**form, "is_active": ""}).status_code == 302
    assert not Resource.objects.get().is_active
    page = html(client, f"{BASE}resources/{made.pk}/")
    assert ".ics" not in page
    client.post(f"{BASE}resources/{made.pk}/feed/", {"what": "make"})
    assert f"/cal/{Resource.objects.get().feed_token}.ics" in html(client, f"{BASE}resources/{made.pk}/")


def test_the_roster_is_typed_and_copied(client, branch, team):
    photo = team["photo"]
    url = f"{BASE}shifts/?week=2027-03-08"
    assert client.post(url, {f"p{photo.pk}d0": "abc"}).status_code == 422
    assert not Shift.objects.exists()
    client.post(url, {f"p{photo.pk}d0": "9:30-18:30", f"p{photo.pk}d5": "0930–2030", f"p{photo.pk}d6": "休"})
    told = list(Shift.objects.values_list("day__day", "starts", "ends"))
    assert told == [(8, 570, 1110), (13, 570, 1230), (14, 0, 0)]
    assert "9:30-20:30" in html(client, url)
    client.post(f"{BASE}shifts/copy/?week=2027-03-15")
    assert Shift.objects.filter(day__gte=dt.date(2027, 3, 15)).count() == 3
    client.post(f"{BASE}shifts/copy/?week=2027-03-15")  # who has a week keeps it
    assert Shift.objects.filter(day__gte=dt.date(2027, 3, 15)).count() == 3


def test_leave_lists_the_bookings_it_hits_and_moves_none(client, date, team):
    day = "2027-03-02"
    form = {
        "resource": team["photo"].pk,
        "kind": "sick",
        "first": day,
        "last": day,
        "hours": "",
        "note": "",
    }
    assert client.post(f"{BASE}leave/", form).status_code == 302
    page = html(client, f"{BASE}leave/")
    assert f"/dates/{date.code}/time/" in page
    date.refresh_from_db()
    assert (date.starts_at, date.claims.filter(active=True).count()) == (at(2, 10), 2)
    assert client.post(f"{BASE}leave/", {**form, "last": "2027-03-01"}).status_code == 422
    client.post(f"{BASE}leave/{Leave.objects.get().pk}/ending/")
    assert not Leave.objects.exists()


def test_hours_rules_and_holidays(client, branch):
    days = {f"day{i}": "9:30-18:30" for i in range(5)}
    assert client.post(f"{BASE}hours/", {**days, "day5": "18-9"}).status_code == 422
    assert client.post(f"{BASE}hours/", {**days, "day5": "9:30-12:00, 11-13"}).status_code == 422
    assert not OpeningHours.objects.exists()
    client.post(f"{BASE}hours/", {**days, "day5": "9:30-12:00, 13:00-20:00", "day6": ""})
    assert OpeningHours.objects.count() == 7
    rules = {"grid": 15, "customer_hold": 20, "staff_hold": 48, "offer_hold": 6, "change_days": 3, "horizon": 90}
    client.post(f"{BASE}hours/rules/", rules)
    assert branch.rules.customer_hold == 20
    assert client.post(f"{BASE}hours/rules/", {**rules, "grid": 7}).status_code == 422
    client.post(f"{BASE}hours/holidays/", {"day": "2027-05-01", "name": "劳动节", "hours": ""})
    assert Holiday.objects.get().opens is None
    assert "劳动节" in html(client, f"{BASE}hours/")
    client.post(f"{BASE}hours/holidays/{Holiday.objects.get().pk}/striking/")
    assert not Holiday.objects.exists()


def test_cancelling_an_order_frees_its_dates(client, branch, team, manager, order):
    from core.orders.services import cancel_order

    made = take_date(actor=manager, order=order, kind="shoot", plan=[one(at(2, 10), 60, team["photo"])], firm=True)
    cancel_order(actor=manager, order=Order.objects.get(pk=order.pk), reason="不拍了")
    made.refresh_from_db()
    assert (made.state, made.claims.filter(active=True).count()) == ("cancelled", 0)


def test_pages_ask_no_more_when_there_is_more(client, branch, team):
    def counted(url):
        with CaptureQueriesContext(connection) as context:
            html(client, url)
        return len(context)

    urls = [
        f"{BASE}?day=2027-03-02&view=week",
        f"{BASE}timeline/?day=2027-03-02&view=week",
        f"{BASE}shifts/?week=2027-03-01",
    ]
    booked(branch, [one(at(2, 10), 60, team["photo"])])
    few = [counted(url) for url in urls]
    for i in range(4):
        person = resource(branch, "photographer", f"P{i}")
        save_week(actor=None, resource=person, monday=dt.date(2027, 3, 1), shifts={dt.date(2027, 3, 2): (570, 1110)})
        booked(branch, [one(at(2 + i, 13), 60, person)], customer=make_customer())
    assert [counted(url) for url in urls] == few
    assert max(few) <= 26


def test_every_link_of_the_calendar_leads_somewhere(client, branch, date):
    page = html(client, f"{BASE}?day=2027-03-02")
    links = {urlsplit(link).path for link in re.findall(r'href="(/console/calendar/[^"]*)"', page)}
    assert len(links) >= 7
    for link in links:
        assert client.get(link).status_code == 200, link


# -- A date that a signed contract promises ---------------------------------------------------------------------------
@pytest.fixture
def signed(settings, branch, manager):
    settings.LANGUAGE_CODE = "en"
    furnish_team(branch, 2)
    return firm_booking(branch, manager, make_customer("陈晓雨", phone="13800002699"))


def drag(client, row, minutes, **told):
    """What a drag opens, and its form sent."""
    start = (row.starts_at + dt.timedelta(minutes=minutes)).astimezone(clock.zone(row.branch.timezone))
    url = f"{BASE}dates/{row.code}/time/?start={start:%Y-%m-%dT%H:%M}"
    page = html(client, url)
    fields = dict(re.findall(r'name="(role\d+)"[^>]*>.*?<option value="(\d+)" selected', page, re.DOTALL))
    sent = {"start": f"{start:%Y-%m-%dT%H:%M}", "seq": row.seq, **fields, **told}
    return page, client.post(url, sent)


def test_dragging_a_signed_date_asks_for_the_reason_and_sends_the_annex(client, signed):
    row = signed.appointment
    page, answer = drag(client, row, 1440, how="tell")
    assert "Whose wish is it?" in page
    assert "Tell the customer by message" not in page
    assert answer.status_code == 422
    assert "Please give a reason." in answer.content.decode()
    row.refresh_from_db()
    assert row.starts_at == signed.starts_at
    _page, answer = drag(client, row, 1440, how="tell", reason="影棚漏水", wish="studio")
    assert answer.status_code == 302
    row.refresh_from_db()
    signed.refresh_from_db()
    assert row.starts_at == signed.starts_at
    assert Contract.objects.get(parent__isnull=False).state == "notified"


def test_dragging_a_signed_date_may_ask_the_customer_instead(client, signed):
    row = signed.appointment
    _page, answer = drag(client, row, 1440, how="ask", reason="影棚漏水", wish="studio")
    assert answer.status_code == 302
    asked = signed.order.proposals.get()
    assert (asked.state, asked.reason, asked.wish) == ("open", "影棚漏水", "studio")
    row.refresh_from_db()
    assert row.starts_at == signed.starts_at
    assert not Contract.objects.filter(parent__isnull=False).exists()


def test_the_order_form_points_to_the_calendar(client, signed):
    order = signed.order
    order.refresh_from_db()
    url = f"/console/orders/{order.code}/details/"
    told = {"rev": order.rev, "title": order.title, "owner": order.owner_id, "shoot_on": "2027-04-03", "note": ""}
    answer = client.post(url, told)
    assert answer.status_code == 422
    assert "The shoot is in the calendar" in answer.content.decode()
    order.refresh_from_db()
    assert order.shoot_on == dt.date(2027, 3, 20)
