"""Verbs about a studio's merchant accounts. Providers are asked outside every transaction."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.enums import PayRoute
from billing.exchange import PayRefused, PayUnreachable
from billing.gateway import adapter
from billing.keys import account_name, key_set, secret_names, tidy
from billing.models import MerchantAccount
from billing.selectors import account_of
from tenants.context import in_public

log = logging.getLogger(__name__)
SUB_ONCE = "merchant_sub_once"


class KeysRefused(ValueError):
    """`faults`: {field: missing · shape · key · short · app · pair · taken}."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))
        self.faults = faults


def save_keys(
    *, actor: Any, studio: Any, route: str, values: Mapping[str, str], by_partner: bool = False
) -> MerchantAccount:
    """Keep the keys of WeChat Pay or Alipay, sealed, and try them. A secret left empty keeps what was there.

    `by_partner`: the studio's number as a merchant under the platform, which is WeChat Pay's service provider. Raises
    KeysRefused when they cannot be keys. What the provider says of them is in `fault` of the answer.
    """
    with in_public():
        account = MerchantAccount.objects.filter(studio_id=studio.pk, route=PayRoute(route)).first()
    names = key_set(route, by_partner=by_partner)
    is_same_kind = account is not None and account.is_by_partner == by_partner
    former = dict(account.credentials) if account and is_same_kind else {}
    secret = {name: value for name, value in former.items() if name in secret_names(names)}
    kept, faults = tidy(names, secret | {name: value for name, value in values.items() if value.strip()})
    if faults:
        raise KeysRefused(faults)
    with in_public():
        account = account or MerchantAccount(studio=studio, route=route)
        account.keep(kept, secret_names(names))
        account.external = account_name(names, kept)
        account.is_ready, account.fault = False, ""
        _keep_once(account)
    log.info("keys of %s saved by %s", route, getattr(actor, "username", actor))
    return check_account(studio=studio, route=route)


def _keep_once(account: MerchantAccount) -> None:
    """Save it. Raises KeysRefused(sub_mchid: taken) when another studio has this number; the index decides, so that of
    two at once one has it.
    """
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        if SUB_ONCE not in str(error):
            raise
        log.warning("number %s of %s is another studio's", account.external, account.studio_id)
        raise KeysRefused({"sub_mchid": "taken"}) from None


def forget_keys(*, actor: Any, studio: Any, route: str) -> None:
    """Destroy the keys: nothing can be paid or refunded by this account any more. Its address stays the studio's."""
    with in_public():
        MerchantAccount.objects.filter(studio_id=studio.pk, route=PayRoute(route)).exclude(
            route=PayRoute.STRIPE
        ).update(sealed=None, shown={}, external="", is_ready=False, is_on=False, fault="", checked_at=None)
    log.info("keys of %s forgotten by %s", route, getattr(actor, "username", actor))


def offer_route(*, actor: Any, studio: Any, route: str, is_on: bool) -> None:
    """Offer the route to customers or stop doing so. What was begun can still be paid, and given back."""
    with in_public():
        MerchantAccount.objects.filter(studio_id=studio.pk, route=PayRoute(route)).update(is_on=is_on)
    log.info("%s %s by %s", route, "offered" if is_on else "not offered", getattr(actor, "username", actor))


def connect_stripe(*, actor: Any, studio: Any, country: str, email: str) -> MerchantAccount:
    """The studio's own Stripe account, made once. Raises PayRefused, PayUnreachable."""
    from billing.stripe_onboarding import open_connected

    with in_public():
        account, _new = MerchantAccount.objects.select_related("studio").get_or_create(
            studio=studio, route=PayRoute.STRIPE
        )
    if not account.external:
        external = open_connected(account, country, email, studio.url)
        with in_public():
            MerchantAccount.objects.filter(pk=account.pk, external="").update(external=external)
            account.refresh_from_db()
        log.info("Stripe account %s made by %s", external, getattr(actor, "username", actor))
    return account


def stripe_link(*, studio: Any, back_url: str, again_url: str) -> str:
    """A fresh way to Stripe's onboarding pages. Raises PayRefused, PayUnreachable."""
    from billing.stripe_onboarding import onboarding_link

    return onboarding_link(account_of(studio, PayRoute.STRIPE), back_url, again_url)


def check_account(*, studio: Any, route: str) -> MerchantAccount:
    """Ask the provider whether the account works, and write down what it says. Never raises for the provider's no."""
    account = account_of(studio, route)
    try:
        facts = adapter(route).check(account)
    except PayRefused as refusal:
        return _found(account, ".".join(filter(None, [refusal.code, str(refusal.facts.get("reason") or "")])), {})
    except PayUnreachable:
        return _found(account, "unreachable", {}, keep=True)
    return _found(account, "", facts)


def _found(account: MerchantAccount, fault: str, facts: dict[str, Any], *, keep: bool = False) -> MerchantAccount:
    """`keep`: a silence says nothing about the account, it stays as ready as it was."""
    account.fault, account.checked_at = fault[:60], timezone.now()
    fields = ["fault", "checked_at"]
    if not keep:
        was_ready = account.is_ready
        account.is_ready = not fault and bool(facts.get("charges_enabled", True))
        account.is_on = account.is_ready if not was_ready and account.is_ready else account.is_on
        account.facts = facts or account.facts
        fields += ["is_ready", "is_on", "facts"]
    with in_public():
        account.save(update_fields=fields)
    return account
