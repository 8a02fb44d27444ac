"""Threads with connections of their own: the last Saturday goes to one, and money meets the clock exactly once."""

import datetime as dt
from collections import Counter

import pytest

from core.booking.models import Booking
from core.booking.services.firming import follow_booking, lapse_bookings
from core.booking.services.holding import Choice, begin_booking, hold_booking
from core.catalog.models import Coupon
from core.catalog.services import save_coupon
from core.contracts.selectors import contract_of
from core.contracts.services import amend_contract, send_contract
from core.finance.ledger import faults_of
from core.finance.models import Account
from core.finance.services import record_payment
from core.kernel import clock
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from core.scheduling.models import Appointment, ResourceClaim
from tests.core.booking import make
from tests.core.contracts import make as papers
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.retouch.test_races import THREADS, at_once


@pytest.fixture
def house(throwaway_studio):
    with clock.at(make.NOW):
        make_staff("owner")
        branch = make_branch("南山店", code="NS")
        make.team(branch)
        yield throwaway_studio, branch, make.bookable()


def test_the_last_saturday_is_one_couples(house):
    studio, branch, package = house
    drafts = [make.draft(branch, package) for _ in range(THREADS)]
    couples = [make_customer(f"客人{n}", phone=f"139100000{n:02}") for n in range(THREADS)]

    def work(i):
        with clock.at(make.NOW):
            hold_booking(actor=couples[i], booking=drafts[i], customer=couples[i])

    assert Counter(at_once(studio, work)) == {"done": 1, "slot.taken": THREADS - 1}
    assert Counter(Booking.objects.values_list("state", flat=True)) == {"held": 1, "draft": THREADS - 1}
    assert (Order.objects.count(), Appointment.objects.count()) == (1, 1)
    assert ResourceClaim.objects.filter(active=True).count() == ResourceClaim.objects.count()


def test_money_at_the_last_second_makes_it_firm_once_or_strands_it_once(house, monkeypatch):
    studio, branch, package = house
    make.signed(monkeypatch)
    clerk, customer = make_staff("receptionist", branch), make_customer("陈晓雨")
    row = make.held(branch, package, customer)
    other = make.draft(branch, package)
    rival = make_customer("抢先", phone="13910000099")
    over = row.appointment.hold_expires_at + dt.timedelta(seconds=1)

    def work(i):
        with clock.at(over):
            if i == 0:
                hold_booking(actor=rival, booking=other, customer=rival)
            elif i == 1:
                order = Order.objects.select_related("account").get(pk=row.order_id)
                told = {"amount_minor": order.price_minor * 30 // 100, "method": "transfer", "note": "x"}
                record_payment(actor=clerk, account=order.account, **told)
                follow_booking(booking=row)
            elif i % 2:
                follow_booking(booking=row)
            else:
                lapse_bookings()

    at_once(studio, work)
    with clock.at(over):
        follow_booking(booking=row)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) in {("firm", "draft"), ("stranded", "held")}
    told = OutboxMessage.objects.filter(template__in=["booking_firm", "booking_stranded"])
    assert [message.template for message in told] == [f"booking_{row.state}"]
    with pytest.raises(Refusal):
        hold_booking(actor=rival, booking=make.draft(branch, package), customer=rival)


def test_people_signing_an_annex_at_once_charge_it_once(house):
    studio, branch, package = house
    clerk, customer = make_staff("receptionist", branch), make_customer("陈晓雨")
    row = make.held(branch, package, customer)
    main = contract_of(row.order)
    papers.sign(main)
    told = {"title": "加拍", "text": "一套", "lines": [("夜景", 80000)]}
    annex = send_contract(actor=clerk, contract=amend_contract(actor=clerk, contract=main, **told))
    for n in range(1, THREADS):
        annex.signers.create(customer=make_customer(f"亲友{n}"), name=f"亲友{n}", position=n)
    codes = [papers.code_for(papers.signer_of(annex, n)) for n in range(THREADS)]

    def work(i):
        with clock.at(make.NOW):
            papers.sign(annex, i, code=codes[i])

    assert Counter(at_once(studio, work)) == {"done": THREADS}
    annex.refresh_from_db()
    account = Account.objects.get(pk=row.order.account_id)
    assert (annex.state, account.charged_minor) == ("signed", 479900)
    assert account.charges.filter(source=f"annex.{annex.pk}").count() == 1
    assert faults_of(account) == []


def test_the_last_coupon_is_one_couples_and_the_others_keep_their_draft(house):
    studio, branch, package = house
    fields = {"code": "LAST", "name": "最后一张", "kind": "amount", "amount_minor": 50000, "total_limit": 1}
    save_coupon(actor=None, fields=fields)
    drafts, couples = [], []
    for n in range(THREADS):
        at = make.SATURDAY + dt.timedelta(days=n)
        choice = Choice(branch, package, at, 349900, coupon="last ")
        drafts.append(begin_booking(choice=choice))
        couples.append(make_customer(f"客人{n}", phone=f"139100001{n:02}"))

    def work(i):
        with clock.at(make.NOW):
            hold_booking(actor=couples[i], booking=drafts[i], customer=couples[i])

    assert Counter(at_once(studio, work)) == {"done": 1, "coupon.used_up": THREADS - 1}
    assert Coupon.objects.get().used == 1
    assert Counter(Booking.objects.values_list("state", flat=True)) == {"held": 1, "draft": THREADS - 1}
    assert Order.objects.get().price_minor == 349900
