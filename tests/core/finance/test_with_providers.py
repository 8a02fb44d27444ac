"""Finance and billing together: real libraries, real HTTP to the fakes, real hooks, real jobs."""

import pytest

from billing import stripe_connect, wechat_merchant
from billing.gateway import PayUnreachable
from core.finance.models import Dispute, PayAttempt, Payment
from core.finance.services import online, start_payment
from core.kernel.errors import Refusal
from tenants.jobs import discover
from tests.core.finance.books import fresh
from tests.jobs import run_jobs

forget_clients = stripe_connect._client.cache_clear  # they keep the time that they wait


@pytest.fixture(autouse=True)
def _patient(pay_fake):
    yield
    pay_fake.control("slow", seconds=0, times=0)
    forget_clients()


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
    hear(pay_fake)
    attempt.refresh_from_db()
    pay_fake.control("dispute", charge=attempt.transaction)
    pay_fake.control("dispute", charge=attempt.transaction, status=status)
    hear(pay_fake)
    assert (Dispute.objects.get().state, fresh(account).paid_minor) == (status, paid)


def hear(pay_fake):
    for letter in reversed(pay_fake.notices() * 2):
        assert pay_fake.deliver(letter).status_code == 200
    run_jobs()


@pytest.mark.parametrize("route", ["stripe", "wechat"])
def test_a_provider_that_answers_too_late_takes_nothing_and_the_next_try_is_the_same(
    account, studio, pay_fake, monkeypatch, route
):
    pay_fake.connect(studio, route)
    door = stripe_connect if route == "stripe" else wechat_merchant
    monkeypatch.setattr(door, "TIMEOUT", (2, 0.5))
    forget_clients()
    told = {"account": account, "amount_minor": 120000, "route": route, **URLS}
    pay_fake.control("slow", seconds=1.2, times=9)
    with pytest.raises(Refusal, match=r"pay\.unreachable"):
        start_payment(**told)
    pay_fake.control("slow", seconds=0, times=0)
    attempt, _start = start_payment(**told)
    assert PayAttempt.objects.count() == 1
    pay_fake.begin()
    pay_fake.pay(attempt.provider_ref)
    discover()
    hear(pay_fake)
    assert (fresh(account).paid_minor, Payment.objects.count()) == (120000, 1)


def test_a_provider_that_is_slow_about_the_notice_is_asked_again(account, studio, pay_fake, monkeypatch):
    pay_fake.connect(studio, "stripe")
    attempt, start = start_payment(account=account, amount_minor=120000, route="stripe", **URLS)
    pay_fake.open(start.url)
    pay_fake.begin()
    pay_fake.pay(attempt.provider_ref)
    monkeypatch.setattr(stripe_connect, "TIMEOUT", (2, 0.5))
    forget_clients()
    pay_fake.control("slow", seconds=1.2, times=9)
    with pytest.raises(PayUnreachable):
        online.ask_provider(attempt=PayAttempt.objects.get())
    assert fresh(account).paid_minor == 0
    pay_fake.control("slow", seconds=0, times=0)
    online.ask_provider(attempt=PayAttempt.objects.get())
    assert fresh(account).paid_minor == 120000
