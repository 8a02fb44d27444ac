"""A customer says "I have paid": a word that counts once staff have found the money."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.finance.enums import ClaimState
from core.finance.ledger import held
from core.finance.models import Account, Payment, PaymentClaim
from core.finance.services.recording import NOTE_LENGTH, insist_by_hand, record_payment
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.states import lock


@transaction.atomic
def claim_payment(*, customer: Any, account: Account, amount_minor: int, method: str, note: str = "") -> PaymentClaim:
    """The customer says that they have paid so much. One open claim at a time; a second one replaces nothing.

    Records PAYMENT_CLAIMED. Refusal amount.missing | method.unknown | claim.open.
    """
    insist_by_hand(amount_minor, method)
    account = held(account)
    if account.claims.filter(state=ClaimState.OPEN).exists():
        raise Refusal("claim.open")
    made = PaymentClaim.objects.create(
        account=account, customer=customer, amount_minor=amount_minor, method=method, note=note.strip()[:NOTE_LENGTH],
        claimed_at=clock.now(),
    )  # fmt: skip
    money: dict[str, Any] = {"price_minor": amount_minor, "currency": account.currency}
    events.record(events.Kind.PAYMENT_CLAIMED, account, customer, method=method, **money)
    return made


@transaction.atomic
def confirm_claim(*, actor: Any, claim: PaymentClaim, amount_minor: int, day: dt.date | None = None) -> Payment:
    """Staff found the money: it is recorded as it came, and audited by somebody else. Refusal claim.answered, and those
    of `record_payment`.
    """
    account, claim = held(claim.account), lock(claim)
    if claim.state != ClaimState.OPEN:
        raise Refusal("claim.answered")
    payment = record_payment(
        actor=actor, account=account, amount_minor=amount_minor, method=claim.method, note=claim.note, day=day
    )
    claim.state, claim.payment = ClaimState.CONFIRMED, payment
    claim.answered_at, claim.answered_by = clock.now(), actor
    claim.save(update_fields=["state", "payment", "answered_at", "answered_by"])
    return payment


@transaction.atomic
def decline_claim(*, actor: Any, claim: PaymentClaim, answer: str) -> PaymentClaim:
    """The money was not found; the customer reads why. Records CLAIM_DECLINED. Refusal reason.missing
    | claim.answered.
    """
    answer = answer.strip()[:NOTE_LENGTH]
    if not answer:
        raise Refusal("reason.missing")
    account, claim = held(claim.account), lock(claim)
    if claim.state != ClaimState.OPEN:
        raise Refusal("claim.answered")
    claim.state, claim.answer = ClaimState.DECLINED, answer
    claim.answered_at, claim.answered_by = clock.now(), actor
    claim.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    money: dict[str, Any] = {"price_minor": claim.amount_minor, "currency": account.currency}
    events.record(events.Kind.CLAIM_DECLINED, account, actor, reason=answer, **money)
    return claim
