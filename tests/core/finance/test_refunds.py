"""Money back: the frozen table decides, sources get theirs first, nothing goes back twice."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from billing.gateway import PayRefused, PayUnreachable, RefundReport, RefundState
from core.finance import jobs
from core.finance.models import Payment, Refund
from core.finance.selectors import audit_queue, day_figures, refund_due
from core.finance.services import (
    apply_refund_report,
    apply_report,
    audit_refund,
    close_day,
    pay_from_value,
    pay_out,
    record_payment,
    refund,
    start_payment,
)
from core.finance.services.catching_up import book_undated_refunds
from core.finance.services.values import top_up
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.services import cancel_order
from core.people.staff import staff_of
from tests.core.finance.books import fresh, make_account, paid
from tests.factories import make_staff
from tests.jobs import run_jobs

URLS = {"paid_url": "https://x/", "back_url": "https://x/"}
TABLE = [
    {"who": "customer", "until_days": 30, "refund_percent": 100},
    {"who": "customer", "until_days": 10, "refund_percent": 50},
    {"who": "customer", "until_days": 0, "refund_percent": 0},
    {"who": "studio", "until_days": 0, "refund_percent": 100},
]
TODAY = dt.date(2026, 11, 22)


def by_route(account, amount):
    made, _ = start_payment(account=account, route="stripe", amount_minor=amount, **URLS)
    return apply_report(report=paid(made))


def by_hand(account, clerk, amount, method="cash"):
    return record_payment(actor=clerk, account=account, amount_minor=amount, method=method)


@pytest.fixture
def account(db):
    return make_account(terms={"refunds": TABLE}, shoot_on=clock.today("Asia/Shanghai") + dt.timedelta(days=20))


@pytest.mark.parametrize(
    ("days", "who", "amount"),
    [(45, "customer", 120001), (20, "customer", 60001), (5, "customer", 0), (5, "studio", 120001)],
)
def test_the_quote_is_the_contract_s(account, clerk, days, who, amount):
    by_hand(account, clerk, 120001)
    told = refund_due(fresh(account), who, TODAY, TODAY + dt.timedelta(days=days))
    assert (told.amount_minor, told.kept_minor) == (amount, 120001 - amount)


def test_cancelling_gives_back_exactly_what_was_shown(account, clerk, manager, provider):
    by_route(account, 50000)
    by_hand(account, clerk, 70000)
    with pytest.raises(Refusal, match="refund.changed"):
        cancel_order(actor=manager, order=account.order, reason="改主意", who="customer", seen_minor=120000)
    cancel_order(actor=manager, order=account.order, reason="改主意", who="customer", seen_minor=60000)
    run_jobs()
    account = fresh(account)
    assert (account.charged_minor, account.paid_minor, account.owed_minor) == (60000, 60000, 0)
    told = list(Refund.objects.values_list("amount_minor", "by_route", "state"))
    assert told == [(50000, True, "done"), (10000, False, "pending")]


def test_cancelling_an_unpaid_order_leaves_nothing_owed(account, manager):
    cancel_order(actor=manager, order=account.order, reason="重复下单")
    assert (fresh(account).charged_minor, Refund.objects.count()) == (0, 0)


def test_parts_go_to_the_oldest_payment_first(account, clerk, manager, provider):
    first, second = by_route(account, 30000), by_route(account, 20000)
    by_hand(account, clerk, 10000)
    made = refund(actor=manager, account=account, amount_minor=45000, reason="少拍一套")
    assert [(one.payment_id, one.amount_minor) for one in made] == [(first.pk, 30000), (second.pk, 15000)]
    run_jobs()
    asked = [said for what, said in provider.asked if what == "refund"]
    assert [(one.amount_minor, one.paid_minor, one.payment_reference) for one in asked] == [
        (30000, 30000, first.attempt.reference), (15000, 20000, second.attempt.reference),
    ]  # fmt: skip
    account = fresh(account)
    assert (account.paid_minor, account.charged_minor) == (15000, 355000)


def test_a_surplus_goes_back_without_touching_the_price(account, clerk, manager):
    by_hand(account, clerk, 410000)
    refund(actor=manager, account=account, amount_minor=10000, reason="多付")
    account = fresh(account)
    assert (account.charged_minor, account.paid_minor) == (400000, 400000)


def test_nobody_gets_more_than_was_paid(account, clerk, manager):
    by_hand(account, clerk, 10000)
    with pytest.raises(Refusal, match="refund.too_much"):
        refund(actor=manager, account=account, amount_minor=10001, reason="x")
    refund(actor=manager, account=account, amount_minor=10000, reason="x", once="f1")
    assert refund(actor=manager, account=account, amount_minor=10000, reason="x", once="f1") == []
    with pytest.raises(Refusal, match="refund.too_much"):
        refund(actor=manager, account=account, amount_minor=1, reason="x")


def test_a_silent_provider_leaves_the_refund_on_its_way_and_is_asked_again(account, manager, provider):
    by_route(account, 30000)
    (made,) = refund(actor=manager, account=account, amount_minor=30000, reason="取消")
    provider.fails = PayUnreachable()
    with pytest.raises(PayUnreachable):
        jobs.send_refund(refund=made.pk)
    made.refresh_from_db()
    assert (made.state, made.tries) == ("pending", 1)
    provider.fails = None
    provider.refunds[made.reference] = RefundReport(made.reference, RefundState.PENDING, "re_9")
    jobs.send_refund(refund=made.pk)
    provider.refunds[made.reference] = RefundReport(made.reference, RefundState.DONE, "re_9")
    with clock.at(clock.now() + dt.timedelta(minutes=20)):
        jobs.tend_payments()
    made.refresh_from_db()
    assert (made.state, made.provider_ref) == ("done", "re_9")
    assert [what for what, _ in provider.asked].count("refund") == 2


def test_a_refused_refund_frees_the_money_for_another_way(account, manager, provider):
    by_route(account, 30000)
    (made,) = refund(actor=manager, account=account, amount_minor=30000, reason="取消")
    provider.fails = PayRefused("too_old")
    jobs.send_refund(refund=made.pk)
    account = fresh(account)
    assert (account.paid_minor, account.surplus_minor) == (30000, 0 if account.charged_minor > 30000 else 30000)
    made.refresh_from_db()
    assert (made.state, made.code) == ("failed", "too_old")
    other = refund(actor=manager, account=account, amount_minor=30000, reason="转账退", by_hand=True)
    assert [one.by_route for one in other] == [False]


def test_a_report_about_a_done_refund_changes_nothing(account, manager, provider):
    by_route(account, 30000)
    (made,) = refund(actor=manager, account=account, amount_minor=10000, reason="x")
    for state in (RefundState.DONE, RefundState.FAILED, RefundState.PENDING):
        apply_refund_report(report=RefundReport(made.reference, state))
    made.refresh_from_db()
    assert made.state == "done"
    assert fresh(account).paid_minor == 20000
    day = day_figures(account.branch, made.book.day)["online"]
    assert (day.out_minor, day.in_minor) == (10000, 30000), "what a provider gave back leaves the day's books"


def test_a_refund_by_hand_is_paid_out_by_one_and_audited_by_another(account, clerk, manager):
    by_hand(account, clerk, 30000)
    (made,) = refund(actor=manager, account=account, amount_minor=10000, reason="x")
    boss = staff_of(make_staff("owner"))
    assert [one.pk for one in audit_queue(boss).to_pay_out] == [made.pk]
    with pytest.raises(Refusal, match="refund.not_done"):
        audit_refund(actor=manager, refund=made)
    pay_out(actor=clerk, refund=made)
    with pytest.raises(Refusal, match="refund.settled"):
        pay_out(actor=clerk, refund=made)
    with pytest.raises(Refusal, match="audit.self"):
        audit_refund(actor=clerk, refund=Refund.objects.get())
    assert [one.pk for one in audit_queue(boss).refunds] == [made.pk]
    audit_refund(actor=manager, refund=made)
    assert audit_queue(boss).refunds == []


def test_the_database_refuses_to_return_more_than_was_paid(account, clerk, manager):
    by_hand(account, clerk, 30000)
    with pytest.raises(IntegrityError, match="payment_not_overspent"), transaction.atomic():
        Payment.objects.update(returned_minor=30001, allocated_minor=0)
    with pytest.raises(IntegrityError, match="refund_positive"), transaction.atomic():
        Refund.objects.create(
            account=account, payment=Payment.objects.get(), reference="x", amount_minor=0, reason="x", method="cash"
        )


def test_what_went_back_without_a_day_is_booked_once_on_the_next_open_one(account, manager, provider):
    attempt, _ = start_payment(account=account, route="stripe", paid_url="https://x/", back_url="https://x/")
    apply_report(report=paid(attempt))
    refund(actor=manager, account=account, amount_minor=5000, reason="x")
    run_jobs()
    Refund.objects.update(book=None)
    today = clock.today(account.branch.timezone)
    close_day(actor=manager, branch=account.branch, day=today, counted=dict.fromkeys(("cash", "pos", "transfer"), 0))
    for _ in range(2):
        jobs.prove_books.defer()
        run_jobs()
    assert Refund.objects.get().book.day == today + dt.timedelta(days=1)
    assert day_figures(account.branch, today + dt.timedelta(days=1))["online"].out_minor == 5000
    assert book_undated_refunds() == 0


def test_stored_value_that_went_back_is_no_money_of_a_day(account, manager):
    card = {"actor": manager, "customer": account.customer, "branch": account.branch, "source": "t"}
    top_up(**card, principal_minor=10000)
    pay_from_value(actor=manager, account=account, amount_minor=9000)
    refund(actor=manager, account=account, amount_minor=9000, reason="x")
    assert (book_undated_refunds(), Refund.objects.get().book) == (0, None)
