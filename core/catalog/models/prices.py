"""Price rules: what a package costs elsewhere, in a season, at a sought-after or a quiet hour (R103)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import RuleKind, ShootKind


class PriceRule(models.Model):
    """One rule. How rules work together: `core.catalog.quotes`.

    `package`, `shoot_kind`, `branch`, `city` narrow it (empty: all). A place has a price of its own (`price_minor`) for
    one package; the others change the price by `percent` or by `change_minor`. Days and hours are the branch's own wall
    clock: first and last day are both in it, `starts_at` is in and `ends_at` (null: midnight) is not; the hour is that
    of the shoot's beginning. `weekdays` 0 Monday … 6 Sunday, [] every day.
    """

    kind = models.CharField(_("Kind"), max_length=8, choices=RuleKind)
    name = models.CharField(_("Name"), max_length=60)
    package = models.ForeignKey("core.Package", on_delete=models.CASCADE, null=True, related_name="price_rules")
    shoot_kind = models.CharField(_("Kind of shoot"), max_length=12, choices=ShootKind, blank=True)
    branch = models.ForeignKey("core.Branch", on_delete=models.CASCADE, null=True, related_name="price_rules")
    city = models.CharField(_("City"), max_length=40, blank=True)
    first_day = models.DateField(_("First day"), null=True)
    last_day = models.DateField(_("Last day"), null=True)
    is_yearly = models.BooleanField(_("Every year"), default=False)
    weekdays = models.JSONField(_("Weekdays"), default=list)
    starts_at = models.TimeField(_("From"), null=True)
    ends_at = models.TimeField(_("Until"), null=True)
    price_minor = models.BigIntegerField(_("Price"), null=True)
    percent = models.SmallIntegerField(_("Percent"), null=True)
    change_minor = models.BigIntegerField(_("Amount"), null=True)
    priority = models.SmallIntegerField(_("Priority"), default=0)
    is_active = models.BooleanField(_("In force"), default=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Price rule")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="price_rule_one_effect",
                condition=Q(kind=RuleKind.PLACE, price_minor__isnull=False, price_minor__gte=0, package__isnull=False)
                & Q(percent=None, change_minor=None)
                | ~Q(kind=RuleKind.PLACE)
                & Q(price_minor=None)
                & (Q(percent__isnull=False, change_minor=None) | Q(percent=None, change_minor__isnull=False)),
            ),
            models.CheckConstraint(
                name="price_rule_place_is_somewhere",
                condition=~Q(kind=RuleKind.PLACE) | Q(branch__isnull=False) | ~Q(city=""),
            ),
            models.CheckConstraint(
                name="price_rule_direction",
                condition=~Q(kind__in=[RuleKind.PEAK, RuleKind.OFF_PEAK])
                | Q(kind=RuleKind.PEAK)
                & (Q(percent__isnull=False, percent__gte=0) | Q(change_minor__isnull=False, change_minor__gte=0))
                | Q(kind=RuleKind.OFF_PEAK)
                & (Q(percent__isnull=False, percent__lte=0) | Q(change_minor__isnull=False, change_minor__lte=0)),
            ),
            models.CheckConstraint(
                name="price_rule_percent_sound",
                condition=Q(percent__isnull=True) | Q(percent__gte=-100, percent__lte=300),
            ),
            models.CheckConstraint(
                name="price_rule_days_sound",
                condition=Q(first_day=None, last_day=None) & ~Q(kind=RuleKind.SEASON)
                | Q(first_day__isnull=False, last_day__isnull=False, last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="price_rule_hours_sound",
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def event_stream(self) -> str:
        return "catalog"

    @property
    def event_thread(self) -> str:
        return "prices"
