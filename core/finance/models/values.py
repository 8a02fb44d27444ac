"""Stored value, gifts and points of a customer: balances are sums of rows, and never below zero."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.finance.enums import BY_HAND, DealKind, Method, PointsWhen, Purse, TopUpState
from core.finance.models.documents import DayBook
from core.kernel import clock

# 单用途商业预付卡管理办法(试行), Art. 18: at most 5,000 yuan on a card in its holder's name
LAWFUL_CAP = 500_000


class ValueBalance(models.Model):
    """The sum of a customer's entries of one purse, held so that PostgreSQL refuses to go below zero."""

    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="balances")
    purse = models.CharField(max_length=10, choices=Purse)
    balance = models.BigIntegerField(default=0, help_text="minor units; points are counted")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Balance")
        constraints = [
            models.UniqueConstraint(fields=["customer", "purse"], name="valuebalance_once"),
            models.CheckConstraint(name="valuebalance_not_negative", condition=Q(balance__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purse}: {self.balance}"


class ValueEntry(models.Model):
    """Value that came (positive) or was used (negative), once for each source. Append-only."""

    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="values")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey(
        "core.Branch", on_delete=models.PROTECT, related_name="+", help_text="which branch's value it is"
    )
    purse = models.CharField(max_length=10, choices=Purse)
    amount = models.BigIntegerField()
    source = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Stored value")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "purse", "issuer"], name="valueentry_source_once"),
            models.CheckConstraint(name="valueentry_not_zero", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purse}: {self.amount}"


class GiftTier(models.Model):
    """Who pays at least so much is given so much: the rule of gifts. The highest tier that is reached holds."""

    least_minor = models.BigIntegerField(unique=True)
    gift_minor = models.BigIntegerField()
    is_offered = models.BooleanField(default=False, help_text="customers may top up exactly so much by themselves")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Gift for stored value")
        ordering = ["least_minor"]
        constraints = [
            models.CheckConstraint(name="gifttier_positive", condition=Q(least_minor__gt=0, gift_minor__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.least_minor} + {self.gift_minor}"


class ValueRule(models.Model):
    """What a card may hold: one row (`pk` 1). A cap above the law's needs a reason in writing."""

    cap_minor = models.BigIntegerField(default=LAWFUL_CAP, help_text="most principal on one card")
    cap_reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(default=clock.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Rule of stored value")
        constraints = [
            models.CheckConstraint(name="valuerule_once", condition=Q(pk=1)),
            models.CheckConstraint(
                name="valuerule_cap_explained",
                condition=Q(cap_minor__gt=0) & (Q(cap_minor__lte=LAWFUL_CAP) | ~Q(cap_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cap_minor} {self.cap_reason}"


class TopUp(models.Model):
    """A customer tops their card up by a pay route. Its money has books of its own (`account`): what comes, goes on the
    card once and exactly; what the card cannot take goes back. `terms`: the sentences that were agreed to, as shown.
    """

    account = models.OneToOneField("core.Account", on_delete=models.PROTECT, related_name="top_up")
    principal_minor = models.BigIntegerField()
    gift_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=TopUpState, default=TopUpState.ASKED)
    terms = models.JSONField()
    asked_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Top-up")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="topup_positive", condition=Q(principal_minor__gt=0, gift_minor__gte=0)),
            models.CheckConstraint(name="topup_done_dated", condition=~Q(state="done") | Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.principal_minor} + {self.gift_minor} {self.state}"


class PointRule(models.Model):
    """How points are earned from now on: one row (`pk` 1). `points` for every whole `per_minor` paid."""

    points = models.IntegerField(default=1)
    per_minor = models.BigIntegerField(default=100)
    when = models.CharField(max_length=12, choices=PointsWhen, default=PointsWhen.DELIVERED)
    valid_days = models.SmallIntegerField(default=0, help_text="0: for ever")
    is_active = models.BooleanField(default=False)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Rule of points")
        constraints = [
            models.CheckConstraint(name="pointrule_once", condition=Q(pk=1)),
            models.CheckConstraint(
                name="pointrule_sound", condition=Q(points__gt=0, per_minor__gt=0, valid_days__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} / {self.per_minor}"


class PointGrant(models.Model):
    """What one sale earns, by the rule as it stood when it first did. `earned`: the sum of its entries."""

    account = models.OneToOneField("core.Account", on_delete=models.PROTECT, related_name="points")
    points = models.IntegerField()
    per_minor = models.BigIntegerField()
    earned = models.IntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    valid_until = models.DateField(null=True)
    expired_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Points of a sale")
        indexes = [models.Index(fields=["valid_until"], name="pointgrant_open", condition=Q(expired_at__isnull=True))]
        constraints = [models.CheckConstraint(name="pointgrant_earned", condition=Q(earned__gte=0, per_minor__gt=0))]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.earned}"


class ValueDeal(models.Model):
    """Money taken for stored value, or paid out of it, by hand; red until somebody else has looked. Append-only."""

    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="deals")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=DealKind)
    method = models.CharField(_("Paid by"), max_length=10, choices=Method)
    principal_minor = models.BigIntegerField()
    gift_minor = models.BigIntegerField(default=0)
    receipt = models.CharField(max_length=24, unique=True)
    book = models.ForeignKey(DayBook, on_delete=models.PROTECT, related_name="deals")
    at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    proof = models.CharField(max_length=200, blank=True, help_text="object key of the receipt's photograph")
    once = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 (null: not by a form)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    audited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    audited_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Money for stored value")
        ordering = ["pk"]
        indexes = [models.Index(fields=["branch"], name="valuedeal_unaudited", condition=Q(audited_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="valuedeal_positive",
                condition=Q(principal_minor__gt=0, gift_minor__gte=0, method__in=BY_HAND),
            ),
            models.CheckConstraint(
                name="valuedeal_audited_by_another",
                condition=Q(audited_by__isnull=True) | ~Q(audited_by=F("recorded_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}: {self.principal_minor}"

    @property
    def is_in(self) -> bool:
        """Whether money came."""
        return self.kind == DealKind.TOP_UP

    @property
    def event_stream(self) -> str:
        return f"board.{self.branch_id}"

    @property
    def event_thread(self) -> str:
        return f"value.{self.customer_id}"
