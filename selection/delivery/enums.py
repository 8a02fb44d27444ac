"""What is handed over, and for how long."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ACCESS_DAYS = 365  # unless the order's frozen terms say otherwise (`access_days`)
WARN_DAYS = (30, 7, 1)  # before the end; the tightest that applies is sent, once
PART_BYTES = 500_000_000  # a ZIP part is at most so large, or one file


class FileKind(models.TextChoices):
    FINAL = "f", _("Retouched photos")
    ORIGINAL = "o", _("Originals")


class Originals(models.TextChoices):
    """Which originals a customer may take."""

    NONE = "", _("None")
    CHOSEN = "chosen", _("Originals of the chosen photos")
    ALL = "all", _("All originals")
