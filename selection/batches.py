"""Questions about parts of a selection: what is signed, what the next part would cost at the end. Reads only."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from selection.amendments import SubmissionPart
from selection.enums import PhotoState, PickValue
from selection.models import Chooser, Gallery, Pick
from selection.selectors import price_of


@dataclass(frozen=True, slots=True)
class Excess:
    """What of a part is more than the package includes; asked for with the whole, never with the part."""

    beyond: int
    minor: int


def excess_of(gallery: Gallery, before: int, more: int) -> Excess:
    """`more` photographs after `before` signed ones. No query."""
    over = max(0, before + more - gallery.included) - max(0, before - gallery.included)
    return Excess(over, price_of(gallery, before + more) - price_of(gallery, before))


def signed_numbers(chooser: Chooser) -> list[int]:
    """Numbers of the photographs that this person has signed in parts."""
    signed = Pick.objects.filter(chooser=chooser, is_signed=True)
    return list(signed.order_by("photo__number").values_list("photo__number", flat=True))


def parts_of(gallery: Gallery) -> list[SubmissionPart]:
    """Every part ever signed, in order; reopened ones too."""
    return list(gallery.parts.select_related("chooser__customer", "reopened_by").order_by("number"))


def open_to_sign(chooser: Chooser) -> list[int]:
    """Numbers that a part could take: selected and not signed."""
    mine = Pick.objects.filter(chooser=chooser, value=PickValue.YES, is_signed=False, photo__state=PhotoState.READY)
    return list(mine.order_by("photo__number").values_list("photo__number", flat=True))


def part_hash(gallery: Gallery, numbers: list[list[Any]], excess: Excess, asides: Sequence[dict[str, Any]] = ()) -> str:
    """SHA-256 of what was agreed; canonical JSON, so anybody can compute it again. `asides` as in a submission's."""
    agreed: dict[str, Any] = {
        "gallery": gallery.code, "numbers": numbers, "beyond": excess.beyond, "beyond_minor": excess.minor,
    }  # fmt: skip
    if asides:
        agreed["asides"] = list(asides)
    text = json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
