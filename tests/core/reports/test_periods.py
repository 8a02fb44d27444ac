import datetime as dt
import itertools

import pytest

from core.reports.periods import Period, period_of


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("unit", "today", "start", "before", "before_last"),
    [
        ("week", "2026-11-18", "2026-11-16", "2026-11-09", "2026-11-11"),
        ("week", "2026-11-16", "2026-11-16", "2026-11-09", "2026-11-09"),
        ("month", "2026-11-22", "2026-11-01", "2026-10-01", "2026-10-22"),
        ("month", "2026-01-10", "2026-01-01", "2025-12-01", "2025-12-10"),
        ("month", "2026-03-31", "2026-03-01", "2026-02-01", "2026-02-28"),
        ("quarter", "2026-11-22", "2026-10-01", "2026-07-01", "2026-08-22"),
        ("quarter", "2026-02-03", "2026-01-01", "2025-10-01", "2025-11-03"),
        ("nonsense", "2026-11-22", "2026-11-01", "2026-10-01", "2026-10-22"),
    ],
)
def test_a_running_period_meets_the_same_days_before(unit, today, start, before, before_last):
    period = period_of(unit, day(today))
    assert (period.start, period.last) == (day(start), day(today))
    assert (period.earlier().start, period.earlier().last) == (day(before), day(before_last))


def test_a_free_period_meets_as_many_days_just_before():
    period = Period(day("2026-11-10"), day("2026-11-20"))
    assert period.days == 10
    assert period.earlier() == Period(day("2026-10-31"), day("2026-11-10"))
    assert period.earlier(2).end == period.earlier().start


@pytest.mark.parametrize("unit", ["week", "month", "quarter"])
def test_earlier_spans_never_overlap(unit):
    period = period_of(unit, day("2026-12-31"))
    spans = [period, *[period.earlier(steps) for steps in range(1, 6)]]
    assert all(older.end <= newer.start for newer, older in itertools.pairwise(spans))
    assert all(span.days <= period.days for span in spans)


def test_days_are_half_open():
    period = Period(day("2026-11-10"), day("2026-11-12"))
    assert [period.holds(day(f"2026-11-{n}")) for n in ("09", "10", "11", "12")] == [False, True, True, False]
