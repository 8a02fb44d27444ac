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


class Unit(models.TextChoices):
    """What an extra is counted by."""

    ONCE = "once", _("once")
    PIECE = "piece", _("each piece")
    PERSON = "person", _("each person")
    OUTFIT = "outfit", _("each outfit")
    HOUR = "hour", _("each hour")
    DAY = "day", _("each day")


class Originals(models.TextChoices):
    """Which originals are handed over with the price (`selection.delivery` reads the value)."""

    NONE = "", _("None")
    CHOSEN = "chosen", _("Originals of the chosen photos")
    ALL = "all", _("All originals")


class Need(models.TextChoices):
    """What a part of a shoot needs; the kinds of resources that scheduling knows."""

    PHOTOGRAPHER = "photographer", _("Photographer")
    MAKEUP_ARTIST = "makeup_artist", _("Make-up artist")
    GOWN_MASTER = "gown_master", _("Gown master")
    ASSISTANT = "assistant", _("Assistant")
    ROOM = "room", _("Room")
    SCENE = "scene", _("Scene")
    CAR = "car", _("Car")
    GOWN = "gown", _("Gown")
    SELECTION_SEAT = "selection_seat", _("Selection seat")


class Due(models.TextChoices):
    """When an instalment falls due."""

    SIGNING = "signing", _("At signing")
    DATE = "date", _("By the shoot date")
    SELECTION = "selection", _("On selection")
    DELIVERY = "delivery", _("On delivery")


class Who(models.TextChoices):
    """Who ends the contract."""

    CUSTOMER = "customer", _("The customer cancels")
    STUDIO = "studio", _("The studio cancels")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class RuleKind(models.TextChoices):
    """What a price rule is about, in the order of application; peak and off-peak share one place."""

    PLACE = "place", _("Price at a place")
    SEASON = "season", _("Season")
    PEAK = "peak", _("Peak supplement")
    OFF_PEAK = "off_peak", _("Off-peak window")


class CouponKind(models.TextChoices):
    AMOUNT = "amount", _("Amount off")
    PERCENT = "percent", _("Percent off")
    ADDON = "addon", _("Free extra (voucher)")


class LineKind(models.TextChoices):
    """What a line of a quote is."""

    PACKAGE = "package", _("Package")
    SEASON = "season", _("Season")
    PEAK = "peak", _("Peak supplement")
    OFF_PEAK = "off_peak", _("Off-peak window")
    ADDON = "addon", _("Extra")
    COUPON = "coupon", _("Coupon")
    GIFT = "gift", _("Voucher")
    DISCOUNT = "discount", _("Discount")
    SURCHARGE = "surcharge", _("Surcharge")
