"""Clauses, templates, contracts, signers, and the evidence chained behind them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import ShootKind
from core.contracts.enums import FIRM, STANDING, ContractState, DepositKind, SignerState, TraceKind
from core.kernel import clock


class ContractSetting(models.Model):
    """How this studio contracts: one row (`pk` 1), made when it is first needed."""

    party_name = models.CharField(_("Name of the company"), max_length=80, blank=True)
    party_number = models.CharField(_("Registration number"), max_length=40, blank=True)
    deposit_kind = models.CharField(
        _("What the deposit is"), max_length=12, choices=DepositKind, default=DepositKind.PREPAYMENT
    )
    deposit_text = models.TextField(_("Own wording about the deposit"), blank=True)
    expiry_days = models.SmallIntegerField(_("Days to sign"), default=7)
    needs_countersign = models.BooleanField(_("The studio countersigns"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="contract_setting_once", condition=Q(pk=1)),
            models.CheckConstraint(name="contract_setting_days", condition=Q(expiry_days__range=(1, 90))),
        ]

    def __str__(self) -> str:
        return self.party_name


class SealKey(models.Model):
    """The studio's key for sealing. A new one retires the former, whose certificate goes on recognising its files."""

    certificate = models.BinaryField()
    private = models.TextField(help_text="core.kernel.crypto.encrypt('contract-seal')")
    made_at = models.DateTimeField(default=clock.now)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_current"], name="seal_key_one_current", condition=Q(is_current=True))
        ]

    def __str__(self) -> str:
        return f"seal key {self.pk}"


class Clause(models.Model):
    """A block of wording. Changing it makes a new version; contracts keep the words they were composed with."""

    title = models.CharField(_("Heading"), max_length=80)
    text = models.TextField(_("Wording"))
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(_("Kind of shoot"), max_length=12, choices=ShootKind, blank=True)
    is_required = models.BooleanField(_("Always part of a contract"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)
    position = models.SmallIntegerField(_("Place"), default=0)
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["language", "position", "pk"]
        constraints = [models.CheckConstraint(name="clause_says_something", condition=~Q(text="") & ~Q(title=""))]

    def __str__(self) -> str:
        return self.title


class ClauseVersion(models.Model):
    """A clause's wording as it once stood. Append-only."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    title = models.CharField(max_length=80)
    text = models.TextField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["clause", "number"], name="clause_version_once")]

    def __str__(self) -> str:
        return f"{self.clause_id} v{self.number}"


class ContractTemplate(models.Model):
    """Which clauses, in which language, for which kind of shoot. Required clauses come along by themselves."""

    name = models.CharField(_("Name"), max_length=60)
    title = models.CharField(_("Title of the contract"), max_length=80)
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(_("Kind of shoot"), max_length=12, choices=ShootKind, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    clauses: Any = models.ManyToManyField(Clause, related_name="templates", blank=True, verbose_name=_("Clauses"))

    class Meta:
        ordering = ["language", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="contract_template_name_once")]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """What was put before the customer, as it stood then. A signed one never changes: an annex (`parent`) amends it.

    `blocks` are what page and paper show, `data` the facts they were made of; `content_sha256` is of both, and
    `document_sha256` of the exact PDF that was read and signed. `sealed_sha256` is of the final one, with certificate.
    """

    code = models.CharField(max_length=16, unique=True)
    number = models.CharField(_("Contract number"), max_length=30, unique=True)
    order = models.ForeignKey("core.Order", on_delete=models.PROTECT, related_name="contracts")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="annexes")
    template = models.ForeignKey(ContractTemplate, on_delete=models.SET_NULL, null=True, related_name="contracts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    state = models.CharField(_("State"), max_length=14, choices=ContractState, default=ContractState.DRAFT)
    blocks = models.JSONField()
    data = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    document_sha256 = models.CharField(max_length=64)
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    needs_countersign = models.BooleanField(default=False)
    composed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    composed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was declined or withdrawn")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Contract")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], name="contract_one_standing", condition=Q(parent=None, state__in=sorted(STANDING))
            ),
            models.CheckConstraint(
                name="contract_signed_has_time", condition=~Q(state__in=sorted(FIRM)) | Q(signed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="contract_expiring", condition=Q(state="sent")),
            models.Index(fields=["document_sha256"], name="contract_document"),
            models.Index(fields=["sealed_sha256"], name="contract_sealed"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def event_stream(self) -> str:
        return str(self.order.event_stream)

    @property
    def event_thread(self) -> str:
        return str(self.order.event_thread)

    @property
    def is_firm(self) -> bool:
        return self.state in FIRM


class ContractSigner(models.Model):
    """Somebody who has to sign, by their own phone. `signs_for`: the children in whose name a parent signs."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signers")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="signatures")
    name = models.CharField(max_length=60)
    part = models.CharField(max_length=10, blank=True)
    signs_for = models.CharField(max_length=120, blank=True)
    position = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=SignerState, default=SignerState.WAITING)
    opened_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    signed_name = models.CharField(max_length=60, blank=True)
    drawing = models.JSONField(null=True, help_text="the signature's points where it was drawn (core.kernel.drawing)")
    reminded = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "customer"], name="contract_signer_once"),
            models.CheckConstraint(
                name="contract_signer_is_named",
                condition=~Q(state="signed") | (~Q(signed_name="") & Q(acted_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContractTrace(models.Model):
    """One link of a contract's evidence. Append-only; each holds the hash of the one before (core.contracts.trail)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="trail")
    number = models.IntegerField()
    kind = models.CharField(max_length=14, choices=TraceKind)
    who = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="contract_trace_number")]

    def __str__(self) -> str:
        return f"{self.contract_id}#{self.number} {self.kind}"
