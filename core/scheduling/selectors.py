"""Questions about time: what is free, what is booked, who is affected."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from core.kernel import clock
from core.kernel.events import Event
from core.people.enums import Capability
from core.scheduling.chains import Chain, chain_of
from core.scheduling.enums import STANDING, AppointmentState, WaitingState
from core.scheduling.hours import Wall, minute_of
from core.scheduling.models import (
    Appointment,
    AppointmentBlock,
    CalendarRules,
    Leave,
    Resource,
    ResourceClaim,
    WaitingEntry,
)
from core.scheduling.scene import load_scene
from core.scheduling.solver import Slot, Solver, Wanted, Why

NEAREST = 3
NEAR_DAYS = 14
MOST_DAYS = 400


@dataclass(frozen=True)
class SlotQuery:
    """What is looked for. Days are the branch's, `until` excluded. `customer`: who served them before comes first.

    `lend`: resources of other branches may be proposed (they ask for approval). `without`: an appointment that would
    leave its own time (rescheduling). `window`: minutes of the day in which it may start. `limit`: how many slots.
    """

    branch: Any
    chain: Chain
    first: dt.date
    until: dt.date
    customer: Any = None
    prefer: tuple[int, ...] = ()
    require: tuple[int, ...] = ()
    lend: bool = False
    without: int | None = None
    window: tuple[int, int] = (0, 1440)
    weekdays: tuple[int, ...] = ()
    grid: int = 0  # 0: the branch's rule
    limit: int | None = None
    past: bool = False  # also starts that are over


@dataclass(frozen=True)
class FreeSlots:
    """Slots, earliest first; `why` says for days without any what stood in the way (empty when the limit was hit)."""

    slots: list[Slot] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)


def rules_of(branch: Any) -> CalendarRules:
    """The branch's rules of booking, or the defaults."""
    return CalendarRules.objects.filter(pk=branch.pk).first() or CalendarRules(branch=branch)


def free_slots(query: SlotQuery) -> FreeSlots:
    """Starts at which the whole chain fits: opening hours, holidays, rosters, leave, claims with both sides' buffers.

    At most seven queries (one of them only when no `grid` is given); 90 days of 28 resources take tens of milliseconds.
    """
    solver = _solver(query)
    slots = list(islice(solver.slots(), query.limit))
    full = query.limit is not None and len(slots) >= query.limit
    return FreeSlots(slots, [] if full else solver.why())


def _solver(query: SlotQuery) -> Solver:
    until = min(query.until, query.first + dt.timedelta(days=MOST_DAYS))
    scene = load_scene(
        query.branch,
        query.first,
        until,
        customer_id=query.customer.pk if query.customer else None,
        lend=query.lend,
        without=query.without,
    )
    wanted = Wanted(
        grid=query.grid or rules_of(query.branch).grid,
        prefer=query.prefer,
        require=query.require,
        window=query.window,
        weekdays=query.weekdays,
        not_before=0 if query.past else minute_of(clock.now()) + 1,
    )
    return Solver(scene, query.chain, wanted)


def slot_at(query: SlotQuery, starts_at: dt.datetime) -> Slot | None:
    """The crew for one start, if it fits (the grid apart)."""
    solver = _solver(query)
    bit = solver.scene.axis.bit(minute_of(starts_at))
    mask = solver.hours
    for found in solver.any:
        mask &= found
    return solver.slot_at(bit) if bit >= 0 and mask >> bit & 1 else None


def nearest_slots(query: SlotQuery, around: dt.datetime, count: int = NEAREST) -> list[Slot]:
    """The free slots nearest to an instant, in order of time."""
    near = sorted(free_slots(query).slots, key=lambda slot: abs((slot.starts_at - around).total_seconds()))[:count]
    return sorted(near, key=lambda slot: slot.minute)


def near_query(branch: Any, chain: Chain, around: dt.datetime, **more: Any) -> SlotQuery:
    """Two weeks to either side of an instant, from today on."""
    day, span = Wall(branch.timezone).local(minute_of(around)).date(), dt.timedelta(days=NEAR_DAYS)
    first = max(clock.today(branch.timezone), day - span)
    return SlotQuery(branch, chain, first, max(first, day + span) + dt.timedelta(days=1), **more)


# -- Appointments ------------------------------------------------------------------------------------------------------
def visible(staff: Any) -> QuerySet[Appointment]:
    """Appointments in the branches whose calendar the staff member sees, and those that use their resources."""
    rows = Appointment.objects.select_related("branch", "customer")
    branches = staff.branches(Capability.VIEW_CALENDAR)
    if branches is None:
        return rows
    lent = ResourceClaim.objects.filter(resource__branch_id__in=branches, active=True).values("appointment_id")
    return rows.filter(Q(branch_id__in=branches) | Q(pk__in=lent))


