"""Charges, instalments, payments: the books of one order."""

import pytest
from django.db import IntegrityError, transaction

from core.finance.models import Charge, Instalment, Payment
from core.finance.selectors import due_minor, statement_of
from core.finance.services import (
    audit_payment,
    charge,
    correct_payment,
    give_discount,
    record_payment,
    reverse,
    trigger,
)
from core.finance.services.charging import line
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders.enums import Stage
from core.orders.models import Order
from core.orders.services import move_order
from tests.core.finance.books import fresh, make_account
from tests.factories import make_order, make_package
from tests.jobs import run_jobs


def take(account, clerk, amount, **fields):
    fields = {"method": "cash", **fields}
    return record_payment(actor=clerk, account=account, amount_minor=amount, **fields)


def plan(account):
    return [(one.trigger, one.amount_minor, one.settled_minor) for one in account.instalments.order_by("number")]


def test_a_sale_opens_books_with_the_price_over_the_schedule(account):
    assert account.charged_minor == 400000
    assert plan(account) == [("signing", 120000, 0), ("selection", 160000, 0), ("delivery", 120000, 0)]
    assert due_minor(account) == 0


def test_a_discount_at_the_sale_is_a_line_of_its_own(db):
    order = make_order(package=make_package(price_minor=399900), price_minor=350000)
    posted = order.account.charges.get()
    assert [one["total_minor"] for one in posted.lines] == [399900, -49900]
    assert posted.total_minor == order.account.charged_minor == 350000


def test_stages_make_instalments_due(account, clerk):
    order = account.order
    for target, due in [(Stage.SIGNING, 120000), (Stage.PREPARATION, 120000), (Stage.SHOOT, 120000),
                        (Stage.SELECTION, 120000), (Stage.PRODUCTION, 280000), (Stage.DELIVERY, 280000)]:  # fmt: skip
        order = move_order(actor=clerk, order=order, target=target)
        assert due_minor(account) == due
    assert trigger(account=account, when="delivery") == 0
    assert account.instalments.get(trigger="delivery").due_on is not None


def test_payments_cover_instalments_in_order_and_a_surplus_stays_visible(account, clerk):
    take(account, clerk, 150000)
    assert plan(account) == [("signing", 120000, 120000), ("selection", 160000, 30000), ("delivery", 120000, 0)]
    take(account, clerk, 260000, method="pos")
    account = fresh(account)
    assert (account.owed_minor, account.surplus_minor) == (0, 10000)
    assert account.payments.get(method="pos").allocated_minor == 250000


def test_the_card_hears_of_money(account, clerk):
    take(account, clerk, 150000)
    run_jobs()
    assert Order.objects.get(pk=account.order.pk).progress["paid_minor"] == 150000


def test_a_charge_is_posted_once_for_each_source(account):
    for _ in range(3):
        posted = charge(account=account, source="submission.12", lines=[line("Album", 3000), line("Frame", 500)])
    assert posted.total_minor == 3500
    assert fresh(account).charged_minor == 403500
    assert due_minor(account) == 3500
    assert Event.objects.filter(kind="charge.posted").count() == 1


def test_a_reversal_moves_the_money_to_what_is_still_owed(account, clerk):
    charge(account=account, source="submission.12", lines=[line("Album", 3000)])
    take(account, clerk, 403000)
    reverse(account=account, source="submission.12")
    again = reverse(account=account, source="submission.12")
    account = fresh(account)
    assert (account.charged_minor, account.surplus_minor) == (400000, 3000)
    assert again.reverses.source == "submission.12"
    assert reverse(account=account, source="nothing") is None


def test_a_discount_needs_a_reason_and_stays_within_the_role(account, clerk, manager):
    with pytest.raises(Refusal, match="reason.missing"):
        give_discount(actor=clerk, account=account, amount_minor=1000, reason=" ")
    give_discount(actor=clerk, account=account, amount_minor=15000, reason="老客户")
    with pytest.raises(Refusal, match="discount.too_much") as refused:
        give_discount(actor=clerk, account=account, amount_minor=5001, reason="再优惠")
    assert refused.value.facts["price_minor"] == 5000
    give_discount(actor=manager, account=account, amount_minor=60000, reason="店庆")
    assert fresh(account).charged_minor == 325000
    assert plan(account)[-1] == ("delivery", 120000, 75000)


def test_a_double_click_is_one_payment_and_one_discount(account, clerk):
    first = take(account, clerk, 5000, once="form-1")
    assert take(account, clerk, 5000, once="form-1") == first
    give_discount(actor=clerk, account=account, amount_minor=100, reason="x", source="discount.form-2")
    give_discount(actor=clerk, account=account, amount_minor=100, reason="x", source="discount.form-2")
    assert fresh(account).charged_minor == 399900


def test_receipts_are_numbered_without_gaps(account, clerk):
    other = make_account(branch=account.branch)
    receipts = [take(one, clerk, 100).receipt for one in (account, other, account)]
    assert [receipt.split("-")[-1] for receipt in receipts] == ["00001", "00002", "00003"]
    with pytest.raises(Refusal, match="amount.missing"):
        take(account, clerk, 0)
    assert take(account, clerk, 100).receipt.endswith("00004")


def test_only_another_person_audits(account, clerk, manager):
    payment = take(account, clerk, 1000)
    assert payment.needs_audit
    with pytest.raises(Refusal, match="audit.self"):
        audit_payment(actor=clerk, payment=payment)
    assert not audit_payment(actor=manager, payment=payment).needs_audit
    assert audit_payment(actor=manager, payment=payment).audited_by == manager
    with pytest.raises(IntegrityError, match="payment_audited_by_another"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(audited_by=clerk)


def test_a_wrong_entry_is_taken_back_by_a_row_against_it(account, clerk):
    payment = take(account, clerk, 150000)
    correct_payment(actor=clerk, payment=payment, reason="录错金额")
    account = fresh(account)
    assert account.paid_minor == 0
    assert plan(account)[0] == ("signing", 120000, 0)
    assert Payment.objects.get().amount_minor == 150000
    with pytest.raises(Refusal, match="payment.nothing_left"):
        correct_payment(actor=clerk, payment=payment, reason="再来一次")


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        (lambda a: Payment.objects.update(returned_minor=150001), "payment_not_overspent"),
        (lambda a: Payment.objects.update(allocated_minor=150001), "payment_not_overspent"),
        (lambda a: Payment.objects.update(amount_minor=0, allocated_minor=0), "payment_not_overspent"),
        (lambda a: Payment.objects.update(recorded_by=None), "payment_has_origin"),
        (lambda a: Instalment.objects.update(settled_minor=200000), "instalment_settled_within"),
        (lambda a: Charge.objects.update(total_minor=1), "charge_sum_exact"),
        (lambda a: type(a).objects.update(returned_minor=150001), "account_returned_within_received"),
        (lambda a: type(a).objects.update(charged_minor=-1), "account_charged_not_negative"),
    ],
)
def test_the_database_refuses_what_must_never_be(account, clerk, broken, name):
    take(account, clerk, 150000)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        broken(account)


def test_a_statement_asks_as_much_for_many_rows_as_for_one(account, clerk, django_assert_num_queries):
    take(account, clerk, 100)
    for n in range(3):
        take(account, clerk, 100)
        charge(account=account, source=f"other.{n}", lines=[line("x", 100)])
    with django_assert_num_queries(6):
        told = statement_of(account)
        assert told.to_audit == 4
        assert all(one.recorded_by.name for one in told.payments)
