"""Verbs of the studio: send, remind, withdraw, countersign; and time, which ends what nobody signed."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.contracts import finishing, trail
from core.contracts.enums import TRANSITIONS, ContractState, SignerState, TraceKind
from core.contracts.models import Contract, ContractSigner
from core.contracts.services.keeping import setting
from core.contracts.telling import tell
from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.messaging.enums import Template

MOST_REMINDERS = 3
FIRST_REMINDER = dt.timedelta(days=1)


@transaction.atomic
def send_contract(*, actor: Any, contract: Contract, days: int | None = None) -> Contract:
    """Put the draft before those who sign it, for `days` (else the studio's setting). Each gets a message with a link.

    Event CONTRACT_SENT. Refusal contract.not_draft.
    """
    row = states.lock(contract)
    if row.state != ContractState.DRAFT:
        raise Refusal("contract.not_draft", number=row.number)
    now = clock.now()
    until = now + dt.timedelta(days=days or setting().expiry_days)
    states.move(row, "state", ContractState.SENT, TRANSITIONS, sent_at=now, expires_at=until)
    signers = list(row.signers.select_related("customer"))
    names = [signer.name for signer in signers]
    trail.link(row, TraceKind.SENT, getattr(actor, "name", ""), until=until.isoformat(), signers=names)
    for signer in signers:
        signer.contract = row
        tell(signer, Template.CONTRACT_READY, "sent")
    day = until.astimezone(clock.zone(row.order.branch.timezone)).date().isoformat()
    events.record(events.Kind.CONTRACT_SENT, row, actor, number=row.number, until=day, signers=names)
    return row


@transaction.atomic
def withdraw(*, actor: Any, contract: Contract, reason: str) -> Contract:
    """Take a contract back that nobody is bound by yet. Event CONTRACT_WITHDRAWN. Refusal reason.missing |
    contract.closed(state).
    """
    if not reason.strip():
        raise Refusal("reason.missing")
    row = states.lock(contract)
    if ContractState.WITHDRAWN not in TRANSITIONS[row.state]:
        raise Refusal("contract.closed", state=row.state)
    states.move(row, "state", ContractState.WITHDRAWN, TRANSITIONS, reason=reason.strip()[:300])
    trail.link(row, TraceKind.WITHDRAWN, getattr(actor, "name", ""), reason=row.reason)
    events.record(events.Kind.CONTRACT_WITHDRAWN, row, actor, number=row.number, reason=row.reason)
    return row


@transaction.atomic
def countersign(*, actor: Any, contract: Contract, evidence: dict[str, Any] | None = None) -> Contract:
    """Sign for the studio what everybody else has signed; then the final file is made. Event CONTRACT_COUNTERSIGNED.

    Refusal contract.not_signed | contract.no_countersign.
    """
    row = states.lock(contract)
    if row.state != ContractState.SIGNED:
        raise Refusal("contract.not_signed", number=row.number)
    if not row.needs_countersign:
        raise Refusal("contract.no_countersign", number=row.number)
    states.move(row, "state", ContractState.COUNTERSIGNED, TRANSITIONS)
    facts = {**(evidence or {}), "document": row.document_sha256}
    trail.link(row, TraceKind.COUNTERSIGNED, actor.name, **facts)
    finishing.finish_contract.defer(contract=row.pk, key=str(row.pk))
    events.record(events.Kind.CONTRACT_COUNTERSIGNED, row, actor, number=row.number)
    return row


def expire_contracts() -> int:
    """End what was not signed in time; answers how many. Event CONTRACT_EXPIRED each. Harmless when repeated."""
    due = Contract.objects.filter(state=ContractState.SENT, expires_at__lte=clock.now()).values_list("pk", flat=True)
    return sum(_expire(pk) for pk in list(due))


@transaction.atomic
def _expire(pk: int) -> bool:
    row = Contract.objects.select_for_update().get(pk=pk)
    if row.state != ContractState.SENT or row.expires_at > clock.now():
        return False  # signed at the last moment
    states.move(row, "state", ContractState.EXPIRED, TRANSITIONS)
    trail.link(row, TraceKind.EXPIRED)
    events.record(events.Kind.CONTRACT_EXPIRED, row, number=row.number)
    return True


def remind_signers() -> int:
    """Remind those who have not signed, once a day and three times at most; answers how many messages were queued."""
    now = clock.now()
    waiting = ContractSigner.objects.filter(
        state=SignerState.WAITING,
        reminded__lt=MOST_REMINDERS,
        contract__state=ContractState.SENT,
        contract__sent_at__lte=now - FIRST_REMINDER,
        contract__expires_at__gt=now,
    )
    return sum(_remind(pk) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: int) -> bool:
    signer = ContractSigner.objects.select_related("contract__order__branch", "customer").get(pk=pk)
    contract = states.lock(signer.contract)
    signer.refresh_from_db(fields=["state", "reminded"])
    today = clock.today(contract.order.branch.timezone).isoformat()
    told = contract.trail.filter(kind=TraceKind.REMINDED, facts__signer=pk, facts__day=today).exists()
    if contract.state != ContractState.SENT or signer.state != SignerState.WAITING or told:
        return False
    signer.reminded += 1
    signer.save(update_fields=["reminded"])
    signer.contract = contract
    trail.link(contract, TraceKind.REMINDED, signer.name, signer=pk, day=today)
    tell(signer, Template.CONTRACT_REMINDER, today)
    return True
