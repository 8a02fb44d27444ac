"""The only now. Instants are aware UTC; a wall clock needs a zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """The current instant, aware, UTC."""
    return timezone.now()


def today(zone: str) -> dt.date:
    """The calendar day it is now in the IANA `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_start(day: dt.date, zone: str) -> dt.datetime:
    """The instant at which `day` begins in `zone`. Days are half-open intervals."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(zone))
