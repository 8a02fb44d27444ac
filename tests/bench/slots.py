"""Racing for one date, and searching a season for one: overlaps and deadlocks must be 0, a search at most 100 ms.

`SLOT_ROUNDS` and `SLOT_RACERS` in the environment make the race shorter.
"""

import datetime as dt
import os
import random
import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import OperationalError, connection, connections

from core.kernel import clock
from core.kernel.errors import Refusal
from core.scheduling.chains import Block, Need
from core.scheduling.claiming import state_of
from core.scheduling.models import Appointment, Resource, ResourceClaim, Shift
from core.scheduling.selectors import SlotQuery, free_slots
from core.scheduling.services import cancel, hold, reschedule
from core.scheduling.solver import PlannedBlock
from core.studios.models import Branch
from tenants.context import in_studio
from tests.bench.scene import furnished_studio

ROUNDS, RACERS = int(os.environ.get("SLOT_ROUNDS", "1000")), int(os.environ.get("SLOT_RACERS", "32"))
DAYS, PEOPLE, ROOMS, RUNS = 90, 20, 8, 15
KINDS = ["photographer", "photographer", "makeup_artist", "makeup_artist", "assistant"]
CHAIN = (
    Block("化妆", 120, (Need("makeup_artist"), Need("room", "化妆间"))),
    Block("外景", 180, (Need("photographer", "外景"), Need("makeup_artist"), Need("assistant"))),
    Block("内景", 60, (Need("photographer", "外景"), Need("room", "影棚"))),
)


def run() -> dict[str, Any]:
    """`slot_race_overlaps`, `slot_race_deadlocks`, `free_slots_ms` (baseline: the search's SQL alone)."""
    with furnished_studio("档期") as studio:
        branch = Branch.objects.get(code__isnull=False)
        search = _search(branch)
        race = _race(studio, branch)
    return {**race, "free_slots_ms": search}


# -- The race ----------------------------------------------------------------------------------------------------------
def _race(studio: Any, branch: Branch) -> dict[str, Any]:
    """Rounds of racers for one date: most hold it, some move one onto it, half the dates are given back."""
    things = [_resource(branch, kind, f"race {kind}") for kind in ("photographer", "makeup_artist", "room")]
    first = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=200)
    answers: Counter[str] = Counter()
    wrong, begun = 0, time.perf_counter()
    with ThreadPoolExecutor(RACERS) as pool:
        for number in range(ROUNDS):
            start = first + dt.timedelta(hours=4 * number)
            spare = _spare(branch, things, start) if number % 4 == 0 else None
            said = _round(pool, studio, branch, _plan(start, things, number), spare)
            answers += Counter(said)
            wrong += said.count("done") != 1
            if number % 2:  # half of the dates are given back: the next round begins beside free and taken time
                for one in Appointment.objects.filter(starts_at=start, state="held"):
                    cancel(actor=None, appointment=one, reason="bench")
    seconds = time.perf_counter() - begun
    deadlocks = sum(number for what, number in answers.items() if what in {"40P01", "40001"})
    others = {what: n for what, n in answers.items() if what not in {"done", "slot.taken", "40P01", "40001"}}
    note = f"{ROUNDS} rounds of {RACERS}, {seconds:.0f} s; {dict(answers)}; without one winner: {wrong}"
    if others or wrong:
        note += f"; UNEXPECTED {others}"
    told = {"unit": "pairs", "baseline": 0, "ratio": None, "note": note}
    return {
        "slot_race_overlaps": {"value": _overlaps() + wrong, **told},
        "slot_race_deadlocks": {**told, "value": deadlocks + sum(others.values()), "unit": "errors"},
    }


def _plan(start: dt.datetime, things: list[Resource], number: int) -> list[PlannedBlock]:
    """Racers name the same resources in different orders: what would deadlock without ordered locks."""
    ids = [one.pk for one in things]
    random.Random(number).shuffle(ids)
    return [PlannedBlock("拍摄", start, start + dt.timedelta(hours=2), tuple(ids))]


def _spare(branch: Branch, things: list[Resource], start: dt.datetime) -> Appointment:
    """An appointment a year later, whose owner wants the raced date instead."""
    later = start + dt.timedelta(days=400)
    return hold(actor=None, branch=branch, kind="shoot", title="spare", plan=_plan(later, things, 0), alternatives=0)


