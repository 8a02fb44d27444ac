"""Stored value and points, the day's close and invoices, straight at the verbs."""

import pytest
from django.db import IntegrityError, transaction

from core.finance.models import Refund, ValueBalance, ValueEntry
from core.finance.services import cancel_invoice, close_day, issue_invoice, record_payment, refund
from core.finance.services.invoices import ask_invoice
from core.finance.services.values import give_points, pay_back_value, pay_from_value, top_up
from core.finance.values import balances_of
from core.kernel import clock
from core.kernel.errors import Refusal
from tests.core.finance.books import fresh


@pytest.fixture
def rich(account, manager):
    """The account's customer with 1,000.00 paid and 200.00 given."""
    who = {"actor": manager, "customer": account.customer, "branch": account.branch}
    for _ in range(2):
        top_up(**who, principal_minor=100000, gift_minor=20000, source="topup.1")
    return who


def test_value_is_bought_once_with_the_gift_apart(account, rich):
    assert balances_of(account.customer) == {"principal": 100000, "gift": 20000, "points": 0}
    assert sum(ValueEntry.objects.values_list("amount", flat=True)) == 120000


def test_the_principal_is_spent_first_and_a_refund_goes_back_where_it_came_from(account, rich, manager):
    pay_from_value(actor=manager, account=account, amount_minor=110000)
    assert balances_of(account.customer) == {"principal": 0, "gift": 10000, "points": 0}
    assert fresh(account).paid_minor == 110000
    refund(actor=manager, account=account, amount_minor=30000, reason="x")
    assert balances_of(account.customer) == {"principal": 20000, "gift": 20000, "points": 0}
    refund(actor=manager, account=account, amount_minor=80000, reason="x")
    assert balances_of(account.customer) == {"principal": 100000, "gift": 20000, "points": 0}
    assert set(Refund.objects.values_list("state", flat=True)) == {"done"}


def test_only_the_principal_is_paid_out(account, rich):
    told = {**rich, "source": "out.1", "reason": "退卡"}
    with pytest.raises(Refusal, match="value.too_little"):
        pay_back_value(**told, amount_minor=100001)
    pay_back_value(**told, amount_minor=100000)
    assert balances_of(account.customer)["gift"] == 20000


def test_nobody_spends_more_than_there_is(account, rich, manager):
    with pytest.raises(Refusal, match="value.too_little"):
        pay_from_value(actor=manager, account=account, amount_minor=120001)
    with pytest.raises(IntegrityError, match="valuebalance_not_negative"), transaction.atomic():
        ValueBalance.objects.update(balance=-1)


def test_points_come_and_go_as_rows(account, rich):
    give_points(**rich, points=300, source="order.1")
    give_points(**rich, points=-100, source="gift.1")
    assert balances_of(account.customer)["points"] == 200
    with pytest.raises(Refusal, match="value.too_little"):
        give_points(**rich, points=-201, source="gift.2")


def test_a_day_needs_every_method_and_a_reason_for_a_difference(account, clerk, manager):
    record_payment(actor=clerk, account=account, amount_minor=5000, method="cash")
    today = clock.today(account.branch.timezone)
    told = {"actor": manager, "branch": account.branch, "day": today}
    with pytest.raises(Refusal, match="count.missing"):
        close_day(**told, counted={"cash": 5000})
    counted = {"cash": 4900, "pos": 0, "transfer": 0}
    with pytest.raises(Refusal, match="count.unexplained"):
        close_day(**told, counted=counted)
    book = close_day(**told, counted=counted, reasons={"cash": "少一百"})
    assert sum(row.counted_minor - row.books_minor for row in book.counts.all()) == -100
    with pytest.raises(Refusal, match="day.closed"):
        close_day(**told, counted=counted, reasons={"cash": "少一百"})
    with pytest.raises(Refusal, match="day.closed"):
        record_payment(actor=clerk, account=account, amount_minor=5000, method="cash")


def test_invoices_never_exceed_what_was_paid_and_numbers_have_no_gaps(account, clerk, manager):
    record_payment(actor=clerk, account=account, amount_minor=5000, method="cash")
    first = ask_invoice(actor=clerk, account=account, title="陈晓雨", amount_minor=3000)
    with pytest.raises(Refusal, match="invoice.too_much") as refused:
        ask_invoice(actor=clerk, account=account, title="陈晓雨", amount_minor=3000)
    assert refused.value.facts["price_minor"] == 2000
    issue_invoice(actor=manager, invoice=first)
    again = cancel_invoice(actor=manager, invoice=first, reason="抬头错", title="公司")
    with pytest.raises(Refusal, match="invoice.settled"):
        cancel_invoice(actor=manager, invoice=first, reason="抬头错")
    numbers = [issue_invoice(actor=manager, invoice=again).number]
    other = ask_invoice(actor=clerk, account=account, title="陈晓雨")
    numbers.append(issue_invoice(actor=manager, invoice=other).number)
    assert [int(number.split("-")[-1]) for number in numbers] == [2, 3]
    assert other.amount_minor == 2000
