"""The demo studios' logos: drawn point by point (libvips reads no SVG in this product), taken by its own verb."""

from typing import Any

import pyvips

from core.studios import brand

SIDE = 640  # drawn large, kept small: that makes the edges smooth
Colour = tuple[int, int, int]
CINNABAR, EMBER, CREAM = (217, 86, 63), (150, 40, 26), (255, 246, 232)
LAKE, DEEP, SUN, MIST = (38, 110, 156), (16, 54, 84), (247, 217, 160), (207, 230, 242)


def wear(studio: Any, actor: str, draw: Any, *, hue: int | None = None) -> None:
    """Give the studio a logo and, where told, a colour."""
    picture = _rounded(draw()).resize(0.5).cast("uchar").copy(interpretation="srgb")
    brand.set_logo(studio=studio, actor=actor, body=bytes(picture.pngsave_buffer()))
    if hue is not None:
        brand.set_hue(studio=studio, actor=actor, hue=hue)


def aperture() -> Any:
    """光影: six blades around a light, each a little brighter than the one before."""
    x, y = _places()
    far = (x * x + y * y) ** 0.5
    turn = (y.math2(x, "atan2") + far * 0.35 + 360) % 360
    ground = _blend((y + SIDE / 2) / SIDE, CINNABAR, EMBER)
    blades = ((turn / 60).floor() / 5 * 0.62 + 0.3) * ((turn % 60) > 2.5).ifthenelse(1, 0.4)
    shown = (far < 250).ifthenelse(_over(ground, CREAM, blades), ground)
    return (far < 62).ifthenelse(list(map(float, CREAM)), shown)


def shore() -> Any:
    """湖畔: a low sun over a lake and its light in the water."""
    x, y = _places()
    sky = _blend((y + SIDE / 2) / SIDE, LAKE, DEEP)
    sun = ((x * x + (y + 70) ** 2) ** 0.5 < 118).ifthenelse(list(map(float, SUN)), sky)
    hills = y > (x * 0.8).math("sin") * 26 + 8
    land = hills.ifthenelse(list(map(float, DEEP)), sun)
    wave = ((y - 86) % 52 < 16) & (y > 86) & (y < 240) & (x.abs() < (270 - y) * 0.85)
    return wave.ifthenelse(list(map(float, MIST)), land)


def _places() -> tuple[Any, Any]:
    """Each point's place, counted from the middle."""
    here = pyvips.Image.xyz(SIDE, SIDE) - SIDE / 2
    return here[0], here[1]


def _blend(share: Any, one: Colour, other: Colour) -> Any:
    return share.bandjoin([share, share]) * [b - a for a, b in zip(one, other, strict=True)] + list(one)


def _over(ground: Any, colour: Colour, share: Any) -> Any:
    return ground * (share * -1 + 1) + share.bandjoin([share, share]) * list(colour)


def _rounded(picture: Any) -> Any:
    """With corners that are not there."""
    x, y = _places()
    edge, round_by = SIDE / 2, 140
    outside = [(each.abs() - (edge - round_by)) for each in (x, y)]
    over = [(each > 0).ifthenelse(each, 0) for each in outside]
    return picture.bandjoin(((over[0] ** 2 + over[1] ** 2) ** 0.5 < round_by).ifthenelse(255, 0))
