"""Everything that terms let anybody be charged on top (R099): one list for the public page, the order's page, the
console and the contract, so that none of them can leave out what another names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.catalog.enums import Unit


@dataclass(frozen=True, slots=True)
class Possible:
    """A price that can come on top. `key` is the same in every version; `tiers`: from which one on it is cheaper;
    `note`: how it is counted, in words.
    """

    key: str
    name: str
    minor: int
    tiers: Sequence[Mapping[str, int]] = ()
    note: str = ""


def possible_extras(terms: Mapping[str, Any]) -> list[Possible]:
    """All of them, in the current language; names of extras and slots are the studio's own. `terms`: raw, whole or of
    former days (core.catalog.terms).
    """
    each, tiers = terms.get("extra_photo_minor") or 0, terms.get("retouched_tiers") or ()
    found = [Possible("extra_photo", _("Each further retouched photo"), each, tiers)]
    for slot in terms.get("slots") or []:
        if slot.get("maximum") is None or slot["maximum"] > slot["included"]:
            name = _("Each further one for: %(name)s") % {"name": slot["name"]}
            minor, tiers = slot["extra_price_minor"], slot.get("tiers") or ()
            found.append(Possible(f"slot_extra.{slot['name']}", name, minor, tiers))
    if terms.get("all_originals_minor") is not None:
        found.append(Possible("all_originals", _("All originals"), terms["all_originals_minor"]))
    bookable = {addon["name"]: addon for addon in terms.get("addons") or []}
    for item in terms.get("extras") or []:
        note = _counted(bookable.get(item["name"]))
        found.append(Possible(f"extra.{item['name']}", item["name"], item["price_minor"], note=note))
    return found + _gowns(terms.get("gown_terms") or {})


def _counted(addon: Mapping[str, Any] | None) -> str:
    """Per what, and how many at most."""
    if addon is None:
        return ""
    unit = addon.get("unit") or Unit.ONCE
    words = [str(Unit(unit).label)] if unit != Unit.ONCE else []
    if addon.get("most"):
        words.append(_("at most %(n)d") % {"n": addon["most"]})
    return " · ".join(words)


def _gowns(gowns: Mapping[str, Any]) -> list[Possible]:
    """A deposit is paid, too, though it comes back."""
    named = {
        "couture_rental": _("Each further couture gown"),
        "couture_deposit": _("Deposit for a couture gown, returned with it"),
        "damage": _("Damage to a gown, at most"),
    }
    asked = {key: gowns.get(f"{key}_minor") for key in named}
    if not asked["couture_deposit"]:
        asked["couture_deposit"] = None  # 0: none is asked
    return [Possible(key, name, asked[key] or 0) for key, name in named.items() if asked[key] is not None]
