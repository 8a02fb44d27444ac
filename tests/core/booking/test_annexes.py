"""The contract follows the date: the annex, its evidence, its price in the ledger; desk orders as bookings."""

import datetime as dt

import pytest

from core.booking.chains import shoot_chain
from core.booking.dated import dated_of, margin_of, refund_of
from core.booking.jobs import sweep
from core.booking.services.changing import cancel_shoot, move_booking, move_shoot
from core.booking.services.firming import follow_booking
from core.booking.services.proposing import answer_proposal, propose_date
from core.contracts import files, trail
from core.contracts.finishing import finish_contract
from core.contracts.models import Clause, Contract
from core.contracts.selectors import contract_of, papers_of
from core.contracts.services import amend_contract, amend_date, send_contract
from core.contracts.services.moving import moving_consent
from core.contracts.services.posting import post_annex
from core.finance.ledger import faults_of
from core.finance.models import Charge
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.dates import take_date
from core.orders.models import Order
from core.orders.services import cancel_order
from core.people.login import log_in
from core.people.models import PhoneCode
from core.scheduling.selectors import SlotQuery, slot_at
from core.scheduling.services import expire_holds
from tests.core.booking.make import LATE, NOW, SATURDAY, bookable, held, pay, team
from tests.core.contracts.make import CODE, address, code_for, sign, signer_of
from tests.factories import furnish_stages, make_branch, make_customer, make_order, make_staff

WEEK = dt.timedelta(days=7)
PHONE = {"address": "203.0.113.9", "agent": "Mozilla/5.0 (iPhone)"}


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(NOW):
        yield


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


