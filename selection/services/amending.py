"""A change of the submitted list after retouching began: the former submission stays on file, a new one stands."""

from typing import Any

from core.kernel import clock, states
from core.orders.services import report_progress
from selection.amendments import Reopening
from selection.changes import change_mark
from selection.enums import GALLERY_TRANSITIONS, GalleryState, PhotoState, PickValue
from selection.models import Chooser, Gallery, Photo, Pick, Placement, Submission
from selection.selectors import standing_submission
from selection.services.photos import recount

CHANGE = -2  # the line of a bill that no slot has


def amend(gallery: Gallery, chooser: Chooser, change: Reopening) -> Submission:
    """The list with `change.add` and without `change.drop`, at the former bill and one line more.

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
    lines = [*former.lines, _line(former, change)]
    made = Submission.objects.create(
        gallery=gallery,
        chooser=chooser,
        numbers=numbers,
        picked=len(numbers),
        included=former.included,
        extra=max(0, len(numbers) - former.included),
        extra_photo_minor=former.extra_photo_minor,
        extra_total_minor=sum(line["total_minor"] for line in lines),
        lines=lines,
        signed_name=change.agreed_name,
        note=former.note,
        evidence={**change.evidence, "change": change_mark(change), "former": former.evidence.get("sha256", "")},
        at=clock.now(),
    )
    _follow(gallery, chooser, list(incoming.values()), change.drop)
    _retouch(gallery, made, incoming, change.drop)
    told = {"picked": made.picked, "extra": made.extra, "extra_total_minor": made.extra_total_minor}
    report_progress(order_id=gallery.order_id, **told)
    return made


def _line(former: Submission, change: Reopening) -> dict[str, Any]:
    """The price of the change; with former extras it may stand beside another one."""
    price = change.price_minor or 0
    steps = [[1, price]] if price else []
    return {
        "slot": CHANGE, "kind": "change", "name": "", "included": 0, "used": len(change.add), "extra": 0,
        "steps": steps, "total_minor": price, "added": change.add, "dropped": change.drop,
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
