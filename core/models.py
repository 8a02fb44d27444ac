"""Contents page: every model of the app, by room."""

from core.catalog.models import (
    Coupon,
    CouponUse,
    Package,
    PackageExtra,
    PackageProduct,
    PackageSlot,
    PackageVersion,
    PriceRule,
)
from core.finance.models import (
    Account,
    Allocation,
    Charge,
    DayBook,
    DayCount,
    Instalment,
    Invoice,
    PayAttempt,
    Payment,
    PaymentClaim,
    Refund,
    ValueBalance,
    ValueEntry,
)
from core.kernel.codes import Counter
from core.kernel.events import Event, EventStream
from core.messaging.models import OutboxMessage
from core.orders.models import Order, OrderPerson, OrderStage, StageIssue, StageSetting
from core.people.models import Customer, CustomerSession, Membership, PhoneCode
from core.studios.models import Branch

__all__ = [
    "Account",
    "Allocation",
    "Branch",
    "Charge",
    "Counter",
    "Coupon",
    "CouponUse",
    "Customer",
    "CustomerSession",
    "DayBook",
    "DayCount",
    "Event",
    "EventStream",
    "Instalment",
    "Invoice",
    "Membership",
    "Order",
    "OrderPerson",
    "OrderStage",
    "OutboxMessage",
    "Package",
    "PackageExtra",
    "PackageProduct",
    "PackageSlot",
    "PackageVersion",
    "PayAttempt",
    "Payment",
    "PaymentClaim",
    "PhoneCode",
    "PriceRule",
    "Refund",
    "StageIssue",
    "StageSetting",
    "ValueBalance",
    "ValueEntry",
]
