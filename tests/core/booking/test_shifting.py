"""A signed date never moves silently: asked, or told with an annex; and moving far away first brings nothing back."""

import datetime as dt

import pytest

from core.booking.dated import dated_of, margin_of, refund_of
from core.booking.services.changing import cancel_booking, move_booking
from core.booking.services.days import change_order_for_staff, schedule_for_staff
from core.booking.services.proposing import answer_proposal, propose_date
from core.booking.services.shifting import promised, shift_date
from core.contracts import trail
from core.contracts.finishing import finish_contract
from core.contracts.models import Contract
from core.contracts.selectors import contract_of, papers_of
from core.finance.ledger import faults_of
from core.finance.models import Account
from core.kernel import clock
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.orders.models import OrderMove
from core.orders.moves import objecting_until
from core.scheduling.selectors import SlotQuery, slot_at
from tests.core.booking.make import LATE, NOW, SATURDAY, team
from tests.core.booking.test_annexes import annex_of, chain, firm_booking, text_of
from tests.core.contracts.make import sign
from tests.factories import furnish_stages, make_branch, make_customer, make_order, make_staff

WEEK = dt.timedelta(days=7)
EIGHT_BEFORE = SATURDAY - dt.timedelta(days=8)  # half comes back (tests.core.booking.make.MORE)


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(NOW):
        yield
    for account in Account.objects.all():
        assert faults_of(account) == []


@pytest.fixture
def branch(db):
    furnish_stages()
    make_staff("owner")
    found = make_branch("南山店", code="NS")
    team(found, 2)
    return found


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def customer(db):
    return make_customer("陈晓雨", phone="13800002699")


@pytest.fixture
def firm(branch, clerk, customer):
    return firm_booking(branch, clerk, customer)


def plan_at(firm, at):
    query = SlotQuery(firm.branch, chain(firm.order), at.date(), at.date() + dt.timedelta(days=1))
    return slot_at(query, at).plan()


def shift(firm, clerk, at=SATURDAY + WEEK, **told):
    firm.appointment.refresh_from_db()
    told = {"reason": "摄影师生病", "wish": "studio", **told}
    row = shift_date(actor=clerk, appointment=firm.appointment, plan=plan_at(firm, at), **told)
    firm.refresh_from_db()
    firm.order.refresh_from_db()
    return row


# -- Staff ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("told", "code"), [({"reason": " "}, "reason.missing"), ({"wish": ""}, "wish.missing")])
def test_a_promised_date_does_not_move_without_a_reason(firm, clerk, told, code):
    assert promised(firm.appointment) == firm.order
    with pytest.raises(Refusal, match=code):
        shift(firm, clerk, **told)
    firm.appointment.refresh_from_db()
    assert (firm.appointment.starts_at, Contract.objects.exclude(parent=None).count()) == (SATURDAY, 0)


def test_moved_without_asking_the_contract_gets_an_annex_and_the_customer_is_told(firm, clerk, customer):
    OutboxMessage.objects.all().delete()
    shift(firm, clerk)
    annex = annex_of(firm.order)
    assert (annex.state, annex.signed_at, annex.needs_countersign) == ("notified", None, False)
    for said in ("2027年3月20日 10:00", "2027年3月27日 10:00", "摄影师生病"):
        assert said in text_of(annex)
    assert [one.state for one in annex.signers.all()] == ["informed"]
    assert annex.trail.get(kind="notified").who == "王蕾"
    assert trail.broken_at(annex) == 0
    assert papers_of(customer, firm.order)[0] == annex
    assert [one.template for one in OutboxMessage.objects.all()] == ["contract_notice"]
    assert (firm.starts_at, firm.order.shoot_on) == (SATURDAY + WEEK, dt.date(2027, 3, 27))
    finish_contract(contract=annex.pk)
    annex.refresh_from_db()
    assert annex.sealed_sha256
    assert OutboxMessage.objects.count() == 1
    main = contract_of(firm.order)
    assert (main.state, trail.broken_at(main)) == ("signed", 0)


def test_another_crew_at_the_same_time_needs_no_annex(firm, clerk):
    shift(firm, clerk, at=SATURDAY, reason="", wish="")
    assert not Contract.objects.exclude(parent=None).exists()


