"""Orders, who is on them, and their eight stages."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import ShootKind
from core.kernel import clock
from core.orders.enums import OrderState, PersonPart, Stage, Wish


class StageSetting(models.Model):
    """A studio's setting of a stage: who answers for it by default and how many days it may take."""

    stage = models.CharField(max_length=12, choices=Stage, primary_key=True)
    owner_role = models.CharField(max_length=24)
    due_days = models.SmallIntegerField(default=3)

    class Meta:
        verbose_name = _("Stage setting")

    def __str__(self) -> str:
        return self.stage


class Order(models.Model):
    """One sale. `terms` is the package's version frozen at sale, and what its price is made of (core.catalog.terms).

    Hot ones have columns. Money in minor units of `currency`.
    """

    code = models.CharField(_("Order number"), max_length=20, unique=True)
    title = models.CharField(_("Title"), max_length=80)
    kind = models.CharField(_("Kind of shoot"), max_length=12, choices=ShootKind)
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="orders")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="orders")
    package = models.ForeignKey("core.Package", on_delete=models.PROTECT, related_name="orders")
    package_version = models.ForeignKey(
        "core.PackageVersion", on_delete=models.PROTECT, null=True, related_name="orders", help_text="null: older sales"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_orders")
    account = models.OneToOneField("core.Account", on_delete=models.PROTECT, null=True, related_name="order")
    terms = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField(_("Price"))
    retouched_included = models.IntegerField(_("Retouched photos included"))
    extra_photo_minor = models.BigIntegerField(_("Price per extra photo"))
    stage = models.CharField(_("Stage"), max_length=12, choices=Stage, default=Stage.ENQUIRY)
    state = models.CharField(_("State"), max_length=10, choices=OrderState, default=OrderState.OPEN)
    progress = models.JSONField(
        default=dict, help_text="What other floors report for the card: photos, picked, included, extra."
    )
    shoot_on = models.DateField(_("Shoot date"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)
    rev = models.IntegerField(default=1, help_text="Grows with every change; cards and forms carry it.")
    verb_rev = models.IntegerField(
        default=1,
        db_default=1,
        help_text="`rev` at the last verb; a form shown before it is stale.",
    )
    taken_at = models.DateTimeField()
    promised_on = models.DateField(_("Promised delivery"), null=True, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Order")
        verbose_name_plural = _("Orders")
        indexes = [
            models.Index(fields=["branch", "stage"], name="order_board", condition=models.Q(state="open")),
            models.Index(fields=["customer"], name="order_customer"),
            models.Index(fields=["taken_at"], name="order_taken"),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_money_not_negative",
                condition=models.Q(price_minor__gte=0, extra_photo_minor__gte=0, retouched_included__gte=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def event_stream(self) -> str:
        return f"board.{self.branch_id}"

    @property
    def event_thread(self) -> str:
        return f"order.{self.pk}"


class OrderPerson(models.Model):
    """Somebody on the order besides or including the main contact (couple, parents)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="people")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=10, choices=PersonPart, default=PersonPart.MAIN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "customer"], name="order_person_once")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.customer_id} ({self.part})"


class OrderStage(models.Model):
    """One of an order's eight stages: responsible person, due day, key information, when it was entered and left.

    All eight rows exist from the sale on. A stage taken back has not been entered; what happened is told by events.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=12, choices=Stage)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="stages")
    due_on = models.DateField(_("Due"), null=True, blank=True)
    info = models.JSONField(default=dict, help_text="Key information (core.orders.info).")
    entered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("Stage of an order")
        constraints = [models.UniqueConstraint(fields=["order", "stage"], name="order_stage_once")]
        indexes = [
            models.Index(fields=["left_at"], name="order_stage_left"),
            models.Index(fields=["due_on"], name="order_stage_due"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.stage}"


class StageIssue(models.Model):
    """A problem or feedback logged against a stage and followed to closure (R005)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="issues")
    stage = models.CharField(max_length=12, choices=Stage)
    text = models.TextField(_("What happened"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    resolution = models.TextField(_("What was done"), blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Issue")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:40]


class OrderAppointment(models.Model):
    """A date of an order: fitting, shoot, selection. The calendar knows no order: this is the link."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="dates")
    appointment = models.OneToOneField("core.Appointment", on_delete=models.CASCADE, related_name="order_link")
    linked_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["appointment__starts_at"]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.appointment_id}"


class OrderMove(models.Model):
    """The shoot has left the day `was`. Append-only. `counts`: by the signed contract the day of the move decides what
    a later refund may be at most (core.orders.moves).
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="moves")
    was = models.DateField()
    at = models.DateField()
    moved_on = models.DateField(help_text="by the branch's calendar")
    wish = models.CharField(max_length=10, choices=Wish)
    counts = models.BooleanField(default=False)
    agreed = models.BooleanField(default=True, help_text="the customer has said yes on their pages")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Moved shoot date")
        constraints = [
            models.CheckConstraint(
                name="order_move_counts_for_own", condition=models.Q(counts=False) | models.Q(wish="customer")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.was} → {self.at}"
