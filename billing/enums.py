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
    PLAN = "plan", _("Subscription")
    OTHER = "other", _("Other")


class NoticeState(models.TextChoices):
    """new → applied · failed (and back to applied); ignored and unknown are never applied."""

    NEW = "new", _("Waiting")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")
    IGNORED = "ignored", _("Nothing to do")
    UNKNOWN = "unknown", _("Nobody's")


class Interval(models.TextChoices):
    MONTH = "month", _("Monthly")
    YEAR = "year", _("Yearly")


class PlanState(models.TextChoices):
    """What was agreed or told last; what follows from the date is `billing.standing`.

    trialing → active ⇄ past_due → ended → active; complimentary is given and taken by operators.
    """

    TRIALING = "trialing", _("Trial")
    ACTIVE = "active", _("Active")
    PAST_DUE = "past_due", _("Payment overdue")
    ENDED = "ended", _("Ended")
    COMPLIMENTARY = "complimentary", _("Complimentary")


class Collection(models.TextChoices):
    """How a studio pays us. Stripe sells no subscription by Alipay or WeChat Pay: those pay a year at a time."""

    NONE = "", _("Not yet")
    CARD = "card", _("By card, renews itself")
    INVOICE = "invoice", _("By invoice, a year at a time")


class BillState(models.TextChoices):
    """Stripe's words for an invoice; ours use open · paid · void."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("To be paid")
    PAID = "paid", _("Paid")
    VOID = "void", _("Void")
    UNCOLLECTIBLE = "uncollectible", _("Not collected")


PLAN_NAMES = {  # of the standard catalogue; an operator's own plan is called as it was typed in
    "trial": _("Trial"),
    "solo": _("Single branch"),
    "chain": _("Chain"),
    "group": _("Group"),
}
