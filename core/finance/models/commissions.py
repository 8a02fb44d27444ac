"""Commissions (提成): rules that hold from a day on, and the rows that they made. A used rule never changes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.finance.enums import CommissionBase, CommissionWhy, Occasion
from core.kernel import clock
from core.people.enums import Role

USER = settings.AUTH_USER_MODEL


class CommissionRule(models.Model):
    """What a job or one person gets, for what, from which day on (`starts_on` ≤ day < `ends_on`).

    Percent in hundredths (`rate_bp`: 250 is 2.5 %), or a fixed amount. A rule with entries is replaced, never edited.
    """

    role = models.CharField(_("Job"), max_length=20, choices=Role, blank=True)
    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    occasion = models.CharField(_("For"), max_length=10, choices=Occasion)
    base = models.CharField(_("Counted from"), max_length=10, choices=CommissionBase, default=CommissionBase.SOLD)
    rate_bp = models.IntegerField(default=0, help_text="hundredths of a percent")
    fixed_minor = models.BigIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Commission rule")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "user", "branch", "occasion"], condition=Q(ends_on__isnull=True),
                nulls_distinct=False, name="commissionrule_one_open",
            ),
            models.CheckConstraint(
                name="commissionrule_for_job_or_person",
                condition=Q(role="", user__isnull=False) | (~Q(role="") & Q(user__isnull=True)),
            ),
            models.CheckConstraint(
                name="commissionrule_percent_or_fixed",
                condition=Q(rate_bp__gt=0, rate_bp__lte=10000, fixed_minor=0) | Q(rate_bp=0, fixed_minor__gt=0),
            ),
            models.CheckConstraint(
                name="commissionrule_days_ordered",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.role or self.user_id} {self.occasion}: {self.rate_bp or self.fixed_minor}"

    @property
    def percent(self) -> str:
        """As people write it: "2.5"."""
        return f"{self.rate_bp / 100:g}"


class CommissionEntry(models.Model):
    """Earned (positive) or taken back (negative), with what it was counted from. Append-only; a person's commission of
    a sale is the sum of their rows.
    """

    rule = models.ForeignKey(CommissionRule, on_delete=models.PROTECT, related_name="entries")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="commissions")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("core.Account", on_delete=models.PROTECT, related_name="commissions")
    occasion = models.CharField(max_length=10, choices=Occasion)
    why = models.CharField(max_length=10, choices=CommissionWhy)
    base_minor = models.BigIntegerField(help_text="what counted when the row was written")
    amount_minor = models.BigIntegerField()
    on = models.DateField(help_text="whose month's statement it is on")
    at = models.DateTimeField(default=clock.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Commission")
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["user", "on"], name="commission_user_on"),
            models.Index(fields=["branch", "on"], name="commission_branch_on"),
        ]
        constraints = [models.CheckConstraint(name="commission_not_zero", condition=~Q(amount_minor=0))]

    def __str__(self) -> str:
        return f"{self.user_id} {self.occasion}: {self.amount_minor}"
