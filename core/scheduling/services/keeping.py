"""Keeping the calendar: resources, rosters, leave, opening hours. Changing them never moves a booking."""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from core.kernel import codes, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.scheduling.enums import PEOPLE, LeaveKind
from core.scheduling.models import (
    CalendarRules,
    Holiday,
    Leave,
    OpeningHours,
    Resource,
    Shift,
    calendar_stream,
)

FIELDS = {"kind", "also", "name", "user", "skills", "before", "after", "lendable", "is_active", "position"}
TOKEN = 26  # characters of a feed's secret address: 130 bits
WEEK = dt.timedelta(days=7)


@dataclass
class Calendar:
    """A branch's calendar as the subject of an event."""

    pk: int

    @property
    def event_stream(self) -> str:
        return calendar_stream(self.pk)

    @property
    def event_thread(self) -> str:
        return ""


def _kept(actor: Any, branch_id: int, what: str, name: str) -> None:
    events.record(Kind.CALENDAR_KEPT, Calendar(branch_id), actor, what=what, name=name)


@transaction.atomic
def save_resource(*, actor: Any, branch: Any, resource: Resource | None = None, **fields: Any) -> Resource:
    """A new resource of the branch, or other facts about one. Its bookings stay as they are.

    Event CALENDAR_KEPT. Refusal resource.name_taken | resource.user_taken.
    """
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"no such fields: {unknown}")
    row = Resource.objects.select_for_update(no_key=True).get(pk=resource.pk) if resource else Resource(branch=branch)
    for name, value in fields.items():
        setattr(row, name, value)
    row.also = [kind for kind in dict.fromkeys(row.also) if kind != row.kind and (kind in PEOPLE) == row.is_person]
    if not row.is_person:
        row.user = None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        mine = row.user_id and Resource.objects.filter(user_id=row.user_id).exclude(pk=row.pk).exists()
        raise Refusal("resource.user_taken" if mine else "resource.name_taken") from error
    _kept(actor, row.branch_id, "resource", row.name)
    return row


def change_resource(*, actor: Any, resource: Resource, **fields: Any) -> Resource:
    """`save_resource` of one that exists."""
    return save_resource(actor=actor, branch=resource.branch, resource=resource, **fields)


@transaction.atomic
def save_week(
    *, actor: Any, resource: Resource, monday: dt.date, shifts: dict[dt.date, tuple[int, int] | None]
) -> None:
    """A colleague's week in place of what was planned: minutes (from, until) of each day worked. Days left out or None
    are off; only a week without any entry follows the opening hours. Event CALENDAR_KEPT.

    Refusal days.unsound.
    """
    Resource.objects.select_for_update(no_key=True).get(pk=resource.pk)
    for day, window in shifts.items():
        if not monday <= day < monday + WEEK or (window and not 0 <= window[0] < window[1] <= 1440):
            raise Refusal("days.unsound")
    Shift.objects.filter(resource=resource, day__gte=monday, day__lt=monday + WEEK).delete()
    Shift.objects.bulk_create(
        Shift(resource=resource, day=day, starts=window[0] if window else 0, ends=window[1] if window else 0)
        for day, window in shifts.items()
    )
    _kept(actor, resource.branch_id, "shifts", resource.name)


@transaction.atomic
def copy_week(*, actor: Any, branch: Any, monday: dt.date) -> int:
    """Fill the week from the one before, for those colleagues of the branch who have no shift in it; answers for how
    many. Event CALENDAR_KEPT.
    """
    people = list(
        Resource.objects.select_for_update(no_key=True)
        .filter(branch=branch, kind__in=PEOPLE, is_active=True)
        .order_by("pk")
    )
    mine = Shift.objects.filter(resource__in=people)
    done = set(mine.filter(day__gte=monday, day__lt=monday + WEEK).values_list("resource_id", flat=True))
    last = mine.filter(day__gte=monday - WEEK, day__lt=monday).exclude(resource_id__in=done)
    made = [Shift(resource_id=one.resource_id, day=one.day + WEEK, starts=one.starts, ends=one.ends) for one in last]
    Shift.objects.bulk_create(made)
    _kept(actor, branch.pk, "shifts", branch.name)
    return len({one.resource_id for one in made})


