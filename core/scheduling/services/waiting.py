"""The waiting list: whoever wants a date that is taken, and the offer when one becomes free."""

import datetime as dt
from typing import Any

from django.db import transaction

from billing.selectors import standing_of
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.messaging.enums import Template
from core.scheduling.chains import Chain, chain_of, told_of
from core.scheduling.enums import DAY_PARTS, AppointmentKind, AppointmentState, WaitingState
from core.scheduling.hours import EPOCH
from core.scheduling.models import Appointment, WaitingEntry
from core.scheduling.selectors import SlotQuery, free_slots, rules_of
from core.scheduling.services.booking import hold
from core.scheduling.services.telling import message_customer
from core.scheduling.solver import Slot
from core.studios.models import Branch
from tenants.context import current_studio
from tenants.jobs import studio_job

TRIES = 3
LAPSED = [AppointmentState.EXPIRED, AppointmentState.CANCELLED]


@transaction.atomic
def add_waiting(
    *,
    actor: Any,
    branch: Any,
    customer: Any,
    title: str,
    chain: Chain,
    first: dt.date,
    last: dt.date,
    kind: str = AppointmentKind.SHOOT,
    part: str = "",
    weekdays: tuple[int, ...] = (),
    note: str = "",
    thread: str = "",
) -> WaitingEntry:
    """Put a customer on the branch's waiting list. Event WAITING_ADDED; what is free is offered at once.

    Refusal days.unsound.
    """
    if first > last:
        raise Refusal("days.unsound")
    entry = WaitingEntry.objects.create(
        branch=branch, customer=customer, title=title, kind=kind, blocks=told_of(chain), first=first, last=last,
        part=part, weekdays=list(weekdays), note=note, thread=thread,
    )  # fmt: skip
    look_for_waiting(branch.pk)
    events.record(Kind.WAITING_ADDED, entry, actor, title=title, first=first.isoformat(), last=last.isoformat())
    return entry


@transaction.atomic
def close_waiting(*, actor: Any, entry: WaitingEntry, reason: str = "") -> WaitingEntry:
    """Take an entry off the list. Event WAITING_CLOSED(reason). An offer under way stands until it runs out."""
    row = WaitingEntry.objects.select_for_update().get(pk=entry.pk)
    row.state = WaitingState.CLOSED
    row.save(update_fields=["state"])
    events.record(Kind.WAITING_CLOSED, row, actor, title=row.title, reason=reason.strip())
    return row


def look_for_waiting(branch_id: int) -> None:
    """Time became free: offer it after this transaction."""
    offer_job.defer(key=str(branch_id), lock=f"waiting.{branch_id}", branch=branch_id)


@studio_job(queue="fast", name="scheduling.offer_waiting", retry=2)
def offer_job(*, branch: int) -> None:
    """Offer what is free to those who wait in the branch; a studio that has lapsed takes on nothing new."""
    if not standing_of(current_studio()).may_write:
        return
    found = Branch.objects.filter(pk=branch).first()
    if found:
        offer_waiting(branch=found)


def offer_waiting(*, branch: Any) -> list[Appointment]:
    """Go through the branch's waiting list, first come first: whoever's wish fits now gets a hold of their own and a
    message. A start that was offered to somebody and lapsed is not offered to them again. Event WAITING_OFFERED each.
    """
    settle_offers(branch)
    today = clock.today(branch.timezone)
    waiting = WaitingEntry.objects.filter(branch=branch, state=WaitingState.WAITING, last__gte=today)
    made = [_offer(pk) for pk in waiting.order_by("created_at", "pk").values_list("pk", flat=True)]
    return [one for one in made if one]


@transaction.atomic
def settle_offers(branch: Any) -> None:
    """Offers that became firm close their entries; those that lapsed make them wait again."""
    rows = WaitingEntry.objects.filter(branch=branch, state=WaitingState.OFFERED)
    rows.filter(offer__state__in=LAPSED).update(state=WaitingState.WAITING)
    rows.filter(offer__state__in=[AppointmentState.CONFIRMED, AppointmentState.DONE]).update(state=WaitingState.CLOSED)


def _offer(pk: int) -> Appointment | None:
    """One entry's offer; somebody else may be quicker, then it looks again."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                rows = WaitingEntry.objects.select_related("branch", "customer")
                free = rows.select_for_update(of=("self",), skip_locked=True)
                entry = free.filter(pk=pk, state=WaitingState.WAITING).first()
                slot = _fitting(entry) if entry else None
                return _offered(entry, slot) if entry and slot else None
        except Refusal:
            continue
    return None


def _fitting(entry: WaitingEntry) -> Slot | None:
    first = max(entry.first, clock.today(entry.branch.timezone))
    query = SlotQuery(
        entry.branch,
        chain_of(entry.blocks),
        first,
        entry.last + dt.timedelta(days=1),
        customer=entry.customer,
        window=DAY_PARTS[entry.part],
        weekdays=tuple(entry.weekdays),
    )
    past = {int((at - EPOCH).total_seconds() // 60) for at in entry.offered}
    return next((slot for slot in free_slots(query).slots if slot.minute not in past), None)


def _offered(entry: WaitingEntry, slot: Slot) -> Appointment:
    expires = dt.timedelta(hours=rules_of(entry.branch).offer_hold)
    made = hold(
        actor=None, branch=entry.branch, customer=entry.customer, kind=entry.kind, title=entry.title, plan=slot.plan(),
        expires=expires, note=entry.note, thread=entry.thread, alternatives=0,
    )  # fmt: skip
    entry.state, entry.offer = WaitingState.OFFERED, made
    entry.offered = [*entry.offered, slot.starts_at]
    entry.save(update_fields=["state", "offer", "offered"])
    until = made.hold_expires_at.isoformat() if made.hold_expires_at else ""
    message_customer(Template.SLOT_OFFERED, made, until=until)
    at, zone = slot.starts_at.isoformat(), entry.branch.timezone
    events.record(Kind.WAITING_OFFERED, entry, None, title=entry.title, at=at, expires=until, zone=zone)
    return made
