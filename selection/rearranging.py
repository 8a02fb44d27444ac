"""Questions about the uses in a change after retouching began: what fills which slot then, and what that costs.

A reopening keeps steps against the signed list (`uses`): photograph into a slot, photograph out of it. Slots cost what
the contract says of every one more. What was paid for a use is not paid again, and not given back here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.catalog.pricing import Line, Rule, bill
from selection.amendments import Reopening
from selection.bills import rules_of, slots_of
from selection.models import Gallery, GallerySlot, Submission

Step = list[Any]  # [slot number, photograph number, is in]


@dataclass(frozen=True, slots=True)
class Place:
    """One slot under a change. `before`: its photographs as signed; `paid_minor`: what the signed list asked for it."""

    slot: GallerySlot
    rule: Rule
    before: list[int]
    numbers: list[int]
    paid_minor: int

    @property
    def line(self) -> Line:
        """What the contract says of it as it would stand."""
        return bill([self.rule], {self.rule.number: len(self.numbers)}).lines[0]

    @property
    def due_minor(self) -> int:
        """What it adds to the price of the change."""
        return max(0, self.line.total_minor - self.paid_minor)

    @property
    def next_minor(self) -> int:
        """What one more photograph in it would add."""
        return replace(self, numbers=[*self.numbers, 0]).due_minor - self.due_minor

    @property
    def is_full(self) -> bool:
        return self.slot.maximum is not None and len(self.numbers) >= self.slot.maximum

    @property
    def missing(self) -> int:
        """How many photographs it lost of those that it must have."""
        least = self.slot.minimum or (1 if self.slot.is_required else 0)
        return max(0, min(least, len(self.before)) - len(self.numbers))

    @property
    def came(self) -> list[int]:
        return [number for number in self.numbers if number not in self.before]

    @property
    def left(self) -> list[int]:
        return [number for number in self.before if number not in self.numbers]

    def as_json(self) -> dict[str, Any]:
        """The line that the new list keeps: photographs as they are, money never below what was signed for it."""
        told = self.line.as_json()
        if told["total_minor"] < self.paid_minor:
            told |= {"steps": [[1, self.paid_minor]], "total_minor": self.paid_minor}
        return told | {"photos": self.numbers}


def listed(submission: Submission, add: Iterable[int], drop: Iterable[int]) -> set[int]:
    """The photographs of the list that the change would make."""
    return ({number for number, _name in submission.numbers} | set(add)) - set(drop)


def places_of(gallery: Gallery, submission: Submission, change: Reopening) -> list[Place]:
    """Every slot as it would stand. One query."""
    slots = slots_of(gallery)
    signed = {line["slot"]: line for line in submission.lines}
    inside = listed(submission, change.add, change.drop)
    rules = {rule.number: rule for rule in rules_of(gallery, slots)}
    return [_place(slot, rules[slot.number], signed.get(slot.number, {}), inside, change.uses) for slot in slots]


def _place(slot: GallerySlot, rule: Rule, signed: dict[str, Any], inside: set[int], steps: list[Step]) -> Place:
    before = list(signed.get("photos", []))
    after = set(before) & inside
    for number, photo, is_in in steps:
        if number == slot.number and photo in inside:
            (after.add if is_in else after.discard)(photo)
    return Place(slot, rule, before, sorted(after), int(signed.get("total_minor", 0)))


def uses_price(places: Iterable[Place]) -> int:
    """What the uses add to a change."""
    return sum(place.due_minor for place in places)


def stepped(places: Iterable[Place], inside: set[int]) -> list[Step]:
    """The steps that say no more than needed: against the list, less what leaves anyway."""
    found: list[Step] = []
    for place in places:
        found += [[place.slot.number, number, True] for number in place.came]
        found += [[place.slot.number, number, False] for number in place.left if number in inside]
    return found
