"""System checks of pay: money must not be asked for in clear, nor taken without hearing of it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's own name)

from tenants.checks import is_home

BASES = ("STRIPE_API_BASE", "WECHAT_API_BASE", "WECHAT_OPEN_BASE", "WECHAT_OAUTH_BASE", "ALIPAY_GATEWAY")


@register(Tags.security)
def providers_are_real(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """E001: a provider's address without TLS on a public host, as the fakes' · E002: the fakes' payment sheet there ·
    W001: Stripe without webhook secret · W002: some of WeChat Pay's service-provider keys, not all.
    """
    found: list[CheckMessage] = []
    if not is_home(settings.PLATFORM_HOST):
        found += [
            Error(f"{name} must be an https address: anybody on the way could say that money came", id="billing.E001")
            for name in BASES
            if not getattr(settings, name).startswith("https://")
        ]
        if settings.WECHAT_BRIDGE_PAGE:
            found.append(Error("WECHAT_BRIDGE_PAGE is for the demo: nobody would be charged", id="billing.E002"))
    given = [name for name, value in settings.WECHAT_SP.items() if value]
    if given and len(given) < len(settings.WECHAT_SP):
        missing = ", ".join(f"WECHAT_SP_{name.upper()}" for name in settings.WECHAT_SP if name not in given)
        found.append(Warning(f"WeChat Pay's service-provider mode stays off: {missing} is empty", id="billing.W002"))
    if settings.STRIPE_SECRET_KEY and not settings.STRIPE_CONNECT_SECRETS:
        found.append(
            Warning("STRIPE_CONNECT_SECRETS is empty: Stripe's notices will be refused as forged", id="billing.W001")
        )
    return found
