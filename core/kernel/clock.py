"""The only now. Instants are aware UTC; a wall clock needs a zone."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

_shift: ContextVar[dt.timedelta | None] = ContextVar("yinglou_clock_shift", default=None)


def now() -> dt.datetime:
    """The current instant, aware, UTC."""
    shift = _shift.get()
    return timezone.now() + shift if shift else timezone.now()


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Let `now()` start at `instant` and go on from there, in this context only: for tests and the demo's past."""
    token = _shift.set(instant - timezone.now())
    try:
        yield
    finally:
        _shift.reset(token)


def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name."""
    return ZoneInfo(name)


def today(zone: str) -> dt.date:
    """The calendar day it is now in the IANA `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_start(day: dt.date, zone: str) -> dt.datetime:
    """The instant at which `day` begins in `zone`. Days are half-open intervals."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(zone))
