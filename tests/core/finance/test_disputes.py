"""A dispute told doubled and in any order ends with exact books."""

import itertools

import pytest

from billing.gateway import PayRefused
from core.finance.models import Dispute, Refund
from core.finance.returnable import returnable
from core.finance.selectors import audit_queue
from core.finance.services import apply_report, record_payment, refund, start_payment
from core.finance.services.disputes import apply_dispute
from core.kernel.errors import Refusal
from core.orders.services import cancel_order
from core.people.staff import staff_of
from tests.core.finance.books import fresh, paid
from tests.jobs import run_jobs


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


def ended(account, manager, payment, amount, who="studio"):
    """Cancelled for the studio's reason while the bank asks about `amount`."""
    told(payment, "open", amount=amount)
    cancel_order(actor=manager, order=account.order, reason="影棚停电", who=who)


def test_how_much_can_go_back_is_told_payment_by_payment(account, payment, clerk):
    record_payment(actor=clerk, account=account, amount_minor=5000, method="cash")
    told(payment, "open", amount=300000)
    found = returnable(fresh(account))
    assert [(one.free_minor, one.held_minor) for one in found.parts] == [(100000, 300000), (5000, 0)]
    assert (found.free_minor, found.held_minor, found.left_minor) == (105000, 300000, 405000)
    told(payment, "won", amount=300000)
    assert returnable(fresh(account)).free_minor == 405000


def test_cancelling_gives_back_what_is_free_and_the_rest_when_the_dispute_is_won(account, payment, manager, provider):
    ended(account, manager, payment, 300000)
    run_jobs()
    assert [one.amount_minor for one in Refund.objects.all()] == [100000]
    assert fresh(account).surplus_minor == 300000
    told(payment, "won", amount=300000)
    run_jobs()
    assert sorted(Refund.objects.values_list("amount_minor", "state")) == [(100000, "done"), (300000, "done")]
    assert (fresh(account).paid_minor, fresh(account).owed_minor) == (0, 0)
    assert Refund.objects.latest("pk").reason == "影棚停电"


def test_cancelling_never_sends_a_second_way_what_the_bank_has_taken(account, payment, manager, provider):
    ended(account, manager, payment, 300000)
    told(payment, "lost", amount=300000)
    run_jobs()
    kinds = sorted(Refund.objects.values_list("kind", "amount_minor"))
    assert kinds == [("chargeback", 300000), ("refund", 100000)]
    assert (fresh(account).paid_minor, fresh(account).owed_minor) == (0, 0)


def test_money_for_a_sale_given_up_goes_back_by_itself_once(account, manager, provider):
    attempt, _ = start_payment(account=account, route="stripe", paid_url="https://x/", back_url="https://x/")
    cancel_order(actor=manager, order=account.order, reason="改主意")
    apply_report(report=paid(attempt))
    run_jobs()
    apply_report(report=paid(attempt))
    run_jobs()
    assert [(one.amount_minor, one.state) for one in Refund.objects.all()] == [(400000, "done")]
    assert fresh(account).paid_minor == 0


def test_what_a_provider_refuses_to_send_back_waits_for_a_person(account, manager, provider):
    attempt, _ = start_payment(account=account, route="stripe", paid_url="https://x/", back_url="https://x/")
    cancel_order(actor=manager, order=account.order, reason="改主意")
    apply_report(report=paid(attempt))
    provider.fails = PayRefused("too_old")
    run_jobs()
    run_jobs()
    assert [one.state for one in Refund.objects.all()] == ["failed"]
    assert [one.code for one in audit_queue(staff_of(manager)).failed] == ["too_old"]
