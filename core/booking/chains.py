"""A package's blocks as the calendar plans them. Pure.

The terms may let blocks overlap (gowns are fitted while make-up goes on); the calendar wants steps one after another.
So the day is cut where a block begins or ends, and each piece needs what all blocks at work in it need.
"""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog.terms import Block as Told
from core.catalog.terms import Terms
from core.scheduling.chains import USUAL, Block, Chain, Need, ceil_step
from core.scheduling.enums import AppointmentKind


def shoot_chain(terms: Mapping[str, Any]) -> Chain:
    """The shoot of these terms, else the usual one."""
    return cut(Terms.of(terms).blocks) or USUAL[AppointmentKind.SHOOT]


def cut(told: Sequence[Told]) -> Chain:
    """Pieces one after another; time in which nobody works is a gap before the next piece."""
    spans = [(ceil_step(block.offset), ceil_step(block.offset + block.minutes), block) for block in told]
    edges = sorted({edge for start, end, _block in spans for edge in (start, end)})
    pieces: list[Block] = []
    gap = 0
    for start, end in itertools.pairwise(edges):
        active = [block for low, high, block in spans if low <= start and high >= end]
        if not active:
            gap += end - start
            continue
        needs: Counter[str] = Counter()
        for block in active:
            needs.update(block.needs)
        name = " + ".join(dict.fromkeys(block.name for block in active))[:40]
        found = tuple(Need(str(kind), "", count) for kind, count in needs.items())
        pieces.append(Block(name, end - start, found, gap if pieces else 0))
        gap = 0
    return tuple(pieces)


def deposit_of(terms: Mapping[str, Any], price_minor: int) -> int:
    """What must be paid before the booking is firm."""
    return Terms.of(terms).deposit.of(price_minor)
