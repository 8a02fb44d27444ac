"""Splitting, allocating and refunding, with any numbers: nothing lost, nothing made."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.finance.allocation import CREDIT, MONEY, Credit, Debt, Money, allocate
from core.finance.enums import When, Who
from core.finance.refundtable import Moved, in_order, percent_of, quote, share_of
from core.finance.schedules import split

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared
amounts = st.integers(1, 10**9)
rows = st.lists(
    st.fixed_dictionaries(
        {"when": st.sampled_from(When.values), "percent": st.integers(0, 130), "days": st.integers(0, 90)}
    ),
    max_size=7,
)
deposits = st.none() | st.fixed_dictionaries({"kind": st.just("minor"), "value": st.integers(0, 10**7)})
deposits |= st.fixed_dictionaries({"kind": st.just("percent"), "value": st.integers(0, 100)})


@calm
@given(total=st.integers(-5, 10**12), schedule=rows, deposit=deposits)
def test_a_schedule_sums_to_the_price_exactly(total, schedule, deposit):
    parts = split(total, {"schedule": schedule, "deposit": deposit})
    assert sum(part.amount for part in parts) == max(0, total)
    assert all(part.amount > 0 for part in parts)


def test_the_odd_cent_goes_to_the_largest_remainder():
    thirds = [
        {"when": "signing", "percent": 1},
        {"when": "selection", "percent": 1},
        {"when": "delivery", "percent": 1},
    ]
    assert [part.amount for part in split(100, {"schedule": thirds})] == [34, 33, 33]


def test_without_a_schedule_the_deposit_comes_first_and_the_rest_on_selection():
    assert [(p.when, p.amount) for p in split(1000, {"deposit": {"kind": "minor", "value": 300}})] == [
        ("signing", 300), ("selection", 700),
    ]  # fmt: skip
    assert [p.amount for p in split(200, {"deposit": {"kind": "minor", "value": 300}})] == [200]


@st.composite
def books(draw):
    """Debts of a few charges, credits against them that never exceed them together, and money with wishes."""
    debts = [Debt(i, draw(amounts), draw(st.integers(1, 3))) for i in range(1, draw(st.integers(0, 6)) + 1)]
    left, credited = sum(debt.amount for debt in debts), []
    for i in range(draw(st.integers(0, 3))):
        if left:
            credited.append(Credit(100 + i, draw(st.integers(1, left)), draw(st.integers(0, 3))))
            left -= credited[-1].amount
    money = [
        Money(200 + i, draw(st.integers(0, 10**9)), draw(st.integers(0, 6))) for i in range(draw(st.integers(0, 5)))
    ]
    return debts, credited, money


@calm
@given(books())
def test_allocation_never_overfills_nor_leaves_money_idle(told):
    debts, credited, money = told
    found = allocate(debts, credited, money)
    by_debt, by_source = {}, {}
    for (kind, ident, debt), amount in found.items():
        assert amount > 0
        by_debt[debt] = by_debt.get(debt, 0) + amount
        by_source[kind, ident] = by_source.get((kind, ident), 0) + amount
    assert all(by_debt.get(debt.id, 0) <= debt.amount for debt in debts)
    assert all(by_source.get((CREDIT, credit.id), 0) == credit.amount for credit in credited)
    assert all(by_source.get((MONEY, one.id), 0) <= one.amount for one in money)
    asked = sum(debt.amount for debt in debts)
    have = sum(credit.amount for credit in credited) + sum(one.amount for one in money)
    assert sum(found.values()) == min(asked, have)


@calm
@given(books())
def test_allocation_does_not_depend_on_what_was_there_before(told):
    assert allocate(*told) == allocate(*told)


def test_money_covers_what_it_was_paid_for_first():
    debts = [Debt(1, 100), Debt(2, 100)]
    assert allocate(debts, [], [Money(9, 150, wanted=2)]) == {(MONEY, 9, 2): 100, (MONEY, 9, 1): 50}


def test_a_reversal_covers_its_own_charge_and_a_discount_the_last_instalment():
    debts = [Debt(1, 100, charge=1), Debt(2, 100, charge=2), Debt(3, 100, charge=1)]
    assert allocate(debts, [Credit(8, 100, reverses=2), Credit(9, 30)], []) == {(CREDIT, 8, 2): 100, (CREDIT, 9, 3): 30}


tables = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(Who.values), "until_days": st.integers(0, 120),
            "refund_percent": st.integers(-10, 120),
        }
    ),
    max_size=8,
)  # fmt: skip


@calm
@given(
    table=tables, who=st.sampled_from(Who.values), days=st.none() | st.integers(-400, 400),
    charged=st.integers(0, 10**9), received=st.integers(0, 10**9),
)  # fmt: skip
def test_a_refund_and_what_is_kept_are_what_was_paid(table, who, days, charged, received):
    on = dt.date(2026, 11, 22)
    shoot_on = None if days is None else on + dt.timedelta(days=days)
    told = quote(rows=table, who=who, on=on, shoot_on=shoot_on, charged_minor=charged, paid_minor=received)
    assert told.amount_minor + told.kept_minor == received
    assert 0 <= told.amount_minor <= received
    assert told.kept_minor <= charged
    assert told.amount_minor >= received - charged


@calm
@given(st.lists(st.integers(0, 10**6), max_size=6), st.integers(0, 10**7))
def test_a_refund_is_cut_from_the_oldest_payments(left, amount):
    parts = in_order(list(enumerate(left)), amount)
    assert sum(part for _id, part in parts) == min(amount, sum(left))
    assert all(0 < part <= left[ident] for ident, part in parts)
    assert [ident for ident, _part in parts] == sorted(ident for ident, _part in parts)


def test_the_row_with_the_most_days_that_still_holds_counts():
    table = [
        {"who": "customer", "until_days": 30, "refund_percent": 100},
        {"who": "customer", "until_days": 7, "refund_percent": 50},
    ]
    told = [percent_of(table, "customer", days) for days in (None, 45, 30, 29, 7, 6, -1)]
    assert told == [100, 100, 100, 50, 50, 0, 0]
    assert percent_of(table, "studio", 3) == 0
    assert percent_of([], "studio", 3) == 100


tables = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(Who.values),
            "until_days": st.integers(-5, 60),
            "refund_percent": st.integers(0, 100),
        }
    ),
    max_size=6,
)
DAY = dt.date(2027, 3, 1)


@calm
@given(table=tables, left=st.integers(0, 90), far=st.integers(0, 400), waits=st.integers(0, 200), paid=amounts)
def test_moving_first_never_brings_back_more_than_giving_up_would_have(table, left, far, waits, paid):
    """The loophole: away to a cheaper row, then cancel; at once, or after waiting."""
    told = {"rows": table, "who": "customer", "charged_minor": paid, "paid_minor": paid}
    shoot = DAY + dt.timedelta(days=left)
    at_once = quote(on=DAY, shoot_on=shoot, **told)
    later = DAY + dt.timedelta(days=waits)
    moved = quote(on=later, shoot_on=later + dt.timedelta(days=far), moves=[Moved(DAY, shoot)], **told)
    assert moved.amount_minor <= at_once.amount_minor
    assert moved.amount_minor + moved.kept_minor == paid


@calm
@given(
    table=tables,
    moves=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=5),
    far=st.integers(-5, 300),
)
def test_who_moves_in_good_time_loses_nothing_and_no_move_counts_against_others(table, moves, far):
    days = sorted(row["until_days"] for row in table)
    back = sorted(row["refund_percent"] for row in table)  # a table as people write it: the earlier, the more
    table = [{**row, "until_days": n, "refund_percent": p} for row, n, p in zip(table, days, back, strict=True)]
    best = percent_of(table, "customer", None)
    left = [Moved(DAY, DAY + dt.timedelta(days=days)) for days, _ in moves]
    early = [move for move in left if percent_of(table, "customer", move.days) == best]
    assert share_of(table, "customer", far, early) == (percent_of(table, "customer", far), None)
    for who in ("studio", "force_majeure"):
        assert share_of(table, who, far, left) == (percent_of(table, who, far), None)
    shares = [percent_of(table, "customer", days) for days in [far, *(move.days for move in left)]]
    assert share_of(table, "customer", far, left)[0] == min(shares)
