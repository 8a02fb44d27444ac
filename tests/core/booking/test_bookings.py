"""From a chosen start to a firm date, and every way in which that can go wrong without anything being lost."""

import datetime as dt

import pytest

from core.booking.chains import shoot_chain
from core.booking.jobs import sweep
from core.booking.models import Booking
from core.booking.selectors import booking_of
from core.booking.services.changing import cancel_booking, move_booking
from core.booking.services.firming import follow_booking, give_up_bookings
from core.booking.services.holding import hold_booking
from core.booking.services.proposing import answer_proposal, propose_date
from core.contracts.selectors import contract_of
from core.finance.models import Refund
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from core.scheduling.models import Appointment, ResourceClaim
from core.scheduling.selectors import SlotQuery, slot_at
from core.scheduling.services import expire_holds
from tests.core.booking.make import LATE, NOW, SATURDAY, bookable, draft, held, pay, signed, team
from tests.factories import furnish_stages, make_branch, make_customer, make_staff


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(NOW):
        yield


@pytest.fixture
def branch(db):
    furnish_stages()
    make_staff("owner")
    found = make_branch("南山店", code="NS")
    team(found)
    return found


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def package(branch, clerk):
    return bookable()


@pytest.fixture
def unsigned(monkeypatch):
    signed(monkeypatch, False)


@pytest.fixture
def customer(db):
    return make_customer("陈晓雨", phone="13800002699")


def kinds(order):
    return [event.kind for event in events.thread(order.event_thread)]


def later(**more):
    return clock.at(NOW + dt.timedelta(**more))


def test_a_hold_takes_order_date_and_price_together(branch, package, clerk, customer, unsigned):
    row = held(branch, package, customer)
    order = row.order
    assert (row.state, order.price_minor, order.owner) == ("held", 399900, clerk)
    assert order.shoot_on == dt.date(2027, 3, 20)
    assert row.appointment.starts_at == SATURDAY
    assert NOW < row.appointment.hold_expires_at <= NOW + dt.timedelta(minutes=30)
    assert ResourceClaim.objects.filter(active=True).count() == 3
    assert order.account.charged_minor == 399900
    assert "booking.held" in kinds(order)
    assert contract_of(order).state == "sent"
    assert OutboxMessage.objects.get(template="contract_ready").to == customer.phone
    assert booking_of(customer, row.code) == row


def test_an_off_peak_hour_is_cheaper_and_an_older_price_is_refused(branch, package, customer, unsigned):
    assert held(branch, package, customer, LATE).order.price_minor == 319920
    stale = draft(branch, package, SATURDAY + dt.timedelta(days=7))
    Booking.objects.filter(pk=stale.pk).update(quoted_minor=100)
    with pytest.raises(Refusal, match=r"booking\.price_changed") as refusal:
        hold_booking(actor=customer, booking=stale, customer=customer)
    assert refusal.value.facts["price_minor"] == 399900
    assert Order.objects.count() == 1
    stale.refresh_from_db()
    assert stale.state == "draft"


def test_a_second_tab_and_the_back_button_take_nothing_twice(branch, package, customer, unsigned):
    row = draft(branch, package)
    first = hold_booking(actor=customer, booking=row, customer=customer)
    second = hold_booking(actor=customer, booking=row, customer=customer)
    assert first == second
    assert Order.objects.count() == 1
    with pytest.raises(Refusal, match=r"booking\.gone"):
        hold_booking(actor=None, booking=row, customer=make_customer("别人"))


def test_just_taken_names_the_nearest_and_keeps_the_draft(branch, package, customer, unsigned):
    held(branch, package, make_customer("快手"))
    row = draft(branch, package, name="陈晓雨", note="花粉过敏")
    with pytest.raises(Refusal, match=r"slot\.taken") as refusal:
        hold_booking(actor=customer, booking=row, customer=customer)
    near = [dt.datetime.fromisoformat(iso) for iso in refusal.value.facts["alternatives"]]
    assert len(near) == 3
    assert all(abs(at - SATURDAY) < dt.timedelta(days=2) for at in near)
    row.refresh_from_db()
    assert (row.state, row.note) == ("draft", "花粉过敏")
    assert Order.objects.count() == 1


def test_a_start_off_the_grid_or_out_of_hours_cannot_be_asked_for(branch, package, customer, unsigned):
    for at in (SATURDAY.replace(minute=7), SATURDAY.replace(hour=3), SATURDAY.replace(year=2026)):
        with pytest.raises(Refusal, match=r"slot\.taken"):
            hold_booking(actor=customer, booking=draft(branch, package, at), customer=customer)


def test_nobody_hoards_holds(branch, package, customer, unsigned):
    for n in range(3):
        held(branch, package, customer, SATURDAY + dt.timedelta(days=n))
    with pytest.raises(Refusal, match=r"booking\.too_many"):
        held(branch, package, customer, SATURDAY + dt.timedelta(days=4))


