"""Further terms that suit a kind of shoot: where a new package starts, by one click. Samples to change, not advice."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.catalog.enums import Due, Need, ShootKind, Who
from core.catalog.terms import AFTER_TOO, GOWN_DEFAULTS, MORE_DEFAULTS
from core.kernel.money import to_minor

# days from the shoot to the delivery · album rounds · percent at signing · whether gowns are worn
CUSTOM: dict[str, tuple[int, int, int, bool]] = {
    ShootKind.WEDDING: (60, 3, 30, True),
    ShootKind.PORTRAIT: (30, 2, 50, False),
    ShootKind.CHILDREN: (35, 2, 50, False),
    ShootKind.FAMILY: (35, 2, 50, False),
    ShootKind.MATERNITY: (30, 2, 50, True),
}
# days before the shoot → percent that comes back when the customer cancels
CANCELLING = [(30, 100), (15, 50), (7, 20), (0, 0)]
RENTAL, RENTAL_DEPOSIT, DAMAGE = 680, 2000, 3000  # major units


def standard_terms(kind: str, currency: str) -> dict[str, Any]:
    """Values for every key of MORE_DEFAULTS, in the words of the current language and in the studio's currency."""
    promised, album_rounds, percent, with_gowns = CUSTOM[ShootKind(kind)]

    def minor(amount: int) -> int:
        return to_minor(Decimal(amount), currency)

    gowns = {
        "couture_rental_minor": minor(RENTAL),
        "couture_deposit_minor": minor(RENTAL_DEPOSIT),
        "damage_minor": minor(DAMAGE),
        "text": _(
            "Gowns go back on the day of the shoot. Small marks are cleaned free of charge; tears and stains that stay "
            "are paid at the cost of repair, never above the amount named here."
        ),
    }
    return {
        **MORE_DEFAULTS,
        "album_rounds": album_rounds,
        "promised_days": promised,
        "gown_terms": {**GOWN_DEFAULTS, **(gowns if with_gowns else {})},
        "blocks": chained(_parts(kind)),
        "deposit": {"kind": "percent", "value": percent},
        "schedule": [
            {"when": str(Due.SIGNING), "percent": percent, "days": 0},
            {"when": str(Due.SELECTION), "percent": 100 - percent, "days": 0},
        ],
        "refunds": [
            *({"until_days": days, "who": str(Who.CUSTOMER), "refund_percent": share} for days, share in CANCELLING),
            {"until_days": AFTER_TOO, "who": str(Who.STUDIO), "refund_percent": 100},
            {"until_days": 0, "who": str(Who.FORCE_MAJEURE), "refund_percent": 100},
        ],
    }


def _parts(kind: str) -> list[tuple[str, int, list[Need]]]:
    """The shoot's parts one after the other: name, minutes, what each needs."""
    makeup, indoor = _("Make-up and styling"), _("Indoor shoot")
    room, styled = [Need.PHOTOGRAPHER, Need.ROOM], [Need.MAKEUP_ARTIST, Need.GOWN_MASTER]
    return {
        ShootKind.WEDDING: [
            (makeup, 120, styled),
            (_("Outdoor shoot"), 180, [Need.PHOTOGRAPHER, Need.MAKEUP_ARTIST, Need.ASSISTANT, Need.CAR]),
            (indoor, 60, [*room, Need.MAKEUP_ARTIST]),
        ],
        ShootKind.PORTRAIT: [(makeup, 60, [Need.MAKEUP_ARTIST]), (indoor, 90, room)],
        ShootKind.CHILDREN: [
            (_("Dressing and warming up"), 30, [Need.ASSISTANT]),
            (indoor, 90, [*room, Need.ASSISTANT]),
        ],
        ShootKind.FAMILY: [(makeup, 45, [Need.MAKEUP_ARTIST]), (indoor, 60, [*room, Need.ASSISTANT])],
        ShootKind.MATERNITY: [(makeup, 75, styled), (indoor, 90, room)],
    }[ShootKind(kind)]


def chained(parts: Sequence[tuple[str, int, Sequence[str]]]) -> list[dict[str, Any]]:
    """Blocks of `core.catalog.terms`, each beginning when the former one ends."""
    blocks, offset = [], 0
    for name, minutes, needs in parts:
        blocks.append({"name": name, "minutes": minutes, "needs": [str(need) for need in needs], "offset": offset})
        offset += minutes
    return blocks
