import datetime as dt

import pytest

from core.kernel import clock
from core.orders import services
from core.orders.enums import Stage
from tests.core.console.conftest import browser
from tests.factories import make_order, make_staff

BOARD = "/console/board/"


def columns(answer):
    return {column.stage: column for column in answer.context["columns"]}


def test_board_shows_all_eight_stages(client, order):
    found = columns(client.get(BOARD))
    assert list(found) == list(Stage)
    assert [face.title for face in found["preparation"].faces] == ["陈晓雨 & 林一舟"]
    assert found["preparation"].count.number == 1


def test_board_is_for_its_branch_and_studio_only(client, far_order, foreign_order):
    answer = client.get(BOARD)
    assert all(not column.faces for column in columns(answer).values())
    assert client.get(BOARD, {"branch": far_order.branch_id}).status_code == 404
    assert client.get(BOARD, {"branch": "999999"}).status_code == 404


def test_board_needs_its_capability(studio, branch):
    from core.people.models import Membership

    user = make_staff("assistant", branch)
    Membership.objects.filter(user=user).delete()
    assert browser(studio, user).get(BOARD).status_code == 403


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"A", "B"}),
        ({"me": "1"}, {"A"}),
        ({"kind": "children"}, set()),
        ({"kind": "wedding"}, {"A", "B"}),
        ({"q": "b"}, {"B"}),
        ({"role": "photographer"}, {"B"}),
    ],
)
def test_filters_of_the_url_narrow_the_board(client, branch, manager, query, shown):
    photographer = make_staff("photographer", branch)
    make_order(branch, manager, title="A", owner=manager)
    taken = make_order(branch, photographer, title="B")
    services.assign_stage(actor=photographer, order=taken, stage=taken.stage, owner=photographer)
    faces = columns(client.get(BOARD, query))["enquiry"].faces
    assert {face.title for face in faces} == shown


def test_nonsense_in_filters_is_ignored(client, order):
    answer = client.get(BOARD, {"kind": "x' OR 1=1", "role": "wizard", "me": "yes"})
    assert columns(answer)["preparation"].count.number == 1


def test_cards_stand_by_due_day_and_say_how_late(client, branch, manager):
    today = clock.today("Asia/Shanghai")
    for title, days in (("late", -2), ("later", 5), ("today", 0)):
        row = make_order(branch, manager, title=title)
        services.schedule_stage(actor=manager, order=row, stage="enquiry", due_on=today + dt.timedelta(days=days))
    faces = columns(client.get(BOARD))["enquiry"].faces
    assert [(face.title, face.flag) for face in faces] == [("late", "bad"), ("today", "warn"), ("later", "")]
    assert [face.key for face in faces] == sorted(face.key for face in faces)


def test_menu_offers_only_allowed_moves_and_only_to_those_who_may(client, as_role, order):
    face = columns(client.get(BOARD))["preparation"].faces[0]
    assert [move.target for move in face.moves] == ["shoot", "signing"]
    assert columns(as_role("assistant").get(BOARD))["preparation"].faces[0].moves == ()


def test_cards_are_fetched_again_with_the_viewers_permissions(client, order, far_order, foreign_order):
    answer = client.get(f"{BOARD}cards/", {"ids": f"{order.pk},{far_order.pk},{foreign_order.pk + 1000},x"}).json()
    assert f'id="order-{order.pk}"' in answer["html"]
    assert answer["html"].count("<li id=") == 1
    assert answer["counts"]["preparation"] == {"n": 1, "late": 0}
    assert answer["said"] == []


def test_cards_respect_the_filter_of_the_screen(client, order):
    answer = client.get(f"{BOARD}cards/", {"ids": order.pk, "q": "nobody"}).json()
    assert "<li id=" not in answer["html"]
    assert answer["counts"]["preparation"]["n"] == 0


def test_a_colleagues_move_is_told_but_not_ones_own(client, studio, branch, manager, order):
    services.move_order(actor=manager, order=order, target="shoot")
    query = {"ids": order.pk, "moved": order.pk}
    assert client.get(f"{BOARD}cards/", query).json()["said"] == []
    said = browser(studio, make_staff("receptionist", branch)).get(f"{BOARD}cards/", query).json()["said"]
    assert said[0]["id"] == order.pk
    assert "何静" in said[0]["text"]
    assert "陈晓雨 & 林一舟" in said[0]["text"]


def test_revisions_are_those_of_the_shown_cards(client, order, far_order):
    assert client.get(f"{BOARD}revs/").json() == [[order.pk, order.rev]]
    assert client.get(f"{BOARD}revs/", {"q": "nobody"}).json() == []


def test_closed_orders_leave_the_board(client, manager, order):
    services.cancel_order(actor=manager, order=order, reason="改期")
    assert columns(client.get(BOARD))["preparation"].count.number == 0
    assert "<li id=" not in client.get(f"{BOARD}cards/", {"ids": order.pk}).json()["html"]


def test_long_column_comes_in_parts_without_gaps_or_doubles(client, branch, manager, monkeypatch):
    from core.console.board import columns as module

    monkeypatch.setattr(module, "SHOWN", 2)
    orders = {make_order(branch, manager).pk for _ in range(5)}
    column = columns(client.get(BOARD))["enquiry"]
    seen, rest = [face.id for face in column.faces], column.rest
    while rest:
        answer = client.get(rest.url, headers={"hx-request": "true"})
        assert answer.templates[0].name == "console/board/cards.html"
        seen += [face.id for face in answer.context["faces"]]
        rest = answer.context["rest"]
    assert len(seen) == 5
    assert set(seen) == orders


def test_column_is_a_page_without_scripts(client, order):
    assert "陈晓雨" in client.get(f"{BOARD}preparation/").content.decode()
    assert client.get(f"{BOARD}wizardry/").status_code == 404


@pytest.mark.parametrize("path", ["", "cards/?ids={ids}&moved={ids}", "revs/", "preparation/"])
def test_query_count_does_not_grow_with_orders(client, branch, manager, order, path, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        ids = ",".join(map(str, type(order).objects.values_list("pk", flat=True)))
        with django_assert_max_num_queries(14) as queries:
            assert client.get(BOARD + path.format(ids=ids)).status_code == 200
        counts.append(len(queries))
        make_order(branch, manager, stage="preparation")
        make_order(branch, manager, stage="preparation")
    assert counts[0] == counts[1]


def test_guests_who_may_come_in_vain_are_counted_here_and_after_a_poke(client, branch, manager):
    today = clock.today("Asia/Shanghai")
    for days, state in ((1, ""), (2, "draft"), (1, "open"), (5, "")):
        row = make_order(branch, manager, stage="selection")
        services.schedule_stage(actor=manager, order=row, stage="selection", due_on=today + dt.timedelta(days=days))
        services.report_progress(order_id=row.pk, gallery_state=state)
    page = client.get(BOARD)
    assert columns(page)["selection"].count.in_vain == 2
    assert page.context["alarms"][0]["label"] in client.get(f"{BOARD}cards/").json()["alarms"]
