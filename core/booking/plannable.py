"""Whether the branches have whom and what a package's shoot asks for. Answers only; rosters and leave apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.booking.chains import shoot_chain
from core.booking.shop import shops
from core.kernel.errors import Refusal
from core.scheduling.chains import Chain, Role, length_of, roles_of
from core.scheduling.hours import USUAL_HOURS
from core.scheduling.models import OpeningHours, Resource


@dataclass(frozen=True, slots=True)
class Short:
    """Of a kind (with a skill) the shoot needs more than there is."""

    kind: str
    skill: str
    needed: int
    there: int


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a branch cannot plan a shoot. `clash`: enough of each kind, but the same people would be needed twice at
    once; `minutes`: longer than its longest day.
    """

    branch: Any
    short: tuple[Short, ...] = ()
    clash: bool = False
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Plannable:
    """What publishing must know. `unsound`: no chain at all can be made of the terms."""

    branches: int
    lacks: tuple[Lack, ...] = ()
    has_resources: bool = True
    unsound: bool = False

    @property
    def is_nowhere(self) -> bool:
        """No branch that is open can plan it. A studio that keeps no calendar yet is only told."""
        return self.unsound or (self.has_resources and bool(self.lacks) and len(self.lacks) == self.branches)

    @property
    def is_partly(self) -> bool:
        """Some can, some cannot: to be confirmed."""
        return self.has_resources and bool(self.lacks) and not self.is_nowhere


def plannable(terms: Mapping[str, Any]) -> Plannable:
    """Every open branch against the terms' shoot. Three queries."""
    branches = list(shops())
    try:
        chain = shoot_chain(terms)
    except Refusal:
        return Plannable(len(branches), unsound=True)
    here: dict[int, list[Resource]] = {branch.pk: [] for branch in branches}
    for one in Resource.objects.filter(branch_id__in=here, is_active=True):
        here[one.branch_id].append(one)
    days = _longest_days(here)
    found = (_lack(branch, chain, here[branch.pk], days[branch.pk]) for branch in branches)
    lacks = tuple(lack for lack in found if lack is not None)
    return Plannable(len(branches), lacks, has_resources=any(here.values()))


def lack_at(branch: Any, terms: Mapping[str, Any]) -> Lack | None:
    """Why this branch cannot plan the terms' shoot on any day whatever; None when it can. For whoever found nothing."""
    return next((lack for lack in plannable(terms).lacks if lack.branch.pk == branch.pk), None)


def _longest_days(branch_ids: Iterable[int]) -> dict[int, int]:
    """Minutes between the first opening and the last closing of a branch's longest day."""
    week: dict[int, dict[int, tuple[int, int]]] = {}
    rows = OpeningHours.objects.filter(branch_id__in=branch_ids)
    for branch, weekday, opens, closes in rows.values_list("branch_id", "weekday", "opens", "closes"):
        first, last = week.setdefault(branch, {}).get(weekday, (opens, closes))
        week[branch][weekday] = (min(first, opens), max(last, closes))
    usual = {0: USUAL_HOURS}
    return {pk: max(last - first for first, last in week.get(pk, usual).values()) for pk in branch_ids}


def _lack(branch: Any, chain: Chain, resources: Sequence[Resource], longest: int) -> Lack | None:
    roles = roles_of(chain)
    needed: dict[tuple[str, str], int] = {}
    for role in roles:
        needed[role.kind, role.skill] = needed.get((role.kind, role.skill), 0) + 1
    counts = {need: sum(_serves(one, *need) for one in resources) for need in needed}
    short = tuple(Short(*need, n, counts[need]) for need, n in needed.items() if counts[need] < n)
    minutes = length_of(chain) if length_of(chain) > longest else 0
    clash = not short and not _assigned(sorted(roles, key=lambda role: counts[role.kind, role.skill]), resources, {})
    return Lack(branch, short, clash, minutes) if short or clash or minutes else None


def _serves(one: Resource, kind: str, skill: str) -> bool:
    return kind in {one.kind, *one.also} and (not skill or skill in one.skills)


def _assigned(roles: Sequence[Role], resources: Sequence[Resource], taken: dict[int, list[Role]]) -> bool:
    """Whether everybody can be found who is free of the other roles at the time: the scarcest first, else another."""
    if not roles:
        return True
    role, rest = roles[0], roles[1:]
    seen: set[tuple[Any, ...]] = set()
    for one in resources:
        mine = taken.get(one.pk, [])
        face = (one.kind, tuple(one.also), tuple(one.skills), tuple(mine))  # equals need no second try
        if face in seen or not _serves(one, role.kind, role.skill) or any(_meet(role, other) for other in mine):
            continue
        seen.add(face)
        if _assigned(rest, resources, {**taken, one.pk: [*mine, role]}):
            return True
    return False


def _meet(one: Role, other: Role) -> bool:
    return any(lo < until and start < hi for lo, hi, _n in one.spans for start, until, _m in other.spans)
