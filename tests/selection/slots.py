"""A gallery with slots, for tests."""

import datetime as dt
import itertools

from core.kernel import clock
from core.orders.enums import Stage
from selection.services import Placed, Put, place_photos
from tests.factories import make_order, make_package
from tests.selection.make import make_gallery

_serial = itertools.count(1)

ALBUM = {"kind": "album_page", "name": "入册", "included": 3, "minimum": 2, "extra_price_minor": 3000}
COVER = {"kind": "cover", "name": "封面", "included": 1, "minimum": 1, "maximum": 1, "ratio": "portrait"}
FRAME = {
    "kind": "frame", "name": "放大", "included": 1, "maximum": 4, "extra_price_minor": 38000,
    "tiers": [{"from": 2, "price_minor": 30000}],
}  # fmt: skip
TIERS = [{"from": 3, "price_minor": 4000}]


def make_slotted(photos=8, *, slots=(ALBUM, COVER, FRAME), included=2, originals=50000, **fields):
    """An open gallery of an order sold with these slots: album 1, cover 2, frame 3."""
    package = make_package(
        name=f"slotted {next(_serial)}",
        retouched_included=included,
        retouched_tiers=TIERS,
        all_originals_minor=originals,
        slots=slots,
    )
    return make_gallery(photos, order=make_order(stage=Stage.SELECTION, package=package), **fields)


def put(op, number, slot, is_in=True, ago=0.0):
    return Put(op, number, slot, is_in, clock.now() - dt.timedelta(seconds=ago))


def place(chooser, *puts, device="phone-1") -> Placed:
    return place_photos(chooser=chooser, device=device, ops=[put(*each) for each in puts])
