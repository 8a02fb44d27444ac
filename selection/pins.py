"""Pins on a photograph: what is meant exactly there, in thousandths of the picture, on the revision of that day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from selection.enums import Wish, wish_labels

MOST = 5
TEXT_LENGTH = 60
EDGE = 1000  # x and y run from 0 to here


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin: `number` counts from 1, `tag` is a Wish or "", `rev` the revision of the file on which it was set."""

    number: int
    x: int
    y: int
    tag: str
    text: str
    rev: int

    @property
    def wish(self) -> str:
        """The tag as people read it."""
        return wish_labels([self.tag])[0] if self.tag else ""

    @property
    def left(self) -> str:
        """How far from the left, as CSS and SVG write it."""
        return f"{self.x / 10:g}%"

    @property
    def top(self) -> str:
        return f"{self.y / 10:g}%"

    @property
    def said(self) -> str:
        return " ".join(part for part in (self.wish, self.text) if part)

    @property
    def line(self) -> str:
        """For lists and sidecars: number, where (per cent from the left and from the top), what."""
        return f"({self.number}) {self.x / 10:.0f}%, {self.y / 10:.0f}% {self.said}".rstrip()


def pins_of(stored: Iterable[Mapping[str, Any]]) -> list[Pin]:
    """A note's pins in their order."""
    return [
        Pin(number, int(one["x"]), int(one["y"]), str(one["tag"]), str(one["text"]), int(one["rev"]))
        for number, one in enumerate(stored, start=1)
    ]


def settled(given: Iterable[Mapping[str, Any]], revision: int) -> list[dict[str, Any]] | None:
    """What is stored of pins from outside; None when they cannot be meant (more than MOST, beside the picture).

    `revision`: the file's present one; a pin never claims a later one.
    """
    pins = []
    for one in given:
        x, y, tag, text = one["x"], one["y"], one.get("tag", ""), str(one.get("text", "")).strip()
        beside = not (0 <= x <= EDGE and 0 <= y <= EDGE)
        if beside or len(text) > TEXT_LENGTH or (tag and tag not in Wish.values):
            return None
        rev = min(max(1, one.get("rev") or revision), max(1, revision))
        pins.append({"x": int(x), "y": int(y), "tag": tag, "text": text, "rev": rev})
    return pins if len(pins) <= MOST else None
