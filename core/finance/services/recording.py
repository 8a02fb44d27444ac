"""Money that people take: recorded by one, looked at by another."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.finance.books import open_book
from core.finance.enums import BY_HAND, ReturnKind, ReturnState
from core.finance.ledger import held, settle
from core.finance.models import Account, DayBook, Instalment, Payment, Refund
from core.finance.tries import withdraw_spent
from core.kernel import clock, codes, events
from core.kernel.errors import Refusal
from core.kernel.states import lock
from tenants.context import current_studio

NOTE_LENGTH = 300


@transaction.atomic
def record_payment(
    *,
    actor: Any,
    account: Account,
    amount_minor: int,
    method: str,
    note: str = "",
    proof: str = "",
    day: dt.date | None = None,
    instalment: Instalment | None = None,
    once: str = "",
) -> Payment:
    """Cash, POS or a transfer, taken by `actor`; red until another person has audited it.

    `once`, the form's key, makes a double click one payment. Records PAYMENT_RECEIVED. Refusal amount.missing
    | method.unknown | day.closed(day) | day.odd(day).
    """
    insist_by_hand(amount_minor, method)
    account = held(account)
    known = Payment.objects.filter(once=once).first() if once else None
    if known is not None:
        return known
    book = open_book(account.branch, day)
    payment = book_payment(
        account,
        book,
        method=method,
        amount_minor=amount_minor,
        note=note.strip()[:NOTE_LENGTH],
        proof=proof,
        instalment=instalment if instalment and instalment.account_id == account.pk else None,
        recorded_by=actor,
        once=once or None,
    )
    return received(account, payment, actor)


def insist_by_hand(amount_minor: int, method: str) -> None:
    """So much money that a person takes or gives. Refusal amount.missing | method.unknown(method)."""
    if amount_minor <= 0:
        raise Refusal("amount.missing")
    if method not in BY_HAND:
        raise Refusal("method.unknown", method=method)


def book_payment(account: Account, book: DayBook, **fields: Any) -> Payment:
    """The row with the next gap-free receipt number of branch and year. The account and the book are locked."""
    series = f"{account.branch.code}-R{book.day:%y}"
    receipt = f"{series}-{codes.next_number(f'receipt.{series}'):05d}"
    return Payment.objects.create(account=account, book=book, receipt=receipt, received_at=clock.now(), **fields)


def received(account: Account, payment: Payment, actor: Any) -> Payment:
    """Settle, withdraw tries for the same money, and tell: the end of every verb that takes money."""
    settle(account)
    payment.refresh_from_db()
    withdraw_spent(account, payment.attempt)
    money: dict[str, Any] = {"price_minor": payment.amount_minor, "currency": account.currency}
    told: dict[str, Any] = {"method": payment.method, "receipt": payment.receipt, "flags": payment.flags}
    events.record(events.Kind.PAYMENT_RECEIVED, account, actor, **money, **told)
    return payment


def checked_by(row: Any, actor: Any, moved_by: int | None) -> bool:
    """Write on a locked row that `actor` has seen the money; False when somebody had already. Refusal audit.self:
    `moved_by`, who recorded it, is the same person.
    """
    if moved_by == actor.pk:
        raise Refusal("audit.self")
    if row.audited_at:
        return False
    row.audited_by, row.audited_at = actor, clock.now()
    row.save(update_fields=["audited_by", "audited_at"])
    return True


@transaction.atomic
def audit_payment(*, actor: Any, payment: Payment) -> Payment:
    """A second person has seen the money. Idempotent. Records PAYMENT_AUDITED. Refusal audit.self."""
    account = held(payment.account)
    payment = lock(payment)
    if checked_by(payment, actor, payment.recorded_by_id):
        money: dict[str, Any] = {"price_minor": payment.amount_minor, "currency": account.currency}
        events.record(events.Kind.PAYMENT_AUDITED, account, actor, receipt=payment.receipt, **money)
    return payment


@transaction.atomic
def correct_payment(*, actor: Any, payment: Payment, reason: str) -> Refund:
    """What was recorded was never money, or another amount: the rest of the entry is taken back by a row against it.

    The caller holds AUDIT_PAYMENT when the payment is audited. Records PAYMENT_CORRECTED. Refusal reason.missing
    | payment.online (that is a refund) | payment.nothing_left | day.closed(day).
    """
    reason = reason.strip()[:NOTE_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    account = held(payment.account)
    payment = lock(payment)
    if payment.method not in BY_HAND:
        raise Refusal("payment.online")
    if payment.left_minor <= 0:
        raise Refusal("payment.nothing_left")
    now = clock.now()
    made = Refund.objects.create(
        account=account,
        payment=payment,
        kind=ReturnKind.CORRECTION,
        reference=return_reference(),
        amount_minor=payment.left_minor,
        reason=reason,
        state=ReturnState.DONE,
        asked_by=actor,
        asked_at=now,
        done_at=now,
        paid_out_by=actor,
        method=payment.method,
        book=open_book(account.branch, None),
    )
    settle(account)
    told: dict[str, Any] = {"receipt": payment.receipt, "reason": reason}
    money: dict[str, Any] = {"price_minor": made.amount_minor, "currency": account.currency}
    events.record(events.Kind.PAYMENT_CORRECTED, account, actor, **told, **money)
    return made


@transaction.atomic
def attach_proof(*, actor: Any, money: Any, proof: str) -> Any:
    """A photograph of the receipt for a payment or a deal that was recorded by hand (`proof`: core.finance.proofs).

    Another one may take its place until somebody has checked it. Records PROOF_ADDED. Refusal payment.online
    | proof.checked.
    """
    row = lock(money)
    if row.method not in BY_HAND:
        raise Refusal("payment.online")
    if row.proof and row.audited_at:
        raise Refusal("proof.checked")
    row.proof = proof
    row.save(update_fields=["proof"])
    events.record(events.Kind.PROOF_ADDED, getattr(row, "account", row), actor, receipt=row.receipt)
    return row


def return_reference() -> str:
    """Names a refund to its provider: unique in the world, the studio inside."""
    return f"r{current_studio().pk}_{codes.random_code(18)}"  # Alipay takes no hyphen


@transaction.atomic
def audit_refund(*, actor: Any, refund: Refund) -> Refund:
    """A second person has seen that the money went. Idempotent. Records PAYMENT_AUDITED. Refusal audit.self
    | refund.not_done.
    """
    account = held(refund.account)
    refund = lock(refund)
    if refund.state != ReturnState.DONE:
        raise Refusal("refund.not_done")
    if checked_by(refund, actor, refund.paid_out_by_id):
        money: dict[str, Any] = {"price_minor": refund.amount_minor, "currency": account.currency}
        events.record(events.Kind.PAYMENT_AUDITED, account, actor, receipt=refund.payment.receipt, **money)
    return refund
