"""Codes of a studio's life become sentences."""

from collections.abc import Iterable
from typing import Any

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
        "brand.hue": _("This is no colour."),
        "brand.place": _("Please choose from the list."),
    }[refusal.code]


def act_lines(acts: Iterable[Any]) -> list[dict[str, Any]]:
    """The operation log in words: verbs without a word of their own show as they are."""
    words = {
        "brand.logo": _("Logo changed"),
        "brand.logo_dropped": _("Logo removed"),
        "brand.hue": _("Colour changed"),
        "brand.place": _("Language or time zone changed"),
        "export.asked": _("Export asked for"),
        "export.done": _("Export finished"),
        "export.failed": _("Export failed"),
        "export.again": _("Export went on"),
        "export.fetched": _("Export downloaded"),
        "restore.asked": _("Restore asked for"),
        "restore.done": _("Restore finished"),
        "restore.failed": _("Restore failed"),
        "restore.confirmed": _("Restore confirmed"),
        "restore.taken_back": _("Restore taken back"),
        "studio.suspended": _("Studio suspended"),
        "studio.resumed": _("Studio opened again"),
        "studio.closed": _("Studio closed by its date"),
        "closing.asked": _("Closing asked for"),
        "closing.cancelled": _("Closing taken back"),
        "closing.warned": _("Warned that the studio closes"),
        "erasing.warned": _("Warned that all is erased"),
        "support.asked": _("Support visit asked for"),
        "support.entered": _("Support entered"),
        "support.ended": _("Support visit ended"),
        "support.may_write": _("Support was allowed to change things"),
        "support.may_read": _("Support may only look again"),
        "domain.added": _("Own address noted"),
        "domain.ready": _("Own address answers"),
        "domain.lost": _("Own address leads elsewhere"),
        "domain.dropped": _("Own address removed"),
    }
    return [
        {"at": act.at, "actor": act.actor, "words": words.get(act.verb, act.verb), "note": _note(act.facts)}
        for act in acts
    ]


def _note(facts: dict[str, Any]) -> str:
    return str(facts.get("reason") or facts.get("domain") or facts.get("error") or "")
