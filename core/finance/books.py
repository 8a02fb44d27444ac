"""On which day of a branch money is booked."""

import datetime as dt
from typing import Any

from core.finance.models import DayBook
from core.kernel import clock
from core.kernel.errors import Refusal

AGO = dt.timedelta(days=31)


def open_book(branch: Any, day: dt.date | None, *, ago: dt.timedelta | None = AGO) -> DayBook:
    """The day's book, locked until the transaction ends. Refusal day.closed(day) | day.odd(day): in the future, or
    longer than `ago`.
    """
    today = clock.today(branch.timezone)
    wanted = day or today
    if wanted > today or (ago is not None and wanted < today - ago):
        raise Refusal("day.odd", day=wanted.isoformat())
    book = _locked(branch, wanted)
    if book.closed_at:
        raise Refusal("day.closed", day=wanted.isoformat())
    return book


def next_open_book(branch: Any) -> DayBook:
    """Today's book, or the next day's when today is closed: money by a provider comes at any hour."""
    day = clock.today(branch.timezone)
    while True:
        book = _locked(branch, day)
        if not book.closed_at:
            return book
        day += dt.timedelta(days=1)


def _locked(branch: Any, day: dt.date) -> DayBook:
    DayBook.objects.bulk_create([DayBook(branch=branch, day=day)], ignore_conflicts=True)
    return DayBook.objects.select_for_update(of=("self",)).get(branch=branch, day=day)