def appointment_for(staff: Any, code: str) -> Appointment | None:
    """An appointment by its code, if the staff member sees it."""
    return visible(staff).filter(code=code).first()


def with_parts(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """With blocks and standing claims, in two queries more."""
    claims = ResourceClaim.objects.filter(active=True).select_related("resource").order_by("resource__position", "pk")
    return rows.prefetch_related(
        Prefetch("blocks", AppointmentBlock.objects.order_by("position")), Prefetch("claims", claims)
    )


def standing_between(branch_ids: Iterable[int], start: dt.datetime, end: dt.datetime) -> QuerySet[Appointment]:
    """What stands in these branches' calendars in [start, end), holds that have run out left out; with parts."""
    lent = ResourceClaim.objects.filter(resource__branch_id__in=branch_ids, active=True).values("appointment_id")
    rows = Appointment.objects.filter(
        Q(branch_id__in=branch_ids) | Q(pk__in=lent), state__in=STANDING, starts_at__lt=end, ends_at__gt=start
    ).exclude(state=AppointmentState.HELD, hold_expires_at__lte=clock.now())
    return with_parts(rows.select_related("branch", "customer").order_by("starts_at", "pk"))


def chain_of_appointment(appointment: Appointment) -> Chain:
    """The chain as it was asked for, from its blocks."""
    return chain_of(
        {
            "name": block.name,
            "minutes": int((block.ends_at - block.starts_at).total_seconds() // 60),
            "offset": int((block.starts_at - appointment.starts_at).total_seconds() // 60),
            "needs": block.needs,
        }
        for block in appointment.blocks.all()
    )


def history(appointment: Appointment, limit: int = 50) -> list[Event]:
    """What happened to the appointment, newest first."""
    rows = Event.objects.filter(thread__in=[appointment.event_thread, f"appointment.{appointment.pk}"])
    return list(rows.filter(subject=f"appointment.{appointment.pk}").order_by("-id")[:limit])


def may_change_until(appointment: Appointment, rules: CalendarRules | None = None) -> dt.datetime:
    """Until when the customer may move or cancel by themselves (R: change deadline)."""
    days = (rules or rules_of(appointment.branch)).change_days
    return appointment.starts_at - dt.timedelta(days=days)


def affected_by(leave: Leave) -> QuerySet[Appointment]:
    """Standing appointments that need the resource while it is away: they stay, and are listed."""
    rows = Appointment.objects.filter(
        claims__resource_id=leave.resource_id,
        claims__active=True,
        state__in=[AppointmentState.HELD, AppointmentState.CONFIRMED],
        starts_at__lt=leave.ends_at,
        ends_at__gt=leave.starts_at,
    )
    return rows.select_related("customer", "branch").distinct().order_by("starts_at")


def resources_of(branch_ids: Iterable[int], *, kind: str = "", everything: bool = False) -> QuerySet[Resource]:
    """Resources of the branches, in the order people gave them."""
    rows = Resource.objects.filter(branch_id__in=branch_ids).select_related("branch", "user")
    if kind:
        rows = rows.filter(Q(kind=kind) | Q(also__contains=[kind]))
    return rows if everything else rows.filter(is_active=True)


def waiting_list(branch_ids: Iterable[int]) -> QuerySet[WaitingEntry]:
    """Who waits for a date, first come first."""
    states = [WaitingState.WAITING, WaitingState.OFFERED]
    rows = WaitingEntry.objects.filter(branch_id__in=branch_ids, state__in=states)
    return rows.select_related("branch", "customer", "offer")


def loans_asked(branch_ids: Iterable[int] | None) -> QuerySet[ResourceClaim]:
    """Claims on these branches' resources (None: every branch's) that wait for their agreement."""
    rows = ResourceClaim.objects.filter(lending="asked", active=True).select_related(
        "appointment__branch", "resource__branch"
    )
    return rows if branch_ids is None else rows.filter(resource__branch_id__in=branch_ids)


def feed_of(token: str) -> Resource | None:
    """The resource whose calendar the secret address opens."""
    if not token or len(token) > 40:
        return None
    return Resource.objects.filter(feed_token=token, is_active=True).select_related("branch").first()


def feed_rows(resource: Resource, since: dt.datetime, until: dt.datetime) -> list[ResourceClaim]:
    """Every claim of the resource in the stretch, released ones of cancelled appointments too; newest claim last."""
    rows = ResourceClaim.objects.filter(
        resource=resource, appointment__starts_at__lt=until, appointment__ends_at__gt=since
    ).select_related("appointment__branch", "appointment__customer")
    return list(rows.prefetch_related("appointment__blocks").order_by("appointment__starts_at", "pk"))
