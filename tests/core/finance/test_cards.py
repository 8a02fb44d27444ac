"""Money for stored value: gifts by rule, a second pair of eyes, never below zero however many spend at once."""

import pytest

from core.finance.days import days_of
from core.finance.holdings import card_of, cards
from core.finance.models import ValueBalance, ValueDeal, ValueEntry
from core.finance.selectors import arrears, day_figures
from core.finance.services import (
    audit_deal,
    close_day,
    correct_deal,
    hand_points,
    pay_from_value,
    pay_out_value,
    sell_value,
    set_gift,
    trigger,
)
from core.finance.values import balances_of
from core.kernel import clock
from core.kernel.errors import Refusal
from core.people.staff import staff_of
from tests.core.finance.books import fresh, make_account
from tests.core.finance.test_races import at_once, quietly
from tests.factories import make_staff


@pytest.fixture
def tiers(account, manager):
    set_gift(actor=manager, least_minor=200000, gift_minor=30000)
    set_gift(actor=manager, least_minor=500000, gift_minor=100000)


@pytest.fixture
def sold(account, clerk, tiers):
    told = {"actor": clerk, "customer": account.customer, "branch": account.branch, "method": "cash", "once": "k1"}
    return [sell_value(**told, principal_minor=300000) for _ in range(2)][1]


def test_the_gift_is_the_rule_s_and_a_double_click_is_one_deal(account, sold):
    assert balances_of(account.customer) == {"principal": 300000, "gift": 30000, "points": 0}
    assert (ValueDeal.objects.count(), sold.gift_minor, sold.audited_at) == (1, 30000, None)


def test_somebody_else_looks_at_the_money(sold, clerk, manager):
    with pytest.raises(Refusal, match=r"audit\.self"):
        audit_deal(actor=clerk, deal=sold)
    assert audit_deal(actor=manager, deal=sold).audited_by == manager


def test_the_till_knows_of_it_and_the_day_s_close_too(account, sold, manager):
    today = clock.today(account.branch.timezone)
    pay_out_value(
        actor=manager,
        customer=account.customer,
        branch=account.branch,
        amount_minor=50000,
        method="cash",
        reason="急用",
    )
    assert day_figures(account.branch, today)["cash"].total_minor == 250000
    row = days_of([account.branch], today)[0]
    assert (row.total_minor, row.by_hand_minor, row.is_closed) == (250000, 250000, False)
    counted = {"cash": 249000, "pos": 0, "transfer": 0}
    close_day(actor=manager, branch=account.branch, day=today, counted=counted, reasons={"cash": "找零"})
    row = days_of([account.branch], today)[0]
    assert (row.is_closed, row.difference_minor, row.reasons) == (True, -1000, ("找零",))


def test_only_principal_is_paid_out(account, sold, manager):
    told = {"actor": manager, "customer": account.customer, "branch": account.branch, "method": "cash", "reason": "退"}
    with pytest.raises(Refusal, match=r"value\.too_little"):
        pay_out_value(**told, amount_minor=300001)
    pay_out_value(**told, amount_minor=300000)
    assert balances_of(account.customer) == {"principal": 0, "gift": 30000, "points": 0}


def test_a_wrong_top_up_is_taken_back_whole_while_it_is_there(account, sold, manager):
    correct_deal(actor=manager, deal=sold, reason="录错")
    assert balances_of(account.customer) == {"principal": 0, "gift": 0, "points": 0}
    with pytest.raises(Refusal, match=r"deal\.corrected"):
        correct_deal(actor=manager, deal=sold, reason="录错")


def test_a_spent_top_up_is_not_taken_back(account, sold, manager):
    pay_from_value(actor=manager, account=account, amount_minor=1)
    with pytest.raises(Refusal, match=r"value\.too_little"):
        correct_deal(actor=manager, deal=sold, reason="录错")
    assert ValueDeal.objects.count() == 1


def test_points_come_with_a_reason(account, manager):
    told = {"actor": manager, "customer": account.customer, "branch": account.branch}
    hand_points(**told, points=300, reason="转介绍", once="a")
    hand_points(**told, points=300, reason="转介绍", once="a")
    hand_points(**told, points=-100, reason="换礼品", once="b")
    assert balances_of(account.customer)["points"] == 200
    with pytest.raises(Refusal, match=r"value\.too_little"):
        hand_points(**told, points=-201, reason="换礼品", once="c")


def test_what_is_due_is_never_paid_silently(account, sold, manager):
    trigger(account=account, when="signing")
    assert arrears(staff_of(manager))[0].due_minor == 120000
    assert fresh(account).paid_minor == 0
    assert card_of(account.customer).usable_minor == 330000
    assert cards().get()["total"] == 330000


def test_ten_bills_at_once_never_spend_more_than_there_is(throwaway_studio):
    boss, first = make_staff("owner"), make_account()
    told = {"actor": boss, "customer": first.customer, "branch": first.branch, "method": "cash"}
    sell_value(**told, principal_minor=100000)
    accounts = [first] + [make_account(branch=first.branch, customer=first.customer) for _ in range(9)]
    done = at_once(
        throwaway_studio,
        lambda i: quietly(pay_from_value, actor=boss, account=accounts[i], amount_minor=30000),
    )
    assert sum(done) == 3
    assert ValueBalance.objects.get(purse="principal").balance == 10000
    assert sum(ValueEntry.objects.values_list("amount", flat=True)) == 10000
