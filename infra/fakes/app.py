"""The fakes as one ASGI app: `uvicorn --factory infra.fakes.app:app_from_env`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette

from infra.fakes.alipay import Alipay
from infra.fakes.billing_pages import BillingPages
from infra.fakes.control import Control
from infra.fakes.post import Post
from infra.fakes.slow import Slow
from infra.fakes.store import Store
from infra.fakes.stripe_api import Stripe
from infra.fakes.stripe_billing import Billing
from infra.fakes.stripe_pages import Pages
from infra.fakes.wechat import WeChat
from infra.fakes.wechat_oauth import OAuth

STRIPE_KEY = "sk_test_yinglou_demo"


@dataclass(frozen=True)
class Setting:
    """`site`: where browsers reach the pages. `stripe_hook`: the product's Connect endpoint, signed with `secret`."""

    site: str
    stripe_hook: str
    secret: str
    data: Path | None = None
    deliver: bool = True


def make_app(setting: Setting) -> Slow:
    store = Store(setting.data)
    post = Post(store, deliver=setting.deliver)
    stripe = Stripe(store, post, key=STRIPE_KEY, hook=setting.stripe_hook, secret=setting.secret, site=setting.site)
    wechat, alipay = WeChat(store, post, setting.site), Alipay(store, post, setting.site)
    billing = Billing(stripe)
    stripe.own_session, hosted = billing.new_session, BillingPages(billing)
    routes = [*stripe.routes(), *billing.routes(), *hosted.routes(), *Pages(stripe, hosted).routes()]
    routes += [*wechat.routes(), *OAuth(store, wechat).routes(), *alipay.routes()]
    control = Control(store, post, stripe, wechat, alipay)
    slow = control.slow_down = Slow(Starlette(routes=[*routes, *control.routes()]))
    return slow


def app_from_env() -> Slow:
    """FAKES_SITE, FAKES_STRIPE_HOOK, FAKES_SECRET, FAKES_DATA."""
    data = os.environ.get("FAKES_DATA")
    return make_app(
        Setting(
            site=os.environ["FAKES_SITE"],
            stripe_hook=os.environ["FAKES_STRIPE_HOOK"],
            secret=os.environ["FAKES_SECRET"],
            data=Path(data) if data else None,
        )
    )


def product_env(site: str, secret: str) -> dict[str, str]:
    """What the product reads to ask the fakes instead of the real providers."""
    return {
        "STRIPE_SECRET_KEY": STRIPE_KEY,
        "STRIPE_CONNECT_SECRETS": secret,
        "STRIPE_WEBHOOK_SECRETS": secret,
        "STRIPE_API_BASE": site,
        "WECHAT_API_BASE": site,
        "WECHAT_OPEN_BASE": site,
        "WECHAT_OAUTH_BASE": site,
        "WECHAT_BRIDGE_PAGE": f"{site}/wxbridge",
        "ALIPAY_GATEWAY": f"{site}/gateway.do",
        "PAY_PAGES": site,
    }
