"""A signature drawn by hand, as points: small, checked, and drawn again as one SVG path.

`{"h": height, "strokes": [[x, y, x, y, …], …]}` in whole units of a thousandth of the field's width. No pressure and no
times are kept: how a hand moves is biometric, and what was agreed is proven by other means.
"""

import hashlib
import itertools
import json
from typing import Any

WIDTH = 1000
HEIGHTS = range(100, 1501)
MOST_STROKES, MOST_POINTS, MOST_TEXT = 80, 3000, 40_000
LEAST_INK = 120  # units travelled by the pen: less is a slip of the finger

Drawing = dict[str, Any]


def parsed(text: str) -> Drawing | None:
    """The drawing that a form field holds; None when nothing was drawn. Raises ValueError for anything else."""
    if not text.strip():
        return None
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    try:
        found = checked(json.loads(text))
    except RecursionError as error:
        raise ValueError("nested") from error
    return found if found["strokes"] else None


def checked(given: Any) -> Drawing:
    """The same drawing with nothing else in it. Raises ValueError unless shape, size and bounds are right."""
    if not isinstance(given, dict) or not _is_whole(given.get("h")) or given["h"] not in HEIGHTS:
        raise ValueError("height")
    strokes = given.get("strokes")
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES or not all(isinstance(s, list) for s in strokes):
        raise ValueError("strokes")
    if sum(len(stroke) for stroke in strokes) > 2 * MOST_POINTS or not all(_is_sound(s, given["h"]) for s in strokes):
        raise ValueError("points")
    return {"h": given["h"], "strokes": [list(stroke) for stroke in strokes]}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_sound(stroke: list[Any], height: int) -> bool:
    """Pairs of whole numbers inside the field."""
    if len(stroke) < 2 or len(stroke) % 2 or not all(_is_whole(value) for value in stroke):
        return False
    return all(0 <= x <= WIDTH for x in stroke[::2]) and all(0 <= y <= height for y in stroke[1::2])


def ink(drawing: Drawing) -> int:
    """How far the pen travelled, in units."""
    return sum(
        abs(stroke[i] - stroke[i - 2]) + abs(stroke[i + 1] - stroke[i - 1])
        for stroke in drawing["strokes"]
        for i in range(2, len(stroke), 2)
    )


def canonical(drawing: Drawing) -> str:
    """One text for one drawing."""
    return json.dumps(drawing, sort_keys=True, separators=(",", ":"))


def fingerprint(drawing: Drawing) -> str:
    """SHA-256 of the drawing's one text."""
    return hashlib.sha256(canonical(drawing).encode()).hexdigest()


def hand(drawing: Drawing | None) -> dict[str, str]:
    """For evidence: the drawn signature's own hash, beside that of what was agreed; nothing when none was drawn."""
    return {"drawing_sha256": fingerprint(drawing)} if drawing else {}


def path(drawing: Drawing) -> str:
    """The SVG path of a checked drawing: numbers and letters only. Curves go through the middles between points."""
    return " ".join(_curve(stroke) for stroke in drawing["strokes"])


def _curve(stroke: list[int]) -> str:
    points = list(zip(stroke[::2], stroke[1::2], strict=True))
    (x, y), rest = points[0], points[1:]
    if not rest:
        return f"M{x} {y}h1"  # a dot, by round ends
    parts = [f"M{x} {y}"]
    for (x, y), (after_x, after_y) in itertools.pairwise(rest):
        parts.append(f"Q{x} {y} {(x + after_x) / 2:g} {(y + after_y) / 2:g}")
    return "".join([*parts, f"L{rest[-1][0]} {rest[-1][1]}"])
