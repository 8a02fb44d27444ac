"""Coupons and vouchers (R105, R106), and who used them on what."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import CouponKind
from core.kernel import clock


class Coupon(models.Model):
    """A code that takes something off, or gives an extra for nothing. `code` is kept in capitals.

    `used` counts the standing uses and cannot pass `total_limit`: the database refuses. Days are the branch's own, both
    ends in. No packages or branches: all of them.
    """

    code = models.CharField(_("Code"), max_length=24, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=8, choices=CouponKind)
    amount_minor = models.BigIntegerField(_("Amount"), null=True)
    percent = models.SmallIntegerField(_("Percent"), null=True)
    addon_code = models.CharField(_("Extra"), max_length=24, blank=True)
    first_day = models.DateField(_("First day"), null=True)
    last_day = models.DateField(_("Last day"), null=True)
    minimum_minor = models.BigIntegerField(_("From a price of"), default=0)
    packages = models.ManyToManyField("core.Package", related_name="coupons")
    branches = models.ManyToManyField("core.Branch", related_name="coupons")
    total_limit = models.IntegerField(_("Uses altogether"), null=True)
    customer_limit = models.SmallIntegerField(_("Uses of one customer"), null=True, default=1)
    used = models.IntegerField(default=0)
    is_active = models.BooleanField(_("In force"), default=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Coupon")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="coupon_one_effect",
                condition=Q(kind=CouponKind.AMOUNT, amount_minor__isnull=False, amount_minor__gt=0, percent=None)
                | Q(kind=CouponKind.PERCENT, percent__isnull=False, percent__gte=1, percent__lte=100, amount_minor=None)
                | Q(kind=CouponKind.ADDON, amount_minor=None, percent=None),
            ),
            models.CheckConstraint(
                name="coupon_uses_within_limit",
                condition=Q(used__gte=0) & (Q(total_limit__isnull=True) | Q(used__lte=F("total_limit"))),
            ),
            models.CheckConstraint(
                name="coupon_limits_sound",
                condition=Q(minimum_minor__gte=0)
                & (Q(total_limit__isnull=True) | Q(total_limit__gte=1))
                & (Q(customer_limit__isnull=True) | Q(customer_limit__gte=1)),
            ),
            models.CheckConstraint(
                name="coupon_days_sound",
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def event_stream(self) -> str:
        return "catalog"

    @property
    def event_thread(self) -> str:
        return f"coupon.{self.pk}"


class CouponUse(models.Model):
    """A coupon used on something (`source`, e.g. `order.12`: also the thread of its events). A released use is free
    again and stays as a row.
    """

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="coupon_uses")
    source = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField(help_text="What it took off.")
    at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Use of a coupon")
        constraints = [
            models.UniqueConstraint(fields=["coupon", "source"], name="coupon_use_once"),
            models.CheckConstraint(name="coupon_use_not_negative", condition=Q(amount_minor__gte=0)),
        ]
        indexes = [models.Index(fields=["source"], name="coupon_use_source")]

    def __str__(self) -> str:
        return f"{self.coupon_id}: {self.source}"

    @property
    def event_stream(self) -> str:
        return "catalog"

    @property
    def event_thread(self) -> str:
        return self.source