def test_firm_only_when_signed_and_paid(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch, False)
    row = held(branch, package, customer)
    signed(monkeypatch)
    row = follow_booking(booking=row)
    assert row.state == "signed"
    assert row.order.account.paid_minor == 0
    pay(row, clerk, 1000)
    row.refresh_from_db()
    assert row.state == "signed"
    pay(row, clerk)
    row.refresh_from_db()
    assert row.state == "firm"
    assert row.appointment.state == "confirmed"
    order = Order.objects.get(pk=row.order_id)
    assert order.stage == "preparation"
    assert {"booking.firm", "appointment.confirmed"} <= set(kinds(order))
    assert OutboxMessage.objects.filter(template="booking_firm").count() == 1
    follow_booking(booking=row)
    assert kinds(order).count("booking.firm") == 1


def test_money_before_the_signature_keeps_the_time_but_is_not_firm(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch, False)
    row = held(branch, package, customer)
    pay(row, clerk)
    row.refresh_from_db()
    assert (row.state, row.appointment.state) == ("held", "confirmed")
    with later(hours=3):
        sweep()
        row.refresh_from_db()
        assert row.state == "held"
        signed(monkeypatch)
        assert follow_booking(booking=row).state == "firm"


def test_a_hold_that_runs_out_frees_the_date_and_can_be_taken_again(branch, package, customer, clerk, unsigned):
    row = held(branch, package, customer)
    with later(minutes=16):
        sweep()
        row.refresh_from_db()
        assert row.state == "lapsed"
        assert "booking.lapsed" in kinds(row.order)
        other = held(branch, package, make_customer("别人"))
        assert other.state == "held"
        with pytest.raises(Refusal, match=r"slot\.taken"):
            move_booking(customer=customer, booking=row, starts_at=SATURDAY)
        again = move_booking(customer=customer, booking=row, starts_at=SATURDAY.replace(hour=13, minute=0))
        assert (again.state, again.order_id) == ("held", row.order_id)
    with later(minutes=10):
        assert Booking.objects.get(pk=other.pk).state == "held"


def test_an_order_whose_hold_ran_out_leaves_the_board_after_two_days(branch, package, customer, unsigned):
    row = held(branch, package, customer)
    with later(minutes=16):
        sweep()
    with later(hours=47):
        assert give_up_bookings() == 0
    with later(hours=49):
        assert give_up_bookings() == 1
    row.refresh_from_db()
    assert (row.state, row.order.state, row.order.account.charged_minor) == ("cancelled", "cancelled", 0)


def test_a_late_payment_takes_the_date_back_when_it_is_free(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch)
    row = held(branch, package, customer)
    with later(minutes=30):
        sweep()
        assert Booking.objects.get(pk=row.pk).state == "lapsed"
        pay(row, clerk)
        row.refresh_from_db()
        assert (row.state, row.appointment.state) == ("firm", "confirmed")


def test_a_name_that_no_font_prints_is_a_colleague_s_to_see_to(branch, package, customer, monkeypatch):
    type(customer).objects.filter(pk=customer.pk).update(name="欧阳翠花👰")
    customer.refresh_from_db()
    row = held(branch, package, customer)
    assert row.state == "held"
    assert contract_of(row.order) is None
    text = row.order.issues.get().text
    assert "👰" in text
    assert "请先更正姓名" in text, "in the language of the studio, not of the customer"


def test_a_late_payment_for_a_date_that_is_gone_strands_and_nothing_is_lost(
    branch, package, customer, clerk, monkeypatch
):
    signed(monkeypatch)
    row = held(branch, package, customer)
    with later(minutes=30):
        expire_holds()
        taken = held(branch, package, make_customer("别人"))
        pay(row, clerk)
        row.refresh_from_db()
        assert row.state == "stranded"
        assert row.order.issues.get().text.startswith("已付款，但 2027-03-20 10:00 的档期已被占用")
        assert OutboxMessage.objects.filter(template="booking_stranded").count() == 1
        assert Booking.objects.get(pk=taken.pk).state == "held"
        back = cancel_booking(customer=customer, booking=row, reason="不要了", seen_minor=119970)
        assert back.state == "cancelled"
        assert Refund.objects.get().amount_minor == 119970


def test_a_stranded_booking_takes_another_date_and_is_firm_at_once(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch)
    row = held(branch, package, customer)
    with later(minutes=30):
        expire_holds()
        held(branch, package, make_customer("别人"))
        pay(row, clerk)
        moved = move_booking(customer=customer, booking=row, starts_at=SATURDAY + dt.timedelta(days=1))
        assert moved.state == "firm"
        assert Order.objects.get(pk=row.order_id).shoot_on == dt.date(2027, 3, 21)


