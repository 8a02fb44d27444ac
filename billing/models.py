"""Plans, studios' merchant accounts, and the inbox of what providers tell.

Entitlements are a local row: no vendor is asked inside a request. Merchants' keys are sealed (billing.sealing).
"""

import secrets
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.enums import NoticeKind, NoticeState, PayRoute
from billing.sealing import Credentials, last_four, seal, unseal

GIB = 1024**3


class Plan(models.Model):
    """What a subscription allows. `storage_bytes` counts originals and renditions together."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    branches = models.IntegerField(_("Branches"), default=3)
    seats = models.IntegerField(_("Seats"), default=20)
    storage_bytes = models.BigIntegerField(_("Storage"), default=200 * GIB)

    class Meta:
        verbose_name = _("Subscription plan")
        verbose_name_plural = _("Subscription plans")
        constraints = [
            models.CheckConstraint(
                name="plan_limits_positive",
                condition=models.Q(branches__gt=0, seats__gt=0, storage_bytes__gt=0),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Which plan a studio is on. No row means the trial plan (selectors.entitlements_of)."""

    studio = models.OneToOneField("tenants.Studio", on_delete=models.CASCADE, related_name="subscription")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")

    class Meta:
        verbose_name = _("Subscription")
        verbose_name_plural = _("Subscriptions")

    def __str__(self) -> str:
        return f"{self.studio_id}: {self.plan_id}"


def _new_key() -> str:
    return secrets.token_urlsafe(18)


class MerchantAccount(models.Model):
    """A studio's own account with a provider. The keys are sealed; `shown` is all that people see of them again.

    `key` is the secret part of the addresses that the provider notifies. `external` is the provider's name of the
    account: acct_… (Stripe), merchant number (WeChat Pay), app id (Alipay). `facts` is what the provider last said.
    """

    studio = models.ForeignKey("tenants.Studio", on_delete=models.CASCADE, related_name="merchant_accounts")
    route = models.CharField(_("Pay route"), max_length=12, choices=PayRoute)
    key = models.CharField(max_length=40, unique=True, default=_new_key)
    external = models.CharField(_("Account"), max_length=64, blank=True)
    sealed = models.BinaryField(null=True, blank=True)
    shown = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    is_ready = models.BooleanField(_("Ready"), default=False, help_text=_("The provider lets the account take money."))
    is_on = models.BooleanField(_("Offered"), default=False, help_text=_("Customers may pay by it."))
    checked_at = models.DateTimeField(_("Checked"), null=True, blank=True)
    fault = models.CharField(_("Fault"), max_length=60, blank=True, help_text=_("Code of what the last check found."))
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("Merchant account")
        verbose_name_plural = _("Merchant accounts")
        constraints = [
            models.UniqueConstraint(name="merchant_account_once", fields=["studio", "route"]),
            models.UniqueConstraint(
                name="merchant_stripe_account_once",
                fields=["external"],
                condition=models.Q(route=PayRoute.STRIPE) & ~models.Q(external=""),
            ),
            models.CheckConstraint(
                name="merchant_route_known", condition=models.Q(route__in=[str(value) for value in PayRoute])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio_id}: {self.route} {self.external}"

    @property
    def credentials(self) -> Credentials:
        """The keys. Raises SealBroken when they cannot be opened."""
        return unseal(bytes(self.sealed), self._owner) if self.sealed else Credentials({})

    def keep(self, values: Mapping[str, str], secret: frozenset[str]) -> None:
        """Seal all of `values`; of those named in `secret` only the last four letters stay readable. Does not save."""
        self.sealed = seal(values, self._owner)
        self.shown = {name: last_four(value) if name in secret else value for name, value in values.items()}

    @property
    def _owner(self) -> str:
        return f"{self.studio_id}|{self.route}"


class Notice(models.Model):
    """Something a provider told us, verified and stored before anything is done about it. Never changed by people.

    `account` is the provider's account (Stripe) or the merchant key in the address: an event is unique within it, so
    that one merchant's numbers cannot take another's place.
    """

    route = models.CharField(_("Pay route"), max_length=12, choices=PayRoute)
    event_id = models.CharField(max_length=128)
    account = models.CharField(_("Account"), max_length=64, blank=True)
    studio = models.ForeignKey(
        "tenants.Studio", on_delete=models.SET_NULL, null=True, blank=True, related_name="pay_notices"
    )
    event = models.CharField(_("Event"), max_length=80, blank=True)
    kind = models.CharField(_("About"), max_length=8, choices=NoticeKind, default=NoticeKind.OTHER)
    reference = models.CharField(_("Reference"), max_length=64, blank=True)
    provider_ref = models.CharField(max_length=128, blank=True)
    payload = models.TextField(blank=True)
    state = models.CharField(_("State"), max_length=8, choices=NoticeState, default=NoticeState.NEW)
    fault = models.CharField(_("Fault"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("Received"), auto_now_add=True)
    applied_at = models.DateTimeField(_("Applied"), null=True, blank=True)

    class Meta:
        verbose_name = _("Notice of a provider")
        verbose_name_plural = _("Notices of providers")
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["route", "account", "event_id"]),
            models.CheckConstraint(
                name="notice_state_known", condition=models.Q(state__in=[str(value) for value in NoticeState])
            ),
        ]
        indexes = [
            models.Index(name="notice_of_studio", fields=["studio", "route", "-received_at"]),
            models.Index(name="notice_of_reference", fields=["studio", "route", "reference"]),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.event} {self.reference}"
