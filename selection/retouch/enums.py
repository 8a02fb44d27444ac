"""What a customer says of a final, and why a file found no photograph."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from selection.enums import GalleryState

UPLOAD_STATES = frozenset({GalleryState.RETOUCHING, GalleryState.PROOFING})  # finals are taken
SHOWN_STATES = [  # the customer may see what was sent to them
    GalleryState.RETOUCHING,
    GalleryState.PROOFING,
    GalleryState.SIGNED_OFF,
    GalleryState.DELIVERED,
]


class Verdict(models.TextChoices):
    ACCEPT = "accept", _("Accepted")
    CHANGE = "change", _("Change wanted")


class Doubt(models.TextChoices):
    """Why a final belongs to no photograph yet; a person decides, never we."""

    UNKNOWN = "unknown", _("No chosen photo has this name.")
    AMBIGUOUS = "ambiguous", _("Several photos may be meant.")
    TWINS = "twins", _("Two files for one photo came together.")
