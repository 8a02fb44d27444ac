"""Contents page of the room's rows."""

from core.finance.models.documents import DayBook, DayCount, Invoice
from core.finance.models.ledger import Account, Allocation, Charge, Instalment
from core.finance.models.payments import PayAttempt, Payment, PaymentClaim, Refund
from core.finance.models.values import ValueBalance, ValueEntry

__all__ = [
    "Account",
    "Allocation",
    "Charge",
    "DayBook",
    "DayCount",
    "Instalment",
    "Invoice",
    "PayAttempt",
    "Payment",
    "PaymentClaim",
    "Refund",
    "ValueBalance",
    "ValueEntry",
]
