"""What the photographs are used for, as the review shows it: each slot with its photographs, counters and prices."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.catalog.enums import SlotRatio
from selection.bills import Filled, Filling, bill_of, extras_of, swaps_of
from selection.enums import GalleryState
from selection.models import Chooser, Gallery, Submission
from selection.selectors import Tile, tiles_of

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Use:
    """One slot of the review. `missing`: how many it still needs, `next_minor`: what one more costs."""

    slot: int
    name: str
    used: int
    included: int
    tiles: list[Tile]
    missing: int = 0
    is_required: bool = False
    is_full: bool = False
    next_minor: int = 0
    ratio: str = ""
    suggested: list[Tile] = field(default_factory=list)

    @property
    def tone(self) -> str:
        if self.missing:
            return "bad" if self.is_required else "warn"
        return "ok" if self.used == self.included else "info"

    @property
    def is_free(self) -> bool:
        """Whether the next photograph is included."""
        return self.used < self.included

    def suits(self, tile: Tile) -> bool:
        """Whether the photograph has the shape that the slot wants."""
        wanted = {SlotRatio.PORTRAIT: tile.height > tile.width, SlotRatio.LANDSCAPE: tile.width > tile.height}
        return wanted.get(SlotRatio(self.ratio), True)


def uses_of(gallery: Gallery, chooser: Chooser, filling: Filling) -> list[Use]:
    """Every slot as it stands now."""
    return [_use(gallery, chooser, filled) for filled in filling.slots]


def _use(gallery: Gallery, chooser: Chooser, filled: Filled) -> Use:
    line = filled.line
    return Use(
        slot=filled.slot.number,
        name=filled.slot.name,
        used=line.used,
        included=line.included,
        tiles=tiles_of(gallery, filled.photos, None),
        missing=filled.missing,
        is_required=filled.slot.is_required,
        is_full=filled.is_full,
        next_minor=line.next_minor,
        ratio=filled.slot.ratio,
        suggested=tiles_of(gallery, filled.suggested, chooser),
    )


def signed_uses(submission: Submission, picked: Sequence[Tile]) -> list[Use]:
    """Every slot as it was signed."""
    tiles = {tile.number: tile for tile in picked}
    return [
        Use(
            line["slot"], line["name"], line["used"], line["included"], [tiles[n] for n in line["photos"] if n in tiles]
        )
        for line in submission.lines
        if "photos" in line
    ]


def doubled_of(filling: Filling) -> list[dict[str, Any]]:
    """Photographs that are in several slots."""
    return [{"number": photo.number, "names": names} for photo, names in filling.doubled.items()]


def followed(gallery: Gallery, chooser: Chooser, filling: Filling, signed: Submission | None) -> list[dict[str, Any]]:
    """Extras that staff had suggested: which slot, which photograph, who."""
    if signed is not None:
        return [
            {"slot": line["slot"], "name": line["name"], "number": number, "by": by}
            for line in signed.lines
            for number, by in line.get("suggested", [])
        ]
    names = {filled.slot.number: filled.slot.name for filled in filling.slots}
    return [
        {"slot": extra.slot, "name": names.get(extra.slot, ""), "number": extra.photo.number, "by": extra.suggested_by}
        for extra in extras_of(gallery, chooser, filling.bill)
        if extra.suggested_by
    ]


def swap_line(gallery: Gallery, chooser: Chooser) -> str:
    """What to take back to pay nothing for retouching extras, in one line under the price; "" when nothing is extra, or
    the person wants no suggestions. `chooser.yes` must be fresh. Four queries while something is extra, else none.
    """
    if chooser.mutes_suggestions or gallery.state != GalleryState.OPEN or chooser.yes <= gallery.included:
        return ""
    numbers = sorted(photo.number for photo in swaps_of(gallery, chooser, bill_of(gallery, chooser, [])))
    named = ", ".join(map(str, numbers[:MOST_NAMED])) + (" …" if len(numbers) > MOST_NAMED else "")
    return _("Nothing extra without: %(numbers)s") % {"numbers": named}


def swaps(gallery: Gallery, chooser: Chooser, filling: Filling) -> list[Tile]:
    """What to take back so that no retouching costs extra."""
    return tiles_of(gallery, swaps_of(gallery, chooser, filling.bill), None)
