"""Figures against values computed by hand. Today is 22 November: November is compared with 1–22 October."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, events
from core.kernel.events import Kind
from core.orders import services as orders
from core.orders.enums import Stage
from core.people.staff import staff_of
from core.reports.branches import Figures, compare
from core.reports.periods import Period, period_of
from tenants.context import in_studio
from tests.factories import make_branch, make_customer, make_order, make_package, make_staff

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
TODAY = dt.date(2026, 11, 22)
NOVEMBER = period_of("month", TODAY)


def instant(text, zone=SHANGHAI):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.fixture(autouse=True)
def _today():
    with clock.at(instant("2026-11-22T12:00")):
        yield


@pytest.fixture
def boss(db):
    return make_staff()


@pytest.fixture
def sold(boss):
    """`sold(branch, "2026-11-03T10:00", 5000)`: an order taken then, for so much."""
    package = make_package()

    def sell(branch, when, price=399900, zone=SHANGHAI):
        with clock.at(instant(when, zone)):
            return orders.take_order(
                actor=boss, branch=branch, customer=make_customer(), package=package, price_minor=price
            )

    return sell


def submit(order, when, picked=40, extra=0, money=0, subject=None, zone=SHANGHAI):
    with clock.at(instant(when, zone)):
        events.record(
            Kind.SELECTION_SUBMITTED, subject or order, None, picked=picked, extra=extra, extra_total_minor=money
        )


def unlock(order, when):
    with clock.at(instant(when)):
        events.record(Kind.SELECTION_UNLOCKED, order, None, reason="again")


def november(boss):
    return compare(staff=staff_of(boss), period=NOVEMBER)


def of(comparison, branch):
    return next(line for line in comparison.lines if line.branch == branch)


def test_orders_revenue_and_average_now_and_before(boss, sold):
    north, south = make_branch(), make_branch()
    for when, price in [("2026-11-01T00:00", 500000), ("2026-11-22T11:00", 300001)]:
        sold(north, when, price)
    sold(north, "2026-10-22T23:59", 100000)
    sold(north, "2026-10-23T00:01", 777)  # neither: the month before is compared up to its 22nd
    sold(south, "2026-10-01T00:00", 200000)
    answer = november(boss)
    line = of(answer, north)
    assert (line.now.orders, line.now.revenue_minor, line.now.average_minor) == (2, 800001, 400000)
    assert (line.before.orders, line.before.revenue_minor) == (1, 100000)
    assert (of(answer, south).now.orders, of(answer, south).now.average_minor) == (0, None)
    assert (answer.total.now.revenue_minor, answer.total.before.revenue_minor) == (800001, 300000)
    assert answer.total.now.average_minor == 400000


def test_series_holds_six_equal_spans(boss, sold):
    branch = make_branch()
    for month, price in [(6, 1), (7, 10), (8, 100), (9, 1000), (10, 10000), (11, 100000), (5, 999)]:
        sold(branch, f"2026-{month:02d}-05T10:00", price)
    sold(branch, "2026-08-23T10:00", 5)  # past the compared days of its month
    assert of(november(boss), branch).series == [1, 10, 100, 1000, 10000, 100000]


def test_cancelled_orders_count_nowhere(boss, sold):
    branch = make_branch()
    order = sold(branch, "2026-11-03T10:00")
    submit(order, "2026-11-10T10:00", picked=50, extra=3, money=18000)
    orders.cancel_order(actor=boss, order=order, reason="moved away")
    assert of(november(boss), branch).now == Figures()


@pytest.mark.parametrize(
    ("zone", "inside", "outside"),
    [
        (SHANGHAI, "2026-11-01T00:00", "2026-10-31T23:59"),
        (NEW_YORK, "2026-11-01T00:00", "2026-10-31T23:59"),
        ("Pacific/Kiritimati", "2026-11-01T00:00", "2026-10-31T23:59"),
        ("Pacific/Pago_Pago", "2026-11-01T00:00", "2026-10-31T23:59"),
    ],
)
def test_days_are_those_of_the_branch(boss, sold, zone, inside, outside):
    make_branch(timezone=SHANGHAI)
    branch = make_branch(timezone=zone)
    submit(sold(branch, inside, 5, zone=zone), inside, picked=7, zone=zone)
    submit(sold(branch, outside, 70, zone=zone), outside, picked=90, zone=zone)
    figures = of(november(boss), branch).now
    assert (figures.orders, figures.revenue_minor, figures.picked) == (1, 5, 7)


def test_selections_that_stand(boss, sold):
    branch = make_branch()
    first, second, third = (sold(branch, "2026-09-01T10:00") for _ in range(3))
    submit(first, "2026-11-05T10:00", picked=53, extra=3, money=18000)
    submit(second, "2026-10-05T10:00", picked=40)
    submit(third, "2026-11-06T10:00", picked=60, extra=10, money=60000)
    unlock(third, "2026-11-07T10:00")
    line = of(november(boss), branch)
    assert (line.now.picked, line.now.extra, line.now.extra_minor) == (53, 3, 18000)
    assert (line.before.picked, line.before.extra) == (40, 0)


@pytest.mark.parametrize("kind", ["reopening.agreed", "round.agreed", "album.agreed"])
def test_what_is_agreed_after_the_submission_is_revenue_of_extras(boss, sold, kind):
    branch = make_branch()
    order, gone = sold(branch, "2026-09-01T10:00"), sold(branch, "2026-09-01T10:00")
    submit(order, "2026-10-05T10:00", picked=53, extra=3, money=18000)
    for when, whose in [("2026-11-05T10:00", order), ("2026-10-06T10:00", order), ("2026-11-05T10:00", gone)]:
        with clock.at(instant(when)):
            events.record(events.Kind(kind), whose, None, price_minor=9800, currency="CNY")
    orders.cancel_order(actor=boss, order=gone, reason="x")
    line = of(november(boss), branch)
    assert (line.now.extra_minor, line.now.picked, line.now.extra) == (9800, 0, 0)
    assert line.before.extra_minor == 18000 + 9800


def test_a_repeated_submission_counts_once_where_it_was_repeated(boss, sold):
    branch = make_branch()
    order = sold(branch, "2026-09-01T10:00")
    submit(order, "2026-10-05T10:00", picked=60, extra=10, money=60000)
    unlock(order, "2026-11-02T10:00")
    submit(order, "2026-11-03T10:00", picked=52, extra=2, money=12000)
    line = of(november(boss), branch)
    assert (line.now.picked, line.now.extra_minor) == (52, 12000)
    assert line.before.picked == 0


def test_two_galleries_of_one_order_both_count(boss, sold):
    branch = make_branch()
    order = sold(branch, "2026-10-25T10:00")

    class Gallery:
        event_stream, event_thread = order.event_stream, order.event_thread

        def __init__(self, pk):
            self.pk = pk

    submit(order, "2026-11-05T10:00", picked=20, subject=Gallery(1))
    submit(order, "2026-11-06T10:00", picked=30, subject=Gallery(2))
    assert of(november(boss), branch).now.picked == 50


def move(order, target, when):
    with clock.at(instant(when)):
        return orders.move_order(actor=None, order=order, target=target)


def due(order, stage, day):
    orders.schedule_stage(actor=None, order=order, stage=stage, due_on=dt.date.fromisoformat(day))


def test_overdue_share_of_the_stages_reached(boss, sold):
    branch = make_branch()
    on_time, late, open_late, not_yet = (sold(branch, "2026-10-28T10:00") for _ in range(4))
    due(on_time, Stage.ENQUIRY, "2026-11-03")
    move(on_time, Stage.SIGNING, "2026-11-03T23:50")  # on its day, by the branch's clock
    due(on_time, Stage.SIGNING, "2026-12-01")  # due later than the period
    due(late, Stage.ENQUIRY, "2026-11-03")
    move(late, Stage.SIGNING, "2026-11-04T00:10")
    due(late, Stage.SIGNING, "2026-11-22")  # today: not late yet
    due(open_late, Stage.ENQUIRY, "2026-11-21")
    due(not_yet, Stage.ENQUIRY, "2026-10-10")  # of the period before
    figures = of(november(boss), branch)
    assert (figures.now.due, figures.now.late) == (4, 2)
    assert figures.now.overdue_share == 0.5
    assert (figures.before.due, figures.before.late) == (1, 1)


def test_median_and_slow_days_of_stages_left_in_the_period(boss, sold):
    north, south = make_branch(), make_branch()
    for branch, days in [(north, (1, 2, 9)), (south, (4,))]:
        for n in days:
            order = sold(branch, "2026-11-01T10:00")
            move(order, Stage.SIGNING, f"2026-11-{1 + n:02d}T10:00")
    before = sold(north, "2026-10-01T10:00")
    move(before, Stage.SIGNING, "2026-10-07T10:00")
    neither = sold(north, "2026-10-01T10:00")
    move(neither, Stage.SIGNING, "2026-10-25T10:00")
    answer = november(boss)
    line, total = of(answer, north), answer.total
    assert [round(x, 3) for x in (line.stages["enquiry"].median, line.stages["enquiry"].slow)] == [2, 7.6]
    assert (line.stages["enquiry"].count, round(total.stages["enquiry"].median, 3)) == (3, 3)
    assert total.stages["enquiry"].count == 4
    assert (round(total.stages_before["enquiry"].median, 3), total.stages_before["enquiry"].count) == (6, 1)
    assert "signing" not in total.stages


def test_each_studio_counts_its_own(boss, sold, studio, other_studio):
    sold(make_branch(), "2026-11-03T10:00", 100)
    with in_studio(other_studio):
        other_boss, branch = make_staff(), make_branch()
        for price in (20, 3000):
            with clock.at(instant("2026-11-04T10:00")):
                submit(make_order(branch, other_boss, price_minor=price), "2026-11-05T10:00", picked=price)
        theirs = november(other_boss)
    assert (theirs.total.now.orders, theirs.total.now.revenue_minor, theirs.total.now.picked) == (2, 3020, 3020)
    ours = november(boss)
    assert (ours.total.now.orders, ours.total.now.revenue_minor, ours.total.now.picked) == (1, 100, 0)


def test_the_boss_of_one_branch_sees_that_branch(boss, sold):
    north, south = make_branch(), make_branch()
    sold(north, "2026-11-03T10:00", 100)
    sold(south, "2026-11-03T10:00", 3000)
    answer = november(make_staff("owner", north))
    assert [line.branch for line in answer.lines] == [north]
    assert answer.total.now.revenue_minor == 100


def test_nobody_without_the_capability_sees_anything(boss, sold):
    sold(make_branch(), "2026-11-03T10:00", 100)
    answer = november(make_staff("manager"))
    assert answer.lines == []
    assert answer.total.now == Figures()


def test_questions_do_not_grow_with_branches_zones_and_orders(boss, sold):
    counts = []
    for zone in (SHANGHAI, NEW_YORK, "Europe/Berlin"):
        branch = make_branch(timezone=zone)
        submit(sold(branch, "2026-11-03T10:00"), "2026-11-05T10:00")
        staff = staff_of(boss)
        with CaptureQueriesContext(connection) as queries:
            compare(staff=staff, period=Period(dt.date(2026, 11, 1), dt.date(2026, 11, 23)))
        counts.append(len(queries))
    assert counts == [5, 5, 5]
