"""Paying by a provider: whatever it says, in whatever order, the books are exact."""

import datetime as dt

import pytest

from billing.gateway import PayRefused, PayReport, PayState, PayUnreachable
from core.finance import jobs
from core.finance.models import PayAttempt, Payment
from core.finance.services import apply_report, record_payment, start_payment
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from tests.core.finance.books import fresh, paid
from tests.core.finance.test_ledger import plan
from tests.jobs import run_jobs

URLS = {"paid_url": "https://x/pay/{reference}/", "back_url": "https://x/bill/"}


@pytest.fixture
def attempt(account, provider):
    """A try to pay the first instalment, 1200.00."""
    return start_payment(account=account, instalment=account.instalments.first(), route="stripe", **URLS)[0]


def test_a_try_is_stored_before_the_provider_is_asked(account, provider):
    made, start = start_payment(account=account, instalment=account.instalments.first(), route="stripe", **URLS)
    _what, asked = provider.asked[0]
    assert (asked.reference, asked.amount_minor, asked.currency) == (made.reference, 120000, "CNY")
    assert asked.paid_url == f"https://x/pay/{made.reference}/"
    assert len(made.reference) <= 32
    assert start.url == made.start["url"] == "https://pay.example/stripe"


def test_the_same_wish_within_its_time_is_the_same_try(account, provider):
    first = account.instalments.first()
    told = [start_payment(account=account, instalment=first, route="stripe", **URLS)[0] for _ in range(2)]
    other, _ = start_payment(account=account, instalment=first, route="wechat", **URLS)
    assert told[0] == told[1] != other
    assert [what for what, _ in provider.asked] == ["start", "start"]


def test_a_silent_provider_leaves_the_same_try_to_ask_again(account, provider):
    provider.fails = PayUnreachable()
    with pytest.raises(Refusal, match="pay.unreachable"):
        start_payment(account=account, route="stripe", **URLS)
    provider.fails = None
    start_payment(account=account, route="stripe", **URLS)
    assert provider.asked[0][1].reference == provider.asked[1][1].reference
    assert PayAttempt.objects.count() == 1


def test_a_refusing_provider_ends_the_try(account, provider):
    provider.fails = PayRefused("account_closed")
    with pytest.raises(Refusal, match="pay.refused"):
        start_payment(account=account, route="stripe", **URLS)
    assert PayAttempt.objects.get().state == "failed"


def test_nothing_is_asked_for_when_nothing_is_owed(account, clerk, provider):
    with pytest.raises(Refusal, match="pay.nothing_owed"):
        start_payment(account=account, route="stripe", amount_minor=400001, **URLS)
    record_payment(actor=clerk, account=account, amount_minor=400000, method="transfer")
    with pytest.raises(Refusal, match="pay.nothing_owed"):
        start_payment(account=fresh(account), route="stripe", **URLS)
    assert provider.asked == []