def _round(pool: Any, studio: Any, branch: Branch, plan: list[PlannedBlock], spare: Appointment | None) -> list[str]:
    start = threading.Barrier(RACERS)

    def work(i: int) -> str:
        mine = [
            PlannedBlock(
                "拍摄", plan[0].starts_at, plan[0].ends_at, plan[0].resources[i % 3 :] + plan[0].resources[: i % 3]
            )
        ]
        start.wait(60)
        try:
            with in_studio(studio):
                if spare and i == 0:
                    reschedule(actor=None, appointment=spare, plan=mine, alternatives=0)
                else:
                    hold(actor=None, branch=branch, kind="shoot", title=str(i), plan=mine, alternatives=0)
        except Refusal as refusal:
            return refusal.code
        except OperationalError as error:
            return state_of(error) or type(error).__name__
        except Exception as error:  # noqa: BLE001 (any fault is a figure of this bench)
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()  # the pool holds fewer than there are threads
        return "done"

    return list(pool.map(work, range(RACERS)))


def _overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_resourceclaim a JOIN core_resourceclaim b "
            "ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during WHERE a.active AND b.active"
        )
        return int(cursor.fetchone()[0])


# -- The search --------------------------------------------------------------------------------------------------------
def _resource(branch: Branch, kind: str, name: str, **fields: Any) -> Resource:
    return Resource.objects.create(branch=branch, kind=kind, name=name, **fields)


def _search(branch: Branch) -> dict[str, Any]:
    """Ninety days, twenty people with rosters, eight rooms; the slower of a full season and a half empty one counts."""
    first = clock.today(branch.timezone) + dt.timedelta(days=1)
    _furnish(branch, first)
    query = SlotQuery(branch, CHAIN, first, first + dt.timedelta(days=DAYS), grid=15)
    full = _measured(query)
    ids = list(ResourceClaim.objects.filter(active=True, resource__name__contains=" ").values_list("pk", flat=True))
    ResourceClaim.objects.filter(pk__in=ids[::2]).update(active=False)
    half = _measured(query)
    value, base, _note = max(full, half)
    season = f"{DAYS} days × {PEOPLE} people × {ROOMS} rooms"
    note = f"{season}; full: {full[2]}; half empty: {half[2]}; baseline: the SQL alone"
    told = {"value": round(value, 1), "unit": "ms", "baseline": round(base, 1), "ratio": round(value / base, 2)}
    return {**told, "note": note}


def _measured(query: SlotQuery) -> tuple[float, float, str]:
    """(ms, ms of them in SQL, what was found)."""
    found, times, sql = free_slots(query), [], []
    for _ in range(RUNS):
        spent = [0.0]
        begun = time.perf_counter()
        with connections["default"].execute_wrapper(_timed(spent)):
            found = free_slots(query)
        times.append((time.perf_counter() - begun) * 1000)
        sql.append(spent[0] * 1000)
    assert found.slots
    claims = ResourceClaim.objects.filter(active=True).count()
    note = f"{claims} claims, {len(found.slots)} starts with crew, worst {max(times):.0f} ms"
    return statistics.median(times), statistics.median(sql), note


def _timed(spent: list[float]) -> Any:
    def wrap(execute: Any, *args: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent[0] += time.perf_counter() - begun

    return wrap


def _furnish(branch: Branch, first: dt.date) -> None:
    dice = random.Random(7)
    people = [
        _resource(
            branch, KINDS[i % len(KINDS)], f"person {i}", before=15, after=15, skills=["外景"] if i % 2 == 0 else []
        )
        for i in range(PEOPLE)
    ]
    rooms = [_resource(branch, "room", f"room {i}", after=15, skills=[["化妆间", "影棚"][i % 2]]) for i in range(ROOMS)]
    days = [first + dt.timedelta(days=i) for i in range(DAYS)]
    Shift.objects.bulk_create(
        Shift(resource=one, day=day, starts=570, ends=1110)
        for i, one in enumerate(people)
        for day in days
        if (day.toordinal() + i) % 7
    )
    zone = clock.zone(branch.timezone)
    made, claims = [], []
    for day in days:
        opening = dt.datetime.combine(day, dt.time(9, 30), zone)
        made.append(
            Appointment(
                code=f"b{day.toordinal()}",
                branch=branch,
                title="x",
                kind="shoot",
                state="confirmed",
                starts_at=opening,
                ends_at=opening + dt.timedelta(hours=9),
            )
        )
        for one in [*people, *rooms]:
            for hour in (0, 2, 4, 6):
                if dice.random() < 0.7:
                    start = opening + dt.timedelta(hours=hour, minutes=dice.choice([0, 15, 30]))
                    claims.append((made[-1], one, (start, start + dt.timedelta(minutes=dice.choice([60, 75, 90])))))
    Appointment.objects.bulk_create(made)
    ResourceClaim.objects.bulk_create(
        ResourceClaim(appointment=appointment, resource=one, during=during, positions=[0])
        for appointment, one, during in claims
    )
