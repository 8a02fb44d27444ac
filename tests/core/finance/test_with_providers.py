"""Finance and billing together: real libraries, real HTTP to the fakes, real hooks, real jobs."""

import pytest

from core.finance.models import Dispute, Payment
from core.finance.services import start_payment
from tenants.jobs import discover
from tests.core.finance.books import fresh
from tests.jobs import run_jobs

URLS = {"paid_url": "https://x/pay/{reference}/", "back_url": "https://x/bill/"}


@pytest.mark.parametrize("route", ["stripe", "wechat", "alipay"])
def test_a_deposit_is_paid_told_thrice_and_booked_once(account, studio, pay_fake, route):
    pay_fake.connect(studio, route)
    attempt, start = start_payment(account=account, amount_minor=120000, route=route, **URLS)
    assert start.url
    pay_fake.open(start.url)
    pay_fake.begin()
    pay_fake.pay(attempt.provider_ref, **({"method": "alipay"} if route == "stripe" else {}))
    for letter in reversed(pay_fake.notices() * 3):
        assert pay_fake.deliver(letter).status_code == 200
    discover()  # as a worker does: these jobs defer others
    run_jobs()
    assert [payment.amount_minor for payment in Payment.objects.all()] == [120000]


@pytest.mark.parametrize(("status", "paid"), [("lost", 0), ("won", 120000)])
def test_a_dispute_is_told_in_any_order_and_ends_exactly(account, studio, pay_fake, status, paid):
    pay_fake.connect(studio, "stripe")
    attempt, start = start_payment(account=account, amount_minor=120000, route="stripe", **URLS)
    pay_fake.open(start.url)
    pay_fake.begin()
    pay_fake.pay(attempt.provider_ref)
    discover()
    told(pay_fake)
    attempt.refresh_from_db()
    pay_fake.control("dispute", charge=attempt.transaction)
    pay_fake.control("dispute", charge=attempt.transaction, status=status)
    told(pay_fake)
    assert (Dispute.objects.get().state, fresh(account).paid_minor) == (status, paid)


def told(pay_fake):
    for letter in reversed(pay_fake.notices() * 2):
        assert pay_fake.deliver(letter).status_code == 200
    run_jobs()
