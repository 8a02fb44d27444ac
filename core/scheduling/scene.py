"""Everything that the search for a date has to know, read in at most six queries: who there is, when they work, and
what is taken already.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BooleanField, Exists, F, Func, IntegerField, OuterRef, Q, Value

from core.kernel import clock
from core.scheduling.bits import Axis
from core.scheduling.enums import PEOPLE, AppointmentState
from core.scheduling.hours import Wall, Window, days_from, instant_of, minute_of, open_windows
from core.scheduling.models import Holiday, Leave, OpeningHours, Resource, ResourceClaim, Shift

PAD = 2  # days beyond the range that buffers and long chains may reach into


@dataclass(eq=False, slots=True)
class Candidate:
    """A resource as the search sees it. `works`: bits in which it may be planned; `free`: bits nobody has claimed."""

    pk: int
    name: str
    branch_id: int
    kinds: frozenset[str]
    skills: frozenset[str]
    before: int
    after: int
    known: bool  # has worked for this customer
    position: int
    is_person: bool
    zone: str  # of its own branch
    works: int = 0
    free: int = 0
    load: int = 0  # minutes claimed in the range

    def fits(self, kind: str, skill: str) -> bool:
        return kind in self.kinds and (not skill or skill in self.skills)


@dataclass(frozen=True)
class Hours:
    """A branch's weekly hours and its days out of the ordinary."""

    wall: Wall
    weekly: dict[int, list[Window]] = field(default_factory=dict)
    holidays: dict[dt.date, Window | None] = field(default_factory=dict)

    def windows(self, day: dt.date) -> list[Window]:
        return list(open_windows(day, self.weekly, self.holidays))

    def spans(self, day: dt.date) -> list[tuple[int, int]]:
        """Open times of the day in minutes since the epoch."""
        return [(self.wall.minute(day, opens), self.wall.minute(day, closes)) for opens, closes in self.windows(day)]


class Scene:
    """The range [first, until) of days in a branch, with a little around it."""

    def __init__(self, branch: Any, first: dt.date, until: dt.date) -> None:
        self.branch, self.first, self.until = branch, first, until
        self.days = days_from(first, until)
        self.around = days_from(first - dt.timedelta(days=PAD), until + dt.timedelta(days=PAD))
        self.wall = Wall(branch.timezone)
        self.axis = Axis(self.wall.minute(self.around[0], 0), self.wall.minute(self.around[-1], 1440))
        self.candidates: list[Candidate] = []
        self.hours: dict[int, Hours] = {}

    @cached_property
    def open(self) -> int:
        """Bits in which the branch is open."""
        return self.open_of(self.branch.pk)

    def open_of(self, branch_id: int) -> int:
        found, hours = 0, self.hours[branch_id]
        for day in self.around:
            for lo, hi in hours.spans(day):
                found |= self.axis.inside(lo, hi)
        return found

    def day_mask(self, day: dt.date) -> int:
        return self.axis.mask(self.wall.minute(day, 0), self.wall.minute(day, 1440))


def load_scene(
    branch: Any,
    first: dt.date,
    until: dt.date,
    *,
    customer_id: int | None = None,
    lend: bool = False,
    without: int | None = None,
) -> Scene:
    """`lend`: with what other branches lend. `without`: an appointment that is about to leave its time."""
    scene = Scene(branch, first, until)
    scene.candidates = _candidates(branch, customer_id, lend=lend)
    _load_hours(scene)
    by_pk = {one.pk: one for one in scene.candidates}
    _claims(scene, by_pk, without)
    _works(scene, by_pk)
    _leaves(scene, by_pk)
    return scene


def _candidates(branch: Any, customer_id: int | None, *, lend: bool) -> list[Candidate]:
    rows = Resource.objects.filter(Q(branch=branch) | Q(lendable=True) if lend else Q(branch=branch), is_active=True)
    known: Any = Value(value=False, output_field=BooleanField())
    if customer_id is not None:
        states = [AppointmentState.CONFIRMED, AppointmentState.DONE]
        mine = ResourceClaim.objects.filter(resource=OuterRef("pk"), active=True, appointment__state__in=states)
        known = Exists(mine.filter(appointment__customer_id=customer_id))
    fields = (
        "pk",
        "name",
        "branch_id",
        "kind",
        "also",
        "skills",
        "before",
        "after",
        "known",
        "position",
        "branch__timezone",
    )
    return [
        Candidate(
            pk,
            name,
            home,
            frozenset([kind, *also]),
            frozenset(skills),
            before,
            after,
            seen,
            place,
            kind in PEOPLE,
            zone,
        )
        for pk, name, home, kind, also, skills, before, after, seen, place, zone in rows.annotate(
            known=known
        ).values_list(*fields)
    ]


