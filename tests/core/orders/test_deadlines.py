"""Due days hang on the sale, on the shoot and on the promise."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from core.kernel import clock
from core.orders import deadlines, services
from core.orders.enums import Stage
from core.orders.furnish import STAGES
from tests.factories import make_order

DAYS = {stage: days for stage, (_role, days) in STAGES.items()}
SOLD = dt.date(2026, 11, 22)


def day(number):
    return SOLD + dt.timedelta(days=number)


def test_a_plain_sale_counts_on():
    due = deadlines.plan(DAYS, SOLD)
    assert [(due[stage] - SOLD).days for stage in Stage] == [1, 4, 18, 25, 32, 53, 58, 88]


def test_preparation_ends_before_an_early_shoot_and_later_stages_count_from_it():
    due = deadlines.plan(DAYS, SOLD, shoot_on=day(6))
    assert [(due[stage] - SOLD).days for stage in Stage] == [1, 4, 5, 6, 13, 34, 39, 69]


def test_production_ends_two_days_before_the_promised_day():
    due = deadlines.plan(DAYS, SOLD, shoot_on=day(6), promised_on=day(30))
    assert [(due[stage] - SOLD).days for stage in Stage] == [1, 4, 5, 6, 13, 28, 30, 60]


@given(
    days=st.dictionaries(st.sampled_from(list(Stage)), st.integers(0, 60)),
    shoot=st.none() | st.integers(0, 200),
    wait=st.none() | st.integers(3, 200),
)
def test_no_stage_is_due_before_the_sale_or_after_the_one_it_leads_to(days, shoot, wait):
    shoot_on = None if shoot is None else day(shoot)
    promised = None if wait is None else day((shoot or 0) + wait)
    due = deadlines.plan(days, SOLD, shoot_on, promised)
    line = [due[stage] for stage in Stage]
    assert line[0] >= SOLD
    if shoot_on and promised:  # with one of them alone the other may well be planned across it
        assert line == sorted(line)
    assert shoot_on in {None, due[Stage.SHOOT]}
    assert promised in {None, due[Stage.DELIVERY]}


def due_of(order):
    return {row.stage: row.due_on for row in order.stages.all()}


def sold(branch, clerk, **fields):
    with clock.at(dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)):
        return make_order(branch=branch, actor=clerk, **fields)


def test_a_later_shoot_takes_what_follows_along(branch, clerk):
    order = sold(branch, clerk, shoot_on=day(20))
    before = due_of(order)
    with clock.at(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)):
        services.change_order(actor=clerk, order=order, shoot_on=day(27))
    after = due_of(order)
    assert after[Stage.SHOOT] == day(27)
    assert all(after[s] - before[s] == dt.timedelta(days=7) for s in list(Stage)[2:])
    assert [after[s] for s in (Stage.ENQUIRY, Stage.SIGNING)] == [before[s] for s in (Stage.ENQUIRY, Stage.SIGNING)]


def test_an_earlier_shoot_hurries_the_preparation_but_not_into_the_past(branch, clerk):
    order = sold(branch, clerk, shoot_on=day(20))
    with clock.at(dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)):
        services.schedule_stage(actor=clerk, order=order, stage=Stage.SHOOT, due_on=day(3))
    order.refresh_from_db()
    assert (order.shoot_on, due_of(order)[Stage.PREPARATION]) == (day(3), day(3))


def test_the_promise_stays_when_the_shoot_moves(branch, clerk):
    order = sold(branch, clerk, shoot_on=day(20), promised_on=day(50))
    services.change_order(actor=clerk, order=order, shoot_on=day(35))
    after = due_of(order)
    assert (after[Stage.DELIVERY], after[Stage.PRODUCTION]) == (day(50), day(48))
    assert after[Stage.SELECTION] == day(42)


def test_a_new_promise_moves_the_delivery_and_what_leads_to_it(branch, clerk):
    order = sold(branch, clerk, shoot_on=day(20))
    services.change_order(actor=clerk, order=order, promised_on=day(45))
    after = due_of(order)
    assert [after[s] for s in (Stage.PRODUCTION, Stage.DELIVERY, Stage.AFTER_SALES)] == [day(40), day(45), day(75)]


def test_stages_that_are_over_keep_their_day(branch, clerk):
    order = sold(branch, clerk, shoot_on=day(20), stage=Stage.SHOOT)
    before = due_of(order)
    services.change_order(actor=clerk, order=order, shoot_on=day(30))
    assert due_of(order)[Stage.PREPARATION] == before[Stage.PREPARATION]


def test_another_stage_is_scheduled_alone(branch, clerk):
    order = sold(branch, clerk, shoot_on=day(20))
    before = due_of(order)
    services.schedule_stage(actor=clerk, order=order, stage=Stage.SELECTION, due_on=day(60))
    assert {s: d for s, d in due_of(order).items() if before[s] != d} == {Stage.SELECTION: day(60)}
