"""A card with any history: nothing lost, nothing made, never below zero, gifts never turned into money."""

import datetime as dt
import secrets
from contextlib import suppress

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.finance.enums import Purse
from core.finance.models import PayAttempt, Payment, Refund, TopUp, ValueEntry
from core.finance.services import (
    apply_report,
    ask_top_up,
    pay_from_value,
    refund,
    refund_top_up,
    set_cap,
    set_gift,
)
from core.finance.values import balances_of, faults_of_card, parts_of, remaining
from core.kernel import clock
from core.kernel.errors import Refusal
from tests.core.finance.books import assert_books, fresh, make_account, paid

CALM = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
OFFERS = {100_00: 10_00, 333_33: 33_33, 1000_00: 77_77}
steps = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.sampled_from(sorted(OFFERS)), st.sampled_from([-1, 0, 0, 0, 1])),
        st.tuples(st.just("spend"), st.integers(1, 700_00), st.just(0)),
        st.tuples(st.just("unspend"), st.integers(1, 700_00), st.just(0)),
        st.tuples(st.just("give back"), st.integers(1, 1200_00), st.integers(0, 5)),
    ),
    min_size=1,
    max_size=9,
)


@settings(deadline=None, suppress_health_check=CALM)
@given(
    balances=st.fixed_dictionaries({"principal": st.integers(0, 10**9), "gift": st.integers(0, 10**9)}),
    amount=st.integers(1, 2 * 10**9),
)
def test_the_principal_is_used_up_before_the_gift(balances, amount):
    if amount > sum(balances.values()):
        with pytest.raises(Refusal, match=r"value\.too_little"):
            parts_of(balances, amount)
        return
    parts = dict(parts_of(balances, amount))
    assert sum(parts.values()) == amount
    assert all(0 < part <= balances[purse] for purse, part in parts.items())
    assert "gift" not in parts or parts.get("principal", 0) == balances["principal"]


@settings(deadline=None, suppress_health_check=CALM)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-50, 100).filter(bool)), max_size=20))
def test_what_is_left_of_lots_is_what_came_less_what_was_used(entries):
    held, sane = {}, []
    for issuer, amount in entries:
        if held.get(issuer, 0) + amount >= 0:
            held[issuer] = held.get(issuer, 0) + amount
            sane.append((issuer, amount))
    lots = remaining(sane)
    assert all(left > 0 for _issuer, left in lots)
    for issuer, amount in held.items():
        assert sum(left for one, left in lots if one == issuer) == amount


@pytest.fixture
def bill(db):
    for least, gift in OFFERS.items():
        set_gift(actor=None, least_minor=least, gift_minor=gift, is_offered=True)
    set_cap(actor=None, cap_minor=1500_00, reason="")
    return make_account(price=2000_00)


def buy(bill, least, off):
    """An offer taken; a fen less, exactly, or a fen more comes."""
    told = {"least_minor": least, "gift_minor": OFFERS[least], "title": "储值", "terms": []}
    TopUp.objects.filter(state="asked").update(asked_at=clock.now() - dt.timedelta(days=1))
    row = ask_top_up(customer=bill.customer, branch=bill.branch, **told)
    attempt = PayAttempt.objects.create(
        account=row.account, reference=secrets.token_hex(8), route="stripe", amount_minor=least, expires_at=clock.now()
    )
    for _ in range(2):
        apply_report(report=paid(attempt, least + off))


def give_back(bill, amount, which):
    rows = list(TopUp.objects.filter(state="done").order_by("pk"))
    if rows:
        refund_top_up(actor=None, account=rows[which % len(rows)].account, amount_minor=amount, reason="x")


def unspend(bill, amount):
    refund(actor=None, account=fresh(bill), amount_minor=amount, reason="x")


DEEDS = {
    "buy": buy,
    "spend": lambda bill, amount, _: pay_from_value(actor=None, account=fresh(bill), amount_minor=amount),
    "unspend": lambda bill, amount, _: unspend(bill, amount),
    "give back": give_back,
}


@settings(deadline=None, max_examples=40, suppress_health_check=CALM)
@given(steps)
def test_any_history_adds_up(bill, history):
    with transaction.atomic():
        for what, amount, more in history:
            with suppress(Refusal), transaction.atomic():  # too much, too little: nothing may have changed then
                DEEDS[what](bill, amount, more)
            look(bill)
        transaction.set_rollback(True)


def look(bill):
    """Money in hand is what is on the card plus what it has paid for; the books of each part agree."""
    assert faults_of_card(bill.customer) == []
    card = balances_of(bill.customer)
    assert min(card.values()) >= 0
    assert card["principal"] <= 1500_00 + fresh(bill).received_minor  # what a bill gives back may pass the cap
    on_cards = sum(row.account.charged_minor for row in TopUp.objects.select_related("account"))
    spent = ValueEntry.objects.filter(purse=Purse.PRINCIPAL).exclude(source__startswith="topup.")
    assert on_cards == card["principal"] - (spent.aggregate(t=Sum("amount"))["t"] or 0)
    for row in TopUp.objects.select_related("account"):
        assert_books(row.account)
    assert_books(fresh(bill))
    online = Payment.objects.filter(method="online").aggregate(t=Sum("amount_minor"))["t"] or 0
    going = Refund.objects.exclude(state="failed").exclude(method="stored").aggregate(t=Sum("amount_minor"))["t"] or 0
    surplus = sum(row.account.surplus_minor for row in TopUp.objects.select_related("account"))
    assert online - going == on_cards + surplus
