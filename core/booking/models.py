"""What was wished, what was planned, and how a sitting at the phone became a firm date."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.booking.enums import AT_WORK, Colour, Place, PlanState, Style
from core.kernel import clock


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
