import datetime as dt

import pytest

from core.kernel import events
from core.orders import services
from core.orders.models import StageIssue
from core.people.models import Customer
from tests.factories import make_customer, make_order, make_staff


def url(order, rest=""):
    return f"/console/orders/{order.code}/{rest}"


def test_page_tells_everything_about_the_order(client, order):
    page = client.get(url(order))
    text = page.content.decode()
    for part in (
        order.title,
        order.code,
        order.customer.name,
        order.terms["package"],
        "One more outfit",
        "¥60",
        "¥300",
    ):
        assert part.replace("&", "&amp;") in text, part
    assert page.context["panel"].stage == "preparation"
    assert len(page.context["journey"]) == 8


def test_page_opens_the_stage_of_the_url(client, order):
    assert client.get(url(order), {"stage": "delivery"}).context["panel"].stage == "delivery"
    assert client.get(url(order), {"stage": "wizardry"}).status_code == 404


PAGES = ["", "live/", "sheet/", "details/", "issues/", "cancellation/"]


@pytest.mark.parametrize("rest", PAGES)
def test_other_branch_and_other_studio_do_not_exist(client, far_order, foreign_order, rest):
    assert client.get(url(far_order, rest)).status_code == 404
    assert client.get(url(foreign_order, rest)).status_code == 404


@pytest.mark.parametrize("rest", PAGES)
def test_pages_answer(client, order, rest):
    assert client.get(url(order, rest)).status_code == 200


def test_code_is_read_in_any_case(client, order):
    assert client.get(url(order).lower()).status_code == 200


def test_who_may_not_see_customers_gets_a_masked_number(as_role, order):
    text = as_role("assistant").get(url(order)).content.decode()
    assert order.customer.phone.removeprefix("+86") not in text
    assert "139****" in text
    assert "tel:" not in text


def test_duty_names_owner_and_day(client, branch, order):
    owner = make_staff("photographer", branch, name="周航")
    answer = client.post(url(order, "stages/shoot/duty/"), {"owner": owner.pk, "due_on": "2026-12-24"})
    assert answer["Location"].endswith("?stage=shoot#stage")
    row = order.stages.get(stage="shoot")
    assert (row.owner, row.due_on) == (owner, dt.date(2026, 12, 24))


def test_a_day_with_a_slip_in_its_year_is_asked_about(client, order):
    assert client.post(url(order, "stages/shoot/duty/"), {"due_on": "2206-12-24"}).status_code == 422
    fields = {"rev": order.rev, "title": order.title, "owner": order.owner_id, "promised_on": order.promised_on or ""}
    assert client.post(url(order, "details/"), fields | {"shoot_on": "2001-01-01"}).status_code == 422
    type(order).objects.update(shoot_on="2001-01-01")
    assert client.post(url(order, "details/"), fields | {"shoot_on": "2001-01-01"}).status_code == 302, (
        "not mine to mend"
    )


def test_duty_records_only_what_changed(client, order):
    row = order.stages.get(stage="delivery")
    before = len(events.thread(order.event_thread))
    client.post(url(order, "stages/delivery/duty/"), {"owner": row.owner_id, "due_on": row.due_on.isoformat()})
    assert len(events.thread(order.event_thread)) == before


def test_duty_refuses_a_stranger_to_the_branch(client, far_branch, order):
    stranger = make_staff("photographer", far_branch)
    answer = client.post(url(order, "stages/shoot/duty/"), {"owner": stranger.pk, "due_on": "2026-12-24"})
    assert answer.status_code == 422
    assert order.stages.get(stage="shoot").owner != stranger


def test_key_information_is_kept_and_shown(client, order):
    client.post(
        url(order, "stages/preparation/info/"), {"outfits": "白纱", "makeup": "韩式", "fitting_on": "2026-11-25"}
    )
    info = order.stages.get(stage="preparation").info
    assert (info["outfits"], info["fitting_on"]) == ("白纱", "2026-11-25")
    assert "白纱" in client.get(url(order)).content.decode()
    assert "白纱" in client.get(url(order, "sheet/")).content.decode()


def test_bad_key_information_keeps_what_was_typed(client, order):
    answer = client.post(url(order, "stages/shoot/info/"), {"photos_taken": "many", "feedback": "很开心"})
    assert answer.status_code == 422
    assert "很开心" in answer.content.decode()
    assert order.stages.get(stage="shoot").info == {}


