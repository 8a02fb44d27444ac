"""Taking a date: on hold for a while, or firmly."""

import datetime as dt
import itertools
from typing import Any

from core.kernel import clock, codes
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.scheduling.claiming import (
    Overlap,
    Plan,
    attempt,
    draft_claims,
    insert,
    lock_resources,
    resources_in,
    store_blocks,
    tell,
    tell_expired,
)
from core.scheduling.enums import AppointmentState
from core.scheduling.models import Appointment
from core.scheduling.selectors import NEAREST, rules_of
from core.scheduling.services.nearby import taken


def hold(
    *,
    actor: Any,
    branch: Any,
    kind: str,
    title: str,
    plan: Plan,
    customer: Any = None,
    expires: dt.timedelta | None = None,
    note: str = "",
    thread: str = "",
    agreed: frozenset[int] = frozenset(),
    alternatives: int = NEAREST,
    what: str = "",
) -> Appointment:
    """Keep the plan's resources for a while. Without `expires` the branch's rule says how long: minutes for a customer,
    hours for a colleague, who is told apart by the `actor`. `thread`: the history that tells it, e.g. an order's.
    `agreed`: branches that lend without being asked. `what`: the history's word for it, where it is not the kind
    (worded by core.console.calendar.sentences). Event APPOINTMENT_HELD(expires).

    Refusal slot.taken(alternatives: up to so many free starts near it, ISO) | resource.gone | resource.elsewhere |
    plan.unsound.
    """
    until = clock.now() + (expires if expires is not None else hold_time(branch, actor))
    made = Appointment(
        branch=branch, customer=customer, kind=kind, title=title, note=note, thread=thread, hold_expires_at=until
    )
    facts = {"expires": until.isoformat(), **({"what": what} if what else {})}
    return _place(made, plan, actor, agreed, alternatives, Kind.APPOINTMENT_HELD, **facts)


def book(
    *,
    actor: Any,
    branch: Any,
    kind: str,
    title: str,
    plan: Plan,
    customer: Any = None,
    note: str = "",
    thread: str = "",
    agreed: frozenset[int] = frozenset(),
    alternatives: int = NEAREST,
) -> Appointment:
    """Take the date firmly at once. Event APPOINTMENT_CONFIRMED. Refusals as `hold`, and lending.waiting(names) when
    another branch has to agree first: hold it then.
    """
    made = Appointment(
        branch=branch, customer=customer, kind=kind, title=title, note=note, thread=thread,
        state=AppointmentState.CONFIRMED,
    )  # fmt: skip
    return _place(made, plan, actor, agreed, alternatives, Kind.APPOINTMENT_CONFIRMED)


def hold_time(branch: Any, actor: Any) -> dt.timedelta:
    """How long a hold of this actor lasts in the branch."""
    rules = rules_of(branch)
    if actor is not None and actor._meta.label_lower == "accounts.user":
        return dt.timedelta(hours=rules.staff_hold)
    return dt.timedelta(minutes=rules.customer_hold)


def end_of(plan: Plan) -> dt.datetime:
    """When the last of it ends."""
    return max(block.ends_at for block in plan)


def check_plan(plan: Plan) -> None:
    """Refusal plan.unsound unless the blocks come in the order in which they begin, and nobody is in two at a time."""
    if not plan or any(block.starts_at >= block.ends_at for block in plan):
        raise Refusal("plan.unsound")
    if any(one.starts_at > other.starts_at for one, other in itertools.pairwise(plan)):
        raise Refusal("plan.unsound")
    for one, other in itertools.combinations(plan, 2):
        if other.starts_at < one.ends_at and set(one.resources) & set(other.resources):
            raise Refusal("plan.unsound")


def _place(
    made: Appointment, plan: Plan, actor: Any, agreed: frozenset[int], alternatives: int, kind: Kind, **facts: Any
) -> Appointment:
    check_plan(plan)

    def work() -> Appointment:
        claims = draft_claims(made.branch_id, plan, lock_resources(resources_in(plan)), agreed)
        asked = [claim.resource.name for claim in claims if claim.lending == "asked"]
        if asked and made.state == AppointmentState.CONFIRMED:
            raise Refusal("lending.waiting", names=asked)
        made.pk, made.code = None, codes.random_code()
        made.starts_at, made.ends_at, made.changed_at = plan[0].starts_at, end_of(plan), clock.now()
        made.save(force_insert=True)
        gone = insert(made, claims)
        store_blocks(made, plan)
        tell_expired(gone)
        tell(kind, made, actor, **facts)
        return made

    try:
        return attempt(work)
    except Overlap:
        raise taken(made, plan, alternatives) from None
