import datetime as dt

import pytest

from core.console.today import checklist
from core.kernel import clock
from core.messaging.models import OutboxMessage
from core.messaging.services import queue_message
from core.orders import services
from core.scheduling.models import OpeningHours
from core.scheduling.services import save_resource
from core.studios import brand
from core.studios.models import Branch
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.factories import make_branch, make_order, make_staff

TODAY = "/console/"


@pytest.fixture
def boss(studio, branch):
    return browser(studio, make_staff())


def sections(answer):
    return {section.key: [row.title for row in section.rows] for section in answer.context["sections"]}


def due(order, actor, days):
    day = clock.today("Asia/Shanghai") + dt.timedelta(days=days)
    services.schedule_stage(actor=actor, order=order, stage=order.stage, due_on=day)


def done(client):
    return {step.url for step in client.get(TODAY).context["steps"] if step.is_done}


def test_new_studio_is_led_to_its_first_order(client):
    page = client.get(TODAY)
    assert [step.url for step in page.context["steps"]] == [
        "/console/calendar/resources/",
        "/console/packages/",
        "/console/staff/new/",
        "/console/orders/new/",
    ]


def test_the_owner_sees_every_first_step_and_each_is_done_by_real_data(client, boss, branch, manager, studio):
    steps = boss.get(TODAY).context["steps"]
    assert [step.url for step in steps] == [
        "/console/branches/", "/console/calendar/resources/", "/console/packages/", "/console/staff/new/",
        "/console/studio/brand/", "/console/pay-routes/", "/console/galleries/practice/", "/console/orders/new/",
    ]  # fmt: skip
    assert done(boss) == {"/console/staff/new/"}, "the manager is a colleague"
    Branch.objects.filter(pk=branch.pk).update(address="人民路 1 号")
    assert "/console/branches/" not in done(boss), "hours too"
    OpeningHours.objects.create(branch=branch, weekday=1, opens=540, closes=1080)
    save_resource(actor=manager, branch=branch, name="一号棚", kind="room")
    make_order(branch, manager)
    brand.set_hue(studio=studio, actor="boss", hue=210)
    assert done(boss) >= {
        "/console/branches/",
        "/console/calendar/resources/",
        "/console/studio/brand/",
        "/console/orders/new/",
    }


def test_first_steps_go_for_good_and_in_this_studio_only(boss, studio, other_studio):
    with in_studio(other_studio):
        make_branch()
        stranger = browser(other_studio, make_staff())
    assert boss.post("/console/first-steps/end/").status_code == 302
    assert boss.get(TODAY).context["steps"] == []
    assert stranger.get(TODAY).context["steps"] != []


def test_only_the_owner_puts_the_steps_away(client, studio):
    assert client.post("/console/first-steps/end/").status_code == 403
    assert client.get(TODAY).context["steps"] != []


def test_a_studio_at_work_needs_no_steps(boss, branch, manager, monkeypatch):
    monkeypatch.setattr(checklist, "AT_WORK", 1)
    assert boss.get(TODAY).context["steps"] != []
    make_order(branch, manager)
    assert boss.get(TODAY).context["steps"] == []


def test_each_thing_stands_in_its_section_with_its_next_step(client, branch, manager):
    today = clock.today("Asia/Shanghai")
    late = make_order(branch, manager, title="late")
    due(late, manager, -1)
    soon = make_order(branch, manager, title="soon")
    due(soon, manager, 0)
    far = make_order(branch, manager, title="far")
    due(far, manager, 9)
    shoot = make_order(branch, manager, stage="shoot", title="shoot", shoot_on=today)
    empty = make_order(branch, manager, stage="selection", title="empty")
    due(empty, manager, 2)
    services.raise_issue(actor=manager, order=far, stage="enquiry", text="电话打不通")
    page = client.get(TODAY)
    assert sections(page) == {
        "not_ready": ["empty"],
        "shoots": ["shoot"],
        "overdue": ["late"],
        "issues": ["far"],
        "due": ["soon"],
    }
    assert all(row.action and row.action_url for section in page.context["sections"] for row in section.rows)
    assert f"/console/orders/{shoot.code}/sheet/" in page.content.decode()


