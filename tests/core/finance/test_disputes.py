"""A dispute told doubled and in any order ends with exact books."""

import itertools

import pytest

from core.finance.models import Dispute, Refund
from core.finance.selectors import audit_queue
from core.finance.services import apply_report, refund, start_payment
from core.finance.services.disputes import apply_dispute
from core.kernel.errors import Refusal
from core.people.staff import staff_of
from tests.core.finance.books import fresh, paid


@pytest.fixture
def payment(account, provider):
    attempt, _ = start_payment(account=account, route="stripe", paid_url="https://x/", back_url="https://x/")
    return apply_report(report=paid(attempt))


def told(payment, state, amount=400000):
    return apply_dispute(
        payment=payment, provider_ref="dp_1", amount_minor=amount, state=state, reason="fraudulent", due_at=None
    )


def test_an_open_dispute_waits_for_the_manager_and_takes_nothing(account, payment, manager):
    told(payment, "open")
    assert [one.provider_ref for one in audit_queue(staff_of(manager)).disputes] == ["dp_1"]
    assert fresh(account).paid_minor == 400000


@pytest.mark.parametrize("order", list(itertools.permutations(["open", "lost", "lost"])))
def test_lost_is_booked_once_in_any_order(account, payment, order):
    for state in order:
        told(payment, state)
    assert fresh(account).owed_minor == 400000
    assert (Refund.objects.get().kind, Dispute.objects.get().state) == ("chargeback", "lost")


def test_won_leaves_everything_as_it_was_and_stays_won(account, payment):
    for state in ("open", "won", "lost", "open"):
        told(payment, state)
    assert (fresh(account).paid_minor, Dispute.objects.get().state) == (400000, "won")


def test_what_was_refunded_before_is_not_taken_twice(account, payment, provider, manager):
    refund(actor=manager, account=account, amount_minor=150000, reason="x")
    told(payment, "lost")
    assert fresh(account).paid_minor == 0
    assert sorted(Refund.objects.values_list("amount_minor", flat=True)) == [150000, 250000]


def test_held_money_is_not_given_back_twice(account, payment, manager):
    told(payment, "open", amount=300000)
    with pytest.raises(Refusal, match="refund.held"):
        refund(actor=manager, account=account, amount_minor=150000, reason="x")
    refund(actor=manager, account=account, amount_minor=100000, reason="x")
