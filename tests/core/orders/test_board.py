"""Boards: what they show to whom, at the same cost for one order and for five hundred."""

import datetime as dt

import pytest

from core.kernel import clock
from core.orders import selectors, services
from core.orders.enums import Stage
from core.orders.models import Order, OrderStage
from core.people.staff import staff_of
from tests.factories import make_branch, make_order, make_staff

TODAY = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


@pytest.fixture
def manager(branch):
    return staff_of(make_staff("manager", branch))


def shown(cards):
    return {card.id for column in cards.values() for card in column}


def many(order, number):
    """Copies of an order and its stages, made at once."""
    stages = list(order.stages.values())
    order_pk, last = order.pk, order.pk
    orders = []
    for i in range(number):
        order.pk, order.code, order.account_id = None, f"XX-2611-{i:04d}", None
        orders.append(Order(**{f.attname: getattr(order, f.attname) for f in Order._meta.fields if f.name != "id"}))
    rows = Order.objects.bulk_create(orders)
    OrderStage.objects.bulk_create(
        OrderStage(**{**row, "id": None, "order_id": copy.pk}) for copy in rows for row in stages
    )
    return order_pk, last


def test_the_board_costs_two_queries_for_1_and_500_orders(branch, clerk, manager, django_assert_num_queries):
    order = make_order(branch=branch, actor=clerk)
    with django_assert_num_queries(2):
        assert len(shown(selectors.board_cards(staff=manager))) == 1
    many(order, 499)
    with django_assert_num_queries(2):
        assert len(shown(selectors.board_cards(staff=manager))) == 500
    with django_assert_num_queries(1):
        assert len(selectors.board_revs(staff=manager)) == 500
    with django_assert_num_queries(1):
        assert selectors.board_counts(staff=manager)[Stage.ENQUIRY].number == 500


def test_the_board_has_all_eight_columns_most_urgent_first(branch, clerk, manager):
    late, soon = (make_order(branch=branch, actor=clerk) for _ in range(2))
    services.schedule_stage(actor=clerk, order=late, stage=Stage.ENQUIRY, due_on=dt.date(2020, 1, 1))
    columns = selectors.board_cards(staff=manager)
    assert list(columns) == list(Stage)
    assert [card.id for card in columns[Stage.ENQUIRY]] == [late.pk, soon.pk]
    assert columns[Stage.ENQUIRY][0].is_overdue