def test_a_yes_is_booked_once_however_often_it_comes(account, attempt):
    told = [apply_report(report=paid(attempt)) for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert fresh(account).paid_minor == 120000
    assert plan(account)[0] == ("signing", 120000, 120000)
    assert Event.objects.filter(kind="payment.received").count() == 1
    assert OutboxMessage.objects.filter(template="payment_received").count() == 1
    assert not told[0].needs_audit


@pytest.mark.parametrize("state", [PayState.PENDING, PayState.FAILED, PayState.EXPIRED])
def test_what_comes_after_the_yes_changes_nothing(account, attempt, state):
    apply_report(report=paid(attempt))
    apply_report(report=PayReport(attempt.reference, attempt.provider_ref, state))
    attempt.refresh_from_db()
    assert attempt.state == "paid"
    assert fresh(account).paid_minor == 120000


@pytest.mark.parametrize("state", [PayState.FAILED, PayState.EXPIRED])
def test_a_yes_after_a_no_counts_and_is_shown_to_a_person(account, attempt, state):
    assert apply_report(report=PayReport(attempt.reference, attempt.provider_ref, state)) is None
    payment = apply_report(report=paid(attempt))
    assert fresh(account).paid_minor == 120000
    assert payment.flags == ["late"]
    assert payment.needs_audit


def test_money_after_the_time_is_booked_and_flagged(account, attempt):
    with clock.at(attempt.expires_at + dt.timedelta(minutes=5)):
        payment = apply_report(report=paid(attempt))
    assert (payment.amount_minor, payment.flags) == (120000, ["late"])


@pytest.mark.parametrize("amount", [119999, 120001, 1])
def test_another_amount_is_booked_as_it_came(account, attempt, amount):
    payment = apply_report(report=paid(attempt, amount))
    assert fresh(account).paid_minor == amount
    assert payment.flags == ["amount"]
    assert sum(settled for _when, _asked, settled in plan(account)) == amount


@pytest.mark.parametrize(("amount", "currency"), [(120000, "USD"), (120000, ""), (0, "CNY")])
def test_foreign_money_counts_nothing_and_waits_for_a_person(account, attempt, amount, currency):
    for _ in range(2):
        assert apply_report(report=paid(attempt, amount, currency)) is None
    attempt.refresh_from_db()
    assert (attempt.state, attempt.received_minor, attempt.received_currency) == ("odd", amount, currency)
    assert fresh(account).paid_minor == 0
    assert Event.objects.filter(kind="payment.odd").count() == 1


def test_paying_twice_by_two_routes_leaves_a_surplus(account, provider):
    tries = [start_payment(account=account, route=route, **URLS)[0] for route in ("stripe", "wechat")]
    told = [apply_report(report=paid(one)) for one in reversed(tries)]
    account = fresh(account)
    assert (account.paid_minor, account.surplus_minor) == (800000, 400000)
    assert [one.flags for one in told] == [[], ["double"]]


@pytest.mark.parametrize("how", ["another route", "the desk"])
def test_a_try_is_withdrawn_when_its_instalment_is_paid_otherwise(account, clerk, provider, how):
    """Two tabs, two routes: without this both could be paid, and nobody would notice before the last instalment."""
    first, second = account.instalments.all()[:2]
    kept, _ = start_payment(account=account, instalment=second, route="stripe", **URLS)
    spent, _ = start_payment(account=account, instalment=first, route="stripe", **URLS)
    if how == "the desk":
        record_payment(actor=clerk, account=account, amount_minor=first.amount_minor, method="cash")
    else:
        apply_report(report=paid(start_payment(account=account, instalment=first, route="wechat", **URLS)[0]))
    run_jobs()
    states = dict(PayAttempt.objects.values_list("pk", "state"))
    assert (states[spent.pk], states[kept.pk]) == ("expired", "open")
    assert [asked for what, asked in provider.asked if what == "cancel"] == [spent.reference]


def test_money_for_a_paid_instalment_is_booked_and_shown_to_a_person(account, attempt, provider):
    other, _ = start_payment(account=account, instalment=account.instalments.first(), route="wechat", **URLS)
    told = [apply_report(report=paid(one)) for one in (attempt, other)]
    assert [one.flags for one in told] == [[], ["double"]]
    assert told[1].needs_audit


def test_a_notice_is_not_believed_but_asked_about(account, attempt, provider):
    jobs.apply_notice(route="stripe", reference=attempt.reference, kind="payment")
    assert Payment.objects.count() == 0
    provider.reports[attempt.reference] = paid(attempt)
    for _ in range(2):
        jobs.apply_notice(route="stripe", reference=attempt.reference, kind="payment")
    assert Payment.objects.count() == 1
    asked = len(provider.asked)
    jobs.apply_notice(route="stripe", reference="p9-forged", kind="payment")
    jobs.apply_notice(route="alipay", reference=attempt.reference, kind="payment")
    jobs.apply_notice(route="stripe", reference="r9-forged", kind="refund")
    assert len(provider.asked) == asked


def test_an_unknown_reference_is_refused(db):
    with pytest.raises(Refusal, match="pay.unknown"):
        apply_report(report=PayReport("p1-x", "", PayState.PAID, 5, "CNY"))


def test_tries_whose_time_is_over_are_asked_about_and_end(account, attempt, provider):
    lost, _ = start_payment(account=account, route="wechat", amount_minor=500, **URLS)
    with clock.at(attempt.expires_at + dt.timedelta(minutes=1)):
        provider.reports[attempt.reference] = paid(attempt, at=attempt.created_at)
        jobs.tend_payments()
    states = dict(PayAttempt.objects.values_list("pk", "state"))
    assert states == {attempt.pk: "paid", lost.pk: "expired"}
    assert ("cancel", lost.reference) in provider.asked
    assert fresh(account).paid_minor == 120000


def test_money_by_night_goes_on_the_next_open_day(account, attempt, manager):
    from core.finance.services import close_day

    today = clock.today(account.branch.timezone)
    close_day(actor=manager, branch=account.branch, day=today, counted={"cash": 0, "pos": 0, "transfer": 0})
    payment = apply_report(report=paid(attempt))
    assert payment.book.day == today + dt.timedelta(days=1)
