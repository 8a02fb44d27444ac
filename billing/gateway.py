"""Pay routes behind one interface: what a studio asks of any provider, and what any provider answers.

Whoever collects money (core.finance) knows only this module. A route is one provider on one studio's own merchant
account; `routes_of` says which a studio may offer now. Calls leave the house: never inside a transaction, always with
the caller's `reference` as idempotency key, always with a timeout. A provider's notification proves nothing by itself:
it is verified, stored (billing.models.Notice) and answered; a job then asks `fetch` and hands the state to the studio
through the dotted path `settings.PAY_NOTICE_HANDLER`.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

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


class PayRefused(Exception):
    """The provider or the set-up says no for good (`code` is stable); nothing was taken."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class PayUnreachable(Exception):
    """No answer, or one that says nothing: ask again later with the same reference."""


@dataclass(frozen=True, slots=True)
class PayRequest:
    """Ask for money once. `reference` is the caller's and unique in the world (studio schema inside), ≤ 32 characters
    of [A-Za-z0-9_-]; `amount_minor` whole minor units of `currency` (ISO 4217); `subject` is shown to the payer.

    `method`: "" lets the payer choose, else card · alipay · wechat_pay (Stripe), native · jsapi · h5 (WeChat Pay),
    page · wap (Alipay). Jsapi needs `openid`. `expires_at` in UTC; `paid_url`/`back_url` are absolute.
    """

    reference: str
    amount_minor: int
    currency: str
    subject: str
    expires_at: dt.datetime
    paid_url: str
    back_url: str
    method: str = ""
    openid: str = ""
    client_ip: str = ""
    language: str = "zh-hans"
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PayStart:
    """How the payer goes on. `kind`: redirect (`url`) · qr (`url` to be drawn) · jsapi (`params` for the bridge)."""

    provider_ref: str
    kind: str
    url: str = ""
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PayReport:
    """What the provider says now. Amount and currency are what was really paid (0 and "" until then)."""

    reference: str
    provider_ref: str
    state: PayState
    amount_minor: int = 0
    currency: str = ""
    paid_at: dt.datetime | None = None
    transaction: str = ""  # the provider's number on the payer's receipt
    method: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Give money back to where it came from. `reference` identifies the refund, `payment_reference` the payment."""

    reference: str
    payment_reference: str
    provider_ref: str
    transaction: str
    amount_minor: int
    paid_minor: int
    currency: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What the provider says about a refund now."""

    reference: str
    state: RefundState
    provider_ref: str = ""
    amount_minor: int = 0
    code: str = ""