def test_problem_is_noted_and_solved(client, manager, order):
    client.post(url(order, "issues/"), {"stage": "preparation", "text": "礼服尺码不合"})
    issue = StageIssue.objects.get(order=order)
    assert issue.raised_by == manager
    client.post(url(order, f"issues/{issue.pk}/resolution/"), {"resolution": "换 M 码"})
    issue.refresh_from_db()
    assert (issue.closed_by, issue.resolution) == (manager, "换 M 码")


def test_problem_of_another_order_does_not_exist(client, manager, branch, order):
    other = make_order(branch, manager)
    issue = services.raise_issue(actor=manager, order=other, stage="enquiry", text="x")
    assert client.post(url(order, f"issues/{issue.pk}/resolution/"), {"resolution": "y"}).status_code == 404
    issue.refresh_from_db()
    assert issue.closed_at is None


def test_change_keeps_the_frozen_terms(client, manager, order):
    terms = order.terms
    data = {"rev": order.rev, "title": "新标题", "owner": manager.pk, "shoot_on": "2026-12-31", "note": "生日"}
    assert client.post(url(order, "details/"), data).status_code == 302
    order.refresh_from_db()
    assert (order.title, order.note, order.terms) == ("新标题", "生日", terms)


def test_stale_change_is_refused(client, manager, order):
    services.change_order(actor=manager, order=order, note="先")
    client.post(url(order, "details/"), {"rev": order.rev, "title": "后", "owner": manager.pk})
    order.refresh_from_db()
    assert order.title == "陈晓雨 & 林一舟"


def test_cancelling_wants_a_reason(client, order):
    assert client.post(url(order, "cancellation/"), {"reason": " "}).status_code == 422
    order.refresh_from_db()
    assert order.state == "open"
    client.post(url(order, "cancellation/"), {"reason": "客户搬家"})
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert "客户搬家" in client.get(url(order)).content.decode()


def test_finish_only_after_after_sales(client, branch, manager, order):
    client.post(url(order, "completion/"))
    order.refresh_from_db()
    assert order.state == "open"
    last = make_order(branch, manager, stage="after_sales")
    client.post(url(last, "completion/"))
    last.refresh_from_db()
    assert last.state == "done"


@pytest.mark.parametrize(
    ("role", "rest", "data"),
    [
        ("photographer", "details/", {"title": "x"}),
        ("photographer", "cancellation/", {"reason": "x"}),
        ("receptionist", "cancellation/", {"reason": "x"}),
        ("photographer", "stages/shoot/duty/", {"due_on": "2026-12-24"}),
        ("assistant", "stages/preparation/info/", {"outfits": "x"}),
        ("assistant", "completion/", {}),
    ],
)
def test_without_the_capability_403_and_nothing_changes(as_role, order, role, rest, data):
    before = (order.rev, order.title, order.state)
    assert as_role(role).post(url(order, rest), data).status_code == 403
    order.refresh_from_db()
    assert (order.rev, order.title, order.state) == before


def test_everyone_who_sees_the_order_may_note_a_problem(as_role, order):
    as_role("assistant").post(url(order, "issues/"), {"stage": "shoot", "text": "灯坏了"})
    assert order.issues.get().text == "灯坏了"


def test_live_parts_are_out_of_band_and_forms_come_only_when_asked(client, order):
    text = client.get(url(order, "live/")).content.decode()
    assert text.count('hx-swap-oob="true"') == 7
    assert 'id="stage"' not in text
    assert 'id="stage"' in client.get(url(order, "live/"), {"panel": "1"}).content.decode()


@pytest.mark.parametrize("rest", ["", "live/?panel=1", "sheet/"])
def test_query_count_does_not_grow_with_history(client, manager, order, rest, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(25) as queries:
            assert client.get(url(order, rest)).status_code == 200
        counts.append(len(queries))
        for number in range(2):
            services.raise_issue(actor=manager, order=order, stage="shoot", text=f"{number}")
            order.people.create(customer=make_customer(), part="family")
    assert counts[0] == counts[1]


def test_no_customer_is_made_by_looking(client, order):
    before = Customer.objects.count()
    client.get(url(order))
    assert Customer.objects.count() == before
