"""Verbs of money. Each locks the account, adds rows, brings the books into agreement and records one event."""

from core.finance.services.charging import charge, give_discount, open_account, reverse, trigger
from core.finance.services.claims import claim_payment, confirm_claim, decline_claim
from core.finance.services.closing import close_day
from core.finance.services.invoices import ask_invoice, cancel_invoice, issue_invoice
from core.finance.services.online import apply_report, start_payment
from core.finance.services.recording import audit_payment, audit_refund, correct_payment, record_payment
from core.finance.services.refunding import apply_refund_report, pay_out, refund, settle_cancellation
from core.finance.services.reminding import remind

__all__ = [
    "apply_refund_report",
    "apply_report",
    "ask_invoice",
    "audit_payment",
    "audit_refund",
    "cancel_invoice",
    "charge",
    "claim_payment",
    "close_day",
    "confirm_claim",
    "correct_payment",
    "decline_claim",
    "give_discount",
    "issue_invoice",
    "open_account",
    "pay_out",
    "record_payment",
    "refund",
    "remind",
    "reverse",
    "settle_cancellation",
    "start_payment",
    "trigger",
]
