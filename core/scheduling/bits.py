"""Time as the bits of one large integer: bit i is the i-th five minutes after a base. Pure.

Ninety days are 26,000 bits, 3 KB: intersecting two calendars is one machine-speed AND, and "free for two hours from
here" is five shifts.
"""

from collections.abc import Iterable

from core.scheduling.chains import STEP


class Axis:
    """The bits of a stretch of time. `base`: its first minute since the epoch, a multiple of STEP."""

    def __init__(self, base: int, until: int) -> None:
        self.base = base // STEP * STEP
        self.size = -(-(until - self.base) // STEP)
        self.all = (1 << self.size) - 1

    def bit(self, minute: int) -> int:
        """Index of the five minutes that `minute` lies in."""
        return (minute - self.base) // STEP

    def minute(self, bit: int) -> int:
        return self.base + bit * STEP

    def mask(self, lo: int, hi: int) -> int:
        """All bits wholly or partly in [lo, hi)."""
        first = max(0, (lo - self.base) // STEP)
        last = min(self.size, -(-(hi - self.base) // STEP))
        return ((1 << last) - (1 << first)) if last > first else 0

    def inside(self, lo: int, hi: int) -> int:
        """Only the bits wholly in [lo, hi)."""
        return self.mask(-(-lo // STEP) * STEP, hi // STEP * STEP)

    def union(self, spans: Iterable[tuple[int, int]]) -> int:
        """All bits that some [lo, hi) touches."""
        found = 0
        for lo, hi in spans:
            found |= self.mask(lo, hi)
        return found


def eroded(mask: int, length: int) -> int:
    """Bits from which `length` set bits follow, itself counted."""
    have = 1
    while have < length and mask:
        step = min(have, length - have)
        mask &= mask >> step
        have += step
    return mask


def shifted(mask: int, by: int) -> int:
    """Bit i of the answer is bit i + by of the mask."""
    return mask >> by if by >= 0 else mask << -by


def ones(mask: int) -> list[int]:
    """Indices of the set bits, ascending."""
    found, data = [], mask.to_bytes(-(-mask.bit_length() // 8), "little")
    for i, byte in enumerate(data):
        while byte:
            low = byte & -byte
            found.append(i * 8 + low.bit_length() - 1)
            byte ^= low  # noqa: PLW2901 (eaten up)
    return found
