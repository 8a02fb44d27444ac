"""Kinds of shoots and products."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShootKind(models.TextChoices):
    WEDDING = "wedding", _("Wedding")
    PORTRAIT = "portrait", _("Portrait")
    CHILDREN = "children", _("Children")
    FAMILY = "family", _("Family")
    MATERNITY = "maternity", _("Maternity")


class ProductKind(models.TextChoices):
    ALBUM = "album", _("Album")
    FRAME = "frame", _("Frame")
    TABLE_STAND = "table_stand", _("Table stand")
    PRINT = "print", _("Print")
    OTHER = "other", _("Other")
