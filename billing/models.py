"""Plans and the plan a studio is on. Entitlements are a local row: no vendor is asked inside a request."""

from django.db import models
from django.utils.translation import gettext_lazy as _

GIB = 1024**3


class Plan(models.Model):
    """What a subscription allows. `storage_bytes` counts originals and renditions together."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    branches = models.IntegerField(_("Branches"), default=3)
    seats = models.IntegerField(_("Seats"), default=20)
    storage_bytes = models.BigIntegerField(_("Storage"), default=200 * GIB)

    class Meta:
        verbose_name = _("Subscription plan")
        verbose_name_plural = _("Subscription plans")
        constraints = [
            models.CheckConstraint(
                name="plan_limits_positive",
                condition=models.Q(branches__gt=0, seats__gt=0, storage_bytes__gt=0),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Which plan a studio is on. No row means the trial plan (selectors.entitlements_of)."""

    studio = models.OneToOneField("tenants.Studio", on_delete=models.CASCADE, related_name="subscription")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")

    class Meta:
        verbose_name = _("Subscription")
        verbose_name_plural = _("Subscriptions")

    def __str__(self) -> str:
        return f"{self.studio_id}: {self.plan_id}"
