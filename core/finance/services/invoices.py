"""Invoices: asked for, issued with a gap-free number of branch and year, cancelled and issued anew; never edited."""

from typing import Any

from django.db import transaction
from django.db.models import Sum

from core.finance.enums import InvoiceKind, InvoiceState
from core.finance.ledger import held
from core.finance.models import Account, Invoice
from core.kernel import clock, codes, events
from core.kernel.errors import Refusal
from core.kernel.states import lock


@transaction.atomic
def ask_invoice(
    *,
    actor: Any,
    account: Account,
    title: str,
    amount_minor: int | None = None,
    tax_id: str = "",
    email: str = "",
    kind: str = InvoiceKind.ORDINARY,
) -> Invoice:
    """Ask for an e-invoice of what was paid and is not invoiced yet. Records INVOICE_ASKED.

    Refusal title.missing | tax_id.missing (a special one needs it) | invoice.too_much(price_minor: what is left).
    """
    if not title.strip():
        raise Refusal("title.missing")
    if kind == InvoiceKind.SPECIAL and not tax_id.strip():
        raise Refusal("tax_id.missing")
    account = held(account)
    left = account.paid_minor - _invoiced(account)
    amount = left if amount_minor is None else amount_minor
    if amount <= 0 or amount > left:
        raise Refusal("invoice.too_much", price_minor=max(0, left), currency=account.currency)
    made = Invoice.objects.create(
        account=account,
        kind=kind,
        title=title.strip()[:120],
        tax_id=tax_id.strip().upper()[:30],
        email=email.strip(),
        amount_minor=amount,
        asked_at=clock.now(),
    )
    money: dict[str, Any] = {"price_minor": amount, "currency": account.currency}
    events.record(events.Kind.INVOICE_ASKED, account, actor, title=made.title, **money)
    return made


def _invoiced(account: Account) -> int:
    standing = account.invoices.exclude(state=InvoiceState.CANCELLED)
    return int(standing.aggregate(total=Sum("amount_minor"))["total"] or 0)


@transaction.atomic
def issue_invoice(*, actor: Any, invoice: Invoice) -> Invoice:
    """Give it the next number. Records INVOICE_ISSUED. Refusal invoice.settled."""
    account = held(invoice.account)
    row = lock(invoice)
    if row.state != InvoiceState.ASKED:
        raise Refusal("invoice.settled")
    series = f"{account.branch.code}-F{clock.today(account.branch.timezone):%y}"
    row.number = f"{series}-{codes.next_number(f'invoice.{series}'):05d}"
    row.state, row.issued_at, row.issued_by = InvoiceState.ISSUED, clock.now(), actor
    row.save(update_fields=["number", "state", "issued_at", "issued_by"])
    money: dict[str, Any] = {"price_minor": row.amount_minor, "currency": account.currency}
    events.record(events.Kind.INVOICE_ISSUED, account, actor, number=row.number, **money)
    return row


@transaction.atomic
def cancel_invoice(*, actor: Any, invoice: Invoice, reason: str, title: str = "", tax_id: str = "") -> Invoice:
    """Cancel it (冲红 when it was issued); with a `title` a new one is asked for in its place and answered.

    Records INVOICE_CANCELLED. Refusal reason.missing | invoice.settled (it is cancelled already) | tax_id.missing.
    """
    reason = reason.strip()[:300]
    if not reason:
        raise Refusal("reason.missing")
    account = held(invoice.account)
    row = lock(invoice)
    if row.state == InvoiceState.CANCELLED:
        raise Refusal("invoice.settled")
    if title.strip() and row.kind == InvoiceKind.SPECIAL and not tax_id.strip():
        raise Refusal("tax_id.missing")
    row.state, row.reason, row.cancelled_at, row.cancelled_by = InvoiceState.CANCELLED, reason, clock.now(), actor
    row.save(update_fields=["state", "reason", "cancelled_at", "cancelled_by"])
    made = row
    if title.strip():
        made = Invoice.objects.create(
            account=account,
            kind=row.kind,
            title=title.strip()[:120],
            tax_id=tax_id.strip().upper()[:30],
            email=row.email,
            amount_minor=row.amount_minor,
            replaces=row,
            asked_at=clock.now(),
        )
    events.record(events.Kind.INVOICE_CANCELLED, account, actor, number=row.number or "—", reason=reason)
    return made
