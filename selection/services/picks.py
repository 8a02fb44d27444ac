"""What a person says of a photograph: keep, undecided, no.

One transaction per batch, serialised by the gallery's row, so counts and money are exact under any race. Taps may
arrive twice, late or out of order: per photograph a device's older op never overwrites its newer one, and between two
devices the later tap wins (by our clock).
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core.kernel import events, rows
from core.kernel.errors import Refusal
from core.orders.services import poke_progress, progress_part
from core.people.models import Customer
from selection.enums import GalleryState, PickValue
from selection.models import Chooser, Gallery, locked
from selection.selectors import Counts, counts, seat_of
from selection.services.slots import release

MAX_OPS = 200
VALUES = {"", *PickValue.values}


@dataclass(frozen=True, slots=True)
class Op:
    """One tap: `op` is the device's own growing counter, `value` yes | maybe | no | "" (taken back), `at` our clock."""

    op: int
    number: int
    value: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A tap that does not count, and what counts instead.

    `why`: locked | limit | gone | older | viewer | batch (it is in a signed part).
    """

    op: int
    number: int
    why: str
    value: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: every op is in `acked` or in `rejected`."""

    rev: int
    acked: list[int]
    rejected: list[Rejected]
    counts: Counts


@dataclass(slots=True)
class _Known:
    """A photograph of the gallery and what this person said of it before."""

    photo_id: int
    value: str = ""
    device: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    at: dt.datetime | None = None
    is_signed: bool = False

    def is_stale(self, device: str, op: int) -> bool:
        return op <= self.seen.get(device, 0)

    def is_older(self, device: str, at: dt.datetime) -> bool:
        return self.at is not None and device != self.device and at < self.at


def apply_picks(*, chooser: Chooser, device: str, ops: Sequence[Op]) -> Outcome:
    """Apply a batch of taps; replays are acknowledged and change nothing.

    Records PHOTO_PICKED on the gallery's stream and reports the counts to the order's card when something changed; its
    poke carries the taps, for those who may see them. Raises Refusal picks.too_many | picks.malformed.
    """
    _check(device, ops)
    with transaction.atomic():
        return _apply(locked(chooser.gallery_id), chooser, device, ops)


def tap_photos(*, customer: Customer, code: str, device: str, ops: Sequence[Op]) -> Outcome | None:
    """`apply_picks` for the customer's seat in the gallery with this code, found and locked by one statement.

    None, and nothing done, when they may not open the gallery or have not entered it (`enter_gallery`).
    """
    _check(device, ops)
    with transaction.atomic():
        seat = seat_of(customer, code, lock=True)
        return _apply(seat.gallery, seat, device, ops) if seat and seat.opened_at else None


def _check(device: str, ops: Sequence[Op]) -> None:
    if len(ops) > MAX_OPS:
        raise Refusal("picks.too_many", most=MAX_OPS)
    if not device or len(device) > 24 or any(op.value not in VALUES or op.op <= 0 for op in ops):
        raise Refusal("picks.malformed")


def _apply(gallery: Gallery, chooser: Chooser, device: str, ops: Sequence[Op]) -> Outcome:
    """The gallery is locked; `chooser` may have been read before that."""
    latest = {op.number: op for op in sorted(ops, key=lambda op: op.op)}
    branch_id, known = _known(gallery, chooser, list(latest))
    accepted, rejected = _decide(gallery, chooser, device, latest, known)
    if accepted:
        changed = [(known[op.number], op) for op in accepted]
        _reckon(gallery, chooser, changed)
        if left := [photo.photo_id for photo, op in changed if photo.value == PickValue.YES != op.value]:
            release(gallery, chooser, left)
        _write(gallery, chooser, device, changed, branch_id)
    lost = {item.number: item for item in rejected}
    return Outcome(
        rev=gallery.rev,
        acked=[op.op for op in ops if op.number not in lost],
        rejected=[
            Rejected(op.op, op.number, lost[op.number].why, lost[op.number].value) for op in ops if op.number in lost
        ],
        counts=counts(gallery, chooser),
    )


def _known(gallery: Gallery, chooser: Chooser, numbers: list[int]) -> tuple[int, dict[int, _Known]]:
    """The order's branch and the batch's photographs by number; the chooser's counts and rights are set. Read after
    the lock, so they cannot be outdated.
    """
    found = rows.run(_KNOWN, [numbers, chooser.pk]).fetchall()
    chooser.yes, chooser.maybe, chooser.no, chooser.also_minor = found[0][1:5]
    chooser.role, chooser.is_main, chooser.shares = found[0][5:8]
    return found[0][0], {
        number: _Known(photo_id, value, device, json.loads(seen), at, is_signed)
        for *_seat, number, photo_id, value, device, seen, at, is_signed in found
        if photo_id is not None
    }


_KNOWN = """
SELECT sale.branch_id, seat.yes, seat.maybe, seat.no, seat.also_minor, seat.role, seat.is_main, seat.shares,
       photo.number, photo.id, coalesce(pick.value, ''), coalesce(pick.device, ''),
       coalesce(pick.seen, '{}')::text, pick.at, coalesce(pick.is_signed, false)
FROM selection_chooser seat
JOIN selection_gallery gallery ON gallery.id = seat.gallery_id
JOIN core_order sale ON sale.id = gallery.order_id
LEFT JOIN selection_photo photo
  ON photo.gallery_id = seat.gallery_id AND photo.state = 'ready' AND photo.number = ANY(%s::integer[])
LEFT JOIN selection_pick pick ON pick.photo_id = photo.id AND pick.chooser_id = seat.id
WHERE seat.id = %s
"""


