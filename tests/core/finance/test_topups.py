"""Stored value bought by a pay route: on the card once and exactly, whatever comes when, and back the way it came."""

import datetime as dt

import pytest

from core.finance.enums import Purse
from core.finance.holdings import offers, owed_by_branch
from core.finance.models import Payment, Refund, TopUp
from core.finance.selectors import account_for, day_figures
from core.finance.services import (
    apply_refund_report,
    apply_report,
    ask_top_up,
    give_up_top_up,
    pay_from_value,
    refund,
    refund_top_up,
    set_cap,
    set_gift,
    start_payment,
)
from core.finance.services.disputes import apply_dispute
from core.finance.values import balances_of, faults_of_card
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.people.staff import staff_of
from tests.core.finance.books import RefundReport, RefundState, assert_books, fresh, make_account, paid
from tests.core.finance.test_races import assert_exact, at_once
from tests.jobs import run_jobs

URLS = {"paid_url": "https://x/pay/{reference}/", "back_url": "https://x/card/"}
TERMS = ["The principal can be paid back at any time."]


@pytest.fixture(autouse=True)
def _cards_add_up(request):
    yield
    if "db" in request.fixturenames:
        for top_up in TopUp.objects.all():
            assert faults_of_card(top_up.account.customer) == []
            assert_books(top_up.account)


@pytest.fixture
def offer(account, manager):
    set_gift(actor=manager, least_minor=100000, gift_minor=10000, is_offered=True)


def begin(account, **fields):
    """A top-up of 1,000 with 100 as a gift, and a try to pay it."""
    told = {"least_minor": 100000, "gift_minor": 10000, "title": "储值", "terms": TERMS, **fields}
    top_up = ask_top_up(customer=account.customer, branch=account.branch, **told)
    attempt, _start = start_payment(account=top_up.account, route="stripe", customer=account.customer, **URLS)
    return top_up, attempt


@pytest.fixture
def begun(account, offer, provider):
    return begin(account)


@pytest.fixture
def done(begun):
    top_up, attempt = begun
    apply_report(report=paid(attempt))
    top_up.refresh_from_db()
    return top_up


def card(account):
    found = balances_of(account.customer)
    return found["principal"], found["gift"]


def state(top_up):
    return TopUp.objects.get(pk=top_up.pk).state


def test_nothing_is_owed_before_the_money_comes(account, begun, provider):
    top_up, attempt = begun
    assert (attempt.amount_minor, fresh_account(top_up).owed_minor, card(account)) == (100000, 0, (0, 0))
    assert begin(account)[0] == top_up  # the same wish
    assert provider.asked[0][1].amount_minor == 100000


def fresh_account(top_up):
    return type(top_up.account).objects.get(pk=top_up.account_id)


