"""Putting selected photographs into slots: album, cover, frame… with the same rules as picks.

One transaction per batch under the gallery's lock. A device counts picks and placements with one counter. Putting a
photograph that is not selected into a slot selects it, by the picks' own rules and in the same transaction.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from core.catalog.pricing import Bill
from core.kernel import events
from core.kernel.errors import Refusal
from core.orders.services import report_progress
from selection.bills import bill_of, placed, slots_of
from selection.enums import GalleryState, PhotoState, PickValue
from selection.models import Chooser, Gallery, GallerySlot, Pick, Placement, locked
from selection.screens import bump
from selection.selectors import Counts, counts
from selection.services.picks import MAX_OPS, Op, apply_picks, progress_of
from selection.services.slots import reprice


@dataclass(frozen=True, slots=True)
class Put:
    """One tap: photograph `number` into (`is_in`) or out of slot `slot`. `op` and `at` as in picks.Op."""

    op: int
    number: int
    slot: int
    is_in: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A tap that does not count: `why` locked | limit | gone | older | viewer, and where the photograph is instead."""

    op: int
    number: int
    slot: int
    why: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a batch: every op is in `acked` or in `rejected`. `picked`: numbers it selected."""

    rev: int
    acked: list[int]
    rejected: list[Refused]
    picked: list[int]
    counts: Counts
    bill: Bill


@dataclass(slots=True)
class _Known:
    """A photograph in a slot as the rows tell it."""

    photo_id: int
    slot: GallerySlot
    is_in: bool = False
    device: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    at: dt.datetime | None = None

    def is_stale(self, device: str, op: int) -> bool:
        return op <= self.seen.get(device, 0)

    def is_older(self, device: str, at: dt.datetime) -> bool:
        return self.at is not None and device != self.device and at < self.at


type _Key = tuple[int, int]  # photograph number, slot number


def place_photos(*, chooser: Chooser, device: str, ops: Sequence[Put]) -> Placed:
    """Apply a batch of placements; replays are acknowledged and change nothing.

    Records PHOTO_PLACED on the gallery's stream (after PHOTO_PICKED for what it had to select) and reports the money to
    the order's card. Raises Refusal picks.too_many | picks.malformed.
    """
    if len(ops) > MAX_OPS:
        raise Refusal("picks.too_many", most=MAX_OPS)
    if not device or len(device) > 24 or any(op.op <= 0 for op in ops):
        raise Refusal("picks.malformed")
    latest = {(op.number, op.slot): op for op in sorted(ops, key=lambda op: op.op)}
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        chooser.refresh_from_db(fields=["role"])
        slots = {slot.number: slot for slot in slots_of(gallery)}
        known = _known(gallery, chooser, slots, latest)
        accepted, refused = _decide(gallery, chooser, device, latest, known)
        accepted, unpicked, picked = _pick_first(gallery, chooser, device, accepted)
        refused |= unpicked
        changed = [op for op in accepted if known[op.number, op.slot].is_in != op.is_in]
        _write(chooser, device, accepted, known)
        chooser.refresh_from_db(fields=["yes", "maybe", "no", "also_minor", "wants_originals"])
        if changed:
            reprice(gallery, chooser, list(slots.values()))
            _tell(gallery, chooser, changed)
        told = bill_of(gallery, chooser, list(slots.values()))
    return Placed(
        rev=gallery.rev,
        acked=[op.op for op in ops if (op.number, op.slot) not in refused],
        rejected=[_refused(op, refused, known) for op in ops if (op.number, op.slot) in refused],
        picked=picked,
        counts=counts(gallery, chooser),
        bill=told,
    )


def _known(
    gallery: Gallery, chooser: Chooser, slots: dict[int, GallerySlot], latest: dict[_Key, Put]
) -> dict[_Key, _Known]:
    """The batch's photographs in their slots. Read after the lock, so it cannot be outdated."""
    numbers = {number for number, _slot in latest}
    photos = dict(gallery.photos.filter(number__in=numbers, state=PhotoState.READY).values_list("number", "pk"))
    found = {
        (number, slot): _Known(photos[number], slots[slot])
        for number, slot in latest
        if number in photos and slot in slots
    }
    rows = Placement.objects.filter(chooser=chooser, photo__in=photos.values())
    for row in rows.select_related("photo", "slot"):
        key = (row.photo.number, row.slot.number)
        if key in found:
            found[key] = _Known(row.photo_id, row.slot, row.is_in, row.device, row.seen, row.at)
    return found


