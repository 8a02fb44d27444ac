"""The day's books of a branch, and invoices."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.finance.enums import InvoiceKind, InvoiceState, Method
from core.kernel import clock

USER = settings.AUTH_USER_MODEL


class DayBook(models.Model):
    """One branch's day. Money is booked on it under its lock; once closed nothing can be booked on it any more."""

    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="daybooks")
    day = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Day of a branch")
        constraints = [models.UniqueConstraint(fields=["branch", "day"], name="daybook_once")]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.day}"

    @property
    def event_stream(self) -> str:
        return f"board.{self.branch_id}"

    @property
    def event_thread(self) -> str:
        return f"daybook.{self.pk}"


class DayCount(models.Model):
    """What was counted at the day's close for one method, against the books. A difference has a reason."""

    book = models.ForeignKey(DayBook, on_delete=models.PROTECT, related_name="counts")
    method = models.CharField(max_length=10, choices=Method)
    books_minor = models.BigIntegerField()
    counted_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Counted amount")
        constraints = [
            models.UniqueConstraint(fields=["book", "method"], name="daycount_once"),
            models.CheckConstraint(
                name="daycount_difference_explained",
                condition=Q(counted_minor=F("books_minor")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.method}: {self.counted_minor}/{self.books_minor}"


class Invoice(models.Model):
    """An invoice asked for, issued, cancelled; never edited. Numbers are gap-free per branch and year."""

    account = models.ForeignKey("core.Account", on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(_("Kind"), max_length=10, choices=InvoiceKind, default=InvoiceKind.ORDINARY)
    title = models.CharField(_("Invoice title"), max_length=120)
    tax_id = models.CharField(_("Tax id"), max_length=30, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=InvoiceState, default=InvoiceState.ASKED)
    number = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001 (null: not issued yet)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    asked_at = models.DateTimeField(default=clock.now)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Invoice")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="invoice_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="invoice_issued_numbered",
                condition=~Q(state="issued") | Q(number__isnull=False, issued_at__isnull=False),
            ),
            models.CheckConstraint(name="invoice_special_has_tax_id", condition=~Q(kind="special") | ~Q(tax_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.pk}: {self.amount_minor}"
