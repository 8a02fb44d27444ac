"""The mark burnt into every proof: studio and order number, tiled, so that a leaked proof names its owner.

Fail closed: whatever prevents a readable mark raises Unmarkable, and then there is no proof.
"""

from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from selection.imaging import pyvips

FONT = "Noto Sans SC"
STRENGTH = 0.36  # of white over the photograph
EDGE = 0.22  # of black around the letters, so that they show on white gowns too
ANGLE = -22
LONGEST_NAME = 24
SOLID = 128  # of 255: what drawn letters reach at least


class Unmarkable(Exception):
    """No mark could be drawn."""


def font_file() -> Path:
    """The font that ships as a package: server fonts differ, and a missing Chinese font draws empty boxes."""
    import pylopdf_fonts_zh_cn

    path = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    if not path.is_file():
        message = f"the watermark's font is missing: {path}"
        raise Unmarkable(message)
    return path


def watermark_text(studio: str, order: str) -> str:
    """What the mark says."""
    name = "".join(letter for letter in studio if letter.isprintable())[:LONGEST_NAME].strip()
    return f"{name} {order}".strip()


def mark(image: Any, text: str) -> Any:
    """The RGB image with the mark all over it. Raises Unmarkable."""
    tiles = _tile(text, _point_size(max(image.width, image.height)))
    across, down = image.width // tiles[0].width + 1, image.height // tiles[0].height + 1
    mask, ink = (tile.replicate(across, down).crop(0, 0, image.width, image.height) for tile in tiles)
    return mask.ifthenelse(ink, image, blend=True)  # whole-number blending: 3× cheaper than `composite`


def _point_size(long_edge: int) -> int:
    """Letters grow with the picture; small pictures still hold the whole text at least once."""
    return max(9, long_edge // 54)


@lru_cache(maxsize=32)
def _tile(text: str, size: int) -> tuple[Any, Any]:
    """(alpha, ink): white letters with a dark edge, to be repeated; every second row is shifted."""
    try:
        drawn = pyvips.Image.text(escape(text), font=f"{FONT} {size}", fontfile=str(font_file()), dpi=72)
        if not text or drawn.bands != 1 or drawn.max() < SOLID:
            message = f"no ink: {text!r}"
            raise Unmarkable(message)
        gap = size * 2
        cell = drawn.embed(gap, gap, drawn.width + 2 * gap, drawn.height + 2 * gap).rotate(ANGLE)
        tile = cell.join(cell.wrap(x=cell.width // 2, y=0), "vertical").copy_memory()
        letters = tile * (STRENGTH / 255)
        edge = tile.gaussblur(max(1.0, size / 16)) * (2 * EDGE / 255)
        edge = (edge > EDGE).ifthenelse(EDGE, edge)
        alpha = letters + edge * (letters * -1 + 1)
        ink = letters / (alpha + 1e-6) * 255
        mask, ink = (alpha * 255).cast("uchar").copy_memory(), ink.cast("uchar").copy_memory()
    except pyvips.Error as error:
        raise Unmarkable(str(error)) from error
    if mask.max() < SOLID * STRENGTH:
        message = f"no ink: {text!r}"
        raise Unmarkable(message)
    return mask, ink.bandjoin([ink, ink]).copy_memory()
