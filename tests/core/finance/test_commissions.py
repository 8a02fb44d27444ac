"""Commissions: the rows always come to what the rules say of the books, a refund takes exactly its part back."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.finance.commissions import Bases, Earner, commission
from core.finance.models import CommissionEntry, CommissionRule
from core.finance.services import (
    charge,
    count_commissions,
    end_rule,
    give_discount,
    make_rule,
    record_payment,
    refund,
    reverse,
)
from core.finance.services.charging import line
from core.finance.statements import commissions_for
from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.earnings import count_order
from core.orders.enums import Stage
from core.orders.models import Order
from core.orders.services import assign_stage, move_order
from core.people.staff import staff_of
from tests.core.finance.books import fresh
from tests.factories import make_staff

AMOUNTS = st.integers(0, 10**9)


@given(charged=AMOUNTS, extras=AMOUNTS, paid=AMOUNTS, bp=st.integers(1, 10000))
@settings(max_examples=200, deadline=None)
def test_parts_are_the_whole_and_no_commission_exceeds_its_base(charged, extras, paid, bp):
    bases = Bases(charged, extras, paid)
    for base in ("sold", "paid"):
        signed, more, whole = (bases.of(what, base) for what in ("signed", "extras", "delivered"))
        assert signed + more == whole
        assert min(signed, more) >= 0
        assert 0 <= commission(whole, bp, 0) <= whole
    assert bases.of("delivered", "sold") == charged
    assert bases.of("delivered", "paid") == min(charged, paid)


@given(base=st.integers(1, 10**9), fixed=st.integers(1, 10**6))
def test_a_fixed_amount_is_due_while_anything_is_left(base, fixed):
    assert commission(base, 0, fixed) == fixed
    assert commission(0, 0, fixed) == 0


@pytest.fixture
def today(account):
    return clock.today(account.branch.timezone)


@pytest.fixture
def seller(account):
    return make_staff("sales_consultant", account.branch, name="苏敏")


@pytest.fixture
def rule(manager, today):
    return make_rule(actor=manager, role="sales_consultant", occasion="signed", rate_bp=300, starts_on=today)


def count(account, seller, day, *occasions):
    return count_commissions(account=account, earners=[Earner(one, seller.pk, day) for one in occasions])


def total(**of):
    return sum(CommissionEntry.objects.filter(**of).values_list("amount_minor", flat=True))


def test_counted_twice_is_one_row(account, seller, rule, today):
    assert [row.amount_minor for row in count(account, seller, today, "signed")] == [12000]
    assert count(account, seller, today, "signed") == []


def test_a_discount_and_a_refund_take_their_part_back_and_a_full_refund_everything(
    account, seller, rule, today, manager
):
    count(account, seller, today, "signed")
    boss = make_staff("owner")
    give_discount(actor=boss, account=account, amount_minor=100000, reason="老客户")
    count(account, seller, today, "signed")
    assert total() == 9000
    record_payment(actor=manager, account=account, amount_minor=300000, method="cash")
    refund(actor=manager, account=account, amount_minor=100000, reason="少拍一套")
    count(account, seller, today, "signed")
    assert total() == 6000
    refund(actor=manager, account=account, amount_minor=200000, reason="退单")
    count(account, seller, today, "signed")
    assert total() == 0
    assert [row.why for row in CommissionEntry.objects.order_by("pk")] == ["earned", "less", "less", "less"]


def test_extras_pay_the_adviser_and_what_is_reversed_is_not_theirs(account, seller, today, manager):
    make_rule(actor=manager, user=seller, occasion="extras", rate_bp=1000, starts_on=today)
    charge(account=account, source="submission.1", kind="extras", lines=[line("@retouched", 50000)])
    count(account, seller, today, "extras")
    assert total() == 5000
    reverse(account=account, source="submission.1")
    count(account, seller, today, "extras")
    assert total() == 0


def test_paid_rules_follow_the_money(account, seller, today, manager):
    make_rule(actor=manager, user=seller, occasion="signed", rate_bp=1000, base="paid", starts_on=today)
    assert count(account, seller, today, "signed") == []
    record_payment(actor=manager, account=account, amount_minor=120000, method="pos")
    count(account, seller, today, "signed")
    assert total() == 12000


def test_a_new_version_leaves_what_the_former_one_counts(account, seller, rule, today, manager):
    count(account, seller, today, "signed")
    newer = make_rule(
        actor=manager, role="sales_consultant", occasion="signed", rate_bp=500, starts_on=today + dt.timedelta(days=1)
    )
    rule.refresh_from_db()
    assert (rule.ends_on, newer.replaces) == (newer.starts_on, rule)
    count(account, seller, today + dt.timedelta(days=1), "signed")
    assert total() == 12000  # the sale keeps the rule that first counted it
    with pytest.raises(Refusal, match="rule.too_early"):
        make_rule(actor=manager, role="sales_consultant", occasion="signed", rate_bp=100, starts_on=today)


def test_one_s_own_rule_goes_before_the_job_s_and_an_ended_one_counts_nothing(account, seller, rule, today, manager):
    own = make_rule(actor=manager, user=seller, occasion="signed", fixed_minor=8800, starts_on=today)
    end_rule(actor=manager, rule=rule, on=today)
    count(account, seller, today, "signed")
    assert total(rule=own) == total() == 8800
    with pytest.raises(Refusal, match="rule.ended"):
        end_rule(actor=manager, rule=rule, on=today)


@pytest.mark.parametrize("odd", [{"role": ""}, {"rate_bp": 0}, {"rate_bp": 10001}, {"fixed_minor": 5}])
def test_a_rule_is_for_somebody_and_of_one_kind(manager, today, odd, db):
    told = {"role": "photographer", "occasion": "delivered", "rate_bp": 100, "starts_on": today, **odd}
    with pytest.raises(Refusal, match=r"rule\."):
        make_rule(actor=manager, **told)
    assert CommissionRule.objects.count() == 0


def test_the_order_s_journey_says_who_and_another_seller_takes_it_over(account, seller, rule, manager):
    order = Order.objects.get(account=account)
    assign_stage(actor=manager, order=order, stage=Stage.SIGNING, owner=seller)
    count_order(order)
    assert total() == 0
    move_order(actor=manager, order=order, target=Stage.SIGNING)
    count_order(order)
    assert total(user=seller) == 12000
    other = make_staff("sales_consultant", account.branch)
    assign_stage(actor=manager, order=order, stage=Stage.SIGNING, owner=other)
    count_order(order)
    assert (total(user=seller), total(user=other), total()) == (0, 12000, 12000)


def test_a_statement_shows_one_s_own_the_branch_s_or_all(account, seller, rule, today, manager):
    count(account, seller, today, "signed")
    other = make_staff("sales_consultant", account.branch)
    month = today.replace(day=1)
    seen = [commissions_for(staff_of(one), month) for one in (seller, other, manager, make_staff("owner"))]
    assert [sum(line.amount_minor for line in lines) for lines in seen] == [12000, 0, 12000, 12000]
    assert seen[2][0].rows[0].account == fresh(account)