def _decide(
    gallery: Gallery, chooser: Chooser, device: str, latest: dict[_Key, Put], known: dict[_Key, _Known]
) -> tuple[list[Put], dict[_Key, str]]:
    """Which ops count, in the device's order, so a photograph taken out makes room for the next."""
    used = placed(chooser)
    accepted: list[Put] = []
    refused: dict[_Key, str] = {}
    for key, op in sorted(latest.items(), key=lambda item: item[1].op):
        one = known.get(key)
        if one is None:
            refused[key] = "gone"
        elif one.is_stale(device, op.op):
            continue
        elif gallery.state != GalleryState.OPEN or not chooser.may_mark:
            refused[key] = "viewer" if not chooser.may_mark else "locked"
        elif one.is_older(device, op.at):
            refused[key] = "older"
        elif _is_full(one, op, used.get(op.slot, 0)):
            refused[key] = "limit"
        else:
            used[op.slot] = used.get(op.slot, 0) + op.is_in - one.is_in
            accepted.append(op)
    return accepted, refused


def _is_full(one: _Known, op: Put, used: int) -> bool:
    return op.is_in and not one.is_in and one.slot.maximum is not None and used >= one.slot.maximum


def _pick_first(
    gallery: Gallery, chooser: Chooser, device: str, accepted: list[Put]
) -> tuple[list[Put], dict[_Key, str], list[int]]:
    """Select what is to be placed and is not selected; a photograph that cannot be selected is not placed either.

    (what still counts, what is refused and why, the numbers selected)
    """
    wanted = {op.number: op for op in accepted if op.is_in}
    selected = _selected(gallery, chooser, list(wanted))
    taps = [Op(op.op, number, PickValue.YES, op.at) for number, op in wanted.items() if number not in selected]
    if not taps:
        return accepted, {}, []
    outcome = apply_picks(chooser=chooser, device=device, ops=taps)
    gallery.rev = outcome.rev
    why = {one.number: one.why for one in outcome.rejected}
    now = _selected(gallery, chooser, list(wanted))
    refused = {(op.number, op.slot): why[op.number] for op in accepted if op.is_in and op.number in why}
    left = [op for op in accepted if not op.is_in or op.number in now]  # an older tap of this phone was overtaken
    return left, refused, sorted(now - selected)


def _selected(gallery: Gallery, chooser: Chooser, numbers: list[int]) -> set[int]:
    picks = Pick.objects.filter(chooser=chooser, value=PickValue.YES, photo__number__in=numbers, photo__gallery=gallery)
    return set(picks.values_list("photo__number", flat=True))


def _write(chooser: Chooser, device: str, accepted: list[Put], known: dict[_Key, _Known]) -> None:
    """One statement for the whole batch."""
    if not accepted:
        return
    rows = [(known[op.number, op.slot], op) for op in accepted]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO selection_placement (photo_id, slot_id, chooser_id, is_in, device, seen, at) "
            "SELECT photo, slot, %s, is_in, %s, jsonb_build_object(%s::text, op), at "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bool[], %s::bigint[], %s::timestamptz[])"
            "  AS tap(photo, slot, is_in, op, at) "
            "ON CONFLICT (chooser_id, slot_id, photo_id) DO UPDATE SET is_in = excluded.is_in,"
            "  device = excluded.device, seen = selection_placement.seen || excluded.seen, at = excluded.at",
            [
                *(chooser.pk, device, device),
                [one.photo_id for one, _op in rows],
                [one.slot.pk for one, _op in rows],
                [op.is_in for _one, op in rows],
                [op.op for _one, op in rows],
                [op.at for _one, op in rows],
            ],
        )


def _tell(gallery: Gallery, chooser: Chooser, changed: list[Put]) -> None:
    bump(gallery)
    told = counts(gallery, chooser)
    facts: list[Any] = [[op.number, op.slot, op.is_in] for op in changed]
    events.record(
        events.Kind.PHOTO_PLACED,
        chooser,
        actor=chooser.customer,
        placements=facts,
        counts=told.as_json(),
        by=chooser.pk,
        carry={"by": chooser.pk},
    )
    if chooser.is_main:
        report_progress(order_id=gallery.order_id, **progress_of(gallery, told))


def _refused(op: Put, refused: dict[_Key, str], known: dict[_Key, _Known]) -> Refused:
    one = known.get((op.number, op.slot))
    return Refused(op.op, op.number, op.slot, refused[op.number, op.slot], bool(one and one.is_in))
