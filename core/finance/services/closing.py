"""The day's close of a branch."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.finance.books import open_book
from core.finance.enums import BY_HAND
from core.finance.models import DayBook, DayCount
from core.finance.selectors import day_figures
from core.kernel import clock, events
from core.kernel.errors import Refusal
from tenants.context import current_studio


@transaction.atomic
def close_day(
    *, actor: Any, branch: Any, day: dt.date, counted: Mapping[str, int], reasons: Mapping[str, str] | None = None
) -> DayBook:
    """Count against the books and lock the day: nothing can be booked on it afterwards.

    `counted`: method → minor units, for cash, POS and transfer. Records DAY_CLOSED. Refusal day.closed(day)
    | day.odd(day) | count.missing(method) | count.unexplained(method).
    """
    book = open_book(branch, day, ago=None)
    figures = day_figures(branch, day)
    rows = []
    for method in BY_HAND:
        if method not in counted:
            raise Refusal("count.missing", method=str(method))
        books, found, reason = figures[method].total_minor, counted[method], (reasons or {}).get(method, "").strip()
        if books != found and not reason:
            raise Refusal("count.unexplained", method=str(method))
        rows.append(DayCount(book=book, method=method, books_minor=books, counted_minor=found, reason=reason[:300]))
    DayCount.objects.bulk_create(rows)
    book.closed_at, book.closed_by = clock.now(), actor
    book.save(update_fields=["closed_at", "closed_by"])
    difference = sum(row.counted_minor - row.books_minor for row in rows)
    told = {"day": day.isoformat(), "difference_minor": difference, "currency": current_studio().currency}
    events.record(events.Kind.DAY_CLOSED, book, actor, **told)
    return book
