"""What a customer may agree to, for which photographs, and how a photograph of the library is to be called."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

WORDING = "2026-11"  # the declaration's version; it is part of what is signed, so new words need a new one


class Purpose(models.TextChoices):
    """What the studio may use a photograph for: nothing is implied by another."""

    ALBUM = "album", _("The studio’s sample albums")
    ONLINE = "online", _("Website and social media")
    STORE = "store", _("Display in the branches")


class Scope(models.TextChoices):
    FINALS = "finals", _("All retouched photos")
    CHOSEN = "chosen", _("All chosen photos")
    SINGLE = "single", _("Only the photos ticked below")


class Term(models.TextChoices):
    """For how long; every one ends at once when it is taken back."""

    YEAR = "1", _("One year")
    THREE = "3", _("Three years")
    OPEN = "0", _("Until I take it back")


class Children(models.TextChoices):
    """Said apart, because nobody else can say it for a child."""

    NONE = "none", _("Nobody on these photos is under 18")
    AGREED = "agreed", _("Children are on them, I am their parent or guardian, and I agree for them too")


class SampleKind(models.TextChoices):
    """Guests are always told which is which (R096)."""

    CUSTOMER = "customer", _("Customer photo")
    STUDIO = "studio", _("Studio sample")


class Season(models.TextChoices):
    SPRING = "spring", _("Spring")
    SUMMER = "summer", _("Summer")
    AUTUMN = "autumn", _("Autumn")
    WINTER = "winter", _("Winter")


def season_of(month: int) -> str:
    """The season of the northern half: March to May is spring."""
    return [Season.WINTER, Season.SPRING, Season.SUMMER, Season.AUTUMN][month % 12 // 3].value


def labels(enum: Any, values: list[str]) -> list[str]:
    """Values as people read them, in their language."""
    return [str(enum(value).label) for value in values]
