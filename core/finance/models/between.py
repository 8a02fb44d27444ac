"""What branches owe each other: claims as rows, a month of two branches closed once."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.finance.enums import BetweenKind
from core.kernel import clock

USER = settings.AUTH_USER_MODEL


class ShootShare(models.Model):
    """How much of a sale goes to the branch that shoots it for another one, from a day on. The latest one holds."""

    percent = models.SmallIntegerField(_("Share of the shooting branch"))
    starts_on = models.DateField(unique=True)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Share of the shooting branch")
        constraints = [models.CheckConstraint(name="shootshare_percent", condition=Q(percent__gte=0, percent__lte=100))]

    def __str__(self) -> str:
        return f"{self.starts_on}: {self.percent}%"


class Settlement(models.Model):
    """A month of two branches, agreed and closed: its rows stay what they were. `net_minor`: what `low` owes `high`."""

    low = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="+")
    high = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    net_minor = models.BigIntegerField()
    closed_at = models.DateTimeField(default=clock.now)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Settlement between branches")
        constraints = [
            models.UniqueConstraint(fields=["low", "high", "month"], name="settlement_once"),
            models.CheckConstraint(name="settlement_pair_ordered", condition=Q(low__lt=F("high"))),
        ]

    def __str__(self) -> str:
        return f"{self.low_id}–{self.high_id} {self.month:%Y-%m}: {self.net_minor}"

    @property
    def event_stream(self) -> str:
        return f"board.{self.low_id}"

    @property
    def event_thread(self) -> str:
        return f"settlement.{self.pk}"


class BranchClaim(models.Model):
    """`debtor` owes `creditor` so much (negative: so much less). Append-only, but that a settlement takes it in."""

    creditor = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="claims")
    debtor = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="debts")
    kind = models.CharField(max_length=10, choices=BetweenKind)
    amount_minor = models.BigIntegerField()
    account = models.ForeignKey("core.Account", on_delete=models.PROTECT, null=True, related_name="between")
    entry = models.OneToOneField("core.ValueEntry", on_delete=models.PROTECT, null=True, related_name="claim")
    on = models.DateField(help_text="in whose month it is settled")
    at = models.DateTimeField(default=clock.now)
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, null=True, related_name="rows")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Claim between branches")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["on"], name="branchclaim_on")]
        constraints = [
            models.CheckConstraint(name="branchclaim_of_two", condition=~Q(creditor=F("debtor")) & ~Q(amount_minor=0)),
            models.CheckConstraint(
                name="branchclaim_has_origin", condition=Q(account__isnull=False) | Q(entry__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} → {self.creditor_id}: {self.amount_minor}"
