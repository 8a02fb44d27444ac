"""What money can be: why it is owed, when it is due, how it came, where it stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChargeKind(models.TextChoices):
    """Why an amount is owed, or owed no more."""

    ORDER = "order", _("Package and add-ons")
    EXTRAS = "extras", _("Extras of the selection")
    CHANGE = "change", _("Change of the selection")
    ROUND = "round", _("Further retouch round")
    OTHER = "other", _("Other charge")
    DISCOUNT = "discount", _("Discount")
    REVERSAL = "reversal", _("Taken back")
    CANCELLATION = "cancellation", _("Cancelled order")
    TOP_UP = "top_up", _("Stored value")


class When(models.TextChoices):
    """What makes an instalment due."""

    NOW = "now", _("At once")
    SIGNING = "signing", _("At signing")
    DATE = "date", _("Before or after the shoot")
    SELECTION = "selection", _("On selection")
    DELIVERY = "delivery", _("On delivery")


class Method(models.TextChoices):
    """How money came. Only ONLINE is said by a provider; the others are recorded by people and audited."""

    CASH = "cash", _("Cash")
    POS = "pos", _("POS terminal")
    TRANSFER = "transfer", _("Bank transfer")
    ONLINE = "online", _("Paid online")
    STORED = "stored", _("Stored value")


BY_HAND = [Method.CASH, Method.POS, Method.TRANSFER]


class AttemptState(models.TextChoices):
    """One try to pay by a route. ODD: something came that does not fit (another currency); a person decides."""

    OPEN = "open", _("Waiting for payment")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    ODD = "odd", _("Needs a look")


class ReturnKind(models.TextChoices):
    """Money going back, or an entry that was never money."""

    REFUND = "refund", _("Refund")
    CORRECTION = "correction", _("Correction of a wrong entry")
    CHARGEBACK = "chargeback", _("Taken back by the payer's bank")


class ReturnState(models.TextChoices):
    PENDING = "pending", _("On its way")
    DONE = "done", _("Refunded")
    FAILED = "failed", _("Failed")


class ClaimState(models.TextChoices):
    OPEN = "open", _("To be checked")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Not found")


class Who(models.TextChoices):
    """On whose side the reason of a cancellation lies."""

    CUSTOMER = "customer", _("The customer")
    STUDIO = "studio", _("The studio")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class InvoiceKind(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary e-invoice")
    SPECIAL = "special", _("Special VAT e-invoice")


class InvoiceState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    ISSUED = "issued", _("Issued")
    CANCELLED = "cancelled", _("Cancelled")


class Purse(models.TextChoices):
    """A customer's balances. Only the principal was paid, so only it can be paid back."""

    PRINCIPAL = "principal", _("Principal")
    GIFT = "gift", _("Gift")
    POINTS = "points", _("Points")


class PointsWhen(models.TextChoices):
    """What has to have happened before an order earns points."""

    SIGNED_OFF = "signed_off", _("The photos are signed off")
    DELIVERED = "delivered", _("Everything is delivered")


class DealKind(models.TextChoices):
    """Money for stored value."""

    TOP_UP = "top_up", _("Topped up")
    PAY_OUT = "pay_out", _("Paid out")
    CORRECTION = "correction", _("Correction of a wrong entry")


class TopUpState(models.TextChoices):
    """Where a top-up by a pay route stands. Money that comes after OVER or BACK goes back by itself."""

    ASKED = "asked", _("Waiting for payment")
    DONE = "done", _("On the card")
    OVER = "over", _("Given up")
    BACK = "back", _("Given back")


class Occasion(models.TextChoices):
    """What a commission is for."""

    SIGNED = "signed", _("Order signed")
    EXTRAS = "extras", _("Extras of the selection")
    DELIVERED = "delivered", _("Order delivered")


class CommissionBase(models.TextChoices):
    """What a percentage is taken of; discounts and what went back are always off."""

    SOLD = "sold", _("What was sold")
    PAID = "paid", _("What has been paid")


class CommissionWhy(models.TextChoices):
    EARNED = "earned", _("Earned")
    MORE = "more", _("Counted again")
    LESS = "less", _("Taken back")


class BetweenKind(models.TextChoices):
    """Why one branch owes another."""

    PRINCIPAL = "principal", _("Stored value spent elsewhere")
    GIFT = "gift", _("Gift spent elsewhere")
    SHOOT = "shoot", _("Sold here, shot there")


class DisputeState(models.TextChoices):
    """A payer's bank questions a payment."""

    OPEN = "open", _("To be answered")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
