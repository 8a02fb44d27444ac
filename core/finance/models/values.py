"""Stored value, gifts and points of a customer: balances are sums of rows, and never below zero."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.finance.enums import Purse
from core.kernel import clock


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
            models.UniqueConstraint(fields=["source", "purse"], name="valueentry_source_once"),
            models.CheckConstraint(name="valueentry_not_zero", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purse}: {self.amount}"
