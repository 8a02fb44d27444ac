"""Slots and money: what is placed where, and the itemised bill of one person's choice. Reads only.

`bill_of` is the one answer to "what does it cost": manifest, API, review page, desk and submission all show it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from core.catalog.enums import SlotKind
from core.catalog.pricing import RETOUCHED, Bill, Line, Rule, as_tiers, bill
from selection.enums import PhotoState, PickValue
from selection.models import Chooser, Gallery, GallerySlot, Photo, PhotoMark, Pick, Placement, Suggestion
from selection.seats import marking_partners


def slots_of(gallery: Gallery) -> list[GallerySlot]:
    """The gallery's slots in their order, without the retouched photographs."""
    return list(gallery.slots.all())


def retouched_rule(gallery: Gallery) -> Rule:
    """The retouched photographs' terms, from the gallery's own columns. No query."""
    tiers = as_tiers(gallery.retouched_tiers)
    return Rule(RETOUCHED, SlotKind.RETOUCHED, "", gallery.included, gallery.extra_photo_minor, tiers)


def rules_of(gallery: Gallery, slots: Iterable[GallerySlot]) -> list[Rule]:
    """The terms of every slot, the retouched photographs first. No query."""
    rows = [
        Rule(slot.number, slot.kind, slot.name, slot.included, slot.extra_price_minor, as_tiers(slot.tiers))
        for slot in slots
    ]
    return [retouched_rule(gallery), *rows]


def placed(chooser: Chooser) -> "dict[int, int]":
    """How many photographs the person has put into each slot (by number); what is in the bin does not count."""
    rows = Placement.objects.filter(chooser=chooser, is_in=True, photo__state=PhotoState.READY)
    return dict(rows.order_by().values_list("slot__number").annotate(Count("pk")))


def bill_of(gallery: Gallery, chooser: Chooser, slots: Sequence[GallerySlot] | None = None) -> Bill:
    """What `chooser`'s choice costs now; `chooser.yes` must be fresh."""
    slots = slots_of(gallery) if slots is None else slots
    used = placed(chooser) if slots else {}
    return bill(
        rules_of(gallery, slots),
        {**used, RETOUCHED: chooser.yes},
        originals_minor=gallery.all_originals_minor,
        takes_originals=chooser.wants_originals,
    )


# -- The review, slot by slot -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with the photographs in it; `photos` in number order, `line` its part of the bill."""

    slot: GallerySlot
    line: Line
    photos: list[Photo]
    suggested: list[Photo] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many photographs it still needs."""
        least = self.slot.minimum or (1 if self.slot.is_required else 0)
        return max(0, least - self.line.used)

    @property
    def is_unfilled(self) -> bool:
        """Whether included room is left."""
        return self.line.used < self.line.included

    @property
    def is_full(self) -> bool:
        return self.slot.maximum is not None and self.line.used >= self.slot.maximum

    @property
    def too_many(self) -> int:
        return max(0, self.line.used - self.slot.maximum) if self.slot.maximum is not None else 0


@dataclass(frozen=True, slots=True)
class Filling:
    """Everything placed, and what it costs."""

    bill: Bill
    slots: list[Filled]

    @property
    def retouched(self) -> Line:
        return self.bill.lines[0]

    @property
    def doubled(self) -> "dict[Photo, list[str]]":
        """Photographs in several slots, with the slots' names."""
        found: dict[Photo, list[str]] = {}
        for filled in self.slots:
            for photo in filled.photos:
                found.setdefault(photo, []).append(filled.slot.name)
        return {photo: names for photo, names in found.items() if len(names) > 1}

    @property
    def lacking(self) -> list[Filled]:
        """Slots that hinder submitting: they must be filled and are not."""
        return [filled for filled in self.slots if filled.slot.is_required and filled.missing]


def list_mark(numbers: Iterable[int], filling: Filling) -> str:
    """Names a list of photographs and what each is used for: two lists at one price differ in it."""
    used = {filled.slot.number: sorted(photo.number for photo in filled.photos) for filled in filling.slots}
    return hashlib.sha256(json.dumps([sorted(numbers), used]).encode()).hexdigest()[:20]


def filling_of(gallery: Gallery, chooser: Chooser) -> Filling:
    """Slots, photographs and bill: three queries whatever the number of slots, one without any."""
    slots = slots_of(gallery)
    told = bill_of(gallery, chooser, slots)
    if not slots:
        return Filling(told, [])
    inside: dict[int, list[Photo]] = {slot.pk: [] for slot in slots}
    rows = Placement.objects.filter(chooser=chooser, is_in=True, photo__state=PhotoState.READY)
    for row in rows.select_related("photo").order_by("photo__number"):
        inside[row.slot_id].append(row.photo)
    wanted = {slot.number: [] for slot in slots} if chooser.mutes_suggestions else _suggested(gallery, inside)
    lines = {line.slot: line for line in told.lines}
    return Filling(
        told, [Filled(slot, lines[slot.number], inside[slot.pk], wanted.get(slot.number, [])) for slot in slots]
    )


