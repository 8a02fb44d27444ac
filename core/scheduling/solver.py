"""Which starts fit a chain, who serves them, and why none fits. Everything after `load_scene` is arithmetic on bits."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.scheduling.bits import eroded, ones, shifted
from core.scheduling.chains import STEP, Chain, Role, length_of, needs_told, roles_of, runs_of, spans_of
from core.scheduling.hours import instant_of
from core.scheduling.scene import Candidate, Scene


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A block with its time and who serves it (resource ids): what services.hold wants."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    resources: tuple[int, ...]
    needs: list[dict[str, Any]] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that fits. `crew`: the resource of each role, in the order of `roles_of(chain)`."""

    minute: int  # since the epoch
    chain: Chain
    crew: tuple[Candidate, ...]
    lent: tuple[str, ...] = ()  # names of those who come from another branch

    @property
    def starts_at(self) -> dt.datetime:
        return instant_of(self.minute)

    @property
    def ends_at(self) -> dt.datetime:
        return instant_of(self.minute + length_of(self.chain))

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.crew]

    def plan(self) -> list[PlannedBlock]:
        """The chain with its times and resources."""
        roles = roles_of(self.chain)
        blocks = []
        for (lo, hi, position), block in zip(spans_of(self.chain), self.chain, strict=True):
            at = tuple(
                one.pk for role, one in zip(roles, self.crew, strict=True) if any(s[2] == position for s in role.spans)
            )
            starts, ends = instant_of(self.minute + lo), instant_of(self.minute + hi)
            blocks.append(PlannedBlock(block.name, starts, ends, at, needs_told(block.needs)))
        return blocks


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is nothing on these days. `reason`: closed (the branch) · short (open hours too short for the chain) ·
    missing (nobody has this kind and skill) · off (not rostered, on leave) · taken (booked) · together (each alone has
    time, but never all at once) · past (too soon). `block`, `kind`, `skill`: what lacks, where one does.
    """

    reason: str
    days: tuple[dt.date, ...]
    block: str = ""
    kind: str = ""
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the search is for, beside the chain."""

    grid: int = 30
    prefer: tuple[int, ...] = ()  # resources that come first if they are free
    require: tuple[int, ...] = ()  # resources that must be part of it
    window: tuple[int, int] = (0, 1440)  # minutes of the day in which it may start
    weekdays: tuple[int, ...] = ()  # empty: all
    not_before: int = 0  # minutes since the epoch


class Solver:
    """One search. `starts`: bits at which the whole chain fits; `slot_at` names the crew."""

    def __init__(self, scene: Scene, chain: Chain, wanted: Wanted) -> None:
        self.scene, self.chain, self.wanted = scene, chain, wanted
        self.roles = roles_of(chain)
        self.ranked = [self._ranked(role) for role in self.roles]
        self.masks = [
            {one.pk: self._starts_of(one, role) for one in some}
            for role, some in zip(self.roles, self.ranked, strict=True)
        ]
        self.any = [_union(masks.values()) for masks in self.masks]
        self.hours = eroded(scene.open, length_of(chain) // STEP)
        self.grid = self._grid_mask()
        self.starts = self.hours & self.grid
        for mask in self.any:
            self.starts &= mask

    def _ranked(self, role: Role) -> list[Candidate]:
        """Who could serve, best first: asked for, known to the customer, of this branch, with the fewest bookings."""
        wanted, home = self.wanted, self.scene.branch.pk
        order = {pk: i for i, pk in enumerate(wanted.prefer)}
        fit = [one for one in self.scene.candidates if one.fits(role.kind, role.skill)]
        return sorted(
            fit,
            key=lambda one: (
                one.pk not in wanted.require,
                order.get(one.pk, len(order)),
                not (one.known and one.is_person),
                one.branch_id != home,
                one.load,
                one.position,
                one.pk,
            ),
        )

    def _starts_of(self, one: Candidate, role: Role) -> int:
        """Bits at which the chain could start as far as this resource in this role goes."""
        found = self.scene.axis.all
        for lo, hi, _position in role.spans:
            found &= shifted(eroded(one.works, (hi - lo) // STEP), lo // STEP)
        for lo, hi, _positions in runs_of(role.spans, one.before, one.after):
            first = lo // STEP
            found &= shifted(eroded(one.free, -(-hi // STEP) - first), first)
        return found

    def _grid_mask(self) -> int:
        """Bits at which a visit may start at all: the grid of the wall clock, from `not_before` on."""
        found, scene, wanted = 0, self.scene, self.wanted
        low, high = wanted.window
        for day in scene.days:
            if wanted.weekdays and day.weekday() not in wanted.weekdays:
                continue
            for minute in range(-(-low // wanted.grid) * wanted.grid, high, wanted.grid):
                at = scene.wall.minute(day, minute)
                if at >= wanted.not_before:
                    found |= 1 << scene.axis.bit(at)
        return found

    def slots(self) -> Iterator[Slot]:
        """Every start that fits, earliest first."""
        for bit in ones(self.starts):
            if slot := self.slot_at(bit):
                yield slot

    def slot_at(self, bit: int) -> Slot | None:
        """The best crew for a start, or None when the same one is wanted twice over."""
        crew = self._crew(bit, 0, ())
        if crew is None or not set(self.wanted.require) <= {one.pk for one in crew}:
            return None
        lent = tuple(one.name for one in crew if one.branch_id != self.scene.branch.pk)
        return Slot(self.scene.axis.minute(bit), self.chain, crew, lent)

    def _crew(self, bit: int, at: int, chosen: tuple[Candidate, ...]) -> tuple[Candidate, ...] | None:
        if at == len(self.roles):
            return chosen
        masks = self.masks[at]
        for one in self.ranked[at]:
            if one not in chosen and masks[one.pk] >> bit & 1:
                found = self._crew(bit, at + 1, (*chosen, one))
                if found is not None:
                    return found
        return None

    # -- Why not -----------------------------------------------------------------------------------------------------
    def why(self) -> list[Why]:
        """For each day without a start what stood in the way, days with the same reason together."""
        found: dict[tuple[str, str, str, str], list[dt.date]] = {}
        for day in self.scene.days:
            mask = self.scene.day_mask(day)
            if self.starts & mask and any(self.slot_at(bit) for bit in ones(self.starts & mask)):
                continue
            for reason in self._reasons(day, mask):
                found.setdefault(reason, []).append(day)
        return [Why(reason, tuple(days), block, kind, skill) for (reason, block, kind, skill), days in found.items()]

    def _reasons(self, day: dt.date, mask: int) -> list[tuple[str, str, str, str]]:
        if not self.scene.open & mask:
            return [("closed", "", "", "")]
        if not self.hours & mask:
            return [("short", "", "", "")]
        if not self.grid & mask:
            return [("past", "", "", "")]
        lacking = [
            (self._lack(i, mask), self.chain[role.spans[0][2]].name, role.kind, role.skill)
            for i, role in enumerate(self.roles)
            if not self.any[i] & self.hours & self.grid & mask
        ]
        return lacking or [("together", "", "", "")]

    def _lack(self, i: int, mask: int) -> str:
        """Missing · off · taken, for a role that nobody fills that day."""
        role, found = self.roles[i], self.ranked[i]
        if not found:
            return "missing"
        for one in found:
            works = self.scene.axis.all
            for lo, hi, _position in role.spans:
                works &= shifted(eroded(one.works, (hi - lo) // STEP), lo // STEP)
            if works & self.hours & self.grid & mask:
                return "taken"
        return "off"


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
