"""What staff may say of a photograph, and in which order customers see them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Flag(models.TextChoices):
    """A rejected photograph is hidden from customers (PhotoState.HIDDEN), never deleted."""

    KEEP = "keep", _("Kept")
    REJECT = "reject", _("Hidden")


class DisplayOrder(models.TextChoices):
    NUMBER = "number", _("By number")
    TIME = "time", _("By capture time")
    LOOK = "look", _("By look, then by time")


class Hint(models.TextChoices):
    """What a measurement makes worth a second look; never a verdict."""

    SOFT = "soft", _("Soft")
    BRIGHT = "bright", _("Too bright")
    DARK = "dark", _("Too dark")


MAX_STARS = 5
MAX_MARKS = 500
MAX_LOOKS = 40
GAP_RANGE = (1, 600)  # seconds between two shots of a stack
DISTANCE_RANGE = (0, 28)  # bits of 64 in which two shots of a stack may differ
GAP_SECONDS, DISTANCE = 20, 12
LOOK_GAP_MINUTES = (2, 240)
