"""What is said between whoever collects money and a provider: requests, answers, refusals (billing.gateway)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from billing.enums import NoticeKind, PayState, RefundState


class PayRefused(Exception):
    """The provider or the set-up says no for good (`code` is stable); nothing was taken."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class PayUnreachable(Exception):
    """No answer, or one that says nothing: ask again later with the same reference."""


@dataclass(frozen=True, slots=True)
class PayRequest:
    """Ask for money once. `reference` is the caller's and unique in the world (studio schema inside), 6–32 characters
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
class DisputeReport:
    """A payer's bank questions a payment. `transaction`: that of the payment's PayReport. `state`: open, won, lost."""

    reference: str
    transaction: str
    state: str
    amount_minor: int
    currency: str
    reason: str = ""
    due_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What the provider says about a refund now."""

    reference: str
    state: RefundState
    provider_ref: str = ""
    amount_minor: int = 0
    code: str = ""


class Forged(Exception):
    """A notification that the provider did not make, or not for this account."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notification that was verified. `account` only where one address serves all studios (Stripe)."""

    event_id: str
    event: str
    kind: NoticeKind
    reference: str
    provider_ref: str = ""
    account: str = ""
    foreign: bool = False  # its marks name another studio than the one whose account it came from
    marked: str = ""  # the studio's schema that the marks name
