"""Threads with connections of their own and real commits: every cent once, no deadlock."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from core.finance.ledger import faults_of
from core.finance.models import Account, Payment, Refund
from core.finance.services import apply_report, charge, record_payment, refund, start_payment
from core.finance.services.charging import line
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders.enums import Stage
from core.orders.models import Order
from core.orders.services import move_order
from tenants.context import in_studio
from tests.core.finance.books import make_account, paid
from tests.factories import make_staff

THREADS = 10
URLS = {"paid_url": "https://x/", "back_url": "https://x/"}


def at_once(studio, work):
    """`work(i)` in threads that start together; answers in order. An exception in one fails the test."""
    gate = threading.Barrier(THREADS)

    def run(i):
        try:
            with in_studio(studio):
                gate.wait(30)
                return work(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def quietly(verb, **given):
    """Whether the verb did it; a refusal is an answer here."""
    try:
        return bool(verb(**given))
    except Refusal:
        return False


def assert_exact():
    for account in Account.objects.all():
        assert faults_of(account) == []
        seqs = list(Event.objects.filter(stream=account.event_stream).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))


def test_one_yes_told_ten_times_at_once_is_one_payment(throwaway_studio, provider):
    account = make_account()
    attempt, _ = start_payment(account=account, route="stripe", **URLS)
    told = at_once(throwaway_studio, lambda _i: apply_report(report=paid(attempt)).pk)
    assert len(set(told)) == 1
    assert Payment.objects.count() == 1
    assert_exact()


def test_ten_refunds_of_one_payment_give_back_no_more_than_was_paid(throwaway_studio):
    account, boss = make_account(), make_staff("owner")
    record_payment(actor=boss, account=account, amount_minor=100000, method="cash")
    done = at_once(
        throwaway_studio,
        lambda i: quietly(refund, actor=boss, account=account, amount_minor=30000, reason=f"r{i}"),
    )
    assert sum(done) == 3
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 90000
    assert_exact()


def test_payments_charges_and_moves_of_one_order_race_to_exact_books(throwaway_studio):
    account, boss = make_account(), make_staff("owner")
    order = Order.objects.get(account=account)

    def work(i):
        if i % 3 == 0:
            record_payment(actor=boss, account=account, amount_minor=1000 + i, method="cash")
        elif i % 3 == 1:
            charge(account=account, source=f"submission.{i // 6}", lines=[line("x", 500)])
        else:
            quietly(move_order, actor=boss, order=order, target=Stage.SIGNING)

    at_once(throwaway_studio, work)
    account = Account.objects.get(pk=account.pk)
    assert account.paid_minor == sum(1000 + i for i in range(0, THREADS, 3))
    assert account.charged_minor == 400000 + 500 * 2
    receipts = sorted(Payment.objects.values_list("receipt", flat=True))
    assert [one.split("-")[-1] for one in receipts] == ["00001", "00002", "00003", "00004"]
    assert_exact()
