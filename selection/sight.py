"""What can be measured of a picture: what it looks like, how sharp it is, where light or shadow ate the drawing.

Taken from the picture that is decoded for the renditions anyway; about 10 ms of CPU a photograph.
"""

import itertools
import struct
from dataclasses import dataclass
from typing import Any

from selection.imaging import pyvips

EDGE = 800  # sharpness is compared at one size, whatever the camera
PARTS, SHARPEST = 8, 4  # of 8 × 8 parts the sharpest four count: a portrait's background is soft on purpose
WHITE, BLACK = 251, 4
ROWS, COLUMNS = 8, 9
# The Laplacian, quartered to stay within eight bits (libvips' fast path), and the square of what comes out.
LAPLACIAN = pyvips.Image.new_from_array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], scale=4, offset=128)
SQUARE = (((pyvips.Image.identity() - 128) * 4) ** 2).cast("float").copy_memory()


@dataclass(frozen=True, slots=True)
class Sight:
    """`likeness`: 64-bit difference hash, signed as PostgreSQL's bigint. `blown`, `blocked`: per mille of pixels.

    `sharpness`: mean square of the Laplacian in the sharpest parts at 800 px; comparable within a scene.
    """

    likeness: int
    sharpness: float | None
    blown: int
    blocked: int


def see(clean: Any, grid: Any) -> Sight:
    """Measure: sharpness from the large sRGB picture, the rest from the small one."""
    blown, blocked = exposure(grid)
    return Sight(likeness(grid), sharpness(clean), blown, blocked)


def see_small(grid: Any) -> Sight:
    """What a grid picture alone can tell: no sharpness."""
    blown, blocked = exposure(grid)
    return Sight(likeness(grid), None, blown, blocked)


def likeness(grid: Any) -> int:
    """The difference hash: is each of 8 × 8 points brighter than its neighbour to the right?"""
    tiny = grid.extract_band(0, n=3).thumbnail_image(COLUMNS, height=ROWS, size="force").colourspace("b-w")
    pixels = bytes(tiny.extract_band(0).write_to_memory())
    bits = 0
    for row in range(ROWS):
        line = pixels[row * COLUMNS : (row + 1) * COLUMNS]
        for left, right in itertools.pairwise(line):
            bits = bits << 1 | (left > right)
    return bits - (1 << 64) if bits >> 63 else bits


def sharpness(clean: Any) -> float:
    """Green carries most of the brightness, so no conversion is paid for."""
    shrink = max(clean.width, clean.height) / EDGE
    grey = clean.extract_band(1)
    if shrink > 1:
        grey = grey.shrink(shrink, shrink)
    energy = grey.conv(LAPLACIAN, precision="integer").maplut(SQUARE)
    parts = energy.shrink(max(1, energy.width // PARTS), max(1, energy.height // PARTS))
    values = sorted(struct.unpack(f"{parts.width * parts.height}f", bytes(parts.write_to_memory())))
    sharpest = values[-SHARPEST:]
    return round(sum(sharpest) / len(sharpest), 1)


def exposure(grid: Any) -> tuple[int, int]:
    """(blown, blocked): per mille of pixels whose green is at the very end of the scale."""
    counts = struct.unpack("256I", bytes(grid.extract_band(1).hist_find().write_to_memory()))
    total = sum(counts) or 1
    return round(1000 * sum(counts[WHITE:]) / total), round(1000 * sum(counts[: BLACK + 1]) / total)
