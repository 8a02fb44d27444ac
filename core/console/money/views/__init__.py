"""An order's money, what has to be looked at, lists, the day's close."""

from core.console.money.views.checking import (
    audit,
    audit_refund,
    cancel_invoice,
    checking,
    claim,
    correct,
    issue,
    pay_out,
)
from core.console.money.views.closing import day
from core.console.money.views.lists import arrears, forecast, remind
from core.console.money.views.order import (
    add_charge,
    discount,
    give_back,
    new_invoice,
    panel,
    receipt,
    take,
)

__all__ = [
    "add_charge", "arrears", "audit", "audit_refund", "cancel_invoice", "checking", "claim", "correct", "day",
    "discount", "forecast", "give_back", "issue", "new_invoice", "panel", "pay_out", "receipt", "remind", "take",
]  # fmt: skip
