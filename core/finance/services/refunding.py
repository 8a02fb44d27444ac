"""Money back: to where it came from, the oldest payment first; what no provider takes back, a person pays out."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from billing.gateway import PayRefused, RefundReport, RefundRequest
from billing.gateway import RefundState as Said
from core.finance.books import next_open_book, open_book
from core.finance.enums import ChargeKind, Method, ReturnState
from core.finance.ledger import held, settle
from core.finance.models import Account, Charge, Refund
from core.finance.refundtable import Moved, RefundQuote, in_order, whole
from core.finance.returnable import returnable
from core.finance.selectors import quote_of
from core.finance.services import online
from core.finance.services.charging import line, staff_or_none
from core.finance.services.recording import return_reference
from core.finance.tries import top_up_of
from core.finance.values import put_back
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.states import lock
from tenants.context import current_studio

SEND = "core.finance.jobs.send_refund"  # by name: jobs stand above services
REASON_LENGTH = 300


@transaction.atomic
def refund(
    *, actor: Any, account: Account, amount_minor: int, reason: str, by_hand: bool = False, once: str = ""
) -> list[Refund]:
    """Give back `amount_minor`: of the surplus first; beyond it the order costs so much less (a credit says so).

    Parts go to the payments' own routes, the oldest first; `by_hand` has a person pay all of it out. Records
    REFUND_STARTED. `once`: the form's key. Refusal reason.missing | amount.missing | refund.too_much(left_minor)
    | refund.held(price_minor): a dispute holds the rest | refund.top_up: the card has to follow (`refund_top_up`).
    """
    account = held(account)
    if top_up_of(account) is not None:
        raise Refusal("refund.top_up")
    return give_back(actor=actor, account=account, amount_minor=amount_minor, reason=reason, by_hand=by_hand, once=once)


def give_back(
    *, actor: Any, account: Account, amount_minor: int, reason: str, by_hand: bool = False, once: str = ""
) -> list[Refund]:
    """`refund` of a locked account, whatever its books are about."""
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    if amount_minor <= 0:
        raise Refusal("amount.missing")
    if once and account.charges.filter(source=f"refund.{once}").exists():
        return []
    if amount_minor > account.paid_minor:
        raise Refusal("refund.too_much", price_minor=account.paid_minor, currency=account.currency)
    free = returnable(account).free_minor
    if amount_minor > free:
        raise Refusal("refund.held", price_minor=free, currency=account.currency)
    beyond = amount_minor - account.surplus_minor
    if beyond > 0:
        source = f"refund.{once or account.charges.count() + 1}"
        credit(account, source, ChargeKind.CANCELLATION, reason, beyond, actor)
    made = _give_back(account, amount_minor, reason, actor, by_hand=by_hand)
    settle(account)
    _tell_start(account, actor, amount_minor, reason, made)
    return made


@transaction.atomic
def settle_cancellation(
    *,
    actor: Any,
    account: Account,
    who: str,
    shoot_on: dt.date | None,
    reason: str,
    moves: Sequence[Moved] = (),
    seen_minor: int | None = None,
    on: dt.date | None = None,
    everything: bool = False,
) -> RefundQuote:
    """The order ends: charges fall to what the contract lets the studio keep, the rest goes back; what a dispute holds
    of it waits for the dispute's end (`give_back_rest`). `everything`: whatever the table says, nothing is kept.

    `seen_minor` is what was shown before the tap and must still be right. Refusal refund.changed(price_minor).
    """
    account = held(account)
    told = (
        whole(account.paid_minor) if everything else quote_of(account, who=who, on=on, shoot_on=shoot_on, moves=moves)
    )
    if seen_minor is not None and seen_minor != told.amount_minor:
        raise Refusal("refund.changed", price_minor=told.amount_minor, currency=account.currency)
    if account.charged_minor > told.kept_minor:
        drop = account.charged_minor - told.kept_minor
        credit(account, "cancelled", ChargeKind.CANCELLATION, reason, drop, actor)
    account.ended_at = clock.now()
    account.save(update_fields=["ended_at"])
    _give_back_free(account, told.amount_minor, reason, actor)
    return told


def _give_back_free(account: Account, amount: int, reason: str, actor: Any) -> None:
    """As much of `amount` as no dispute holds, of a locked account; settles it."""
    amount = min(amount, returnable(account).free_minor)
    made = _give_back(account, amount, reason, actor, by_hand=False)
    settle(account)
    if made:
        _tell_start(account, actor, amount, reason, made)


@transaction.atomic
def give_back_rest(*, account: Account) -> int:
    """What an ended sale holds beyond its charges goes back as far as no dispute holds it: after a dispute's end, and
    when money comes late. Answers how much. What a provider has refused to send once is left to a person, so this is
    harmless however often it is repeated. Records REFUND_STARTED.
    """
    account = held(account)
    if not account.ended_at or not account.surplus_minor:
        return 0
    refused = set(account.refunds.filter(state=ReturnState.FAILED).values_list("payment_id", flat=True))
    free = sum(one.free_minor for one in returnable(account).parts if one.payment.pk not in refused)
    amount = min(account.surplus_minor, free)
    if amount:
        titles = account.charges.filter(source="cancelled").values_list("title", flat=True)
        reason = titles.first() or account.code
        made = _give_back(account, amount, reason, None, by_hand=False, without=refused)
        settle(account)
        _tell_start(account, None, amount, reason, made)
    return amount


def credit(account: Account, source: str, kind: str, reason: str, amount: int, actor: Any) -> Charge:
    """So much less is owed; the caller settles."""
    return Charge.objects.create(
        account=account,
        source=source[:40],
        kind=kind,
        title=reason[:120],
        lines=[line(reason[:120], -amount)],
        total_minor=-amount,
        posted_at=clock.now(),
        posted_by=staff_or_none(actor),
    )


def _give_back(
    account: Account, amount: int, reason: str, actor: Any, *, by_hand: bool, without: Collection[int] = ()
) -> list[Refund]:
    """Rows for the parts, the oldest payment first; those that a provider sends are queued in this transaction."""
    parts = {one.payment.pk: one for one in returnable(account).parts if one.payment.pk not in without}
    made = []
    for ident, part in in_order([(pk, one.free_minor) for pk, one in parts.items()], amount):
        payment = parts[ident].payment
        by_route = payment.method == Method.ONLINE and not by_hand
        row = Refund.objects.create(
            account=account,
            payment=payment,
            reference=return_reference(),
            amount_minor=part,
            reason=reason,
            by_route=by_route,
            asked_by=staff_or_none(actor),
            asked_at=clock.now(),
            method=Method.CASH if payment.method == Method.ONLINE and by_hand else payment.method,
        )
        if by_route:
            import_string(SEND).defer(refund=row.pk, key=f"refund.{row.pk}")
        elif payment.method == Method.STORED and not by_hand:
            put_back(payment, row)
        made.append(row)
    return made


def _tell_start(account: Account, actor: Any, amount: int, reason: str, made: list[Refund]) -> None:
    money: dict[str, Any] = {"price_minor": amount, "currency": account.currency}
    events.record(events.Kind.REFUND_STARTED, account, actor, reason=reason, parts=len(made), **money)


def send_refund(*, refund: Refund) -> None:
    """Ask the provider to send it; harmless when repeated. Never inside a transaction.

    Raises PayUnreachable: the job tries again, the refund stays on its way.
    """
    if refund.state != ReturnState.PENDING or not refund.by_route:
        return
    attempt = refund.payment.attempt
    if attempt is None:
        return
    _count_try(refund)
    studio, request = current_studio(), request_of(refund)
    try:
        if refund.provider_ref:
            report = online.gateway.fetch_refund(studio, attempt.route, request, refund.provider_ref)
        else:
            report = online.gateway.refund(studio, attempt.route, request)
    except PayRefused as refused:
        report = RefundReport(reference=refund.reference, state=Said.FAILED, code=refused.code)
    apply_refund_report(report=report)


def request_of(refund: Refund) -> RefundRequest:
    """The refund as its provider is asked for it."""
    attempt = refund.payment.attempt
    assert attempt is not None, "only payments by a route go back by one"
    return RefundRequest(
        reference=refund.reference,
        payment_reference=attempt.reference,
        provider_ref=attempt.provider_ref,
        transaction=attempt.transaction,
        amount_minor=refund.amount_minor,
        paid_minor=refund.payment.amount_minor,
        currency=refund.account.currency,
        reason=refund.reason[:80],
    )


@transaction.atomic
def _count_try(refund: Refund) -> None:
    row = lock(refund)
    row.tries += 1
    row.save(update_fields=["tries"])


@transaction.atomic
def apply_refund_report(*, report: RefundReport) -> Refund:
    """What the provider says of a refund. Done stays done; a failed one gives its amount free for another way.

    Records REFUND_DONE or REFUND_FAILED. Refusal refund.unknown.
    """
    found = Refund.objects.select_related("account").filter(reference=report.reference).first()
    if found is None:
        raise Refusal("refund.unknown", reference=report.reference)
    account = held(found.account)
    row = lock(found)
    if row.state != ReturnState.PENDING:
        return row
    row.provider_ref = report.provider_ref or row.provider_ref
    if report.state == Said.PENDING:
        row.save(update_fields=["provider_ref"])
        return row
    done = report.state == Said.DONE
    row.state, row.code = (ReturnState.DONE if done else ReturnState.FAILED), report.code[:60]
    if done:
        row.done_at, row.book = clock.now(), next_open_book(account.branch)
    row.save(update_fields=["state", "code", "done_at", "book", "provider_ref"])
    settle(account)
    money: dict[str, Any] = {"price_minor": row.amount_minor, "currency": account.currency}
    if done:
        events.record(events.Kind.REFUND_DONE, account, None, method=row.method, **money)
    else:
        events.record(events.Kind.REFUND_FAILED, account, None, code=row.code, **money)
    return row


@transaction.atomic
def pay_out(*, actor: Any, refund: Refund, method: str = "") -> Refund:
    """A person has paid a refund out; somebody else audits it. Records REFUND_DONE. Refusal refund.settled
    | refund.by_route | day.closed(day).
    """
    account = held(refund.account)
    row = lock(refund)
    if row.by_route:
        raise Refusal("refund.by_route")
    if row.state != ReturnState.PENDING:
        raise Refusal("refund.settled")
    row.method = method or row.method
    row.state, row.done_at, row.paid_out_by = ReturnState.DONE, clock.now(), actor
    row.book = open_book(account.branch, None)
    row.save(update_fields=["state", "done_at", "paid_out_by", "book", "method"])
    settle(account)
    money: dict[str, Any] = {"price_minor": row.amount_minor, "currency": account.currency}
    events.record(events.Kind.REFUND_DONE, account, actor, method=row.method, **money)
    return row
