"""Points that paying earns: by the rule, once, reversed with the money, gone after their last day."""

import datetime as dt
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.finance.holdings import next_to_expire
from core.finance.models import PointGrant, ValueEntry
from core.finance.points import unused
from core.finance.services import count_points, expire_points, hand_points, record_payment, refund, set_point_rule
from core.finance.services.values import pay_from_value, top_up
from core.finance.values import balances_of
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.earnings import count_order
from core.orders.models import OrderStage
from tests.core.finance.books import fresh, make_account

DONE = {"delivered"}


@pytest.fixture
def rule(account, manager):
    told = {"points": 1, "per_minor": 100, "when": "delivered", "valid_days": 30, "is_active": True}
    return set_point_rule(actor=manager, **told)


def points(account):
    return balances_of(account.customer)["points"]


def paid(account, clerk, amount):
    record_payment(actor=clerk, account=account, amount_minor=amount, method="cash")
    return fresh(account)


def test_every_whole_yuan_earns_once_the_order_is_delivered(account, clerk, rule):
    account = paid(account, clerk, 120050)
    assert count_points(account=account, occasions=set()) == 0
    assert count_points(account=account, occasions=DONE) == 1200
    assert count_points(account=account, occasions=DONE) == 0
    account = paid(account, clerk, 50)
    assert count_points(account=account, occasions=DONE) == 1
    assert points(account) == 1201
    assert next_to_expire(account.customer) == clock.today("Asia/Shanghai") + dt.timedelta(days=30)


def test_what_was_paid_too_much_or_by_a_gift_earns_nothing(account, clerk, rule):
    top_up(
        actor=clerk,
        customer=account.customer,
        branch=account.branch,
        principal_minor=10000,
        gift_minor=5000,
        source="x",
    )
    pay_from_value(actor=clerk, account=account, amount_minor=15000)
    account = paid(fresh(account), clerk, 500000)
    assert account.surplus_minor == 115000
    assert count_points(account=account, occasions=DONE) == 3950


def test_a_refund_takes_its_points_back_but_never_more_than_there_are(account, clerk, manager, rule):
    account = paid(account, clerk, 100000)
    count_points(account=account, occasions=DONE)
    hand_points(actor=clerk, customer=account.customer, branch=account.branch, points=-700, reason="换购", once="u1")
    refund(actor=manager, account=account, amount_minor=50000, reason="少拍")
    assert count_points(account=fresh(account), occasions=DONE) == -300
    assert (points(account), PointGrant.objects.get().earned) == (0, 700)
    assert [one.amount for one in ValueEntry.objects.filter(purse="points")] == [1000, -700, -300]


def test_a_new_rule_leaves_what_was_earned(account, clerk, manager, rule):
    account = paid(account, clerk, 10000)
    count_points(account=account, occasions=DONE)
    set_point_rule(actor=manager, points=9, per_minor=100, when="signed_off", valid_days=0, is_active=False)
    assert count_points(account=paid(account, clerk, 10000), occasions=DONE) == 100
    other = make_account(branch=account.branch)
    assert count_points(account=paid(other, clerk, 10000), occasions=DONE) == 0
    with pytest.raises(Refusal, match=r"amount\.missing"):
        set_point_rule(actor=manager, points=0, per_minor=100, when="delivered", valid_days=0, is_active=True)


def test_points_expire_as_far_as_they_were_not_used(account, clerk, rule):
    account = paid(account, clerk, 100000)
    count_points(account=account, occasions=DONE)
    hand_points(actor=clerk, customer=account.customer, branch=account.branch, points=50, reason="生日", once="g1")
    hand_points(actor=clerk, customer=account.customer, branch=account.branch, points=-400, reason="换购", once="u1")
    with clock.at(clock.now() + dt.timedelta(days=30)):
        assert expire_points() == 0
    with clock.at(clock.now() + dt.timedelta(days=31)):
        assert (expire_points(), expire_points()) == (1, 0)
        assert points(account) == 50
        assert count_points(account=account, occasions=DONE) == 0


def test_the_journey_counts_them(account, clerk, rule):
    account = paid(account, clerk, 100000)
    count_order(account.order)
    assert points(account) == 0
    OrderStage.objects.filter(order=account.order, stage="delivery").update(left_at=clock.now())
    count_order(account.order)
    assert points(account) == 1000


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(st.tuples(st.sampled_from(["pay", "back", "use"]), st.integers(1, 90000)), max_size=6))
def test_points_are_sums_of_rows_and_never_below_zero(account, clerk, manager, rule, steps):
    for n, (what, amount) in enumerate(steps):
        account = fresh(account)
        if what == "pay" and account.owed_minor:
            paid(account, clerk, amount)
        elif what == "back" and account.paid_minor:
            refund(actor=manager, account=account, amount_minor=min(amount, account.paid_minor), reason=f"x{n}")
        elif what == "use" and points(account):
            told = {
                "customer": account.customer,
                "branch": account.branch,
                "reason": "x",
                "once": token_hex(8),
            }
            hand_points(actor=clerk, points=-min(amount, points(account)), **told)
        count_points(account=fresh(account), occasions=DONE)
        entries = ValueEntry.objects.filter(purse="points", customer=account.customer)
        assert points(account) == sum(entries.values_list("amount", flat=True)) >= 0
        earned = entries.filter(source__startswith=f"earn.{account.pk}.")
        grant = PointGrant.objects.filter(account=account).first()
        assert (grant.earned if grant else 0) == sum(earned.values_list("amount", flat=True))
        assert 0 <= unused(account) <= max(points(account), 0)
