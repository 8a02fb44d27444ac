"""What was wished, what was planned, and how a sitting at the phone became a firm date."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.booking.enums import (
    AT_WORK,
    BOOKING_TONES,
    BookingState,
    Colour,
    Origin,
    Place,
    PlanState,
    ProposalState,
    Style,
)
from core.kernel import clock
from core.kernel.codes import random_code
from core.orders.enums import Wish


def booking_code() -> str:
    """Unguessable: it opens a draft before anybody is known (75 bits)."""
    return random_code(15)


class Brief(models.Model):
    """The customer's answers before the shoot: styles, pictures, colours, places, wishes and taboos (R085).

    One of an order, filled in by whoever is on it. `pictures` are codes of samples in the library; whether one may
    still be shown is asked where it is shown. `rev` grows with every sending.
    """

    order = models.OneToOneField("core.Order", on_delete=models.CASCADE, related_name="brief")
    styles = ArrayField(models.CharField(max_length=12, choices=Style), default=list)
    pictures = ArrayField(models.CharField(max_length=16), default=list)
    colours = ArrayField(models.CharField(max_length=12, choices=Colour), default=list)
    places = ArrayField(models.CharField(max_length=12, choices=Place), default=list)
    wishes = models.TextField(_("What we wish for"), blank=True)
    taboos = models.TextField(_("What we do not want"), blank=True)
    company = models.CharField(_("Who comes along"), max_length=200, blank=True)
    rev = models.IntegerField(default=1)
    sent_by = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Wishes for the shoot")
        constraints = [
            models.CheckConstraint(name="brief_names_a_style", condition=models.Q(styles__len__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {', '.join(self.styles)}"


class ShootingPlan(models.Model):
    """A version of the written plan for the three crafts (R086): looks with style, scene, gown, make-up, photography.

    What was sent is not edited any more: a change is the next version, and the confirmed one stays readable.
    """

    order = models.ForeignKey("core.Order", on_delete=models.CASCADE, related_name="plans")
    version = models.SmallIntegerField()
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    looks = models.JSONField(default=list, help_text="[{title, style, scene, gown, makeup, photo}, …]")
    note = models.TextField(_("For everybody"), blank=True)
    brief_rev = models.IntegerField(default=0, help_text="`rev` of the wishes it was written from")
    rev = models.IntegerField(default=1, help_text="grows with every saving; forms carry it")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("core.Customer", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, help_text="the customer's words, when it came back")
    evidence = models.JSONField(default=dict, help_text="device, address, language, hash of what was confirmed")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Shooting plan")
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["order"], name="plan_one_at_work", condition=models.Q(state__in=sorted(AT_WORK))
            ),
            models.UniqueConstraint(
                fields=["order"], name="plan_one_confirmed", condition=models.Q(state=PlanState.CONFIRMED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.version} {self.state}"


class Booking(models.Model):
    """One sitting that is to become a firm date. A draft holds what was chosen; from the hold on there is an order.

    `photographer`: the one the customer wants (null: anybody). `name` and `phone` are what was typed before the phone
    was known. `quoted_minor`: the price that was shown. The clock is the appointment's `hold_expires_at`.
    """

    code = models.CharField(max_length=16, unique=True, default=booking_code)
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.DRAFT)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.ONLINE)
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="bookings")
    package = models.ForeignKey("core.Package", on_delete=models.PROTECT, related_name="bookings")
    photographer = models.ForeignKey("core.Resource", on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    addons = models.JSONField(default=list, help_text="[[code, how many], …]")
    coupon = models.CharField(max_length=24, blank=True)
    quoted_minor = models.BigIntegerField()
    name = models.CharField(_("Name"), max_length=60, blank=True)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    note = models.TextField(_("Note"), blank=True)
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, null=True, related_name="bookings")
    order = models.OneToOneField("core.Order", on_delete=models.PROTECT, null=True, related_name="booking")
    appointment = models.OneToOneField("core.Appointment", on_delete=models.PROTECT, null=True, related_name="booking")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    held_at = models.DateTimeField(null=True)
    firm_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Booking")
        indexes = [
            models.Index(fields=["state", "made_at"], name="booking_open"),
            models.Index(fields=["customer"], name="booking_customer"),
        ]
        constraints = [
            models.CheckConstraint(name="booking_price_not_negative", condition=models.Q(quoted_minor__gte=0)),
            models.CheckConstraint(
                name="booking_held_is_somebodys",
                condition=models.Q(state__in=["draft", "cancelled"])
                | models.Q(customer__isnull=False, order__isnull=False, appointment__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_firm_has_its_day", condition=~models.Q(state="firm") | models.Q(firm_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def tone(self) -> str:
        return BOOKING_TONES[BookingState(self.state)]


class Proposal(models.Model):
    """Another date that the studio asks a customer to take. `hold` keeps the new time until it is answered."""

    order = models.ForeignKey("core.Order", on_delete=models.CASCADE, related_name="proposals")
    appointment = models.ForeignKey("core.Appointment", on_delete=models.CASCADE, related_name="proposals")
    hold = models.OneToOneField("core.Appointment", on_delete=models.CASCADE, related_name="proposed_in")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    reason = models.CharField(max_length=300)
    price_minor = models.BigIntegerField(default=0, help_text="what the new time costs more; negative: less")
    wish = models.CharField(max_length=10, choices=Wish, default=Wish.STUDIO)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey("core.Customer", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Proposed date")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], name="proposal_one_open", condition=models.Q(state=ProposalState.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"
