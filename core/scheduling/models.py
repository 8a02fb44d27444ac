"""Resources and when they work; appointments, their blocks, and the claims that make double booking impossible."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.scheduling.enums import (
    PEOPLE,
    AppointmentKind,
    AppointmentState,
    DayPart,
    LeaveKind,
    Lending,
    ResourceKind,
    WaitingState,
)


class CalendarRules(models.Model):
    """A branch's rules of booking. A branch without a row keeps to the defaults."""

    branch = models.OneToOneField("core.Branch", on_delete=models.CASCADE, primary_key=True, related_name="rules")
    grid = models.SmallIntegerField(_("Starts every (minutes)"), default=30)
    customer_hold = models.SmallIntegerField(_("Hold for customers (minutes)"), default=15)
    staff_hold = models.SmallIntegerField(_("Hold by colleagues (hours)"), default=24)
    offer_hold = models.SmallIntegerField(_("Offers to the waiting list (hours)"), default=12)
    change_days = models.SmallIntegerField(_("Customers may move or cancel until (days before)"), default=7)
    horizon = models.SmallIntegerField(_("Customers may book ahead (days)"), default=180)
    almanac = models.BooleanField(_("Show auspicious days (宜嫁娶)"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_rules_sound",
                condition=Q(grid__in=[15, 30, 60])
                & Q(customer_hold__gt=0, staff_hold__gt=0, offer_hold__gt=0, change_days__gte=0, horizon__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"rules of {self.branch_id}"


class OpeningHours(models.Model):
    """When a branch is open on a weekday (0 Monday); minutes of the day by the wall clock. Several rows: a break."""

    branch = models.ForeignKey("core.Branch", on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.SmallIntegerField(validators=[MinValueValidator(0), MaxValueValidator(6)])
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "weekday", "opens"], name="opening_once"),
            models.CheckConstraint(
                name="opening_sound",
                condition=Q(weekday__range=(0, 6), opens__gte=0, closes__lte=1440, opens__lt=F("closes")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id}: {self.weekday} {self.opens}–{self.closes}"


class Holiday(models.Model):
    """A day that is unlike its weekday: closed, or open at other hours."""

    branch = models.ForeignKey("core.Branch", on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_("Day"))
    name = models.CharField(_("Name"), max_length=40)
    opens = models.SmallIntegerField(null=True, blank=True)
    closes = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "day"], name="holiday_once"),
            models.CheckConstraint(
                name="holiday_sound",
                condition=Q(opens=None, closes=None) | Q(opens__gte=0, closes__lte=1440, opens__lt=F("closes")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id}: {self.day} {self.name}"


class Resource(models.Model):
    """Somebody or something whose time is booked. A colleague is one resource, whatever crafts they have (`also`).

    Buffers are kept free before and after every booking: cleaning, travel. `lendable`: other branches may ask for it.
    """

    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(_("Kind"), max_length=20, choices=ResourceKind)
    also = ArrayField(models.CharField(max_length=20, choices=ResourceKind), default=list, blank=True)
    name = models.CharField(_("Name"), max_length=60)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="resource"
    )
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("Skills"))
    before = models.SmallIntegerField(_("Kept free before (minutes)"), default=0)
    after = models.SmallIntegerField(_("Kept free after (minutes)"), default=0)
    lendable = models.BooleanField(_("Other branches may ask for it"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)
    position = models.SmallIntegerField(default=0)
    feed_token = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 (null: no feed)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Resource")
        ordering = ["branch_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "kind", "name"], name="resource_name_once"),
            models.CheckConstraint(
                name="resource_buffers_sound", condition=Q(before__range=(0, 2880), after__range=(0, 10080))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        return self.kind in PEOPLE


class Shift(models.Model):
    """Working hours of a colleague on a day, by the branch's wall clock. A week without any follows opening hours."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="shifts")
    day = models.DateField()
    starts = models.SmallIntegerField()
    ends = models.SmallIntegerField()

    class Meta:
        ordering = ["day", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "day", "starts"], name="shift_once"),
            models.CheckConstraint(
                name="shift_sound", condition=Q(starts__gte=0, ends__lte=1440, starts__lte=F("ends"))
            ),
        ]
        indexes = [models.Index(fields=["day"], name="shift_day")]

    def __str__(self) -> str:
        return f"{self.resource_id}: {self.day} {self.starts}–{self.ends}"


class Leave(models.Model):
    """Time in which a colleague is away or a thing out of use. Bookings made before stay until somebody moves them."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="leaves")
    kind = models.CharField(_("Kind"), max_length=10, choices=LeaveKind, default=LeaveKind.LEAVE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(_("Note"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.CheckConstraint(name="leave_sound", condition=Q(starts_at__lt=F("ends_at")))]
        indexes = [models.Index(fields=["resource", "ends_at"], name="leave_of")]

    def __str__(self) -> str:
        return f"{self.resource_id}: {self.starts_at} – {self.ends_at}"


class Appointment(models.Model):
    """A date with a customer, or a block of work. `starts_at`…`ends_at` is the chain without buffers.

    `thread` names the history that tells it beside its own (an order's); this room does not look behind it. `seq` and
    `changed_at` are the calendar feed's SEQUENCE and DTSTAMP.
    """

    code = models.CharField(max_length=12, unique=True)
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="appointments")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, null=True, related_name="appointments")
    title = models.CharField(_("Title"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=12, choices=AppointmentKind)
    state = models.CharField(_("State"), max_length=10, choices=AppointmentState, default=AppointmentState.HELD)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    hold_expires_at = models.DateTimeField(null=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    thread = models.CharField(max_length=60, blank=True)
    seq = models.IntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Appointment")
        constraints = [
            models.CheckConstraint(name="appointment_sound", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(
                name="appointment_hold_ends", condition=~Q(state="held") | Q(hold_expires_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "starts_at"], name="appointment_calendar"),
            models.Index(fields=["customer"], name="appointment_customer"),
            models.Index(fields=["hold_expires_at"], name="appointment_holds", condition=Q(state="held")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def event_stream(self) -> str:
        return calendar_stream(self.branch_id)

    @property
    def event_thread(self) -> str:
        return self.thread or f"appointment.{self.pk}"


def calendar_stream(branch_id: int) -> str:
    """The event stream of a branch's calendar."""
    return f"calendar.{branch_id}"


class AppointmentBlock(models.Model):
    """One step of the chain: make-up, outdoors, studio. `needs`: what was asked for, to be planned again."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="blocks")
    position = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    needs = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "position"], name="block_once"),
            models.CheckConstraint(name="block_sound", condition=Q(starts_at__lt=F("ends_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.name}"


class ResourceClaim(models.Model):
    """A resource is taken `during` (half-open, with buffers) for the blocks at `positions`. Never moved.

    Adjacent blocks of one appointment share a claim, so that its own buffers do not keep it out. `replaced`: a later
    plan took its place; without it an inactive claim is what an expired or cancelled appointment had.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="claims")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="claims")
    during = DateTimeRangeField()
    positions = ArrayField(models.SmallIntegerField())
    active = models.BooleanField(default=True)
    replaced = models.BooleanField(default=False)
    lending = models.CharField(max_length=6, choices=Lending, default=Lending.OWN, blank=True)
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="claim_no_overlap",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(active=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_id}: {self.during}"


class WaitingEntry(models.Model):
    """Somebody who would take a date that becomes free. `blocks`: the chain wanted (core.scheduling.chains)."""

    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="waiting")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="waiting")
    title = models.CharField(_("Title"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=12, choices=AppointmentKind, default=AppointmentKind.SHOOT)
    blocks = models.JSONField(default=list)
    first = models.DateField(_("From"))
    last = models.DateField(_("Until"))
    part = models.CharField(_("Time of day"), max_length=10, choices=DayPart, default=DayPart.ANY, blank=True)
    weekdays = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    state = models.CharField(max_length=10, choices=WaitingState, default=WaitingState.WAITING)
    offer = models.ForeignKey(Appointment, on_delete=models.SET_NULL, null=True, related_name="offered_to")
    offered = ArrayField(models.DateTimeField(), default=list, blank=True)  # starts that were offered already
    thread = models.CharField(max_length=60, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(name="waiting_sound", condition=Q(first__lte=F("last")))]
        indexes = [models.Index(fields=["branch", "state"], name="waiting_of")]

    def __str__(self) -> str:
        return f"{self.title} {self.first} – {self.last}"

    @property
    def event_stream(self) -> str:
        return calendar_stream(self.branch_id)

    @property
    def event_thread(self) -> str:
        return self.thread or f"waiting.{self.pk}"
