"""Contents page of the room's rows."""

from core.finance.models.between import BranchClaim, Settlement, ShootShare
from core.finance.models.commissions import CommissionEntry, CommissionRule
from core.finance.models.documents import DayBook, DayCount, Invoice
from core.finance.models.ledger import Account, Allocation, Charge, Instalment
from core.finance.models.payments import Dispute, PayAttempt, Payment, PaymentClaim, Refund
from core.finance.models.values import (
    GiftTier,
    PointGrant,
    PointRule,
    TopUp,
    ValueBalance,
    ValueDeal,
    ValueEntry,
    ValueRule,
)

__all__ = [
    "Account",
    "Allocation",
    "BranchClaim",
    "Charge",
    "CommissionEntry",
    "CommissionRule",
    "DayBook",
    "DayCount",
    "Dispute",
    "GiftTier",
    "Instalment",
    "Invoice",
    "PayAttempt",
    "Payment",
    "PaymentClaim",
    "PointGrant",
    "PointRule",
    "Refund",
    "Settlement",
    "ShootShare",
    "TopUp",
    "ValueBalance",
    "ValueDeal",
    "ValueEntry",
    "ValueRule",
]