def test_own_things_come_first_and_may_stand_alone(client, branch, manager):
    other = make_staff("receptionist", branch)
    for owner, title in ((other, "theirs"), (manager, "mine")):
        row = make_order(branch, manager, title=title, owner=owner)
        services.assign_stage(actor=manager, order=row, stage="enquiry", owner=owner)
        due(row, manager, -3)
    assert sections(client.get(TODAY))["overdue"] == ["mine", "theirs"]
    assert sections(client.get(TODAY, {"me": "1"}))["overdue"] == ["mine"]


def test_a_colleague_s_report_on_my_order_is_mine_but_the_colleague_is_not_me(client, branch, manager):
    colleague = make_staff("receptionist", branch, name="刘婷")
    order = make_order(branch, manager, owner=manager)
    services.raise_issue(actor=colleague, order=order, stage="enquiry", text="电话打不通")
    due(order, manager, 9)
    page = client.get(TODAY, {"me": "1"})
    assert sections(page) == {"issues": [order.title]}
    assert "<span>刘婷</span>" in page.content.decode()


def test_other_branches_and_studios_do_not_show(client, far_order, foreign_order, order):
    due(far_order, far_order.owner, -3)
    assert far_order.title not in client.get(TODAY).content.decode()


def test_quiet_day_says_so(client, branch, manager, order):
    due(order, manager, 9)
    page = client.get(TODAY)
    assert sections(page) == {}
    assert 'class="empty"' in page.content.decode()


def test_query_count_does_not_grow_with_orders(client, branch, manager, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        due(make_order(branch, manager), manager, -1)
        with django_assert_max_num_queries(12) as queries:
            client.get(TODAY)
        counts.append(len(queries))
        due(make_order(branch, manager), manager, -1)
    assert counts[0] == counts[1]


def test_frame_counts_what_waits_for_me(client, branch, manager, order):
    services.assign_stage(actor=manager, order=order, stage="preparation", owner=manager)
    due(order, manager, -1)
    text = client.get(TODAY).content.decode()
    assert '<span class="badge">1</span>' in text
    assert "南山店" in text


def test_a_lost_colleague_is_led_back_and_not_spoken_to_as_a_customer(client, far_order):
    page = client.get(f"/console/orders/{far_order.code}/", headers={"accept-language": "en"})
    assert page.status_code == 404
    assert "belongs to a branch where you do not work" in page.text
    assert 'href="/console/board/"' in page.text
    client.logout()
    assert "ask for a new one" in client.get("/nowhere/", headers={"accept-language": "en"}).text


@pytest.fixture
def message(branch):
    return queue_message(
        route="sms", template="phone_code", to="+8613800001234", language="zh-hans",
        facts={"studio": "光影映画", "code": "135790", "minutes": 5}, dedupe_key="k1",
    )  # fmt: skip


def test_outbox_tells_what_was_sent_to_whom(client, message):
    text = client.get("/console/outbox/").content.decode()
    assert "+8613800001234" in text
    assert "••••••" in text
    assert "135790" not in text, "staff could log in as the customer, even before it is sent"
    assert client.get("/console/outbox/", {"state": "failed"}).context["rows"] == []


def test_outbox_of_the_demo_is_the_phone_and_says_so(client, message, settings):
    settings.DEMO = True
    page = client.get("/console/outbox/")
    assert page.context["is_demo"]
    assert "135790" in page.content.decode()


def test_outbox_is_for_managers_of_this_studio(studio, other_studio, branch, message):
    assert browser(studio, make_staff("receptionist", branch)).get("/console/outbox/").status_code == 403
    assert OutboxMessage.objects.count() == 1


def test_timezone_of_the_branch_decides_what_today_is(client, branch, manager, order):
    branch.timezone = "Pacific/Kiritimati"
    branch.save()
    day = clock.today("Pacific/Kiritimati")
    services.schedule_stage(actor=manager, order=order, stage="preparation", due_on=day)
    assert sections(client.get(TODAY)) == {"due": [order.title]}
