"""How a studio gets its Stripe account: an account of its own, a link to Stripe's pages, and what Stripe says of it."""

from typing import Any

from billing.exchange import PayRefused
from billing.models import MerchantAccount
from billing.stripe_connect import METHODS, answers, client, on

CAPABILITIES = ("card_payments", "transfers")
# Pays Stripe's fees itself, carries its own losses, has Stripe's full dashboard: the studio is the merchant of record
CONTROLLER = {
    "fees": {"payer": "account"},
    "losses": {"payments": "stripe"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "full"},
}


def open_connected(account: MerchantAccount, country: str, email: str, site: str) -> str:
    """Make the connected account once; its id. Wallets are payment methods that the studio switches on at Stripe."""
    params: Any = {  # the library types each key; the shapes are tested against its types
        "controller": CONTROLLER,
        "country": country,
        "capabilities": {name: {"requested": True} for name in CAPABILITIES},
        "business_profile": {"name": account.studio.name, "url": site},
        "metadata": {"studio": account.studio.schema_name},
    }
    if email:
        params["email"] = email
    with answers():
        made = client().v1.accounts.create(params, {"idempotency_key": f"account.{account.key}"})
    return str(made.id)


def onboarding_link(account: MerchantAccount, back_url: str, again_url: str) -> str:
    """Where the studio tells Stripe who it is. Works once and for minutes; `again_url` makes a new one."""
    if not account.external:
        raise PayRefused("pay.route_closed", route="stripe")
    with answers():
        link = client().v1.account_links.create(
            {
                "account": account.external,
                "type": "account_onboarding",
                "return_url": back_url,
                "refresh_url": again_url,
                "collection_options": {"fields": "currently_due"},
            }
        )
    return str(link.url)


def look(account: MerchantAccount) -> dict[str, Any]:
    """What Stripe says of the account: may it charge, is it paid out, what is missing, which ways to pay are on."""
    if not account.external:
        raise PayRefused("pay.route_closed", route="stripe")
    with answers():
        found = client().v1.accounts.retrieve(account.external).to_dict()
        listed = client().v1.payment_method_configurations.list({"limit": 20}, on(account))
    if (found.get("metadata") or {}).get("studio") != account.studio.schema_name:
        raise PayRefused("pay.foreign")
    requirements, capabilities = found.get("requirements") or {}, found.get("capabilities") or {}
    return {
        "charges_enabled": bool(found.get("charges_enabled")),
        "payouts_enabled": bool(found.get("payouts_enabled")),
        "details_submitted": bool(found.get("details_submitted")),
        "default_currency": str(found.get("default_currency") or ""),
        "country": str(found.get("country") or ""),
        "capabilities": {name: str(capabilities.get(name, "inactive")) for name in CAPABILITIES},
        "methods": _offered([one.to_dict() for one in listed.data]) if found.get("charges_enabled") else [],
        "due": len(requirements.get("currently_due") or []),
        "disabled_reason": str(requirements.get("disabled_reason") or ""),
    }


def _offered(configs: list[dict[str, Any]]) -> list[str]:
    """Ways to pay that the studio has switched on at Stripe and Stripe has approved; cards where nothing is said."""
    default = next((one for one in configs if one.get("is_default") and one.get("active")), {})
    return [name for name in METHODS if (default.get(name) or {}).get("available")] or ["card"]
