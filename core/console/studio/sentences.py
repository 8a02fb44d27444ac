"""Codes of a studio's life become sentences."""

from django.utils.translation import gettext as _

from core.kernel.errors import Refusal
from tenants.life.tasks import LifeRefused


def life_sentence(refused: LifeRefused) -> str:
    """The sentence of a no."""
    said = {
        "task.open": _("Something else is still being done with this studio. Please wait until it is finished."),
        "task.not_failed": _("It is already being done."),
        "export.gone": _("This export is no longer kept. Please make a new one."),
        "domain.name": _("This is not an address that can be used."),
        "domain.taken": _("This address is used already."),
        "domain.many": _("At most %(most)s addresses."),
        "closing.asked": _("Closing has been asked for already."),
        "closing.none": _("Nobody has asked to close this studio."),
        "closing.days": _("Between 7 and 365 days."),
    }.get(refused.code, _("This cannot be done now."))
    return said % refused.facts if refused.facts else said


def brand_sentence(refusal: Refusal) -> str:
    """Why a logo, a colour or a place is not taken."""
    return {
        "brand.too_large": _("At most 2 MB, please."),
        "brand.no_picture": _("Please choose a PNG, JPEG or WebP picture. SVG is not accepted."),
        "brand.name": _("Please write the name in letters: contracts print it."),
        "brand.hue": _("This is no colour."),
        "brand.place": _("Please choose from the list."),
    }[refusal.code]
