"""What becomes of an appointment: confirmed, moved, given back, cancelled, over."""

from typing import Any

from django.db import transaction

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import move
from core.messaging.enums import Template
from core.scheduling.claiming import (
    Overlap,
    Plan,
    attempt,
    draft_claims,
    expire,
    insert,
    lock_resources,
    resources_in,
    store_blocks,
    tell,
    tell_expired,
)
from core.scheduling.enums import TRANSITIONS, AppointmentState, Lending
from core.scheduling.models import Appointment, ResourceClaim
from core.scheduling.selectors import NEAREST
from core.scheduling.services.booking import check_plan, end_of
from core.scheduling.services.nearby import taken
from core.scheduling.services.telling import message_customer
from core.scheduling.services.waiting import look_for_waiting
from core.scheduling.solver import PlannedBlock

OPEN = {AppointmentState.HELD, AppointmentState.CONFIRMED}


def confirm(*, actor: Any, appointment: Appointment, revive: bool = False, say: bool = True) -> Appointment:
    """Make a hold firm; harmless when it is. Event APPOINTMENT_CONFIRMED; the customer gets DATE_CONFIRMED.

    `revive`: also one that has run out (a payment came late), if its time is still free.
    Refusal hold.expired | slot.taken(alternatives) | appointment.closed | lending.waiting(names).
    """
    plan = plan_of(appointment) if revive else ()

    def work() -> Appointment:
        locked = lock_resources(resources_in(plan)) if revive else {}
        row = lock(appointment)
        if row.state == AppointmentState.CONFIRMED:
            return row
        if row.state not in {AppointmentState.HELD, AppointmentState.EXPIRED}:
            raise Refusal("appointment.closed", state=row.state)
        over = row.state == AppointmentState.EXPIRED or (row.hold_expires_at and row.hold_expires_at <= clock.now())
        if over and not revive:
            raise Refusal("hold.expired")
        gone = _claim_again(row, plan, locked) if row.state == AppointmentState.EXPIRED else []
        _insist_on_loans(row)
        move(row, "state", AppointmentState.CONFIRMED, TRANSITIONS, hold_expires_at=None, changed_at=clock.now())
        tell_expired(gone)
        tell(Kind.APPOINTMENT_CONFIRMED, row, actor)
        if say:
            message_customer(Template.DATE_CONFIRMED, row)
        return row

    try:
        return attempt(work)
    except Overlap:
        raise taken(appointment, plan, NEAREST) from None


def _claim_again(row: Appointment, plan: Plan, locked: dict[int, Any]) -> list[Appointment]:
    agreed = row.claims.filter(replaced=False, lending=Lending.AGREED).values_list("resource__branch_id", flat=True)
    claims = draft_claims(row.branch_id, plan, locked, set(agreed))
    row.claims.update(replaced=True)
    return insert(row, claims)


def _insist_on_loans(row: Appointment) -> None:
    asked = row.claims.filter(active=True, lending=Lending.ASKED).values_list("resource__name", flat=True)
    if names := list(asked):
        raise Refusal("lending.waiting", names=names)


@transaction.atomic
def release(*, actor: Any, appointment: Appointment) -> Appointment:
    """Give a hold back before it runs out. Event APPOINTMENT_RELEASED; whoever waits is looked for.

    Refusal appointment.closed when it is no hold any more.
    """
    row = lock(appointment)
    if row.state != AppointmentState.HELD:
        raise Refusal("appointment.closed", state=row.state)
    return _end(row, actor, Kind.APPOINTMENT_RELEASED)


@transaction.atomic
def cancel(*, actor: Any, appointment: Appointment, reason: str, say: bool = True) -> Appointment:
    """Take an appointment out of the calendar. Event APPOINTMENT_CANCELLED(reason); the customer gets DATE_CANCELLED.

    Refusal reason.missing | appointment.closed.
    """
    if not reason.strip():
        raise Refusal("reason.missing")
    row = lock(appointment)
    if row.state not in OPEN:
        raise Refusal("appointment.closed", state=row.state)
    was_firm = row.state == AppointmentState.CONFIRMED
    _end(row, actor, Kind.APPOINTMENT_CANCELLED, reason=reason.strip())
    if say and was_firm:
        message_customer(Template.DATE_CANCELLED, row)
    return row


def _end(row: Appointment, actor: Any, kind: Kind, **facts: Any) -> Appointment:
    row.claims.filter(active=True).update(active=False)
    changes = {"hold_expires_at": None, "seq": row.seq + 1, "changed_at": clock.now()}
    move(row, "state", AppointmentState.CANCELLED, TRANSITIONS, **changes)
    look_for_waiting(row.branch_id)
    tell(kind, row, actor, **facts)
    return row


