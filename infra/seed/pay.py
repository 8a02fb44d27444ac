"""How the demo's studios are paid: merchant accounts with the fakes, set up by the product's own verbs."""

from collections.abc import Callable
from typing import Any

import requests
from django.conf import settings

from billing.enums import PayRoute
from billing.exchange import PayRefused, PayUnreachable
from billing.selectors import wechat_provides
from billing.services import KeysRefused, check_account, connect_stripe, save_keys
from infra.fakes.app import STRIPE_KEY

SECONDS = 20


def open_routes(studio: Any, actor: Any, say: Callable[[str], None], *, wallets: bool = True) -> None:
    """Stripe, and both mainland wallets unless told. With real keys in the environment nothing is made up."""
    if settings.STRIPE_SECRET_KEY != STRIPE_KEY:
        return
    try:
        account = connect_stripe(actor=actor, studio=studio, country="HK", email="")
        _told(f"onboard/{account.external}")
        check_account(studio=studio, route=PayRoute.STRIPE)
        for route in (PayRoute.WECHAT, PayRoute.ALIPAY) if wallets else ():
            save_keys(actor=actor, studio=studio, route=route, values=_told(f"merchants/{route}"))
    except (PayRefused, PayUnreachable, requests.RequestException) as error:
        say(f"  {studio.name}: pay routes not set up ({error})")
    else:
        say(f"  {studio.name}: pay routes open")


def join_platform(studio: Any, actor: Any, say: Callable[[str], None]) -> None:
    """WeChat Pay without keys of its own: the studio is a merchant under the platform, its service provider."""
    if settings.STRIPE_SECRET_KEY != STRIPE_KEY or not wechat_provides():
        return
    try:
        sub = _told(f"merchants/wechat-sub?of={settings.WECHAT_SP['mchid']}")
        number = {"sub_mchid": sub["sub_mchid"]}
        save_keys(actor=actor, studio=studio, route=PayRoute.WECHAT, values=number, by_partner=True)
    except (PayRefused, PayUnreachable, KeysRefused, requests.RequestException) as error:
        say(f"  {studio.name}: not a merchant under the platform ({error})")
    else:
        say(f"  {studio.name}: WeChat Pay under the platform")


def pay_at_fake(reference: str) -> bool:
    """The payer pays, as by the provider's page; False where there is no fake."""
    if settings.STRIPE_SECRET_KEY != STRIPE_KEY:
        return False
    try:
        _told("pay", ref=reference, method="wechat_pay")
    except requests.RequestException:
        return False
    return True


def _told(path: str, **told: str) -> dict[str, str]:
    answer = requests.post(f"{settings.STRIPE_API_BASE}/_control/{path}", json=told, timeout=SECONDS)
    answer.raise_for_status()
    found: dict[str, str] = answer.json()
    return found
