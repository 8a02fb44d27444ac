"""The shape of a package's terms: what a published version holds and what an order freezes at its sale. Plain JSON.

Money is whole minor units of the studio's currency. Every key is always there in what `Package.terms()` makes; terms
frozen by former days of the product lack some, so read them by `Terms.of(order.terms)`, which knows the defaults.

    package, kind, description      name · ShootKind · text
    price_minor                     the base price; what was agreed is `Order.price_minor`
    photos_taken, retouched_included, extra_photo_minor, retouched_tiers, all_originals_minor (null: not offered)
    slots       [{kind, name, included, minimum, maximum, ratio, extra_price_minor, tiers, is_required}]
    products    [{kind, name, quantity}]
    outfits, scenes, retouch_rounds, delivery_days (from the selection to the delivery)
    rounds      {"retouch": n, "style": n, "album": n}: changes that cost nothing (R101); `album_rounds` is the same
    extras      [{name, price_minor}]: everything that could cost extra (R099)
    addons      [{code, name, price_minor, unit, most}]: those of them that can be booked with the order. `unit` Unit,
                `most` null: no limit
    originals   "" none · "chosen" those of the chosen photographs · "all" are handed over with the price
    access_days how long files stay for download
    publishing  what is agreed about publishing, in words; "" not agreed
    promised_days   from the shoot to the delivery; 0: no day is promised
    gown_terms  {"couture_pieces": included, "couture_rental_minor": each further one (null: not offered),
                 "couture_deposit_minor": returned after the gown came back, "couture_days": rental days,
                 "damage_minor": the most that damage may cost (null: by agreement), "text": rules in words}; outfits
                 are counted in `outfits`
    blocks      [{"name", "minutes", "needs": [Need], "offset": minutes after the shoot's beginning}]: the shoot as a
                chain. Blocks may overlap (two people at work at once), so the end is the greatest offset + minutes
    deposit     {"kind": "percent" | "minor", "value": n}: what must be paid before the booking is firm; of the order's
                whole price, never more than it. value 0: none
    schedule    [{"when": Due, "percent": n, "days": n}]: instalments of the whole price, percents sum to 100; the
                deposit is part of the first ones, not on top. `days` after the event; for "date" counted from the
                shoot's day, negative: before it
    refunds     [{"until_days": n, "who": Who, "refund_percent": n}]: the row of `who` with the greatest
                `until_days` ≤ days left until the shoot (no row: 0 %), of what was paid. No row of a `who`: 0 %.
                AFTER_TOO as `until_days`: after the shoot as well

An order's terms hold, besides, what its price is made of:

    lines       [{"kind", "name", "quantity", "each_minor", "total_minor"}] (core.catalog.rates; sometimes "code" and
                "percent"): sum = `Order.price_minor`; a discount by hand is a line "discount" (or "surcharge")
    quoted_minor    the price before that discount
    version     number of the package's version
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalog.enums import Due, Need, Originals, Unit, Who
from core.kernel.errors import Refusal

GOWN_DEFAULTS: dict[str, Any] = {
    "couture_pieces": 0,
    "couture_rental_minor": None,
    "couture_deposit_minor": 0,
    "couture_days": 1,
    "damage_minor": None,
    "text": "",
}
# What a package without further terms says; order is that of the form.
MORE_DEFAULTS: dict[str, Any] = {
    "originals": "",
    "access_days": 365,
    "album_rounds": 3,
    "style_rounds": 1,
    "promised_days": 0,
    "publishing": "",
    "gown_terms": GOWN_DEFAULTS,
    "blocks": [],
    "deposit": {"kind": "percent", "value": 0},
    "schedule": [{"when": "signing", "percent": 100, "days": 0}],
    "refunds": [],
}
MOST_BLOCKS, MOST_ROWS = 12, 20
AFTER_TOO = -3650  # `until_days` of a refund that counts after the shoot as well


# -- Reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Addon:
    """Something that can be booked with the package. `most` None: as many as one likes."""

    code: str
    name: str
    price_minor: int
    unit: str = Unit.ONCE
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the shoot: how long it takes, whom and what it needs, when it begins after the shoot's beginning."""

    name: str
    minutes: int
    needs: tuple[str, ...] = ()
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Deposit:
    """What must be paid before a booking is firm."""

    kind: str = "percent"
    value: int = 0

    def of(self, price_minor: int) -> int:
        """The deposit of an order of this price: half a unit is rounded up, never more than the price."""
        asked = self.value if self.kind == "minor" else rounded(price_minor * self.value, 100)
        return min(asked, price_minor)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of the price, and when it is due."""

    when: str
    percent: int
    days: int = 0


@dataclass(frozen=True, slots=True)
class RefundRow:
    """What comes back when `who` ends the contract at least `until_days` days before the shoot."""

    until_days: int
    who: str
    refund_percent: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Frozen terms with every default filled in; `raw` is what was frozen."""

    raw: Mapping[str, Any] = field(repr=False)
    package: str = ""
    kind: str = ""
    price_minor: int = 0
    addons: tuple[Addon, ...] = ()
    originals: str = ""
    access_days: int = 365
    album_rounds: int = 3
    style_rounds: int = 1
    retouch_rounds: int = 2
    delivery_days: int = 30
    promised_days: int = 0
    publishing: str = ""
    gown_terms: Mapping[str, Any] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    deposit: Deposit = Deposit()
    schedule: tuple[Instalment, ...] = ()
    refunds: tuple[RefundRow, ...] = ()

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Terms":
        """What `raw` says, whichever day it was frozen."""
        names = ("package", "kind", "price_minor", "retouch_rounds", "delivery_days")
        told = {name: raw[name] for name in names if name in raw}
        more = {name: raw.get(name, default) for name, default in MORE_DEFAULTS.items()}
        rounds = raw.get("rounds") or {}
        return cls(
            raw=raw,
            **told,
            **{
                name: more[name] for name in ("originals", "access_days", "album_rounds", "promised_days", "publishing")
            },
            style_rounds=rounds.get("style", more["style_rounds"]),
            addons=tuple(Addon(**row) for row in raw.get("addons", [])),
            gown_terms={**GOWN_DEFAULTS, **more["gown_terms"]},
            blocks=tuple(Block(**{**row, "needs": tuple(row["needs"])}) for row in more["blocks"]),
            deposit=Deposit(**more["deposit"]),
            schedule=tuple(Instalment(**row) for row in more["schedule"]),
            refunds=tuple(RefundRow(**row) for row in more["refunds"]),
        )

    @property
    def minutes(self) -> int:
        """How long the shoot takes from the first block's beginning to the last one's end."""
        return max((block.offset + block.minutes for block in self.blocks), default=0)

    def addon(self, code: str) -> Addon | None:
        return next((addon for addon in self.addons if addon.code == code), None)

    def refund_percent(self, who: str, days_left: int) -> int:
        """The share of what was paid that comes back; 0 where no row speaks."""
        rows = [row for row in self.refunds if row.who == who and row.until_days <= days_left]
        return max(rows, key=lambda row: row.until_days).refund_percent if rows else 0