def firm_booking(branch, clerk, customer, at=SATURDAY):
    """Signed by the phone's code and paid: as it happens."""
    row = held(branch, bookable(), customer, at)
    sign(contract_of(row.order))
    follow_booking(booking=row)
    pay(row, clerk, row.order.price_minor * 30 // 100)
    row.refresh_from_db()
    assert row.state == "firm"
    return row


def annex_of(order):
    return Contract.objects.exclude(parent=None).get(order=order)


def text_of(contract):
    return str(contract.blocks)


def test_a_customers_own_move_is_an_annex_signed_by_the_tap(firm, customer):
    main = contract_of(firm.order)
    move_booking(customer=customer, booking=firm, starts_at=SATURDAY + WEEK, evidence=PHONE)
    annex = annex_of(firm.order)
    assert (annex.parent, annex.state, annex.number) == (main, "signed", f"{main.number}-A1")
    assert "2027年3月20日 10:00" in text_of(annex)
    assert "2027年3月27日 10:00" in text_of(annex)
    proof = annex.trail.get(kind="signed").facts
    assert (proof["address"], proof["agent"], proof["method"]) == (*PHONE.values(), "agreed")
    assert proof["document"] == annex.document_sha256
    assert proof["consent"] == moving_consent(main)
    assert proof["phone"]["number"].endswith("2699")
    assert customer.phone not in str(proof)
    assert trail.broken_at(annex) == 0
    assert annex.signers.get().state == "signed"
    assert Charge.objects.filter(source__startswith="annex").count() == 0
    assert papers_of(customer, firm.order)[0] == annex
    main.refresh_from_db()
    assert (main.state, trail.broken_at(main)) == ("signed", 0)


def test_the_annex_is_sealed_and_its_certificate_says_how_it_was_agreed(firm, customer):
    move_booking(customer=customer, booking=firm, starts_at=SATURDAY + WEEK, evidence=PHONE)
    annex = annex_of(firm.order)
    finish_contract(contract=annex.pk)
    annex.refresh_from_db()
    assert annex.sealed_sha256
    assert files.final_bytes(annex).startswith(b"%PDF")


def test_a_cheaper_hour_takes_its_difference_off_and_moving_back_is_no_dearer_than_signed(firm, customer):
    account = firm.order.account
    move_booking(customer=customer, booking=firm, starts_at=LATE)
    account.refresh_from_db()
    assert account.charged_minor == 319920
    firm.refresh_from_db()
    assert margin_of(dated_of(firm.order)).most_minor == 399900
    move_booking(customer=customer, booking=firm, starts_at=SATURDAY)
    account.refresh_from_db()
    assert account.charged_minor == 399900
    assert [charge.total_minor for charge in account.charges.order_by("pk")] == [399900, -79980, 79980]
    assert faults_of(account) == []


def test_words_that_do_not_allow_moving_send_the_annex_to_sign(branch, clerk, customer):
    held(branch, bookable(name="先来的"), make_customer("先来"), SATURDAY + 3 * WEEK)  # which furnishes the clauses
    clause = Clause.objects.get(language="zh-hans", text__contains="moving_terms")
    Clause.objects.filter(pk=clause.pk).update(text=clause.text.replace("{{moving_terms}}", ""))
    firm = firm_booking(branch, clerk, customer)
    move_booking(customer=customer, booking=firm, starts_at=LATE)
    annex, account = annex_of(firm.order), firm.order.account
    account.refresh_from_db()
    assert (annex.state, account.charged_minor) == ("sent", 399900)
    sign(annex)
    account.refresh_from_db()
    assert account.charged_minor == 319920


def test_somebody_who_has_not_signed_the_contract_cannot_agree_for_those_who_have(firm, customer):
    friend = make_customer("林一舟")
    firm.order.people.create(customer=friend, part="groom")
    move_booking(customer=friend, booking=firm, starts_at=SATURDAY + WEEK)
    annex = annex_of(firm.order)
    assert annex.state == "sent"
    assert annex.signers.get().customer == customer


def proposed(firm, clerk, at, **more):
    order = Order.objects.get(pk=firm.order_id)
    query = SlotQuery(firm.branch, dated_of(order).chain or chain(order), at.date(), at.date() + dt.timedelta(days=1))
    told = {"appointment": firm.appointment, "plan": slot_at(query, at).plan(), "reason": "摄影师出差 🎥"}
    return propose_date(actor=clerk, order=order, **told, **more)


def chain(order):
    return shoot_chain(order.terms)


def test_a_proposal_with_its_price_becomes_an_annex_and_a_charge_by_the_customers_yes(branch, clerk, customer):
    firm = firm_booking(branch, clerk, customer, LATE)
    row = proposed(firm, clerk, SATURDAY + WEEK, priced=True)
    assert row.price_minor == 79980
    answer_proposal(customer=customer, proposal=row, accept=True, evidence=PHONE)
    annex, account = annex_of(firm.order), firm.order.account
    account.refresh_from_db()
    assert annex.trail.get(kind="signed").facts["proposal"] == row.pk
    assert "摄影师出差" in text_of(annex) or "原因" not in text_of(annex)
    assert (account.charged_minor, Charge.objects.get(source=f"annex.{annex.pk}").total_minor) == (399900, 79980)
    assert account.instalments.order_by("-number").first().amount_minor == 79980
    firm.refresh_from_db()
    assert firm.starts_at == SATURDAY + WEEK


def test_a_proposal_without_its_price_keeps_what_was_signed(branch, clerk, customer):
    firm = firm_booking(branch, clerk, customer, LATE)
    answer_proposal(customer=customer, proposal=proposed(firm, clerk, SATURDAY + WEEK), accept=True)
    firm.order.account.refresh_from_db()
    assert firm.order.account.charged_minor == 319920
    assert annex_of(firm.order).data["lines"] == []


def test_a_move_that_is_refused_leaves_no_annex(firm, customer):
    with pytest.raises(Refusal, match=r"appointment\.stale"):
        move_booking(customer=customer, booking=firm, starts_at=SATURDAY + WEEK, seq=99)
    with pytest.raises(Refusal, match=r"slot\.taken"):
        move_booking(customer=customer, booking=firm, starts_at=SATURDAY.replace(hour=3))
    assert not Contract.objects.exclude(parent=None).exists()


def test_a_stranded_couple_s_new_date_amends_what_they_have_signed(branch, clerk, customer):
    row = held(branch, bookable(), customer)
    sign(contract_of(row.order))
    follow_booking(booking=row)
    with clock.at(NOW + dt.timedelta(minutes=30)):
        expire_holds()
        for n in range(2):
            held(branch, row.package, make_customer(f"别人{n}"))
        pay(row, clerk)
        row.refresh_from_db()
        assert row.state == "stranded"
        moved = move_booking(customer=customer, booking=row, starts_at=SATURDAY + WEEK, evidence=PHONE)
    assert moved.state == "firm"
    assert "2027年3月27日 10:00" in text_of(annex_of(row.order))


def test_a_lapsed_hold_taken_again_gets_a_contract_that_names_the_new_day(branch, clerk, customer):
    row = held(branch, bookable(), customer)
    with clock.at(NOW + dt.timedelta(minutes=30)):
        sweep()
        row.refresh_from_db()
        move_booking(customer=customer, booking=row, starts_at=SATURDAY + WEEK)
    first, second = Contract.objects.order_by("pk")
    assert (first.state, second.state) == ("superseded", "sent")
    assert second.data["order"]["shoot_on"] == "2027-03-27"


# -- What staff write -------------------------------------------------------------------------------------------------
def test_an_annex_with_a_price_is_charged_when_signed_and_only_once(firm, clerk):
    account = firm.order.account
    annex = amend_contract(
        actor=clerk, contract=contract_of(firm.order), title="加拍夜景", text="一套", lines=[("夜景", 80000)]
    )
    send_contract(actor=clerk, contract=annex)
    account.refresh_from_db()
    assert account.charged_minor == 399900
    sign(annex)
    sign(annex)
    post_annex(actor=clerk, contract=annex)
    account.refresh_from_db()
    assert account.charged_minor == 479900
    assert sum(row.amount_minor for row in account.instalments.all()) == 479900
    assert faults_of(account) == []


def test_an_annex_that_takes_away_stays_within_the_writers_discount(firm, clerk):
    told = {"contract": contract_of(firm.order), "title": "减项", "text": "不做相册"}
    with pytest.raises(Refusal, match=r"discount\.too_much"):
        amend_contract(actor=clerk, **told, lines=[("相册", -100000)])
    with pytest.raises(Refusal, match=r"discount\.over_owed"):
        amend_contract(actor=make_staff("owner"), **told, lines=[("相册", -500000)])


def test_an_annex_of_an_order_that_is_over_cannot_be_signed(firm, clerk, customer):
    annex = amend_contract(
        actor=clerk, contract=contract_of(firm.order), title="加拍", text="一套", lines=[("夜景", 80000)]
    )
    send_contract(actor=clerk, contract=annex)
    cancel_order(actor=clerk, order=firm.order, reason="取消")
    with pytest.raises(Refusal, match=r"contract\.closed"):
        sign(annex)


# -- Orders taken at the desk -----------------------------------------------------------------------------------------
@pytest.fixture
def desk(branch, clerk, customer):
    """An order with a firm shoot and no booking row."""
    order = make_order(branch, clerk, package=bookable(), customer=customer, title="陈晓雨")
    query = SlotQuery(branch, chain(order), SATURDAY.date(), SATURDAY.date() + dt.timedelta(days=1))
    take_date(actor=clerk, order=order, kind="shoot", plan=slot_at(query, SATURDAY).plan(), firm=True)
    order.refresh_from_db()
    return order


def test_an_order_of_the_desk_moves_by_the_same_rules(desk, customer):
    move_shoot(customer=customer, order=desk, starts_at=SATURDAY + WEEK)
    desk.refresh_from_db()
    assert desk.shoot_on == (SATURDAY + WEEK).date()
    with clock.at(SATURDAY + dt.timedelta(days=1)), pytest.raises(Refusal, match=r"booking\.late"):
        move_shoot(customer=customer, order=desk, starts_at=SATURDAY + 2 * WEEK)


def test_an_order_of_the_desk_is_given_up_for_the_refund_that_was_shown(desk, clerk, customer):
    told = refund_of(dated_of(desk))
    with pytest.raises(Refusal, match=r"refund\.changed"):
        cancel_shoot(customer=customer, order=desk, reason="改主意", seen_minor=told.amount_minor + 1)
    cancel_shoot(customer=customer, order=desk, reason="改主意", seen_minor=told.amount_minor)
    desk.refresh_from_db()
    assert desk.state == "cancelled"
    assert dated_of(desk).appointment is None
    with pytest.raises(Refusal, match=r"booking\.closed"):
        cancel_shoot(customer=customer, order=desk, reason="改主意", seen_minor=0)


def test_after_the_shoot_has_begun_nobody_gives_it_up(desk, customer):
    with clock.at(SATURDAY + dt.timedelta(hours=1)), pytest.raises(Refusal, match=r"booking\.over"):
        cancel_shoot(customer=customer, order=desk, reason="改主意", seen_minor=0)


# -- Codes have purposes ----------------------------------------------------------------------------------------------
def test_a_code_for_logging_in_does_not_sign_and_one_for_signing_does_not_log_in(firm, clerk, customer):
    annex = amend_contract(actor=clerk, contract=contract_of(firm.order), title="加拍", text="一套")
    send_contract(actor=clerk, contract=annex)
    code_for(signer_of(annex))
    with pytest.raises(Refusal, match=r"code\.expired"):
        log_in(phone=customer.phone, code=CODE, device="x", address=address())
    PhoneCode.objects.filter(used_at=None).update(purpose="login")
    with pytest.raises(Refusal, match=r"code\.expired"):
        sign(annex, code=CODE)
    annex.refresh_from_db()
    assert annex.state == "sent"


def test_without_a_signed_contract_there_is_nothing_to_amend(desk, customer):
    assert amend_date(customer=customer, order=desk, was=SATURDAY, at=LATE) is None
