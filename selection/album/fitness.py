"""What a designer should look at again before a spread is printed. Warned of, never refused. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

LONG_EDGE = 2360  # a spread of 40 cm at 150 dpi: below it print gets soft
SAME = 0.01  # ratios that differ by less are the same

SENTENCES = {
    "ratio": _("Another shape than the album’s other spreads: it will be cropped or get borders."),
    "size": _("Another size in pixels than the album’s other spreads."),
    "small": _("Too few pixels for print: less than 150 dpi on 40 cm."),
}


def concerns(spreads: Sequence[Any]) -> dict[int, list[str]]:
    """Spread id → what is doubtful about it, worst first; those without doubt are not in it. The usual is what most of
    the spreads share; with two spreads nobody knows which is wrong, and both are named.
    """
    known = [spread for spread in spreads if spread.width and spread.height]
    sizes = Counter((spread.width, spread.height) for spread in known)
    usual = [size for size, n in sizes.items() if n == max(sizes.values())] if sizes else []
    found: dict[int, list[str]] = {}
    for spread in known:
        said = []
        if len(usual) > 1 or (spread.width, spread.height) != usual[0]:
            others = [size for size in usual if size != (spread.width, spread.height)]
            said.append("ratio" if any(_differs(spread, size) for size in others) else "size")
        if max(spread.width, spread.height) < LONG_EDGE:
            said.append("small")
        if said:
            found[spread.pk] = said
    return found


def _differs(spread: Any, size: tuple[int, int]) -> bool:
    return abs(spread.width / spread.height / (size[0] / size[1]) - 1) > SAME