def test_an_unsigned_date_moves_freely_and_its_booking_follows(branch, clerk, customer):
    from tests.core.booking.make import bookable, held

    row = held(branch, bookable(), customer)
    shift(row, clerk, reason="", wish="")
    assert row.starts_at == SATURDAY + WEEK
    assert not OrderMove.objects.exists()


def test_what_waited_for_an_answer_is_withdrawn_by_moving(firm, clerk, customer):
    row = propose_date(
        actor=clerk, order=firm.order, appointment=firm.appointment, plan=plan_at(firm, SATURDAY + 2 * WEEK), reason="x"
    )
    shift(firm, clerk)
    row.refresh_from_db()
    assert (row.state, row.hold.state) == ("ended", "cancelled")


def test_holding_a_time_that_overlaps_the_present_one_says_so(firm, clerk, branch):
    plan = plan_at_without(firm, SATURDAY + dt.timedelta(minutes=30))
    with pytest.raises(Refusal, match="proposal.overlaps"):
        propose_date(actor=clerk, order=firm.order, appointment=firm.appointment, plan=plan, reason="x")


def plan_at_without(firm, at):
    """The same people half an hour later, as a drag asks for."""
    from core.scheduling.services.changes import plan_of
    from core.scheduling.solver import PlannedBlock

    by = at - firm.appointment.starts_at
    return [
        PlannedBlock(one.name, one.starts_at + by, one.ends_at + by, one.resources, one.needs)
        for one in plan_of(firm.appointment)
    ]


def test_the_studios_move_leaves_a_week_to_object_as_its_own_reason(firm, clerk, customer):
    with clock.at(EIGHT_BEFORE):
        shift(firm, clerk, at=SATURDAY - dt.timedelta(days=3))
        near = refund_of(dated_of(firm.order))
        assert (near.who, near.percent) == ("customer", 0)  # this table knows no reasons of the studio
        terms = firm.order.account.terms
        rows = [*terms["refunds"], {"who": "studio", "until_days": -999, "refund_percent": 100}]
        Account.objects.filter(pk=firm.order.account_id).update(terms={**terms, "refunds": rows})
        firm.order.account.refresh_from_db()
        told = refund_of(dated_of(firm.order))
        assert (told.who, told.kept_minor) == ("studio", 0)
        cancel_booking(customer=customer, booking=firm, reason="不方便", seen_minor=told.amount_minor)
    assert Account.objects.get(pk=firm.order.account_id).paid_minor == 0


def test_objecting_ends_after_a_week_and_by_the_customers_own_choice(firm, clerk, customer):
    with clock.at(NOW):
        shift(firm, clerk)
        assert objecting_until(firm.order) == dt.date(2027, 3, 8)
    with clock.at(NOW + 8 * dt.timedelta(days=1)):
        assert objecting_until(firm.order) is None
    move_booking(customer=customer, booking=firm, starts_at=SATURDAY + 2 * WEEK)
    assert objecting_until(firm.order) is None


def test_leaving_a_date_that_the_studio_has_chosen_counts_against_nobody(firm, clerk, customer):
    with clock.at(EIGHT_BEFORE):
        shift(firm, clerk, at=SATURDAY + dt.timedelta(days=1))
        assert margin_of(dated_of(firm.order)).share is None
        firm.appointment.refresh_from_db()
        move_booking(customer=customer, booking=firm, starts_at=SATURDAY + 4 * WEEK)
        firm.order.refresh_from_db()
        assert refund_of(dated_of(firm.order)).percent == 100
    assert not OrderMove.objects.filter(counts=True).exists()


def test_moved_at_the_customers_word_there_is_nothing_to_object_to_and_nothing_counts(firm, clerk):
    with clock.at(EIGHT_BEFORE):
        shift(firm, clerk, wish="customer", reason="客人来电")
    told = refund_of(dated_of(firm.order))
    assert (told.who, told.moved) == ("customer", None)
    assert not OrderMove.objects.get().counts


