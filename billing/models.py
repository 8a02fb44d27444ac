"""Plans, studios' merchant accounts, and the inbox of what providers tell.

Entitlements are a local row: no vendor is asked inside a request. Merchants' keys are sealed (billing.sealing).
"""

import secrets
from collections.abc import Mapping

from django.db import models
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.enums import (
    PLAN_NAMES,
    BillState,
    Collection,
    Interval,
    NoticeKind,
    NoticeState,
    PayRoute,
    PlanState,
)
from billing.sealing import Credentials, last_four, seal, unseal

GIB = 1024**3


class Plan(models.Model):
    """What a subscription allows and costs. `storage_bytes` counts originals and renditions together;
    `messages` are SMS of a calendar month. Prices are minor units of `currency`, tax included; Stripe's names of them
    are kept by `billing.catalog`.
    """

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    position = models.SmallIntegerField(_("Position"), default=0)
    is_offered = models.BooleanField(_("On offer"), default=False, help_text=_("Shown to everybody, can be bought."))
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    monthly_minor = models.BigIntegerField(_("Price a month"), default=0)
    yearly_minor = models.BigIntegerField(_("Price a year"), default=0)
    branches = models.IntegerField(_("Branches"), default=3)
    seats = models.IntegerField(_("Seats"), default=20)
    storage_bytes = models.BigIntegerField(_("Storage"), default=200 * GIB)
    messages = models.IntegerField(_("SMS a month"), default=1000)
    monthly_ref = models.CharField(max_length=64, blank=True, editable=False)
    yearly_ref = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("Subscription plan")
        verbose_name_plural = _("Subscription plans")
        constraints = [
            models.CheckConstraint(
                name="plan_limits_positive",
                condition=models.Q(branches__gt=0, seats__gt=0, storage_bytes__gt=0, messages__gte=0),
            ),
            models.CheckConstraint(
                name="plan_prices_real",
                condition=models.Q(monthly_minor__gte=0, yearly_minor__gte=0)
                & (models.Q(is_offered=False) | models.Q(monthly_minor__gt=0, yearly_minor__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return str(PLAN_NAMES.get(self.code, self.name))

    def price_minor(self, interval: str) -> int:
        return self.yearly_minor if interval == Interval.YEAR else self.monthly_minor

    def price_ref(self, interval: str) -> str:
        """Stripe's name of the price; "" until `billing.catalog.sync` has run."""
        return self.yearly_ref if interval == Interval.YEAR else self.monthly_ref


class Subscription(models.Model):
    """Which plan a studio is on and until when: the local row that every request believes (billing.standing).

    No row means a trial without end, until the daily review gives it one. `revision` changes with every answer of
    Stripe to a verb, so that a verb asked again after a crash is the same call, and one after a refusal is a new one.
    """

    studio = models.OneToOneField("tenants.Studio", on_delete=models.CASCADE, related_name="subscription")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")
    state = models.CharField(_("State"), max_length=14, choices=PlanState, default=PlanState.TRIALING)
    interval = models.CharField(_("Interval"), max_length=6, choices=Interval, default=Interval.MONTH)
    collection = models.CharField(_("Pays"), max_length=8, choices=Collection, blank=True, default=Collection.NONE)
    trial_ends_at = models.DateTimeField(_("Trial until"), null=True, blank=True)
    period_ends_at = models.DateTimeField(_("Paid until"), null=True, blank=True)
    past_due_since = models.DateTimeField(_("Overdue since"), null=True, blank=True)
    cancels_at = models.DateTimeField(_("Cancelled for"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    customer_ref = models.CharField(max_length=64, blank=True)
    provider_ref = models.CharField(max_length=64, blank=True)
    provider_state = models.CharField(max_length=24, blank=True)
    session_ref = models.CharField(max_length=128, blank=True)
    revision = models.IntegerField(default=0)
    seen_at = models.DateTimeField(_("Last read at Stripe"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("Last reviewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("Subscription")
        verbose_name_plural = _("Subscriptions")
        constraints = [
            models.UniqueConstraint(
                name="subscription_customer_once", fields=["customer_ref"], condition=~models.Q(customer_ref="")
            ),
            models.CheckConstraint(
                name="subscription_state_known", condition=models.Q(state__in=[str(value) for value in PlanState])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio_id}: {self.plan_id}"


class Bill(models.Model):
    """An invoice of ours to a studio: a mirror of Stripe's, or a year sold for a wallet or a transfer (`is_own`).

    Our books: it outlives the studio, then without its name; `erased_as` names the certificate (billing.leaving).
    """

    studio = models.ForeignKey("tenants.Studio", on_delete=models.SET_NULL, null=True, related_name="bills")
    erased_as = models.CharField(_("Certificate of erasure"), max_length=12, blank=True)
    external = models.CharField(max_length=64, unique=True, help_text=_("Stripe's invoice, or our own reference."))
    is_own = models.BooleanField(default=False)
    number = models.CharField(_("Number"), max_length=40, blank=True)
    state = models.CharField(_("State"), max_length=14, choices=BillState, default=BillState.OPEN)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(_("Amount"))
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="bills")
    session_ref = models.CharField(max_length=128, blank=True)
    page_url = models.URLField(max_length=500, blank=True)
    pdf_url = models.URLField(max_length=500, blank=True)
    issued_at = models.DateTimeField(_("Issued"))
    paid_at = models.DateTimeField(_("Paid"), null=True, blank=True)

    class Meta:
        verbose_name = _("Invoice to a studio")
        verbose_name_plural = _("Invoices to studios")
        constraints = [
            models.CheckConstraint(
                name="bill_state_known", condition=models.Q(state__in=[str(value) for value in BillState])
            ),
            models.UniqueConstraint(  # one year on sale at a time
                name="bill_own_open_once", fields=["studio"], condition=models.Q(is_own=True, state="open")
            ),
        ]
        indexes = [models.Index(name="bill_of_studio", fields=["studio", "-issued_at"])]

    def __str__(self) -> str:
        return self.number or self.external


class CatalogCheck(models.Model):
    """One look at Stripe's catalogue: `found` the differences as lines, `fault` why nobody could look."""

    at = models.DateTimeField(_("When"), default=timezone.now)
    found = models.JSONField(_("Differences"), default=list)
    fault = models.CharField(_("Fault"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Look at Stripe's catalogue")
        verbose_name_plural = _("Looks at Stripe's catalogue")
        indexes = [models.Index(name="catalog_check_newest", fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.fault or len(self.found)}"


class UsageDay(models.Model):
    """What a studio used on a day, written by the daily review: the graphs of the owner's page."""

    studio = models.ForeignKey("tenants.Studio", on_delete=models.CASCADE, related_name="usage_days")
    day = models.DateField()
    branches = models.IntegerField()
    seats = models.IntegerField()
    storage_bytes = models.BigIntegerField()
    messages = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="usage_day_once", fields=["studio", "day"])]

    def __str__(self) -> str:
        return f"{self.studio_id}: {self.day}"


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
            # a merchant under our service-provider number belongs to one studio: its notices and its money are that
            # studio's. With keys of their own two studios of one company may share a merchant
            models.UniqueConstraint(KT("shown__sub_mchid"), name="merchant_sub_once"),
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

    @property
    def is_by_partner(self) -> bool:
        """Whether the studio is a merchant under the platform (WeChat Pay's 服务商)."""
        return "sub_mchid" in self.shown

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