def rounded(amount: int, by: int) -> int:
    """`amount / by` as a whole number, half a unit away from zero: the one rounding rule of prices."""
    whole = (2 * abs(amount) + by) // (2 * by)
    return whole if amount >= 0 else -whole


def digest(terms: Mapping[str, Any]) -> str:
    """SHA-256 of canonical JSON: equal terms, equal digest, whatever the order of their keys."""
    text = json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# -- Making -----------------------------------------------------------------------------------------------------------
def compose(package: Any, *, products: Iterable[Any], extras: Iterable[Any], slots: Iterable[Any]) -> dict[str, Any]:
    """The terms of a package row (saved or not) with its rows."""
    more = {**MORE_DEFAULTS, **package.more}
    style = more.pop("style_rounds")
    extras = list(extras)
    columns = (
        "description", "price_minor", "photos_taken", "retouched_included", "extra_photo_minor", "retouched_tiers",
        "all_originals_minor", "outfits", "scenes", "retouch_rounds", "delivery_days",
    )  # fmt: skip
    return {
        "package": package.name,
        "kind": str(package.kind),
        **{name: getattr(package, name) for name in columns},
        "slots": [slot.terms() for slot in slots],
        "rounds": {"retouch": package.retouch_rounds, "style": style, "album": more["album_rounds"]},
        "products": [{"kind": str(row.kind), "name": row.name, "quantity": row.quantity} for row in products],
        "extras": [{"name": row.name, "price_minor": row.price_minor} for row in extras],
        "addons": [row.addon() for row in extras if row.is_bookable],
        **more,
        "gown_terms": {**GOWN_DEFAULTS, **more["gown_terms"]},
    }


def refuse_unsound(more: Mapping[str, Any]) -> None:
    """Refusal terms.unsound(part) unless further terms (some of MORE_DEFAULTS' keys) fit together."""
    checks: dict[str, Callable[[Any], bool]] = {
        "originals": lambda value: value in Originals.values,
        "blocks": _sound_blocks,
        "deposit": _sound_deposit,
        "schedule": _sound_schedule,
        "refunds": _sound_refunds,
        "gown_terms": lambda value: set(value) <= set(GOWN_DEFAULTS) and all(_whole(value.get(n) or 0) for n in _GOWN),
        **dict.fromkeys(("access_days", "album_rounds"), lambda value: _whole(value, 1)),
        **dict.fromkeys(("style_rounds", "promised_days"), _whole),
        "publishing": lambda value: isinstance(value, str),
    }
    for name, value in more.items():
        if name not in checks or not checks[name](value):
            raise Refusal("terms.unsound", part=name)


_GOWN = [name for name in GOWN_DEFAULTS if name != "text"]


def _whole(value: Any, least: int = 0) -> bool:
    return type(value) is int and value >= least


def _percent(value: Any) -> bool:
    return _whole(value) and value <= 100


def _sound_blocks(rows: Sequence[Mapping[str, Any]]) -> bool:
    return len(rows) <= MOST_BLOCKS and all(
        row["name"] and _whole(row["minutes"], 1) and _whole(row["offset"]) and set(row["needs"]) <= set(Need.values)
        for row in rows
    )


def _sound_deposit(row: Mapping[str, Any]) -> bool:
    return _percent(row["value"]) if row["kind"] == "percent" else row["kind"] == "minor" and _whole(row["value"])


def _sound_schedule(rows: Sequence[Mapping[str, Any]]) -> bool:
    known = all(row["when"] in Due.values and _whole(row["percent"], 1) and type(row["days"]) is int for row in rows)
    return known and sum(row["percent"] for row in rows) == 100


def _sound_refunds(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Each days-and-person once."""
    known = all(r["who"] in Who.values and _percent(r["refund_percent"]) for r in rows)
    known = known and all(r["until_days"] == AFTER_TOO or _whole(r["until_days"]) for r in rows)
    return known and len({(r["who"], r["until_days"]) for r in rows}) == len(rows)
