"""Money that came, tries to pay, what customers say they paid, and money that went back."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.gateway import PayRoute
from core.finance.enums import BY_HAND, AttemptState, ClaimState, DisputeState, Method, ReturnKind, ReturnState
from core.finance.models.documents import DayBook
from core.finance.models.ledger import Account, Instalment
from core.kernel import clock

USER = settings.AUTH_USER_MODEL


class PayAttempt(models.Model):
    """One try to pay by a provider. Committed before anybody is asked; `reference` is the idempotency key there.

    `received_minor` and `received_currency` are what the provider says came; they fit the account or the try is ODD.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="attempts")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=32, unique=True)
    route = models.CharField(max_length=10, choices=PayRoute)
    method = models.CharField(max_length=12, blank=True)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    provider_ref = models.CharField(max_length=200, blank=True)
    start = models.JSONField(default=dict, help_text="kind, url, params: how the payer goes on")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60, blank=True, help_text="why it failed")
    received_minor = models.BigIntegerField(null=True)
    received_currency = models.CharField(max_length=3, blank=True)
    transaction = models.CharField(max_length=120, blank=True, help_text="the provider's number on the payer's receipt")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Try to pay")
        indexes = [models.Index(fields=["expires_at"], name="payattempt_open", condition=Q(state="open"))]
        constraints = [models.CheckConstraint(name="payattempt_positive", condition=Q(amount_minor__gt=0))]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"


class Payment(models.Model):
    """Money received. Append-only but for its audit; what people recorded is red until somebody else has looked."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, related_name="+")
    method = models.CharField(_("Paid by"), max_length=10, choices=Method)
    attempt = models.OneToOneField(PayAttempt, on_delete=models.PROTECT, null=True, related_name="payment")
    amount_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField(default=0, help_text="sum of its allocations")
    returned_minor = models.BigIntegerField(default=0, help_text="sum of its refunds that have not failed")
    receipt = models.CharField(max_length=24, unique=True)
    book = models.ForeignKey(DayBook, on_delete=models.PROTECT, related_name="payments")
    received_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    proof = models.CharField(max_length=200, blank=True, help_text="object key of the receipt's photograph")
    flags = models.JSONField(default=list, help_text="late · amount · double: what a person should look at")
    # null: not by a form; the form's key makes one payment of a double click
    once = models.CharField(max_length=40, null=True, unique=True, help_text="the form's key: a double click is one")  # noqa: DJ001
    audited_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    audited_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Payment")
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["account"], name="payment_unaudited", condition=Q(audited_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="payment_not_overspent",
                condition=Q(
                    amount_minor__gt=0,
                    allocated_minor__gte=0,
                    returned_minor__gte=0,
                    amount_minor__gte=F("allocated_minor") + F("returned_minor"),
                ),
            ),
            models.CheckConstraint(
                name="payment_has_origin",
                condition=Q(method__in=BY_HAND, recorded_by__isnull=False, attempt__isnull=True)
                | Q(method=Method.ONLINE, attempt__isnull=False)
                | Q(method=Method.STORED, attempt__isnull=True),
            ),
            models.CheckConstraint(
                name="payment_audited_by_another",
                condition=Q(audited_by__isnull=True) | ~Q(audited_by=F("recorded_by")) | Q(recorded_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}: {self.amount_minor}"

    @property
    def left_minor(self) -> int:
        """What of it has not gone back."""
        return self.amount_minor - self.returned_minor

    @property
    def needs_audit(self) -> bool:
        """Red: recorded by a person, or odd, and nobody else has looked yet."""
        return self.audited_at is None and (self.method in BY_HAND or bool(self.flags))


class PaymentClaim(models.Model):
    """A customer says that they have paid. Nothing counts before staff have found the money."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="claims")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    method = models.CharField(max_length=10, choices=Method)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    claimed_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="claim")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Payment told by the customer")
        constraints = [
            models.UniqueConstraint(fields=["account"], name="claim_one_open", condition=Q(state="open")),
            models.CheckConstraint(name="claim_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="claim_confirmed_paid", condition=~Q(state="confirmed") | Q(payment__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor} {self.state}"


class Refund(models.Model):
    """Money of one payment that goes back, or a payment's entry that was wrong. A failed one gives the amount free."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    kind = models.CharField(max_length=10, choices=ReturnKind, default=ReturnKind.REFUND)
    reference = models.CharField(max_length=32, unique=True)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.PENDING)
    by_route = models.BooleanField(default=False, help_text="the provider sends it back; else a person pays it out")
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    paid_out_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=10, choices=Method)
    book = models.ForeignKey(DayBook, on_delete=models.PROTECT, null=True, related_name="refunds")
    provider_ref = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60, blank=True, help_text="why it failed")
    tries = models.SmallIntegerField(default=0)
    audited_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    audited_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Refund")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(name="refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="refund_audited_by_another",
                condition=Q(audited_by__isnull=True) | Q(paid_out_by__isnull=True) | ~Q(audited_by=F("paid_out_by")),
            ),
            models.CheckConstraint(name="refund_done_dated", condition=~Q(state="done") | Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount_minor} {self.state}"

    @property
    def needs_audit(self) -> bool:
        return self.audited_at is None and not self.by_route and self.state == ReturnState.DONE


class Dispute(models.Model):
    """The payer's bank questions a payment: the provider holds so much of it until the end. Lost: a `refund` row."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="disputes")
    provider_ref = models.CharField(max_length=120, unique=True)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=60, blank=True, help_text="the provider's word")
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, help_text="until when evidence is taken")
    ended_at = models.DateTimeField(null=True)
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, related_name="dispute")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Disputed payment")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="dispute_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="dispute_ended_dated", condition=Q(state="open") | Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.provider_ref}: {self.amount_minor} {self.state}"