def _load_hours(scene: Scene) -> None:
    """Opening hours and holidays of the branch, and of those that lend."""
    homes = {scene.branch.pk, *(one.branch_id for one in scene.candidates)}
    weekly: dict[int, dict[int, list[Window]]] = {home: {} for home in homes}
    for home, weekday, opens, closes in OpeningHours.objects.filter(branch_id__in=homes).values_list(
        "branch_id", "weekday", "opens", "closes"
    ):
        weekly[home].setdefault(weekday, []).append((opens, closes))
    days: dict[int, dict[dt.date, Window | None]] = {home: {} for home in homes}
    special = Holiday.objects.filter(branch_id__in=homes, day__gte=scene.around[0], day__lte=scene.around[-1])
    for home, day, lo, hi in special.values_list("branch_id", "day", "opens", "closes"):
        days[home][day] = None if lo is None or hi is None else (lo, hi)
    zones = {one.branch_id: one.zone for one in scene.candidates} | {scene.branch.pk: scene.branch.timezone}
    scene.hours = {home: Hours(Wall(zones[home]), weekly[home], days[home]) for home in homes}


def _minutes(edge: str) -> Func:
    return Func(
        F("during"),
        template=f"(floor(extract(epoch from {edge}(%(expressions)s)) / 60))::int",
        output_field=IntegerField(),
    )


def _claims(scene: Scene, by_pk: dict[int, Candidate], without: int | None) -> None:
    """What is taken: confirmed, and on holds that still stand. One row for each resource."""
    axis = scene.axis
    stretch = DateTimeTZRange(instant_of(axis.base), instant_of(axis.minute(axis.size)))
    rows = ResourceClaim.objects.filter(active=True, resource_id__in=by_pk, during__overlap=stretch)
    rows = rows.exclude(
        appointment__state=AppointmentState.HELD, appointment__hold_expires_at__lte=clock.now()
    ).exclude(appointment_id=without)
    taken = rows.values("resource_id").annotate(los=ArrayAgg(_minutes("lower")), his=ArrayAgg(_minutes("upper")))
    first, until = scene.wall.minute(scene.first, 0), scene.wall.minute(scene.until, 0)
    for one in scene.candidates:
        one.free = axis.all
    for pk, los, his in taken.values_list("resource_id", "los", "his"):
        one = by_pk[pk]
        one.free &= ~axis.union(zip(los, his, strict=True))
        one.load = sum(
            min(hi, until) - max(lo, first) for lo, hi in zip(los, his, strict=True) if hi > first and lo < until
        )


def _works(scene: Scene, by_pk: dict[int, Candidate]) -> None:
    """Whoever has shifts in a week works those; else, and for things, when their own branch is open."""
    open_by_branch = {home: scene.open_of(home) for home in scene.hours}
    for one in scene.candidates:
        one.works = open_by_branch[one.branch_id]
    people = [one.pk for one in scene.candidates if one.is_person]
    monday = scene.around[0] - dt.timedelta(days=scene.around[0].weekday())
    rows = Shift.objects.filter(
        resource_id__in=people, day__gte=monday, day__lte=scene.around[-1] + dt.timedelta(days=6)
    )
    shifts = rows.values("resource_id").annotate(
        days=ArrayAgg("day", order_by="pk"), los=ArrayAgg("starts", order_by="pk"), his=ArrayAgg("ends", order_by="pk")
    )
    for pk, days, los, his in shifts.values_list("resource_id", "days", "los", "his"):
        one = by_pk[pk]
        one.works = _rostered(scene, scene.hours[one.branch_id].wall, one.works, days, los, his)


def _rostered(
    scene: Scene, wall: Wall, usual: int, days: Iterable[dt.date], los: Iterable[int], his: Iterable[int]
) -> int:
    """The usual hours with those of the weeks that have a roster instead."""
    mine, weeks = 0, set()
    for day, lo, hi in zip(days, los, his, strict=True):
        weeks.add(day - dt.timedelta(days=day.weekday()))
        mine |= scene.axis.inside(wall.minute(day, lo), wall.minute(day, hi))
    for monday in weeks:
        end = monday + dt.timedelta(days=7)
        usual &= ~scene.axis.mask(wall.minute(monday, 0), wall.minute(end, 0))
    return usual | mine


def _leaves(scene: Scene, by_pk: dict[int, Candidate]) -> None:
    axis = scene.axis
    rows = Leave.objects.filter(
        resource_id__in=by_pk,
        starts_at__lt=instant_of(axis.minute(axis.size)),
        ends_at__gt=instant_of(axis.base),
    )
    for pk, starts_at, ends_at in rows.values_list("resource_id", "starts_at", "ends_at"):
        by_pk[pk].works &= ~axis.mask(
            minute_of(starts_at), minute_of(ends_at) + 1 if ends_at.second else minute_of(ends_at)
        )
