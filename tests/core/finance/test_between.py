"""What branches owe each other: exactly the value spent elsewhere, exactly the share of what was shot elsewhere."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.finance.models import BranchClaim, Settlement, ValueEntry
from core.finance.pairs import pairs_of
from core.finance.services import agree_share, count_shoot, give_discount, refund, settle_month
from core.finance.services.values import pay_back_value, pay_from_value, top_up
from core.finance.values import balances_of, remaining
from core.kernel import clock
from core.kernel.errors import Refusal
from core.people.staff import staff_of
from tests.factories import make_branch, make_staff


@pytest.fixture
def far(account):
    return make_branch("浦东店", code="PD")


@pytest.fixture
def rich(account, manager, far):
    """1,000 + 200 bought far away, then 500 at home."""
    who = {"actor": manager, "customer": account.customer}
    top_up(**who, branch=far, principal_minor=100000, gift_minor=20000, source="topup.1")
    top_up(**who, branch=account.branch, principal_minor=50000, source="topup.2")
    return who


@pytest.fixture(autouse=True)
def _claims_are_what_was_spent_elsewhere(request):
    yield
    if "db" not in request.fixturenames:
        return
    spent = sum(
        -entry.amount for entry in ValueEntry.objects.exclude(purse="points") if entry.issuer_id != entry.branch_id
    )
    assert spent == sum(BranchClaim.objects.exclude(entry=None).values_list("amount_minor", flat=True))


def claims():
    return list(BranchClaim.objects.order_by("pk").values_list("kind", "amount_minor"))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 1000)), max_size=8), st.integers(0, 8000))
def test_the_oldest_value_goes_first_and_nothing_is_lost(lots, take):
    left = remaining(lots)
    assert sum(amount for _issuer, amount in left) == sum(amount for _issuer, amount in lots)
    spent, want = [], min(take, sum(amount for _issuer, amount in lots))
    for issuer, amount in left:
        part = min(amount, want)
        want -= part
        if part:
            spent.append((issuer, -part))
    after = remaining([*lots, *spent])
    assert sum(a for _i, a in after) == sum(a for _i, a in lots) + sum(a for _i, a in spent)
    assert all(amount > 0 for _issuer, amount in after)


def test_value_of_another_branch_becomes_a_claim_and_a_refund_takes_it_back(account, rich, manager):
    pay_from_value(actor=manager, account=account, amount_minor=130000)
    assert claims() == [("principal", 100000)]
    refund(actor=manager, account=account, amount_minor=130000, reason="退单")
    assert sum(amount for _kind, amount in claims()) == 0
    assert balances_of(account.customer) == {"principal": 150000, "gift": 20000, "points": 0}


def test_the_gift_is_a_claim_of_its_own(account, rich, manager):
    pay_from_value(actor=manager, account=account, amount_minor=160000)
    assert claims() == [("principal", 100000), ("gift", 10000)]


def test_principal_paid_out_elsewhere_is_a_claim_too(account, rich):
    pay_back_value(**rich, branch=account.branch, amount_minor=30000, source="out.1", reason="退卡")
    assert claims() == [("principal", 30000)]


def test_a_sale_shot_elsewhere_gives_its_share_of_what_is_left_of_it(account, manager, far):
    today = clock.today(account.branch.timezone)
    agree_share(actor=manager, percent=30, starts_on=today)
    for _ in range(2):
        count_shoot(account=account, shot_in=far, on=today)
    assert claims() == [("shoot", 120000)]
    give_discount(actor=make_staff("owner"), account=account, amount_minor=100000, reason="x")
    count_shoot(account=account, shot_in=far, on=today)
    assert sum(amount for _kind, amount in claims()) == 90000
    count_shoot(account=account, shot_in=None, on=None)
    assert sum(amount for _kind, amount in claims()) == 0
    with pytest.raises(Refusal, match="share.fixed"):
        agree_share(actor=manager, percent=40, starts_on=today)


def test_a_closed_month_takes_nothing_more(account, rich, manager, far):
    pay_from_value(actor=manager, account=account, amount_minor=60000)
    month = clock.today(account.branch.timezone).replace(day=1)
    with pytest.raises(Refusal, match="settlement.early"):
        settle_month(actor=manager, one=far, other=account.branch, month=month)
    with clock.at(clock.now() + dt.timedelta(days=32)):
        pair = pairs_of(staff_of(manager), month)[0]
        assert (pair.debtor, pair.creditor, pair.due_minor) == (far, account.branch, 60000)
        with pytest.raises(Refusal, match="settlement.changed"):
            settle_month(actor=manager, one=far, other=account.branch, month=month, seen_minor=1)
        made = settle_month(actor=manager, one=far, other=account.branch, month=month, seen_minor=pair.net_minor)
        with pytest.raises(Refusal, match="settlement.closed"):
            settle_month(actor=manager, one=account.branch, other=far, month=month)
    assert made.rows.count() == 1
    pay_from_value(actor=manager, account=account, amount_minor=10000)  # of the month that is closed
    row = BranchClaim.objects.latest("pk")
    assert row.settlement is None
    assert row.on >= (month + dt.timedelta(days=32)).replace(day=1)
    assert Settlement.objects.get().rows.count() == 1


def test_no_branch_owes_itself(account):
    with pytest.raises(IntegrityError, match="branchclaim_of_two"), transaction.atomic():
        BranchClaim.objects.create(
            creditor=account.branch, debtor=account.branch, kind="shoot", amount_minor=1, account=account,
            on=dt.date(2026, 1, 1),
        )  # fmt: skip


def test_a_manager_sees_their_branch_s_pairs_only(account, rich, manager):
    pay_from_value(actor=manager, account=account, amount_minor=60000)
    month = clock.today(account.branch.timezone).replace(day=1)
    stranger = make_staff("manager", make_branch("静安店", code="JA"))
    assert [len(pairs_of(staff_of(one), month)) for one in (manager, stranger, make_staff("owner"))] == [1, 0, 1]