def _suggested(gallery: Gallery, inside: dict[int, list[Photo]]) -> dict[int, list[Photo]]:
    """Slot number → photographs that staff suggest for it and that are not in it."""
    found: dict[int, list[Photo]] = {}
    rows = Suggestion.objects.filter(slot__gallery=gallery, photo__state=PhotoState.READY)
    for row in rows.select_related("photo", "slot").order_by("photo__number"):
        if row.slot and row.photo not in inside[row.slot.pk]:
            found.setdefault(row.slot.number, []).append(row.photo)
    return found


def uses_by_photo(gallery: Gallery) -> dict[int, list[str]]:
    """Photograph number → names of the slots into which the main chooser has put it."""
    rows = Placement.objects.filter(chooser__gallery=gallery, chooser__is_main=True, is_in=True)
    found: dict[int, list[str]] = {}
    for number, name in rows.order_by("slot__number").values_list("photo__number", "slot__name"):
        found.setdefault(number, []).append(name)
    return found


def gallery_has_suggestions(gallery: Gallery) -> bool:
    """Whether staff recommend anything here."""
    marked = PhotoMark.objects.filter(photo__gallery=gallery, is_recommended=True)
    return Suggestion.objects.filter(photo__gallery=gallery).exists() or marked.exists()


# -- Which ones are the extras ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Extra:
    """A photograph beyond what a slot includes: of all in it, one of those added last."""

    slot: int
    photo: Photo
    at: dt.datetime
    suggested_by: str = ""


def extras_of(gallery: Gallery, chooser: Chooser, told: Bill) -> list[Extra]:
    """The extras of a bill, newest first, each with who of the staff had suggested it before (empty: nobody)."""
    over = {line.slot: line.extra for line in told.lines if line.extra and line.slot >= 0}
    if not over:
        return []
    rows = [(slot, photo, at) for slot, count in over.items() for photo, at in _latest(chooser, slot, count)]
    by = _suggesters(gallery, [photo.pk for _slot, photo, _at in rows])
    found = []
    for slot, photo, at in rows:
        name, since = by.get((photo.pk, slot), ("", at))
        found.append(Extra(slot, photo, at, name if since <= at else ""))
    return found


def _latest(chooser: Chooser, slot: int, count: int) -> "list[tuple[Photo, dt.datetime]]":
    ready = Q(chooser=chooser, photo__state=PhotoState.READY)
    rows: Any
    if slot == RETOUCHED:
        rows = Pick.objects.filter(ready, value=PickValue.YES)
    else:
        rows = Placement.objects.filter(ready, is_in=True, slot__number=slot)
    return [(row.photo, row.at) for row in rows.select_related("photo").order_by("-at", "-pk")[:count]]


def _suggesters(gallery: Gallery, photos: list[int]) -> "dict[tuple[int, int], tuple[str, dt.datetime]]":
    """(photograph, slot number) → who suggested it, when; a recommendation while culling is one for retouching."""
    marks = PhotoMark.objects.filter(photo__in=photos, is_recommended=True, by__isnull=False, at__isnull=False)
    culled = {(mark.photo_id, RETOUCHED): (mark.by.name, mark.at) for mark in marks.select_related("by")}
    rows = Suggestion.objects.filter(photo__gallery=gallery, photo__in=photos).select_related("by", "slot")
    return culled | {(row.photo_id, row.slot.number if row.slot else RETOUCHED): (row.by.name, row.at) for row in rows}


def swaps_of(gallery: Gallery, chooser: Chooser, told: Bill) -> list[Photo]:
    """Which selected photographs to take back to pay nothing for retouching extras: first those that another person
    who shows their marks left undecided or dropped, then those added last. Empty when nothing is extra.
    """
    extra = told.lines[0].extra
    if not extra:
        return []
    doubts = Pick.objects.filter(chooser__in=marking_partners(chooser), value__in=[PickValue.MAYBE, PickValue.NO])
    doubtful = set(doubts.values_list("photo_id", flat=True))
    mine = Pick.objects.filter(chooser=chooser, value=PickValue.YES, photo__state=PhotoState.READY)
    rows = list(mine.select_related("photo").order_by("-at", "-pk"))
    rows.sort(key=lambda row: row.photo_id not in doubtful)  # stable: newest first within each
    return [row.photo for row in rows[:extra]]
