"""The books of one order: what is owed, when, and what covers it.

Charges, payments, refunds and allocations are written once and never changed; a mistake is corrected by a row against
it. The few running totals (`*_minor` beside sums) are set by `core.finance.ledger.settle` alone, under the account's
lock: they let PostgreSQL refuse what must never be (more allocated than paid, more returned than received).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.finance.enums import ChargeKind, When
from core.kernel import clock
from core.kernel.sums import SumOfManyLines


class Account(models.Model):
    """The books of one sale (账). `code` is the order's number, `thread` its history; nothing else of it is known here.

    All money of an account is in its one currency: rows below carry none, so a foreign amount cannot be written.
    """

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=80)
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="accounts")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="accounts")
    currency = models.CharField(max_length=3)
    thread = models.CharField(max_length=60)
    terms = models.JSONField(default=dict, help_text="frozen: schedule, deposit, refunds")
    charged_minor = models.BigIntegerField(default=0, help_text="sum of the charges")
    received_minor = models.BigIntegerField(default=0, help_text="sum of the payments")
    returned_minor = models.BigIntegerField(default=0, help_text="sum of refunds and corrections that have not failed")
    rev = models.IntegerField(default=1)
    opened_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, help_text="the sale was given up: what is held beyond charges goes back")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Account")
        indexes = [models.Index(fields=["branch", "customer"], name="account_branch_customer")]
        constraints = [
            models.CheckConstraint(name="account_charged_not_negative", condition=Q(charged_minor__gte=0)),
            models.CheckConstraint(
                name="account_returned_within_received",
                condition=Q(returned_minor__gte=0, received_minor__gte=F("returned_minor")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_top_up(self) -> bool:
        """Whether these are the books of a card's top-up and not of a sale."""
        return self.thread.startswith("value.")

    @property
    def paid_minor(self) -> int:
        """What the studio holds of the customer's money."""
        return self.received_minor - self.returned_minor

    @property
    def owed_minor(self) -> int:
        """What is still to come, due or not; never negative."""
        return max(0, self.charged_minor - self.paid_minor)

    @property
    def surplus_minor(self) -> int:
        """What was paid beyond everything charged."""
        return max(0, self.paid_minor - self.charged_minor)

    @property
    def event_stream(self) -> str:
        return f"board.{self.branch_id}"

    @property
    def event_thread(self) -> str:
        return self.thread


class Charge(models.Model):
    """Something owed (positive) or owed no more (negative), itemised. Posted once for each source."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="charges")
    source = models.CharField(max_length=40, help_text="what posted it: order, submission.12, grant.3")
    kind = models.CharField(max_length=12, choices=ChargeKind)
    title = models.CharField(max_length=120, blank=True)
    lines = models.JSONField(help_text='[{"name", "quantity", "each_minor", "total_minor"}, …]')
    total_minor = models.BigIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    posted_at = models.DateTimeField(default=clock.now)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Charge")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "source"], name="charge_source_once"),
            models.CheckConstraint(
                name="charge_sum_exact", condition=Q(total_minor=SumOfManyLines("lines")) & ~Q(total_minor=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.source}: {self.total_minor}"


class Instalment(models.Model):
    """A part of a charge and when it is to be paid. `due_on` is empty until what triggers it has happened."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="instalments")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="instalments")
    number = models.SmallIntegerField()
    trigger = models.CharField(max_length=12, choices=When)
    days = models.SmallIntegerField(default=0, help_text="due so many days after the trigger")
    amount_minor = models.BigIntegerField()
    due_on = models.DateField(null=True)
    settled_minor = models.BigIntegerField(default=0, help_text="covered by payments and credits")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Instalment")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["due_on"], name="instalment_open", condition=Q(settled_minor__lt=F("amount_minor"))),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="instalment_number_once"),
            models.CheckConstraint(
                name="instalment_settled_within",
                condition=Q(amount_minor__gt=0, settled_minor__gte=0, settled_minor__lte=F("amount_minor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}#{self.number}: {self.amount_minor}"

    @property
    def open_minor(self) -> int:
        return self.amount_minor - self.settled_minor

    @property
    def credited_minor(self) -> int:
        """What of it discounts and other credits cover, as core.finance.selectors.statement_of has read it."""
        return int(getattr(self, "credited", 0))

    @property
    def payable_minor(self) -> int:
        """What of it is for the customer to pay, credits taken off."""
        return self.amount_minor - self.credited_minor

    @property
    def paid_minor(self) -> int:
        """What of `payable_minor` has come."""
        return self.settled_minor - self.credited_minor


class Allocation(models.Model):
    """Money or a credit put against an instalment (positive) or taken off it again (negative). Append-only."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="allocations")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="allocations")
    payment = models.ForeignKey("core.Payment", on_delete=models.PROTECT, null=True, related_name="allocations")
    credit = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, related_name="allocations")
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Allocation")
        constraints = [
            models.CheckConstraint(
                name="allocation_of_one_thing",
                condition=~Q(amount_minor=0)
                & (Q(payment__isnull=True, credit__isnull=False) | Q(payment__isnull=False, credit__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id}: {self.amount_minor}"
