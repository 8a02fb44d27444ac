"""Routes and states of pay. The words are shown; the values are stored and travel."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PayRoute(models.TextChoices):
    """Providers that answer by themselves. Cash, POS and transfer are not routes: people record them in finance."""

    STRIPE = "stripe", _("Card or wallet (Stripe)")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")


class PayState(models.TextChoices):
    """Where one attempt stands with the provider. Only `fetch` may say so."""

    PENDING = "pending", _("Waiting for payment")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class RefundState(models.TextChoices):
    PENDING = "pending", _("On its way")
    DONE = "done", _("Refunded")
    FAILED = "failed", _("Failed")


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    DISPUTE = "dispute", _("Dispute")
    ACCOUNT = "account", _("Merchant account")
    OTHER = "other", _("Other")


class NoticeState(models.TextChoices):
    """new → applied · failed (and back to applied); ignored and unknown are never applied."""

    NEW = "new", _("Waiting")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")
    IGNORED = "ignored", _("Nothing to do")
    UNKNOWN = "unknown", _("Nobody's")