def test_money_for_an_order_that_is_no_more_goes_back(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch, False)
    row = held(branch, package, customer)
    cancel_booking(customer=customer, booking=row, reason="改主意", seen_minor=0)
    pay(row, clerk)
    assert Refund.objects.get().amount_minor == 119970
    follow_booking(booking=row)
    assert Refund.objects.count() == 1


@pytest.fixture
def firm(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch)
    row = held(branch, package, customer)
    pay(row, clerk)
    row.refresh_from_db()
    return row


def test_inside_the_rule_the_customer_moves_it_and_never_to_a_dearer_hour(firm, customer):
    moved = move_booking(customer=customer, booking=firm, starts_at=SATURDAY + dt.timedelta(days=7))
    assert moved.appointment.state == "confirmed"
    assert Order.objects.get(pk=firm.order_id).shoot_on == dt.date(2027, 3, 27)
    assert "appointment.moved" in kinds(firm.order)
    late = clock.at(SATURDAY + dt.timedelta(days=1))
    with late, pytest.raises(Refusal, match=r"booking\.late"):
        move_booking(customer=customer, booking=firm, starts_at=SATURDAY + dt.timedelta(days=14))


def test_a_cheap_hour_does_not_become_a_dear_one(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch)
    row = held(branch, package, customer, LATE)
    pay(row, clerk)
    row.refresh_from_db()
    with pytest.raises(Refusal, match=r"booking\.dearer"):
        move_booking(customer=customer, booking=row, starts_at=SATURDAY + dt.timedelta(days=7))
    assert Appointment.objects.get(pk=row.appointment_id).starts_at == LATE


@pytest.mark.parametrize(("days_before", "back"), [(15, 119970), (10, 59985), (3, 0)])
def test_the_refund_is_what_the_contract_promised(firm, customer, days_before, back):
    with clock.at(SATURDAY - dt.timedelta(days=days_before)):
        with pytest.raises(Refusal, match=r"refund\.changed"):
            cancel_booking(customer=customer, booking=firm, reason="改主意", seen_minor=back + 1)
        assert Booking.objects.get(pk=firm.pk).state == "firm"
        cancel_booking(customer=customer, booking=firm, reason="改主意", seen_minor=back)
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == back
    assert Appointment.objects.get(pk=firm.appointment_id).state == "cancelled"
    assert not ResourceClaim.objects.filter(active=True).exists()
    assert "booking.cancelled" in kinds(firm.order)


def proposed(firm, clerk, days=1):
    order = Order.objects.get(pk=firm.order_id)
    at = SATURDAY + dt.timedelta(days=days)
    query = SlotQuery(firm.branch, shoot_chain(order.terms), at.date(), at.date() + dt.timedelta(days=1))
    slot = slot_at(query, at)
    told = {"appointment": firm.appointment, "plan": slot.plan(), "reason": "摄影师出差"}
    return propose_date(actor=clerk, order=order, **told)


def test_the_studio_asks_and_a_yes_moves_the_date(firm, customer, clerk):
    row = proposed(firm, clerk)
    order = Order.objects.get(pk=firm.order_id)
    assert OutboxMessage.objects.filter(template="date_proposed").count() == 1
    answer_proposal(customer=customer, proposal=row, accept=True)
    firm.refresh_from_db()
    assert firm.starts_at == firm.appointment.starts_at == SATURDAY + dt.timedelta(days=1)
    assert Order.objects.get(pk=order.pk).shoot_on == dt.date(2027, 3, 21)
    assert {"date.proposed", "date.accepted"} <= set(kinds(order))
    assert ResourceClaim.objects.filter(active=True).count() == 3
    with pytest.raises(Refusal, match=r"proposal\.over"):
        answer_proposal(customer=customer, proposal=row, accept=True)


def test_a_no_leaves_the_date_and_frees_the_other(firm, customer, clerk):
    row = proposed(firm, clerk)
    answer_proposal(customer=customer, proposal=row, accept=False, words="那天不行")
    assert Appointment.objects.get(pk=firm.appointment_id).starts_at == SATURDAY
    assert ResourceClaim.objects.filter(active=True).count() == 3
    assert "date.declined" in kinds(firm.order)


def test_a_proposal_nobody_answers_ends_and_a_new_one_replaces_the_old(firm, customer, clerk):
    first = proposed(firm, clerk)
    second = proposed(firm, clerk, days=2)
    first.refresh_from_db()
    assert (first.state, second.state) == ("ended", "open")
    with later(hours=49):
        with pytest.raises(Refusal, match=r"proposal\.over"):
            answer_proposal(customer=customer, proposal=second, accept=True)
        expire_holds()
        sweep()
    second.refresh_from_db()
    assert second.state == "ended"
    assert Appointment.objects.get(pk=firm.appointment_id).starts_at == SATURDAY


def test_drafts_nobody_came_back_to_are_forgotten(branch, package):
    draft(branch, package)
    with later(days=3):
        give_up_bookings()
    assert not Booking.objects.exists()
