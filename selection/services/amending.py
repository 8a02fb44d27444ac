"""A change of the submitted list after retouching began: the former submission stays on file, a new one stands."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.orders.services import report_progress
from selection.amendments import Reopening
from selection.changes import OPEN, change_mark
from selection.enums import GALLERY_TRANSITIONS, GalleryState, PhotoState, PickValue
from selection.evidence import asides_of, uses_in
from selection.models import Chooser, Gallery, Photo, Pick, Placement, Submission, locked
from selection.rearranging import Place, Step, listed, places_of, stepped
from selection.selectors import Counts, standing_submission
from selection.services.asking import CHANGEABLE, tell
from selection.services.photos import recount
from selection.services.slots import reprice_all
from selection.services.submissions import list_hash

CHANGE = -2  # the line of a bill that no slot has


def arrange_change(*, chooser: Chooser, slot: int, number: int, is_in: bool) -> Reopening:
    """The main chooser says what fills a slot once the open change is agreed: a photograph of the list that it makes
    comes in, or goes out. Nothing stands before the change is signed; what it adds is `rearranging.uses_price`.

    Records REOPENING_ARRANGED. Raises Refusal chooser.not_main | reopening.gone | reopening.too_late | use.unknown
    (no such slot, or the photograph would not be in the list) | use.full.
    """
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        chooser.refresh_from_db(fields=["is_main"])
        if not chooser.is_main:
            raise Refusal("chooser.not_main")
        found = gallery.reopenings.filter(state__in=OPEN).select_related("submission").first()
        if found is None:
            raise Refusal("reopening.gone")
        if gallery.state not in CHANGEABLE:
            raise Refusal("reopening.too_late", state=gallery.state)
        place = next((one for one in places_of(gallery, found.submission, found) if one.slot.number == slot), None)
        if place is None or number not in listed(found.submission, found.add, found.drop):
            raise Refusal("use.unknown")
        if (number in place.numbers) == is_in:
            return found
        if is_in and place.is_full:
            raise Refusal("use.full", slot=place.slot.name)
        found.uses = [*found.uses, [slot, number, is_in]]
        settle_uses(gallery, found)
        found.save(update_fields=["uses"])
        facts = {"placements": [[number, slot, is_in]]}
        tell(events.Kind.REOPENING_ARRANGED, gallery, chooser.customer, found.state, **facts)
    return found


def settle_uses(gallery: Gallery, found: Reopening) -> None:
    """Keep only the steps that change something of the list that the change makes. The gallery is locked."""
    inside = listed(found.submission, found.add, found.drop)
    found.uses = stepped(places_of(gallery, found.submission, found), inside) if found.uses else []


def amend(gallery: Gallery, chooser: Chooser, change: Reopening, places: Sequence[Place]) -> Submission:
    """The list with `change.add` and without `change.drop`, at the former bill with its uses as `places` say, and one
    line more for the studio's price.

    The gallery is locked; the caller has checked the customer's yes.
    """
    former = standing_submission(gallery)
    assert former is not None, "a reopening stands on a submission"
    incoming = {photo.number: photo for photo in gallery.photos.filter(number__in=change.add, state=PhotoState.READY)}
    kept = [row for row in former.numbers if row[0] not in set(change.drop)]
    numbers = sorted([*kept, *([number, photo.file_name] for number, photo in incoming.items())])
    former.reopened_at, former.reopened_by_id = clock.now(), change.answered_by_id
    former.reopen_reason = change.reason[:200]
    former.save(update_fields=["reopened_at", "reopened_by_id", "reopen_reason"])
    lines = [*_former_lines(former, places), _line(former, change)]
    owed = sum(line["total_minor"] for line in lines)
    asides = asides_of(chooser, [number for number, _name in numbers], uses_in(lines))
    told = Counts(len(numbers), 0, 0, former.included, former.extra_photo_minor, also_minor=owed)
    made = Submission.objects.create(
        gallery=gallery,
        chooser=chooser,
        numbers=numbers,
        picked=len(numbers),
        included=former.included,
        extra=max(0, len(numbers) - former.included),
        extra_photo_minor=former.extra_photo_minor,
        extra_total_minor=owed,
        lines=lines,
        signed_name=change.agreed_name,
        drawing=change.drawing,
        note=former.note,
        asides=asides,
        evidence={
            **change.evidence,
            "change": change_mark(change),
            "former": former.evidence.get("sha256", ""),
            "sha256": list_hash(gallery, numbers, told, lines, asides),
        },
        at=clock.now(),
    )
    _follow(gallery, chooser, list(incoming.values()), change.drop)
    _place(gallery, chooser, change.uses)
    _retouch(gallery, made, incoming, change.drop)
    counted = {"picked": made.picked, "extra": made.extra, "extra_total_minor": made.extra_total_minor}
    report_progress(order_id=gallery.order_id, **counted)
    return made


def _former_lines(former: Submission, places: Sequence[Place]) -> list[dict[str, Any]]:
    """The bill that stood, each use as it is filled now; a use that nobody had touched gets its line."""
    now = {place.slot.number: place for place in places}
    kept = [{**line, **now.pop(line["slot"]).as_json()} if line["slot"] in now else line for line in former.lines]
    return kept + [place.as_json() for place in now.values() if place.numbers]


def _line(former: Submission, change: Reopening) -> dict[str, Any]:
    """The price of the change; with former extras it may stand beside another one."""
    price = change.price_minor or 0
    steps = [[1, price]] if price else []
    return {
        "slot": CHANGE, "kind": "change", "name": "", "included": 0, "used": len(change.add), "extra": 0,
        "steps": steps, "total_minor": price, "added": change.add, "dropped": change.drop,
        "uses": change.uses,
    }  # fmt: skip


def _follow(gallery: Gallery, chooser: Chooser, incoming: list[Photo], drop: list[int]) -> None:
    """Picks and uses as the new list says."""
    now = clock.now()
    for photo in incoming:
        values = {"value": PickValue.YES, "device": "change", "at": now}
        Pick.objects.update_or_create(photo=photo, chooser=chooser, defaults=values)
    leaving = {"photo__gallery": gallery, "photo__number__in": drop, "chooser": chooser}
    Pick.objects.filter(**leaving).update(value="", is_signed=False, device="change", at=now)
    Placement.objects.filter(**leaving).update(is_in=False)
    recount(gallery, 0)


def _place(gallery: Gallery, chooser: Chooser, uses: list[Step]) -> None:
    """The main chooser's placements as the change says: albums and the desk read them."""
    if not uses:
        return
    now = clock.now()
    slots = {slot.number: slot for slot in gallery.slots.all()}
    photos = {photo.number: photo for photo in gallery.photos.filter(number__in=[step[1] for step in uses])}
    for slot, number, is_in in uses:
        values = {"is_in": is_in, "device": "change", "at": now}
        Placement.objects.update_or_create(
            chooser=chooser, slot=slots[slot], photo=photos[number], defaults=values, create_defaults=values
        )
    reprice_all(gallery)


def _retouch(gallery: Gallery, made: Submission, incoming: dict[int, Photo], drop: list[int]) -> None:
    """The job goes on with the new list. A round before the customer ends; what was to be judged comes again."""
    job = gallery.retouch_jobs.get(stopped_at=None)
    job.submission = made
    gallery.finals.filter(photo__number__in=drop).update(is_dropped=True)
    gallery.finals.filter(photo__in=incoming.values()).update(is_dropped=False)
    if gallery.state == GalleryState.PROOFING and incoming:
        ended = job.rounds.get(returned_at=None)
        unjudged = gallery.finals.filter(sent_in=ended).exclude(verdicts__chooser__is_main=True)
        unjudged.update(sent_in=None)  # they come again with the next round
        job.rounds.filter(pk=ended.pk).update(returned_at=clock.now())
        job.round += 1
        job.rounds_included += 1
        states.move(gallery, "state", GalleryState.RETOUCHING, GALLERY_TRANSITIONS)
        report_progress(
            order_id=gallery.order_id,
            gallery_state=gallery.state,
            retouch_round=job.round,
            retouch_rounds=job.rounds_included,
        )
    job.save(update_fields=["submission", "round", "rounds_included"])
