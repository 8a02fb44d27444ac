"""The day of a staff member: what wants attention, each order in one list only."""

import datetime as dt

import pytest

from core.kernel import clock
from core.orders import selectors, services
from core.orders.enums import Stage
from core.people.staff import staff_of
from tests.factories import make_branch, make_order, make_staff

TODAY = dt.date(2026, 11, 22)
MORNING = dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _one_morning():
    with clock.at(MORNING):
        yield


def order_at(branch, clerk, stage, days, **progress):
    """An order in `stage`, due in so many days."""
    order = make_order(branch=branch, actor=clerk, stage=stage)
    services.schedule_stage(actor=clerk, order=order, stage=stage, due_on=TODAY + dt.timedelta(days=days))
    if progress:
        services.report_progress(order_id=order.pk, **progress)
    return order.pk


def ids(cards):
    return [card.id for card in cards]


def test_every_order_stands_in_the_list_that_says_what_to_do(branch, clerk):
    shoot = order_at(branch, clerk, Stage.SHOOT, 0)
    late = order_at(branch, clerk, Stage.SIGNING, -1)
    due = order_at(branch, clerk, Stage.SIGNING, 1)
    empty = order_at(branch, clerk, Stage.SELECTION, 2)
    choosing = order_at(branch, clerk, Stage.SELECTION, 5, photos=600)
    calm = order_at(branch, clerk, Stage.SELECTION, 9)
    day = selectors.today_of(staff_of(clerk))
    lists = [day.shoots, day.overdue, day.due, day.not_ready, day.choosing]
    assert [ids(cards) for cards in lists] == [[shoot], [late], [due], [empty], [choosing]]
    assert calm not in {card.id for cards in lists for card in cards}


def test_delivered_photographs_are_not_late_while_production_stands(branch, clerk):
    kept = order_at(branch, clerk, Stage.PRODUCTION, -9, gallery_state="delivered")
    album = order_at(branch, clerk, Stage.PRODUCTION, -9, gallery_state="delivered", album_state="proofing")
    late = order_at(branch, clerk, Stage.PRODUCTION, -9, gallery_state="retouching")
    soon = order_at(branch, clerk, Stage.PRODUCTION, 1, gallery_state="archived")
    staff = staff_of(clerk)
    day = selectors.today_of(staff)
    assert (ids(day.handed), sorted(ids(day.overdue)), ids(day.due)) == ([kept], sorted([album, late]), [soon])
    counted = selectors.board_counts(staff=staff)[Stage.PRODUCTION]
    assert (counted.number, counted.overdue) == (4, 2)
    order = selectors.Order.objects.get(pk=kept)
    assert not any(line.is_overdue for line in selectors.journey_of(order))


def test_my_own_come_first(branch, clerk):
    colleague = make_staff("receptionist", branch)
    theirs = order_at(branch, colleague, Stage.SIGNING, -5)
    mine = order_at(branch, clerk, Stage.SIGNING, -1)
    services.assign_stage(actor=clerk, order=make_order(branch=branch, actor=clerk), stage=Stage.SIGNING, owner=clerk)
    assert ids(selectors.today_of(staff_of(clerk)).overdue) == [mine, theirs]


def test_open_problems_are_there_until_solved_and_only_of_my_branch(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    issue = services.raise_issue(actor=clerk, order=order, stage=Stage.ENQUIRY, text="Dress is torn")
    stranger = staff_of(make_staff("receptionist", make_branch()))
    assert selectors.today_of(staff_of(clerk)).issues == [issue]
    assert selectors.today_of(stranger).is_quiet
    services.close_issue(actor=clerk, issue=issue, resolution="Mended")
    assert selectors.today_of(staff_of(clerk)).issues == []


def test_the_day_costs_three_queries(branch, clerk, django_assert_num_queries):
    staff = staff_of(clerk)
    for days in (-1, 0, 1):
        order_at(branch, clerk, Stage.SIGNING, days)
    with django_assert_num_queries(3):
        selectors.today_of(staff)