def test_a_yes_told_thrice_is_on_the_card_once_with_its_gift(account, begun, manager):
    top_up, attempt = begun
    told = [apply_report(report=paid(attempt)) for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert card(account) == (100000, 10000)
    assert (state(top_up), fresh_account(top_up).charged_minor) == ("done", 100000)
    assert day_figures(account.branch, clock.today(account.branch.timezone))["online"].total_minor == 100000
    assert Event.objects.filter(kind="value.bought").count() == 1
    assert f"/me/value/top-ups/{top_up.account.code}/" in OutboxMessage.objects.get().facts["link"]
    row = owed_by_branch()[0]
    assert (row.name, row.principal_minor, row.total_minor) == (account.branch.name, 100000, 110000)
    assert account_for(staff_of(manager), top_up.account.code) is None  # a sale's verbs do not reach it


def test_less_than_agreed_is_principal_without_a_gift_and_somebody_looks(account, begun):
    top_up, attempt = begun
    payment = apply_report(report=paid(attempt, 99900))
    assert (card(account), payment.flags, state(top_up)) == ((99900, 0), ["amount"], "done")


def test_more_than_agreed_goes_back_by_itself(account, begun, provider):
    _top_up, attempt = begun
    apply_report(report=paid(attempt, 130000))
    run_jobs()
    assert card(account) == (100000, 10000)
    assert [(one.amount_minor, one.state) for one in Refund.objects.all()] == [(30000, "done")]


def test_late_money_is_put_on_the_card_all_the_same(account, begun):
    _top_up, attempt = begun
    payment = apply_report(report=paid(attempt, at=attempt.expires_at + dt.timedelta(hours=3)))
    assert (card(account), payment.flags) == ((100000, 10000), ["late"])


def test_a_second_payment_of_the_same_top_up_goes_back(account, begun, provider):
    top_up, attempt = begun
    other, _ = start_payment(account=top_up.account, route="wechat", **URLS)
    apply_report(report=paid(attempt))
    second = apply_report(report=paid(other))
    run_jobs()
    assert (card(account), second.flags) == ((100000, 10000), ["double"])
    assert [one.amount_minor for one in Refund.objects.all()] == [100000]
    assert fresh_account(top_up).paid_minor == 100000


def test_given_up_and_paid_all_the_same_goes_back_whole(account, begun, provider):
    top_up, attempt = begun
    give_up_top_up(customer=account.customer, top_up=top_up)
    give_up_top_up(customer=account.customer, top_up=top_up)
    with pytest.raises(Refusal, match=r"pay\.nothing_owed"):
        start_payment(account=top_up.account, route="wechat", **URLS)
    apply_report(report=paid(attempt))
    run_jobs()
    assert (card(account), fresh_account(top_up).paid_minor, state(top_up)) == ((0, 0), 0, "over")
    assert ("cancel", attempt.reference) in provider.asked or Payment.objects.count() == 1


def test_what_is_on_the_card_is_not_given_up(account, done):
    with pytest.raises(Refusal, match=r"top_up\.done"):
        give_up_top_up(customer=account.customer, top_up=done)


def test_an_offer_that_changed_or_ended_is_not_sold(account, offer, manager):
    told = {"customer": account.customer, "branch": account.branch, "title": "储值", "terms": TERMS}
    for least, gift in ((100000, 20000), (50000, 0)):
        with pytest.raises(Refusal, match=r"offer\.changed"):
            ask_top_up(**told, least_minor=least, gift_minor=gift)
    set_gift(actor=manager, least_minor=100000, gift_minor=10000)
    assert offers() == []
    with pytest.raises(Refusal, match=r"offer\.changed"):
        ask_top_up(**told, least_minor=100000, gift_minor=10000)


def test_a_card_holds_no_more_than_its_cap_even_when_two_pay_at_once(account, offer, manager, provider):
    set_cap(actor=manager, cap_minor=150000, reason="")
    first, one = begin(account)
    TopUp.objects.update(asked_at=clock.now() - dt.timedelta(hours=1))
    second, two = begin(account)
    apply_report(report=paid(one))
    apply_report(report=paid(two))
    run_jobs()
    assert (card(account), state(first), state(second)) == ((100000, 10000), "done", "back")
    assert Refund.objects.get().amount_minor == 100000
    with pytest.raises(Refusal, match=r"value\.cap"):
        begin(account)


def test_more_than_the_law_allows_needs_a_reason(account, manager):
    with pytest.raises(Refusal, match=r"cap\.unexplained"):
        set_cap(actor=manager, cap_minor=500001, reason=" ")
    assert set_cap(actor=manager, cap_minor=900000, reason="备案企业").cap_minor == 900000


def test_unused_principal_goes_back_by_its_route_and_takes_its_gift(account, done, manager, provider):
    told = {"actor": manager, "account": done.account, "reason": "搬家"}
    refund_top_up(**told, amount_minor=40000, once="k")
    assert refund_top_up(**told, amount_minor=40000, once="k") == []
    assert card(account) == (60000, 6000)
    refund_top_up(**told, amount_minor=60000)
    run_jobs()
    assert (card(account), state(done), fresh_account(done).paid_minor) == ((0, 0), "back", 0)
    assert [one.by_route for one in Refund.objects.all()] == [True, True]


def test_used_principal_is_not_given_back(account, done, manager):
    pay_from_value(actor=manager, account=account, amount_minor=70000)
    with pytest.raises(Refusal, match=r"value\.too_little") as found:
        refund_top_up(actor=manager, account=done.account, amount_minor=30001, reason="x")
    assert (found.value.facts["price_minor"], card(account)) == (30000, (30000, 10000))
    with pytest.raises(Refusal, match=r"refund\.top_up"):
        refund(actor=manager, account=done.account, amount_minor=1, reason="x")


def test_a_refund_that_the_route_refuses_is_paid_out_by_hand(account, done, manager, provider):
    row = refund_top_up(actor=manager, account=done.account, amount_minor=100000, reason="x")[0]
    apply_refund_report(report=RefundReport(row.reference, RefundState.FAILED, code="closed"))
    assert (card(account), fresh_account(done).surplus_minor) == ((0, 0), 100000)
    again = refund_top_up(actor=manager, account=done.account, amount_minor=100000, reason="x", by_hand=True)
    assert (again[0].by_route, again[0].method, fresh_account(done).paid_minor) == (False, "cash", 0)


def test_what_a_bank_takes_back_leaves_the_card_and_only_what_was_used_is_owed(account, done, manager):
    pay_from_value(actor=manager, account=account, amount_minor=30000)
    payment = Payment.objects.get(account=done.account)
    told = {"payment": payment, "provider_ref": "dp_1", "amount_minor": 100000, "due_at": None}
    for _ in range(2):
        apply_dispute(**told, state="lost")
    assert (card(account), fresh_account(done).owed_minor) == ((0, 3000), 30000)
    assert fresh(account).paid_minor == 30000


def test_ten_threads_tell_one_yes(throwaway_studio, provider):
    account = make_account()
    set_gift(actor=None, least_minor=100000, gift_minor=10000, is_offered=True)
    _top_up, attempt = begin(account)
    other = make_account(branch=account.branch, customer=account.customer)

    def work(i):
        if i % 2:
            return apply_report(report=paid(attempt)).pk
        try:
            return pay_from_value(actor=None, account=other, amount_minor=9000).pk
        except Refusal:
            return 0

    at_once(throwaway_studio, work)
    assert_exact()
    assert Payment.objects.filter(method="online").count() == 1
    assert balances_of(account.customer)[Purse.PRINCIPAL] == 100000 - fresh(other).paid_minor
