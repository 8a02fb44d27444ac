"""A charge in words: what it is for, line by line."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.catalog.enums import SlotKind
from core.finance.enums import ChargeKind
from core.finance.models import Charge


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`each_minor` 0: the pieces had different prices (tiers)."""

    name: str
    quantity: int
    each_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A charge as pages and receipts show it."""

    charge: Charge
    title: str
    lines: list[ShownLine]


def shown(charge: Charge) -> Shown:
    """Names of kinds (`@album_page`) and of discounts without a name become words."""
    lines = [
        ShownLine(
            line_name(str(line.get("name", "")), int(line["total_minor"])),
            int(line.get("quantity", 1)),
            int(line.get("each_minor", 0)),
            int(line["total_minor"]),
        )
        for line in charge.lines
    ]
    return Shown(charge, str(ChargeKind(charge.kind).label), lines)


def line_name(name: str, total_minor: int) -> str:
    """What a line is called."""
    if not name:
        return _("Discount") if total_minor < 0 else _("Package")
    if not name.startswith("@"):
        return name
    words: dict[str, Any] = {kind.value: kind.label for kind in SlotKind}
    words |= {
        "retouched": _("Further retouched photos"),
        "originals": _("All originals"),
        "change": _("Change of the selection"),
        "round": _("Further retouch round"),
        "top_up": _("Stored value"),
    }
    return str(words.get(name[1:], name[1:]))
