"""Kinds of shoots, products and slots."""

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


class SlotKind(models.TextChoices):
    """What a chosen photograph is for. RETOUCHED is the package's own number, never a row (`PackageSlot`)."""

    RETOUCHED = "retouched", _("Retouched photos")
    ALBUM_PAGE = "album_page", _("Album pages")
    COVER = "cover", _("Cover")
    FRAME = "frame", _("Frame")
    TABLE_STAND = "table_stand", _("Table stand")
    ENLARGEMENT = "enlargement", _("Enlargement")
    OTHER = "other", _("Other")


ROW_KINDS = [kind for kind in SlotKind if kind != SlotKind.RETOUCHED]


class SlotRatio(models.TextChoices):
    """Which photographs suit the slot; a hint, never a refusal."""

    ANY = "", _("Any shape")
    PORTRAIT = "portrait", _("Upright")
    LANDSCAPE = "landscape", _("Lying")
    SQUARE = "square", _("Square")
