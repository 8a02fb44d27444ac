"""What follows from a subscription and the date: how a studio stands, what is due, what its owner is told and when.

No clock and no database: the same row and instant answer the same. A job that did not run changes nothing here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from billing.enums import Collection, PlanState

TRIAL = dt.timedelta(days=settings.TRIAL_DAYS)
GRACE = dt.timedelta(days=14)  # from the first failed payment, or the end of a paid year, until staff only read
KEPT = dt.timedelta(days=90)  # nothing is closed or deleted before, counted from the first read-only day
READ_ONLY = "read_only"
STEPS = {  # days from the date that the letter names; the newest one that is reached is sent, once
    "trial_ending": (-7, -3, -1),
    "year_ending": (-30, -14, -7, -1),
    "payment_due": (0, 3, 7, 12),
    "read_only": (0, 30, 60, 83),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: a PlanState or read_only. `until`: when that ends by itself. `paid`: a way to pay is agreed."""

    state: str
    until: dt.datetime | None = None
    paid: bool = False

    @property
    def may_write(self) -> bool:
        return self.state != READ_ONLY

    def days_left(self, now: dt.datetime) -> int:
        """Whole days begun until `until`; 0 when it has passed or there is none."""
        left = (self.until - now).total_seconds() if self.until else 0
        return max(0, -int(-left // 86400))


OPEN = Standing(PlanState.TRIALING)  # a studio without a row


def standing_of_row(row: Any, now: dt.datetime) -> Standing:
    """How the studio of this subscription stands at `now`."""
    paid = bool(row.collection)
    if row.state == PlanState.COMPLIMENTARY:
        ends = row.period_ends_at
        return Standing(READ_ONLY) if ends and ends <= now else Standing(PlanState.COMPLIMENTARY, ends, paid=True)
    if row.state == PlanState.ENDED:
        return Standing(READ_ONLY, (row.ended_at or now) + KEPT)
    if row.state == PlanState.TRIALING and not paid:
        ends = row.trial_ends_at
        return Standing(READ_ONLY, ends + KEPT) if ends and ends <= now else Standing(PlanState.TRIALING, ends)
    since = overdue_since(row, now)
    if since is not None:
        shut = since + GRACE
        return Standing(READ_ONLY, shut + KEPT, paid) if shut <= now else Standing(PlanState.PAST_DUE, shut, paid)
    return Standing(PlanState.ACTIVE, row.cancels_at or row.period_ends_at, paid)


def overdue_since(row: Any, now: dt.datetime) -> dt.datetime | None:
    """Since when money is missing: Stripe says so of a card; a year that was paid by invoice is simply over."""
    if row.state == PlanState.PAST_DUE:
        found: dt.datetime = row.past_due_since or now
        return found
    ends: dt.datetime | None = row.period_ends_at
    return ends if row.collection == Collection.INVOICE and ends and ends <= now else None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to the owner. `key` is the same whenever it is due: sent once. `day`: the date that it names."""

    template: str
    key: str
    day: dt.datetime


def letter_due(row: Any, now: dt.datetime) -> Letter | None:
    """The letter that the owner should have by now; earlier ones that were missed are left out."""
    found = standing_of_row(row, now)
    if found.state == PlanState.TRIALING and found.until:
        return _step("trial_ending", found.until, found.until, now)
    if found.state == PlanState.PAST_DUE and found.until:
        return _step("payment_due", found.until - GRACE, found.until, now)
    if found.state == READ_ONLY and found.until:
        return _step("read_only", found.until - KEPT, found.until, now)
    if found.state == PlanState.ACTIVE and row.collection == Collection.INVOICE and row.period_ends_at:
        return _step("year_ending", row.period_ends_at, row.period_ends_at, now)
    return None


def _step(template: str, anchor: dt.datetime, day: dt.datetime, now: dt.datetime) -> Letter | None:
    reached = [step for step in STEPS[template] if anchor + dt.timedelta(days=step) <= now]
    return Letter(template, f"{template}.{anchor:%Y%m%d}.{reached[-1]}", day) if reached else None