def test_the_order_form_moves_a_promised_day_only_where_no_calendar_keeps_it(firm, clerk, branch, customer):
    day = dt.date(2027, 4, 3)
    with pytest.raises(Refusal, match="date.in_calendar"):
        change_order_for_staff(actor=clerk, order=firm.order, shoot_on=day, reason="x", wish="studio")
    with pytest.raises(Refusal, match="date.by_form"):
        schedule_for_staff(actor=clerk, order=firm.order, stage="shoot", due_on=day)
    order = make_order(branch, clerk, package=firm.package, customer=customer, shoot_on=dt.date(2027, 3, 25))
    from core.contracts.services import compose_contract, send_contract

    sign(send_contract(actor=clerk, contract=compose_contract(actor=clerk, order=order)))
    with pytest.raises(Refusal, match="reason.missing"):
        change_order_for_staff(actor=clerk, order=order, shoot_on=day, wish="studio")
    with pytest.raises(Refusal, match="date.needed"):
        change_order_for_staff(actor=clerk, order=order, shoot_on=None, reason="x", wish="studio")
    change_order_for_staff(actor=clerk, order=order, shoot_on=day, reason="换场地", wish="studio")
    annex = annex_of(order)
    assert "2027年4月3日" in text_of(annex)
    assert "00:00" not in text_of(annex)
    order.refresh_from_db()
    assert order.shoot_on == day


# -- Far away, then cancel --------------------------------------------------------------------------------------------
def test_moving_far_away_brings_back_no_more_than_giving_up_would_have(firm, customer):
    with clock.at(EIGHT_BEFORE):
        at_once = refund_of(dated_of(firm.order)).amount_minor
        assert margin_of(dated_of(firm.order)).share == 50
        move_booking(customer=customer, booking=firm, starts_at=SATURDAY + 4 * WEEK)
        firm.refresh_from_db()
        firm.order.refresh_from_db()
        annex = annex_of(firm.order)
        assert annex.data["moved"]["share"] == 50
        assert "50%" in text_of(annex)
        told = refund_of(dated_of(firm.order))
        assert (told.percent, told.days, told.amount_minor) == (50, 36, at_once)
        assert told.moved.was == SATURDAY.date()
        cancel_booking(customer=customer, booking=firm, reason="改主意", seen_minor=at_once)
    account = Account.objects.get(pk=firm.order.account_id)
    assert account.paid_minor == told.kept_minor


def test_moving_in_good_time_costs_nothing(firm, customer):
    assert margin_of(dated_of(firm.order)).share is None
    move_booking(customer=customer, booking=firm, starts_at=SATURDAY + WEEK)
    firm.order.refresh_from_db()
    told = refund_of(dated_of(firm.order))
    assert (told.percent, told.moved, annex_of(firm.order).data["moved"]["share"]) == (100, None, None)


def test_another_hour_of_the_same_day_is_no_move(firm, customer):
    with clock.at(EIGHT_BEFORE):
        move_booking(customer=customer, booking=firm, starts_at=LATE)
    assert not OrderMove.objects.exists()


@pytest.mark.parametrize(("wish", "percent"), [("studio", 100), ("customer", 50)])
def test_what_the_studio_asks_for_does_not_count_and_the_customers_wish_does(firm, clerk, customer, wish, percent):
    with clock.at(EIGHT_BEFORE):
        plan = plan_at(firm, SATURDAY + 4 * WEEK)
        told = {"order": firm.order, "appointment": firm.appointment, "reason": "x", "wish": wish}
        row = propose_date(actor=clerk, plan=plan, **told)
        answer_proposal(customer=customer, proposal=row, accept=True)
        firm.order.refresh_from_db()
        assert refund_of(dated_of(firm.order)).percent == percent


def test_a_contract_that_does_not_say_it_counts_no_move(firm, customer):
    main = contract_of(firm.order)
    data = {**main.data, "moving": {**main.data["moving"], "keeps_share": False}}
    Contract.objects.filter(pk=main.pk).update(data=data)  # as composed before the rule
    with clock.at(EIGHT_BEFORE):
        assert margin_of(dated_of(firm.order)).share is None
        move_booking(customer=customer, booking=firm, starts_at=SATURDAY + 4 * WEEK)
        firm.order.refresh_from_db()
        assert refund_of(dated_of(firm.order)).percent == 100
