"""Verbs of money. Each locks the account, adds rows, brings the books into agreement and records one event."""

from core.finance.services.cards import (
    audit_deal,
    correct_deal,
    hand_points,
    pay_out_value,
    sell_value,
    set_cap,
    set_gift,
)
from core.finance.services.charging import charge, give_discount, open_account, reverse, trigger
from core.finance.services.claims import claim_payment, confirm_claim, decline_claim
from core.finance.services.closing import close_day
from core.finance.services.commissions import count_commissions, end_rule, make_rule
from core.finance.services.disputes import apply_dispute
from core.finance.services.invoices import ask_invoice, cancel_invoice, issue_invoice
from core.finance.services.online import apply_report, start_payment
from core.finance.services.paying_own import pay_own_bill, request_paying_code
from core.finance.services.points import count_points, expire_points, point_rule, set_point_rule
from core.finance.services.recording import attach_proof, audit_payment, audit_refund, correct_payment, record_payment
from core.finance.services.refunding import (
    apply_refund_report,
    give_back_rest,
    pay_out,
    refund,
    settle_cancellation,
)
from core.finance.services.reminding import remind
from core.finance.services.settling import agree_share, count_shoot, settle_month
from core.finance.services.topups import ask_top_up, give_up_top_up
from core.finance.services.topups_back import refund_top_up
from core.finance.services.values import pay_from_value

__all__ = [
    "agree_share",
    "apply_dispute",
    "apply_refund_report",
    "apply_report",
    "ask_invoice",
    "ask_top_up",
    "attach_proof",
    "audit_deal",
    "audit_payment",
    "audit_refund",
    "cancel_invoice",
    "charge",
    "claim_payment",
    "close_day",
    "confirm_claim",
    "correct_deal",
    "correct_payment",
    "count_commissions",
    "count_points",
    "count_shoot",
    "decline_claim",
    "end_rule",
    "expire_points",
    "give_back_rest",
    "give_discount",
    "give_up_top_up",
    "hand_points",
    "issue_invoice",
    "make_rule",
    "open_account",
    "pay_from_value",
    "pay_out",
    "pay_out_value",
    "pay_own_bill",
    "point_rule",
    "record_payment",
    "refund",
    "refund_top_up",
    "remind",
    "request_paying_code",
    "reverse",
    "sell_value",
    "set_cap",
    "set_gift",
    "set_point_rule",
    "settle_cancellation",
    "settle_month",
    "start_payment",
    "trigger",
]
