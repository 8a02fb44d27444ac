"""What follows from the dates alone, and what owners are told when. No vendor, no database."""

import datetime as dt
from types import SimpleNamespace

import pytest

from billing.enums import Collection, PlanState
from billing.standing import READ_ONLY, letter_due, standing_of_row

DAY = dt.timedelta(days=1)
ZERO = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


def row(**fields):
    known = {
        "state": PlanState.TRIALING, "collection": "", "trial_ends_at": ZERO, "period_ends_at": None,
        "past_due_since": None, "cancels_at": None, "ended_at": None,
    }  # fmt: skip
    return SimpleNamespace(**{**known, **fields})


TRIAL = row()
PAID = row(state=PlanState.ACTIVE, collection=Collection.CARD, period_ends_at=ZERO)
OVERDUE = row(state=PlanState.PAST_DUE, collection=Collection.CARD, past_due_since=ZERO)
YEAR = row(state=PlanState.ACTIVE, collection=Collection.INVOICE, period_ends_at=ZERO)
ENDED = row(state=PlanState.ENDED, collection=Collection.CARD, ended_at=ZERO)
GIFT = row(state=PlanState.COMPLIMENTARY)


@pytest.mark.parametrize(
    ("subscription", "days", "state"),
    [
        (TRIAL, -1, "trialing"), (TRIAL, 0, READ_ONLY), (PAID, 9, "active"), (OVERDUE, 13, "past_due"),
        (OVERDUE, 14, READ_ONLY), (YEAR, -1, "active"), (YEAR, 0, "past_due"), (YEAR, 14, READ_ONLY),
        (ENDED, 1, READ_ONLY), (GIFT, 999, "complimentary"),
    ],
)  # fmt: skip
def test_standing_by_date(subscription, days, state):
    found = standing_of_row(subscription, ZERO + days * DAY)
    assert found.state == state
    assert found.may_write == (state != READ_ONLY)


@pytest.mark.parametrize(
    ("subscription", "days", "key"),
    [
        (TRIAL, -8, ""), (TRIAL, -7, "trial_ending.20261201.-7"), (TRIAL, -2, "trial_ending.20261201.-3"),
        (TRIAL, 0, "read_only.20261201.0"), (TRIAL, 61, "read_only.20261201.60"),
        (OVERDUE, 0, "payment_due.20261201.0"), (OVERDUE, 5, "payment_due.20261201.3"),
        (OVERDUE, 14, "read_only.20261215.0"), (YEAR, -14, "year_ending.20261201.-14"),
        (YEAR, 7, "payment_due.20261201.7"), (PAID, 0, ""), (GIFT, 0, ""),
    ],
)  # fmt: skip
def test_letters_by_date(subscription, days, key):
    found = letter_due(subscription, ZERO + days * DAY)
    assert (found.key if found else "") == key


def test_days_left_are_begun_days():
    assert standing_of_row(TRIAL, ZERO - DAY).days_left(ZERO - DAY) == 1
    assert standing_of_row(TRIAL, ZERO - DAY).days_left(ZERO - dt.timedelta(hours=25)) == 2
