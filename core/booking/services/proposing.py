"""The studio asks for another date: the customer's yes moves it, and the contract follows."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.booking.dated import Dated, price_at
from core.booking.enums import ProposalState
from core.booking.models import Booking, Proposal
from core.booking.services.leaving import note_left
from core.contracts.selectors import is_signed
from core.contracts.services import amend_date
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.links import portal_link
from core.kernel.states import lock
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.dates import move_date
from core.orders.enums import Wish
from core.orders.models import Order
from core.scheduling import services as calendar
from core.scheduling.claiming import Plan, lock_resources, resources_in
from core.scheduling.enums import AppointmentKind, AppointmentState
from core.scheduling.models import Appointment
from core.scheduling.services.changes import plan_of

PROPOSED_FOR = dt.timedelta(hours=48)


def difference(order: Order, was: dt.datetime, at: dt.datetime) -> int:
    """What the package costs more at `at` than at `was` by today's rules; negative: less."""
    dated = Dated(order)
    return price_at(dated, at) - price_at(dated, was)


@transaction.atomic
def propose_date(
    *,
    actor: Any,
    order: Order,
    appointment: Appointment,
    plan: Plan,
    reason: str,
    priced: bool = False,
    wish: str = Wish.STUDIO,
    agreed: frozenset[int] = frozenset(),
) -> Proposal:
    """Ask the customer to take another time; it is on hold until they answer. Event DATE_PROPOSED, and a message.

    `priced`: the customer is asked to agree to what the new start costs more or less, too; else the price stays.
    `wish`: whose it is; a customer's own counts for refunds as if they had moved it themselves.
    A proposal that is still open is withdrawn by this. Refusal reason.missing | order.closed | slot.taken |
    appointment.closed | proposal.unsigned (a price cannot change without a signed contract to amend) |
    proposal.overlaps (the present time is in the way of holding the new one).
    """
    if not reason.strip():
        raise Refusal("reason.missing", field="reason")
    order = lock(order)
    if appointment.state != AppointmentState.CONFIRMED:
        raise Refusal("appointment.closed", state=appointment.state)
    for open_one in Proposal.objects.select_for_update().filter(appointment=appointment, state=ProposalState.OPEN):
        _end(open_one, actor, ProposalState.ENDED)
    minor = difference(order, appointment.starts_at, plan[0].starts_at) if priced else 0
    if minor and not is_signed(order):
        raise Refusal("proposal.unsigned")
    held = _hold(actor, order, appointment, plan, agreed)
    row = Proposal.objects.create(
        order=order,
        appointment=appointment,
        hold=held,
        reason=reason.strip()[:300],
        price_minor=minor,
        wish=wish,
        asked_by=actor,
    )
    facts = _facts(row)
    _ask(row, facts)
    events.record(Kind.DATE_PROPOSED, order, actor, **facts, reason=row.reason)
    return row


def _hold(actor: Any, order: Order, appointment: Appointment, plan: Plan, agreed: frozenset[int]) -> Appointment:
    try:
        return calendar.hold(
            actor=actor, branch=order.branch, kind=appointment.kind, title=order.title, plan=plan,
            customer=order.customer, expires=PROPOSED_FOR, thread=order.event_thread, agreed=agreed, what="offer",
        )  # fmt: skip
    except Refusal as refusal:
        overlaps = plan[0].starts_at < appointment.ends_at and appointment.starts_at < plan[-1].ends_at
        if refusal.code == "slot.taken" and overlaps:
            raise Refusal("proposal.overlaps") from refusal
        raise


@transaction.atomic
def answer_proposal(
    *, customer: Any, proposal: Proposal, accept: bool, words: str = "", evidence: dict[str, Any] | None = None
) -> Proposal:
    """The customer's yes moves the date at once, and the contract with it (core.contracts.services.amend_date); no
    leaves it. Events DATE_ACCEPTED, DATE_DECLINED.

    Refusal proposal.over (answered, withdrawn or run out).
    """
    order = lock(Order.objects.get(pk=proposal.order_id))
    row = lock(proposal)
    held: Any = row.hold
    if row.state != ProposalState.OPEN or held.state != AppointmentState.HELD or held.hold_expires_at <= clock.now():
        raise Refusal("proposal.over")
    facts = _facts(row)
    if not accept:
        _end(row, customer, ProposalState.DECLINED)
        events.record(Kind.DATE_DECLINED, order, customer, **facts, reason=words.strip()[:300])
        return row
    plan = plan_of(held)
    _amend(customer, order, row, evidence)
    lock_resources({*resources_in(plan), *resources_in(plan_of(row.appointment))})
    _end(row, customer, ProposalState.ACCEPTED)
    move_date(actor=customer, appointment=row.appointment, plan=plan, reason=row.reason)
    Booking.objects.filter(appointment=row.appointment).update(starts_at=plan[0].starts_at)
    events.record(Kind.DATE_ACCEPTED, order, customer, **facts)
    return row


def _amend(customer: Any, order: Order, row: Proposal, evidence: dict[str, Any] | None) -> None:
    """Before the resources are locked: a file takes longer than others should wait for theirs."""
    if row.appointment.kind != AppointmentKind.SHOOT:
        return
    told: dict[str, Any] = {"was": row.appointment.starts_at, "at": row.hold.starts_at, "wish": row.wish}
    proof: dict[str, Any] = {"reason": row.reason, "evidence": {**(evidence or {}), "proposal": row.pk}}
    annex = amend_date(customer=customer, order=order, minor=row.price_minor, **told, **proof)
    note_left(order=order, annex=annex, **told)


@transaction.atomic
def withdraw_proposal(*, actor: Any, proposal: Proposal) -> Proposal:
    """Take it back. Harmless when it is over."""
    row = lock(proposal)
    if row.state == ProposalState.OPEN:
        _end(row, actor, ProposalState.ENDED)
    return row


def end_proposals() -> int:
    """Proposals whose hold has run out are over."""
    over = Proposal.objects.filter(state=ProposalState.OPEN).exclude(hold__state=AppointmentState.HELD)
    return int(over.update(state=ProposalState.ENDED, answered_at=clock.now()))


def _end(row: Proposal, actor: Any, state: ProposalState) -> None:
    who = actor if actor is not None and actor._meta.label_lower == "core.customer" else None
    row.state, row.answered_by, row.answered_at = state, who, clock.now()
    row.save(update_fields=["state", "answered_by", "answered_at"])
    if row.hold.state == AppointmentState.HELD:
        calendar.release(actor=actor, appointment=row.hold)


def _facts(row: Proposal) -> dict[str, Any]:
    held = row.hold
    expires = held.hold_expires_at.isoformat() if held.hold_expires_at else ""
    was, at = row.appointment.starts_at.isoformat(), held.starts_at.isoformat()
    return {"was": was, "at": at, "expires": expires, "zone": held.branch.timezone}


def _ask(row: Proposal, facts: dict[str, Any]) -> None:
    tell_customer(
        customer=row.order.customer,
        template=Template.DATE_PROPOSED,
        link=portal_link("portal:proposal", row.pk),
        **facts,
        until=facts["expires"],
        dedupe_key=f"proposal.{row.pk}",
    )
