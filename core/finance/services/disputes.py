"""The payer's bank questions a payment: held while it is open, gone when it is lost."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.finance.books import next_open_book
from core.finance.enums import DisputeState, ReturnKind, ReturnState
from core.finance.ledger import held, settle
from core.finance.models import Dispute, Payment, Refund
from core.finance.services.recording import return_reference
from core.finance.services.refunding import give_back_rest
from core.finance.services.topups_back import follow_loss
from core.finance.services.topups_in import hold_card
from core.kernel import clock, events

ENDS = {"won": DisputeState.WON, "lost": DisputeState.LOST}


@transaction.atomic
def apply_dispute(
    *, payment: Payment, provider_ref: str, amount_minor: int, state: str, reason: str = "", due_at: dt.datetime | None
) -> Dispute:
    """Book what the provider says of a dispute, exactly once in whatever order it comes; an end is final.

    Open: so much is held and a manager is asked to answer; the customer still counts as having paid. Lost: it went
    back, and the customer owes it again, but for what a card still has of it. Of an order that was cancelled meanwhile
    the rest goes back that was held. Records DISPUTE_OPENED, DISPUTE_WON, DISPUTE_LOST.
    """
    account = held(payment.account)
    hold_card(account)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    row, made = Dispute.objects.select_for_update(of=("self",)).get_or_create(
        provider_ref=provider_ref,
        defaults={
            "payment": payment, "account": account, "amount_minor": min(amount_minor, payment.amount_minor),
            "reason": reason[:60], "due_at": due_at, "opened_at": clock.now(),
        },
    )  # fmt: skip
    money: dict[str, Any] = {"price_minor": row.amount_minor, "currency": account.currency, "receipt": payment.receipt}
    end = ENDS.get(state)
    if row.state != DisputeState.OPEN or end is None:
        if made:
            events.record(events.Kind.DISPUTE_OPENED, account, None, reason=row.reason, **money)
        return row
    row.state, row.ended_at = end, clock.now()
    if end == DisputeState.LOST:
        row.refund = _taken_back(account, payment, row)
    row.save(update_fields=["state", "ended_at", "refund"])
    if row.refund is not None:
        follow_loss(account, row.refund.amount_minor, f"dispute.{row.pk}")
        settle(account)
    give_back_rest(account=account)
    kind = events.Kind.DISPUTE_WON if end == DisputeState.WON else events.Kind.DISPUTE_LOST
    events.record(kind, account, None, **money)
    return row


def _taken_back(account: Any, payment: Payment, row: Dispute) -> Refund | None:
    """What the bank took: as much as a refund has not given back already."""
    amount = min(row.amount_minor, payment.left_minor)
    if amount <= 0:
        return None
    now = clock.now()
    return Refund.objects.create(
        account=account, payment=payment, kind=ReturnKind.CHARGEBACK, reference=return_reference(), amount_minor=amount,
        reason=row.reason or "dispute", state=ReturnState.DONE, by_route=True, asked_at=now, done_at=now,
        method=payment.method, book=next_open_book(account.branch),
    )  # fmt: skip