@transaction.atomic
def add_leave(
    *,
    actor: Any,
    resource: Resource,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    kind: str = LeaveKind.LEAVE,
    note: str = "",
) -> Leave:
    """Somebody is away, or a thing out of use. Bookings in that time stay: selectors.affected_by lists them.

    Event CALENDAR_KEPT. Refusal days.unsound.
    """
    if starts_at >= ends_at:
        raise Refusal("days.unsound")
    row = Leave.objects.create(resource=resource, kind=kind, starts_at=starts_at, ends_at=ends_at, note=note.strip())
    _kept(actor, resource.branch_id, "leave", resource.name)
    return row


@transaction.atomic
def end_leave(*, actor: Any, leave: Leave) -> None:
    """Strike a leave. Event CALENDAR_KEPT."""
    resource = leave.resource
    Leave.objects.filter(pk=leave.pk).delete()
    _kept(actor, resource.branch_id, "leave", resource.name)


@transaction.atomic
def save_hours(*, actor: Any, branch: Any, hours: Iterable[tuple[int, int, int]]) -> None:
    """A branch's week: (weekday, opens, closes) in minutes, several for a day with a break. Event CALENDAR_KEPT.

    Refusal hours.unsound when a day closes before it opens or its times overlap.
    """
    rows = sorted(hours)
    for day, opens, closes in rows:
        if not (0 <= day <= 6 and 0 <= opens < closes <= 1440):
            raise Refusal("hours.unsound")
    if any(one[0] == other[0] and one[2] > other[1] for one, other in itertools.pairwise(rows)):
        raise Refusal("hours.unsound")
    OpeningHours.objects.filter(branch=branch).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(branch=branch, weekday=day, opens=opens, closes=closes) for day, opens, closes in rows
    )
    _kept(actor, branch.pk, "hours", branch.name)


@transaction.atomic
def save_rules(*, actor: Any, branch: Any, **fields: int) -> CalendarRules:
    """A branch's rules of booking. Event CALENDAR_KEPT."""
    row, _new = CalendarRules.objects.update_or_create(branch=branch, defaults=fields)
    _kept(actor, branch.pk, "rules", branch.name)
    return row


@transaction.atomic
def save_holiday(
    *, actor: Any, branch: Any, day: dt.date, name: str, opens: int | None = None, closes: int | None = None
) -> Holiday:
    """A day unlike its weekday: closed, or open from `opens` to `closes`. Event CALENDAR_KEPT.

    Refusal hours.unsound.
    """
    if (opens is None) != (closes is None) or (opens is not None and closes is not None and opens >= closes):
        raise Refusal("hours.unsound")
    told = {"name": name.strip(), "opens": opens, "closes": closes}
    row, _new = Holiday.objects.update_or_create(branch=branch, day=day, defaults=told)
    _kept(actor, branch.pk, "holiday", row.name)
    return row


@transaction.atomic
def strike_holiday(*, actor: Any, holiday: Holiday) -> None:
    """The day is a day like others again. Event CALENDAR_KEPT."""
    branch_id, name = holiday.branch_id, holiday.name
    Holiday.objects.filter(pk=holiday.pk).delete()
    _kept(actor, branch_id, "holiday", name)


@transaction.atomic
def make_feed(*, actor: Any, resource: Resource) -> str:
    """A new secret address for the resource's calendar; an older one stops working. Event CALENDAR_KEPT."""
    token = codes.random_code(TOKEN)
    Resource.objects.filter(pk=resource.pk).update(feed_token=token)
    _kept(actor, resource.branch_id, "feed", resource.name)
    return token


@transaction.atomic
def revoke_feed(*, actor: Any, resource: Resource) -> None:
    """The secret address stops working. Event CALENDAR_KEPT."""
    Resource.objects.filter(pk=resource.pk).update(feed_token=None)
    _kept(actor, resource.branch_id, "feed", resource.name)
