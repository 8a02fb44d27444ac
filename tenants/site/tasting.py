"""A small taste of choosing photographs: twelve pictures, eight included, an extra one has its price. No studio needed.

The pictures belong to the product (`static/img/try`), so the page works on a platform that nobody has furnished.
"""

from collections.abc import Iterable
from dataclasses import dataclass

PICTURES = 12
INCLUDED = 8
EXTRA_MINOR = 4800
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Bill:
    chosen: int
    included: int
    extra: int
    minor: int

    @property
    def left(self) -> int:
        return max(0, self.included - self.chosen)


def chosen_of(texts: Iterable[str]) -> set[int]:
    """The pictures that a query names; nonsense is not among them."""
    return {int(text) for text in texts if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= PICTURES}


def bill_of(chosen: set[int]) -> Bill:
    """What the choice costs beyond the package, as the product reckons it."""
    extra = max(0, len(chosen) - INCLUDED)
    return Bill(len(chosen), INCLUDED, extra, extra * EXTRA_MINOR)