def reschedule(
    *,
    actor: Any,
    appointment: Appointment,
    plan: Plan,
    reason: str = "",
    seq: int | None = None,
    agreed: frozenset[int] = frozenset(),
    alternatives: int = NEAREST,
    say: bool = True,
) -> Appointment:
    """Another time, or other resources. Old claims go and new ones come in one transaction: when the new time is taken
    the old one stays. `seq`: the appointment as the form showed it. Event APPOINTMENT_MOVED(was, reason, crew).

    Refusal slot.taken(alternatives) | appointment.stale | appointment.closed | hold.expired | as `hold`.
    """
    check_plan(plan)

    def work() -> Appointment:
        old = appointment.claims.filter(active=True).values_list("resource_id", flat=True)
        locked = lock_resources({*old, *resources_in(plan)})
        row = lock(appointment)
        _insist_open(row, seq)
        was, former = row.starts_at, names_of(row)
        kept = row.claims.filter(active=True, lending=Lending.AGREED).values_list("resource__branch_id", flat=True)
        claims = draft_claims(row.branch_id, plan, locked, {*agreed, *kept})
        row.claims.filter(active=True).update(active=False, replaced=True)
        gone = insert(row, claims)
        store_blocks(row, plan)
        row.starts_at, row.ends_at, row.seq, row.changed_at = (
            plan[0].starts_at, end_of(plan), row.seq + 1, clock.now()
        )  # fmt: skip
        row.save(update_fields=["starts_at", "ends_at", "seq", "changed_at"])
        look_for_waiting(row.branch_id)
        tell_expired(gone)
        crew = [former, names_of(row)]
        tell(Kind.APPOINTMENT_MOVED, row, actor, was=was.isoformat(), reason=reason.strip(), crew=crew)
        if say and row.state == AppointmentState.CONFIRMED and (was != row.starts_at or crew[0] != crew[1]):
            message_customer(Template.DATE_MOVED, row)
        return row

    try:
        return attempt(work)
    except Overlap:
        raise taken(appointment, plan, alternatives) from None


def _insist_open(row: Appointment, seq: int | None) -> None:
    if row.state not in OPEN:
        raise Refusal("appointment.closed", state=row.state)
    if row.state == AppointmentState.HELD and row.hold_expires_at and row.hold_expires_at <= clock.now():
        raise Refusal("hold.expired")
    if seq is not None and seq != row.seq:
        raise Refusal("appointment.stale")


@transaction.atomic
def finish(*, actor: Any, appointment: Appointment) -> Appointment:
    """The visit took place. Event APPOINTMENT_DONE. Refusal appointment.closed | appointment.ahead."""
    row = lock(appointment)
    if row.state != AppointmentState.CONFIRMED:
        raise Refusal("appointment.closed", state=row.state)
    if row.starts_at > clock.now():
        raise Refusal("appointment.ahead")
    move(row, "state", AppointmentState.DONE, TRANSITIONS, changed_at=clock.now())
    tell(Kind.APPOINTMENT_DONE, row, actor)
    return row


@transaction.atomic
def reopen(*, actor: Any, appointment: Appointment) -> Appointment:
    """Take `finish` back. Event APPOINTMENT_CONFIRMED. Refusal appointment.closed."""
    row = lock(appointment)
    if row.state != AppointmentState.DONE:
        raise Refusal("appointment.closed", state=row.state)
    move(row, "state", AppointmentState.CONFIRMED, TRANSITIONS, changed_at=clock.now())
    tell(Kind.APPOINTMENT_CONFIRMED, row, actor)
    return row


@transaction.atomic
def change_note(*, actor: Any, appointment: Appointment, title: str, note: str) -> Appointment:
    """Other words for the appointment. Event APPOINTMENT_NOTED. Refusal appointment.closed."""
    row = lock(appointment)
    if row.state not in OPEN | {AppointmentState.DONE}:
        raise Refusal("appointment.closed", state=row.state)
    row.title, row.note, row.changed_at = title.strip() or row.title, note.strip(), clock.now()
    row.save(update_fields=["title", "note", "changed_at"])
    tell(Kind.APPOINTMENT_NOTED, row, actor)
    return row


@transaction.atomic
def expire_holds(*, most: int = 200) -> int:
    """End the holds that have run out, those that somebody is confirming apart; answers how many.

    Events APPOINTMENT_EXPIRED; whoever waits is looked for.
    """
    due = Appointment.objects.select_related("branch").filter(
        pk__in=Appointment.objects.filter(state=AppointmentState.HELD, hold_expires_at__lte=clock.now())
        .order_by("pk")
        .values("pk")[:most]
    )
    gone = expire(due, skip_locked=True)
    for branch_id in sorted({one.branch_id for one in gone}):
        look_for_waiting(branch_id)
    tell_expired(gone)
    return len(gone)


def lock(appointment: Appointment) -> Appointment:
    """The appointment re-read and held, with branch and customer."""
    rows = Appointment.objects.select_related("branch", "customer")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=appointment.pk)


def names_of(row: Appointment) -> list[str]:
    """Who and what is claimed for it now."""
    rows = ResourceClaim.objects.filter(appointment=row, active=True).order_by("resource__position", "resource_id")
    return list(dict.fromkeys(rows.values_list("resource__name", flat=True)))


def plan_of(appointment: Appointment) -> list[PlannedBlock]:
    """The plan as it stands, or stood before the appointment ended."""
    claims = list(appointment.claims.filter(replaced=False))
    return [
        PlannedBlock(
            block.name,
            block.starts_at,
            block.ends_at,
            tuple(sorted({claim.resource_id for claim in claims if block.position in claim.positions})),
            block.needs,
        )
        for block in appointment.blocks.order_by("position")
    ]
