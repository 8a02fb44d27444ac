"""Similar shots: which photographs belong to one stack, which of a stack is the sharpest, and what looks soft or dark.

Pure: numbers in, numbers out. A thousand photographs take a few milliseconds.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selection.culling.enums import Hint

WINDOW = 8  # so many earlier shots are compared: a second camera's pictures may lie between two of a burst
NEVER = 2**40
SOFT, SOFT_SHARE = 60.0, 0.3  # absolutely, and against the gallery's median
BLOWN, BLOCKED = 120, 450  # per mille: a white gown or a night sky alone is below it


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph as stacks see it. `at` seconds; None: the camera said no time."""

    number: int
    at: int | None = None
    likeness: int | None = None
    sharpness: float | None = None
    blown: int | None = None
    blocked: int | None = None
    by_hand: bool = False
    hidden: bool = False


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two hashes differ (both signed)."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def stacks(shots: Iterable[Shot], gap: int, most: int) -> dict[int, int]:
    """Number → number of the stack's first shot, for every shot that is not alone.

    Two shots are of one stack when at most `gap` seconds and `most` bits lie between them, directly or by others.
    Shots stacked by hand are left out: they keep what they have.
    """
    row = sorted((s for s in shots if not s.by_hand and s.likeness is not None), key=_when)
    head = {shot.number: shot.number for shot in row}

    def find(number: int) -> int:
        while head[number] != number:
            head[number] = head[head[number]]
            number = head[number]
        return number

    for i, shot in enumerate(row):
        for other in reversed(row[max(0, i - WINDOW) : i]):
            if not _near(other, shot, gap):
                break
            if distance(other.likeness or 0, shot.likeness or 0) <= most:
                one, two = sorted((find(other.number), find(shot.number)))
                head[two] = one
    named = {number: find(number) for number in head}
    sizes: dict[int, int] = {}
    for name in named.values():
        sizes[name] = sizes.get(name, 0) + 1
    return {number: name for number, name in named.items() if sizes[name] > 1}


def _when(shot: Shot) -> tuple[int, int]:
    return (NEVER if shot.at is None else shot.at, shot.number)


def _near(earlier: Shot, later: Shot, gap: int) -> bool:
    """Without times only neighbours by number can be of one burst."""
    if earlier.at is None or later.at is None:
        return earlier.at is later.at and later.number - earlier.number <= 1
    return later.at - earlier.at <= gap


def best_of(shots: Iterable[Shot], stack_of: dict[int, int]) -> list[int]:
    """The sharpest visible shot of every stack of at least two: a suggestion."""
    best: dict[int, Shot] = {}
    sizes: dict[int, int] = {}
    for shot in shots:
        name = stack_of.get(shot.number)
        if name is None:
            continue
        sizes[name] = sizes.get(name, 0) + 1
        if not shot.hidden and (name not in best or (shot.sharpness or 0) > (best[name].sharpness or 0)):
            best[name] = shot
    return sorted(shot.number for name, shot in best.items() if sizes[name] > 1)


def hints(shots: Sequence[Shot]) -> dict[int, list[str]]:
    """Number → what deserves a second look. Soft is judged against the other photographs of the gallery too."""
    known = [shot.sharpness for shot in shots if shot.sharpness is not None]
    line = max(SOFT, SOFT_SHARE * statistics.median(known)) if known else SOFT
    found = {shot.number: _hints(shot, line) for shot in shots}
    return {number: said for number, said in found.items() if said}


def _hints(shot: Shot, line: float) -> list[str]:
    said: list[str] = []
    if shot.sharpness is not None and shot.sharpness < line:
        said.append(Hint.SOFT)
    if (shot.blown or 0) > BLOWN:
        said.append(Hint.BRIGHT)
    if (shot.blocked or 0) > BLOCKED:
        said.append(Hint.DARK)
    return said


def look_breaks(times: Sequence[tuple[int, int]], gap_minutes: int) -> list[list[int]]:
    """(number, second) in order of time → groups of numbers, parted where nothing was taken for `gap_minutes`.

    Changing a gown takes a while, changing a pose does not.
    """
    groups: list[list[int]] = []
    before: int | None = None
    for number, second in sorted(times, key=lambda pair: (pair[1], pair[0])):
        if before is None or second - before > gap_minutes * 60:
            groups.append([])
        groups[-1].append(number)
        before = second
    return groups
