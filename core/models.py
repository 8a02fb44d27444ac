"""Contents page: every model of the app, by room."""

from core.booking.models import Booking, Brief, Proposal, ShootingPlan
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
from core.kernel.codes import Counter
from core.kernel.events import Event, EventStream
from core.messaging.models import OutboxMessage
from core.orders.models import Order, OrderAppointment, OrderPerson, OrderStage, StageIssue, StageSetting
from core.people.models import Customer, CustomerSession, Membership, PhoneCode
from core.scheduling.models import (
    Appointment,
    AppointmentBlock,
    CalendarRules,
    Holiday,
    Leave,
    OpeningHours,
    Resource,
    ResourceClaim,
    Shift,
    WaitingEntry,
)
from core.studios.models import Branch

__all__ = [
    "Appointment",
    "AppointmentBlock",
    "Booking",
    "Branch",
    "Brief",
    "CalendarRules",
    "Counter",
    "Coupon",
    "CouponUse",
    "Customer",
    "CustomerSession",
    "Event",
    "EventStream",
    "Holiday",
    "Leave",
    "Membership",
    "OpeningHours",
    "Order",
    "OrderAppointment",
    "OrderPerson",
    "OrderStage",
    "OutboxMessage",
    "Package",
    "PackageExtra",
    "PackageProduct",
    "PackageSlot",
    "PackageVersion",
    "PhoneCode",
    "PriceRule",
    "Proposal",
    "Resource",
    "ResourceClaim",
    "Shift",
    "ShootingPlan",
    "StageIssue",
    "StageSetting",
    "WaitingEntry",
]
