"""What a visit consists of: a chain of blocks, each with its needs. Pure; minutes count from the chain's start.

As JSON (a package's terms, a waiting entry): `[{"name": "化妆", "minutes": 120, "gap": 0, "needs": [{"kind":
"makeup_artist", "skill": "", "count": 1}]}]`. `gap`: minutes before the block in which nobody works (a meal, the way).
A need of the same kind and skill in several blocks is served by one and the same resource: the photographer stays,
unless the blocks overlap (a negative gap): nobody is in two places. Packages write it their way (core.catalog.terms):
needs as bare kinds, once for each head, and `offset` from the beginning in place of `gap`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from core.kernel.errors import Refusal
from core.scheduling.enums import AppointmentKind, ResourceKind

STEP = 5  # minutes; everything in a calendar is a multiple of it
MOST_BLOCKS, MOST_NEEDS, LONGEST = 12, 12, 24 * 60


@dataclass(frozen=True, slots=True)
class Need:
    """`count` resources of the kind, having the skill if one is named."""

    kind: str
    skill: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """One step of a visit."""

    name: str
    minutes: int
    needs: tuple[Need, ...] = ()
    gap: int = 0


Chain = tuple[Block, ...]
Span = tuple[int, int, int]  # from, until (minutes from the chain's start), position of the block
Run = tuple[int, int, tuple[int, ...]]  # from, until (buffers included), positions of the blocks served


@dataclass(frozen=True, slots=True)
class Role:
    """One resource through the chain: the `nth` of its kind and skill, needed in `spans`."""

    kind: str
    skill: str
    nth: int
    spans: tuple[Span, ...]


def ceil_step(minutes: int) -> int:
    """Up to the next multiple of STEP."""
    return -(-minutes // STEP) * STEP


def chain_of(told: Iterable[Any]) -> Chain:
    """The chain that JSON tells. Refusal chain.unsound for what cannot be planned."""
    try:
        chain = _blocks(list(told))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal("chain.unsound") from None
    if not 0 < len(chain) <= MOST_BLOCKS or not 0 < length_of(chain) <= LONGEST:
        raise Refusal("chain.unsound")
    return chain


def _blocks(told: list[Any]) -> Chain:
    chain: list[Block] = []
    end = 0
    for row in sorted(told, key=lambda one: int(one.get("offset") or 0)):
        given = int(row["offset"]) - end if "offset" in row else int(row.get("gap") or 0)
        gap, minutes = (ceil_step(given) if chain else 0), ceil_step(int(row["minutes"]))
        needs = _needs(row.get("needs") or ())
        end += gap + minutes
        if minutes <= 0 or end - minutes < 0 or sum(need.count for need in needs) > MOST_NEEDS:
            raise ValueError(row)
        chain.append(Block(str(row.get("name") or "")[:40], minutes, needs, gap))
    return tuple(chain)


def _needs(told: Iterable[Any]) -> tuple[Need, ...]:
    """Each kind and skill once, with how many of it."""
    counts: dict[tuple[str, str], int] = {}
    for one in told:
        row = {"kind": one} if isinstance(one, str) else one
        key, heads = (str(ResourceKind(row["kind"])), str(row.get("skill") or "")[:20]), int(row.get("count") or 1)
        if heads < 1:
            raise ValueError(one)
        counts[key] = counts.get(key, 0) + heads
    return tuple(Need(kind, skill, heads) for (kind, skill), heads in counts.items())


def told_of(chain: Iterable[Block]) -> list[dict[str, Any]]:
    """The chain as JSON."""
    return [
        {"name": block.name, "minutes": block.minutes, "gap": block.gap, "needs": needs_told(block.needs)}
        for block in chain
    ]


def needs_told(needs: Iterable[Need]) -> list[dict[str, Any]]:
    return [{"kind": need.kind, "skill": need.skill, "count": need.count} for need in needs]


def length_of(chain: Sequence[Block]) -> int:
    """Minutes from the first block's start to the last end."""
    return max((hi for _lo, hi, _position in spans_of(chain)), default=0)


def spans_of(chain: Sequence[Block]) -> list[Span]:
    """From, until and position of each block."""
    spans, at = [], -chain[0].gap if chain else 0
    for position, block in enumerate(chain):
        spans.append((at + block.gap, at + block.gap + block.minutes, position))
        at += block.gap + block.minutes
    return spans


def roles_of(chain: Sequence[Block]) -> list[Role]:
    """Everybody and everything the chain needs, each once."""
    found: dict[tuple[str, str, int], list[Span]] = {}
    for span, block in zip(spans_of(chain), chain, strict=True):
        for need in block.needs:
            for _ in range(need.count):
                nth = next(n for n in count() if not _meets(span, found.get((need.kind, need.skill, n), ())))
                found.setdefault((need.kind, need.skill, nth), []).append(span)
    return [Role(kind, skill, nth, tuple(spans)) for (kind, skill, nth), spans in found.items()]


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < hi and lo < span[1] for lo, hi, _position in others)


def runs_of(spans: Iterable[Span], before: int, after: int) -> list[Run]:
    """The times that a resource with these buffers is taken for: spans whose buffers touch are one run."""
    runs: list[Run] = []
    for lo, hi, position in sorted(spans):
        if runs and lo - before <= runs[-1][1]:
            start, end, positions = runs[-1]
            runs[-1] = (start, max(end, hi + after), (*positions, position))
        else:
            runs.append((lo - before, hi + after, (position,)))
    return runs


def _usual(*blocks: tuple[str, int, list[tuple[str, str]]]) -> Chain:
    return tuple(
        Block(name, minutes, tuple(Need(kind, skill) for kind, skill in needs)) for name, minutes, needs in blocks
    )


K = ResourceKind
USUAL: dict[str, Chain] = {  # where no package says otherwise; names are the trade's and kept with the appointment
    AppointmentKind.FITTING: _usual(("试穿", 90, [(K.GOWN_MASTER, "")])),
    AppointmentKind.TRIAL: _usual(("试妆", 60, [(K.MAKEUP_ARTIST, "")])),
    AppointmentKind.SHOOT: _usual(
        ("化妆", 90, [(K.MAKEUP_ARTIST, "")]),
        ("拍摄", 240, [(K.PHOTOGRAPHER, ""), (K.MAKEUP_ARTIST, ""), (K.ROOM, "")]),
    ),
    AppointmentKind.RETAKE: _usual(("补拍", 120, [(K.PHOTOGRAPHER, ""), (K.ROOM, "")])),
    AppointmentKind.SELECTION: _usual(("选片", 120, [(K.SELECTION_ADVISER, ""), (K.SELECTION_SEAT, "")])),
    AppointmentKind.VIEWING: _usual(("看样", 60, [(K.SELECTION_SEAT, "")])),
    AppointmentKind.PICKUP: _usual(("取件", 30, [])),
    AppointmentKind.OTHER: _usual(("预约", 60, [])),
}