def _decide(
    gallery: Gallery, chooser: Chooser, device: str, latest: dict[int, Op], known: dict[int, _Known]
) -> tuple[list[Op], list[Rejected]]:
    """Which ops count. Ops are taken in the device's order, so a photograph given back makes room for the next."""
    accepted, rejected = [], []
    yes = chooser.yes
    for op in sorted(latest.values(), key=lambda op: op.op):
        photo = known.get(op.number)
        if photo is None:
            rejected.append(Rejected(op.op, op.number, "gone", ""))
        elif photo.is_stale(device, op.op):
            continue
        elif gallery.state != GalleryState.OPEN or not chooser.may_mark:
            why = "viewer" if not chooser.may_mark else "locked"
            rejected.append(Rejected(op.op, op.number, why, photo.value))
        elif photo.is_signed and op.value != PickValue.YES:
            rejected.append(Rejected(op.op, op.number, "batch", photo.value))
        elif photo.is_older(device, op.at):
            rejected.append(Rejected(op.op, op.number, "older", photo.value))
        else:
            step = (op.value == PickValue.YES) - (photo.value == PickValue.YES)
            if gallery.hard_limit and step > 0 and yes >= gallery.included:
                rejected.append(Rejected(op.op, op.number, "limit", photo.value))
            else:
                yes += step
                accepted.append(op)
    return accepted, rejected


def _reckon(gallery: Gallery, chooser: Chooser, changed: list[tuple[_Known, Op]]) -> None:
    """What the counts and the rev become. Under the lock nobody else changes those that were read."""
    moved = dict.fromkeys(PickValue.values, 0)
    for photo, op in changed:
        if photo.value:
            moved[photo.value] -= 1
        if op.value:
            moved[op.value] += 1
    chooser.yes += moved["yes"]
    chooser.maybe += moved["maybe"]
    chooser.no += moved["no"]
    gallery.rev += 1


def _write(gallery: Gallery, chooser: Chooser, device: str, changed: list[tuple[_Known, Op]], branch_id: int) -> None:
    """The picks, the counts, the rev, the event and the board's card in one statement; then the pokes.

    A tap that changes nothing to see (its place was the same before) has no event.
    """
    taps = _taps_part(gallery, chooser, device, changed)
    visible = [[op.number, op.value] for photo, op in changed if op.value != photo.value]
    if not visible:
        rows.run(f"WITH {taps.sql} SELECT 1", taps.values)
        return
    told = counts(gallery, chooser)
    facts: dict[str, Any] = {"picks": visible, "counts": told.as_json(), "by": chooser.pk}
    shown = {"picks": visible, "by": chooser.pk, "rev": gallery.rev, "shared": chooser.shows_marks(gallery)}
    along = [taps, *([progress_part(gallery.order_id, progress_of(gallery, told))] if chooser.is_main else [])]
    events.record(events.Kind.PHOTO_PICKED, chooser, chooser.customer, carry=shown, along=along, **facts)
    if chooser.is_main:
        poke_progress(gallery.order_id, branch_id)


def _taps_part(gallery: Gallery, chooser: Chooser, device: str, changed: list[tuple[_Known, Op]]) -> rows.Part:
    pairs = [(photo.photo_id, op.value, op.op, op.at) for photo, op in changed]
    photos, values, ops, ats = (list(column) for column in zip(*pairs, strict=True))
    counted = [chooser.yes, chooser.maybe, chooser.no, chooser.pk]
    return rows.Part(_TAPS, [chooser.pk, device, device, photos, values, ops, ats, *counted, gallery.rev, gallery.pk])


_TAPS = """taps AS (
  INSERT INTO selection_pick (photo_id, chooser_id, value, device, seen, at)
  SELECT photo, %s::bigint, value, %s::text, jsonb_build_object(%s::text, op), at
  FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[]) AS tap(photo, value, op, at)
  ON CONFLICT (photo_id, chooser_id) DO UPDATE SET value = excluded.value, device = excluded.device,
    seen = selection_pick.seen || excluded.seen, at = excluded.at
), seat AS (
  UPDATE selection_chooser SET yes = %s, maybe = %s, no = %s WHERE id = %s
), revised AS (
  UPDATE selection_gallery SET rev = %s WHERE id = %s
)"""


def progress_of(gallery: Gallery, told: Counts) -> dict[str, Any]:
    """What the order's card shows of a gallery."""
    return {
        "gallery": gallery.code,
        "photos": gallery.photo_count,
        "picked": told.yes,
        "undecided": told.maybe,
        "included": told.included,
        "extra": told.extra,
        "extra_total_minor": told.extra_total_minor,
        "gallery_state": gallery.state,
    }


def refuse_viewer(chooser: Chooser) -> None:
    """Read the seat's role again, under the gallery's lock. Raises Refusal chooser.viewer."""
    chooser.refresh_from_db(fields=["role", "shares"])
    if not chooser.may_mark:
        raise Refusal("chooser.viewer")