def test_another_branch_sees_neither_card_nor_order_nor_revision(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    stranger = staff_of(make_staff("receptionist", make_branch()))
    assert shown(selectors.board_cards(staff=stranger)) == set()
    assert shown(selectors.board_cards(staff=stranger, branch_id=branch.pk)) == set()
    assert selectors.board_revs(staff=stranger) == []
    assert selectors.card(order.pk, stranger) is None
    assert selectors.order_for(stranger, order.code) is None


def test_headquarters_sees_every_branch_and_may_look_at_one(branch, clerk):
    here, there = make_order(branch=branch, actor=clerk), make_order()
    boss = staff_of(make_staff("owner"))
    assert shown(selectors.board_cards(staff=boss)) == {here.pk, there.pk}
    assert shown(selectors.board_cards(staff=boss, branch_id=branch.pk)) == {here.pk}


def test_filters_by_me_kind_role_and_words(branch, clerk, manager, package):
    photographer = make_staff("photographer", branch)
    mine = make_order(branch=branch, actor=clerk, stage=Stage.SHOOT, title="沈悦 & 高远", package=package)
    other = make_order(branch=branch, actor=make_staff("receptionist", branch))
    ask = {
        "me": selectors.board_cards(staff=staff_of(photographer), mine=True),
        "owner": selectors.board_cards(staff=staff_of(clerk), mine=True),
        "role": selectors.board_cards(staff=manager, role="photographer"),
        "name": selectors.board_cards(staff=manager, search="高远"),
        "code": selectors.board_cards(staff=manager, search=mine.code.lower()),
        "phone": selectors.board_cards(staff=manager, search=mine.customer.phone[-4:]),
    }
    assert {key: shown(cards) for key, cards in ask.items() if shown(cards) != {mine.pk}} == {}
    assert shown(selectors.board_cards(staff=manager, kind="wedding")) == {mine.pk, other.pk}
    assert shown(selectors.board_cards(staff=manager, kind="children")) == set()


def test_a_card_tells_what_a_board_needs(branch, clerk, manager):
    with clock.at(TODAY):
        order = make_order(branch=branch, actor=clerk, title="周家宝宝")
        services.report_progress(order_id=order.pk, photos=80)
        issue = services.raise_issue(actor=clerk, order=order, stage=Stage.ENQUIRY, text="Rang twice")
        card = selectors.card(order.pk, manager)
        services.close_issue(actor=clerk, issue=issue, resolution="Called back")
    assert (card.title, card.stage, card.branch, card.owner) == ("周家宝宝", Stage.ENQUIRY, "南山店", "王蕾")
    assert (card.days_left, card.is_due, card.is_overdue) == (1, True, False)
    assert (card.progress, card.open_issues, card.package) == ({"photos": 80}, 1, order.terms["package"])
    assert selectors.card(order.pk, manager).open_issues == 0
    assert selectors.card(order.pk, manager).rev == Order.objects.get(pk=order.pk).rev


def test_the_day_is_the_branch_s_own(branch, clerk, manager):
    far = make_branch(timezone="America/New_York")
    with clock.at(dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)):  # the 23rd in Shanghai, noon of the 22nd in New York
        here, there = make_order(branch=branch, actor=clerk), make_order(branch=far)
        boss = staff_of(make_staff("owner"))
        days = {pk: selectors.card(pk, boss).today for pk in (here.pk, there.pk)}
    assert days == {here.pk: dt.date(2026, 11, 23), there.pk: dt.date(2026, 11, 22)}
    assert (here.code[3:7], there.stages.get(stage=Stage.ENQUIRY).due_on) == ("2611", dt.date(2026, 11, 23))


def test_closed_orders_leave_the_board(branch, clerk, manager):
    gone = make_order(branch=branch, actor=clerk)
    done = make_order(branch=branch, actor=clerk, stage=Stage.AFTER_SALES)
    services.cancel_order(actor=clerk, order=gone, reason="x")
    services.finish_order(actor=clerk, order=done)
    assert shown(selectors.board_cards(staff=manager)) == set()
    assert selectors.order_for(manager, done.code.lower()) == done


def test_a_person_with_two_jobs_is_shown_once(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    boss = staff_of(make_staff("owner"))
    from core.people.models import Membership

    Membership.objects.create(user=clerk, role="receptionist", branch=make_branch())
    assert len(selectors.board_cards(staff=boss, role="receptionist")[Stage.ENQUIRY]) == 1
    assert selectors.board_revs(staff=boss, role="receptionist") == [(order.pk, order.rev)]


def test_journey_reads_done_now_next_and_overdue(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.PREPARATION)
    services.schedule_stage(actor=clerk, order=order, stage=Stage.PREPARATION, due_on=dt.date(2020, 1, 1))
    lines = selectors.journey_of(Order.objects.select_related("branch").get(pk=order.pk))
    assert [line.state for line in lines] == ["done", "done", "now", *["next"] * 5]
    assert [line.is_overdue for line in lines].index(True) == 2
    assert all(line.owner for line in lines)


def test_orders_of_a_customer_are_those_they_are_on(branch, clerk):
    mine, foreign = make_order(branch=branch, actor=clerk), make_order(branch=branch, actor=clerk)
    gone = make_order(branch=branch, actor=clerk, customer=mine.customer)
    services.cancel_order(actor=clerk, order=gone, reason="x")
    assert selectors.orders_of(mine.customer) == [mine]
    assert selectors.order_of(mine.customer, mine.code) == mine
    assert selectors.order_of(mine.customer, foreign.code) is None
