"""Taking time, the one way: lock the resources in the order of their keys, let go of holds that have run out, insert.

The exclusion constraint has the last word (tenancy.md §3). Call inside a transaction; lock order of the room: order
(the room above) → waiting entry → resources → appointments → the calendar's stream. Events are therefore recorded last.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from core.kernel import clock, events, live
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.scheduling.chains import runs_of
from core.scheduling.enums import AppointmentState, Lending
from core.scheduling.hours import instant_of, minute_of
from core.scheduling.models import Appointment, AppointmentBlock, Resource, ResourceClaim
from core.scheduling.solver import PlannedBlock

TAKEN, AGAIN = "23P01", {"40P01", "40001"}  # exclusion violation; deadlock, serialisation failure
Plan = Sequence[PlannedBlock]


class Overlap(Exception):
    """Somebody else has one of the resources at that time."""


def attempt[T](work: Callable[[], T]) -> T:
    """Run the work in a transaction of its own (a savepoint within one). Raises Overlap when the time is taken; a
    deadlock is tried again once, unless the caller's transaction has died of it.
    """
    try:
        return _atomic(work)
    except OperationalError as error:
        if connection.in_atomic_block or state_of(error) not in AGAIN:
            raise
        return _atomic(work)


def _atomic[T](work: Callable[[], T]) -> T:
    try:
        with transaction.atomic():
            return work()
    except IntegrityError as error:
        if state_of(error) == TAKEN:
            raise Overlap from error
        raise


def state_of(error: Exception) -> str:
    """PostgreSQL's code of what went wrong."""
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def lock_resources(ids: Iterable[int]) -> dict[int, Resource]:
    """The resources, held in the order of their keys until the transaction ends."""
    rows = Resource.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def resources_in(plan: Plan) -> set[int]:
    return {pk for block in plan for pk in block.resources}


def draft_claims(branch_id: int, plan: Plan, locked: dict[int, Resource], agreed: Iterable[int]) -> list[ResourceClaim]:
    """Claims for a plan, not yet stored. `agreed`: branches whose resources need not be asked for.

    Refusal resource.gone(name) | resource.elsewhere(name) for what may not be used.
    """
    start = minute_of(plan[0].starts_at)
    spans: dict[int, list[tuple[int, int, int]]] = {}
    for position, block in enumerate(plan):
        span = (minute_of(block.starts_at) - start, minute_of(block.ends_at) - start, position)
        for pk in block.resources:
            spans.setdefault(pk, []).append(span)
    claims = []
    for pk, some in spans.items():
        resource = locked.get(pk)
        if resource is None or not resource.is_active:
            raise Refusal("resource.gone", name=resource.name if resource else "")
        lending = _lending(branch_id, resource, agreed)
        for lo, hi, positions in runs_of(some, resource.before, resource.after):
            during = DateTimeTZRange(instant_of(start + lo), instant_of(start + hi))
            claims.append(ResourceClaim(resource=resource, during=during, positions=list(positions), lending=lending))
    return sorted(claims, key=lambda claim: (claim.resource_id, claim.during.lower))


def _lending(branch_id: int, resource: Resource, agreed: Iterable[int]) -> str:
    if resource.branch_id == branch_id:
        return Lending.OWN
    if not resource.lendable:
        raise Refusal("resource.elsewhere", name=resource.name)
    return Lending.AGREED if resource.branch_id in agreed else Lending.ASKED


def insert(appointment: Appointment, claims: list[ResourceClaim]) -> list[Appointment]:
    """Store claims of locked resources; answers the holds that had run out and gave way (their events are due)."""
    gone = expire_overlapping(claims, but=appointment.pk)
    for claim in claims:
        claim.appointment = appointment
    ResourceClaim.objects.bulk_create(claims)
    return gone


def expire_overlapping(claims: list[ResourceClaim], but: int | None = None) -> list[Appointment]:
    """End the holds over these times that have run out: the constraint cannot know what time it is."""
    if not claims:
        return []
    where = Q()
    for claim in claims:
        where |= Q(resource_id=claim.resource_id, during__overlap=claim.during)
    holders = ResourceClaim.objects.filter(where, active=True).values("appointment_id")
    rows = Appointment.objects.filter(pk__in=holders).exclude(pk=but)
    return expire(rows)


def expire(rows: Any, *, skip_locked: bool = False) -> list[Appointment]:
    """End those of the appointments that are holds which have run out; answers them."""
    over = rows.filter(state=AppointmentState.HELD, hold_expires_at__lte=clock.now()).order_by("pk")
    found = list(over.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked))
    ids = [one.pk for one in found]
    if ids:
        Appointment.objects.filter(pk__in=ids).update(state=AppointmentState.EXPIRED, changed_at=clock.now())
        ResourceClaim.objects.filter(appointment_id__in=ids, active=True).update(active=False)
        for one in found:
            one.state = AppointmentState.EXPIRED
    return found


def tell_expired(gone: list[Appointment]) -> None:
    """Record that these holds ended, streams in order. The last thing of a transaction."""
    for one in sorted(gone, key=lambda row: (row.branch_id, row.pk)):
        tell(Kind.APPOINTMENT_EXPIRED, one, None)


def store_blocks(appointment: Appointment, plan: Plan) -> None:
    """The chain as planned, in place of an earlier one."""
    AppointmentBlock.objects.filter(appointment=appointment).delete()
    AppointmentBlock.objects.bulk_create(
        AppointmentBlock(
            appointment=appointment,
            position=position,
            name=block.name,
            starts_at=block.starts_at,
            ends_at=block.ends_at,
            needs=block.needs,
        )
        for position, block in enumerate(plan)
    )


def facts_of(appointment: Appointment) -> dict[str, Any]:
    """What every event of an appointment says."""
    return {
        "code": appointment.code,
        "title": appointment.title,
        "what": str(appointment.kind),
        "at": appointment.starts_at.isoformat(),
        "zone": appointment.branch.timezone,
    }


def tell(kind: Kind, appointment: Appointment, actor: Any, **facts: Any) -> None:
    """Record an event of the appointment, and poke the calendars of branches that lend to it."""
    events.record(kind, appointment, actor, **{**facts_of(appointment), **facts})
    lenders = ResourceClaim.objects.filter(appointment=appointment).exclude(lending=Lending.OWN)
    for branch_id in set(lenders.values_list("resource__branch_id", flat=True)):
        live.poke(f"calendar.{branch_id}", {"type": str(kind), "seq": 0})
