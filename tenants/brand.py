"""A studio's hue becomes its colours, readable by construction: every text and its ground differ by 4.5:1 or more.

Colours are chosen in OKLCH, where equal lightness looks equal in every hue, and moved along lightness until they pass.
"""

import hashlib
import math
from collections.abc import Iterable
from functools import lru_cache

VERSION = 1
CONTRAST = 4.6  # WCAG AA asks for 4.5; the rest is for rounding to eight bits
Rgb = tuple[float, float, float]

LIGHT_GROUNDS = ("#FFFFFF", "#F7F5F2", "#EDEAE4")  # --bg, --bg2, --bg3 of css/tokens.css
DARK_GROUNDS = ("#131211", "#1C1A18", "#272421")


@lru_cache(maxsize=361)
def stylesheet(hue: int | None) -> str:
    """The three brand colours for light and dark as CSS; empty for the house colour (hue None)."""
    if hue is None:
        return ""
    light, dark = (
        f"--brand: {brand}; --on-brand: {on}; --brand-soft: {soft};"
        for brand, on, soft in (light_set(hue), dark_set(hue))
    )
    return (
        f":root {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} }} }}\n"
        f":root[data-theme=dark] {{ {dark} }}\n"
    )


def tag_of(hue: int | None) -> str:
    """A name for the stylesheet of a hue: its content's digest."""
    return hashlib.sha256(f"{VERSION}{stylesheet(hue)}".encode()).hexdigest()[:16]


def hue_of(colour: str) -> int:
    """The hue (0–359) of a hex colour, whatever its lightness. Raises ValueError for what is none."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(colour)
    rgb = [_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    cone = [
        sum(weight * part for weight, part in zip(row, rgb, strict=True)) ** (1 / 3)
        for row in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    ]
    a = 1.9779984951 * cone[0] - 2.4285922050 * cone[1] + 0.4505937099 * cone[2]
    b = 0.0259040371 * cone[0] + 0.7827717662 * cone[1] - 0.8086757660 * cone[2]
    return round(math.degrees(math.atan2(b, a))) % 360


def readable(colour: str) -> tuple[bool, bool]:
    """Whether a hex colour itself is readable as text on light pages, and on dark ones (WCAG AA)."""
    return (
        all(contrast(colour, ground) >= 4.5 for ground in LIGHT_GROUNDS),
        all(contrast(colour, ground) >= 4.5 for ground in DARK_GROUNDS),
    )


def light_set(hue: int) -> tuple[str, str, str]:
    """(brand, text on it, soft ground) on light pages."""
    soft = _hex(_oklch(0.955, 0.02, hue))
    grounds = (*LIGHT_GROUNDS, soft)
    steps = (_hex(_oklch(0.56 - step / 100, 0.155, hue)) for step in range(40))
    return _first(steps, grounds), "#FFFFFF", soft


def dark_set(hue: int) -> tuple[str, str, str]:
    """(brand, text on it, soft ground) on dark pages."""
    soft, on = _hex(_oklch(0.27, 0.045, hue)), _hex(_oklch(0.18, 0.04, hue))
    grounds = (*DARK_GROUNDS, soft, on)
    steps = (_hex(_oklch(0.70 + step / 100, 0.12, hue)) for step in range(29))
    return _first(steps, grounds), on, soft


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two hex colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _first(colours: Iterable[str], grounds: Iterable[str]) -> str:
    return next(colour for colour in colours if all(contrast(colour, ground) >= CONTRAST for ground in grounds))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _oklch(lightness: float, chroma: float, hue: int) -> Rgb:
    """Linear sRGB; the chroma is lowered until the colour exists on screens."""
    while True:
        rgb = _oklab(lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue)))
        if chroma <= 0 or all(-1e-4 <= part <= 1.0001 for part in rgb):
            return rgb
        chroma = max(0, chroma - 0.004)


def _oklab(lightness: float, a: float, b: float) -> Rgb:
    """Björn Ottosson's OKLab → linear sRGB."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(255 * _gamma(min(1, max(0, part)))):02X}" for part in rgb)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
