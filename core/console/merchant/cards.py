"""One card for each pay route: what it is, how it stands, what it needs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.enums import NoticeState, PayRoute
from billing.models import MerchantAccount, Notice
from billing.selectors import Health, accounts_of, health_of
from core.console.merchant.sentences import fault_sentence

Text = str | Promise
ABOUT: dict[str, Text] = {
    PayRoute.STRIPE: _("Cards, Alipay and WeChat Pay for studios outside mainland China. Stripe pays out to you."),
    PayRoute.WECHAT: _("Your own WeChat Pay merchant account: QR codes, in WeChat, and in a phone's browser."),
    PayRoute.ALIPAY: _("Your own Alipay app: on the phone and on the computer."),
}
METHODS: dict[str, Text] = {"card": _("Bank card"), "alipay": _("Alipay"), "wechat_pay": _("WeChat Pay")}
CAPABILITIES: dict[str, Text] = {"card_payments": _("Bank cards"), "transfers": _("Transfers")}
CAPABILITY_STATES: dict[str, tuple[Text, str]] = {
    "active": (_("active"), "ok"),
    "pending": (_("being checked"), "warn"),
    "inactive": (_("not active"), "neutral"),
}
LOOKS = {
    NoticeState.NEW: ("warn", "clock"),
    NoticeState.APPLIED: ("ok", "check"),
    NoticeState.FAILED: ("bad", "alert-triangle"),
    NoticeState.IGNORED: ("neutral", "minus"),
    NoticeState.UNKNOWN: ("bad", "question-mark"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """What the page shows of one route. `account` is None until it is begun."""

    route: PayRoute
    about: Text
    account: MerchantAccount | None
    health: Health | None
    notify_url: str
    is_available: bool

    @property
    def is_begun(self) -> bool:
        return self.account is not None and bool(self.account.external)

    @property
    def state(self) -> tuple[Text, str, str]:
        """(words, tone, icon) of the chip."""
        if self.account is None or not self.account.external:
            return _("Not set up"), "neutral", "circle-dashed"
        if not self.account.is_ready:
            return _("Not ready"), "warn", "clock"
        return (_("Offered"), "ok", "check") if self.account.is_on else (_("Switched off"), "neutral", "lock")

    @property
    def fault(self) -> str:
        return fault_sentence(self.account.fault) if self.account else ""

    @property
    def facts(self) -> dict[str, Any]:
        return self.account.facts if self.account else {}

    @property
    def methods(self) -> list[Text]:
        return [METHODS[name] for name in self.facts.get("methods", []) if name in METHODS]

    @property
    def capabilities(self) -> list[tuple[Text, Text, str]]:
        """(capability, state in words, tone) as Stripe told them."""
        told = self.facts.get("capabilities", {})
        return [
            (label, *CAPABILITY_STATES.get(told[name], (told[name], "neutral")))
            for name, label in CAPABILITIES.items()
            if name in told
        ]


def cards_of(studio: Any) -> list[Card]:
    """A card for every route, in the order that customers see them."""
    accounts = accounts_of(studio)
    return [_card(studio, route, accounts.get(route)) for route in PayRoute]


def _card(studio: Any, route: PayRoute, account: MerchantAccount | None) -> Card:
    is_stripe = route == PayRoute.STRIPE
    return Card(
        route=route,
        about=ABOUT[route],
        account=account,
        health=health_of(studio, route) if account else None,
        notify_url="" if is_stripe or account is None else notify_url(account),
        is_available=bool(settings.STRIPE_SECRET_KEY) if is_stripe else True,
    )


def notify_url(account: MerchantAccount) -> str:
    """The address that the provider notifies, on the platform's host."""
    path = reverse(f"hooks:{account.route}", args=[account.key], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return f"{settings.PLATFORM_URL}{path}"


def pay_hosts(studio: Any) -> list[str]:
    """Where the studio's customers pay: its own host, and the platform's, to which links sent into WeChat lead."""
    return [urlsplit(studio.url).hostname or "", settings.PLATFORM_HOST]


def notice_rows(notices: list[Notice]) -> list[dict[str, Any]]:
    """Notices with the look of their state and the words of their fault."""
    return [
        {"notice": one, "look": LOOKS[NoticeState(one.state)], "fault": fault_sentence(one.fault)} for one in notices
    ]
