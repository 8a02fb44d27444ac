"""Time zones as people name them."""

from typing import Any

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import get_language, to_locale

NEAR = ["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Macau", "Asia/Singapore", "Asia/Kuala_Lumpur"]
REGIONS = {  # first part of a zone's name → CLDR's code of that part of the world
    "Asia": "142", "Europe": "150", "America": "019", "Africa": "002", "Australia": "009", "Pacific": "009",
    "Atlantic": "001", "Indian": "001",
}  # fmt: skip


def zone_city(zone: str) -> str:
    """By its city: Asia/Shanghai → 上海."""
    return str(get_timezone_location(zone, locale=_locale(), return_city=True))


def zone_choices(own: str = "") -> list[tuple[str, Any]]:
    """Choices of a field: those near and `own` first, then "country · city" by parts of the world, in the language of
    the page.

    Read from CLDR's tables directly: asking Babel zone by zone takes a hundred times as long.
    """
    words, places = Locale.parse(_locale()), get_global("zone_territories")
    near = [*NEAR, *([own] if own and own not in NEAR else [])]
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in REGIONS.values()}
    for zone in set(places) - set(near):
        region, _, city = zone.partition("/")
        if region in REGIONS:
            land = words.territories.get(places[zone], region)
            town = words.time_zones.get(zone, {}).get("city") or city.rsplit("/", 1)[-1].replace("_", " ")
            groups[REGIONS[region]].append((zone, land if land == town else f"{land} · {town}"))
    parts = [(words.territories[code], sorted(found, key=lambda one: one[1])) for code, found in groups.items()]
    return [*((zone, zone_city(zone)) for zone in near), *parts]


def _locale() -> str:
    return to_locale(get_language() or "zh-hans")
