"""Stacks of similar shots: built from the measurements, split and joined by hand; what a hand did is never rebuilt."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core.kernel import events
from core.kernel.errors import Refusal
from selection.culling import likeness
from selection.culling.enums import DISTANCE_RANGE, GAP_RANGE, MAX_MARKS
from selection.culling.selectors import shots_of
from selection.enums import SHOWN_STATES
from selection.models import Arrangement, Gallery, Photo, PhotoMark, locked
from selection.screens import bump


def build_stacks(*, actor: Any, gallery: Gallery, gap: int, distance: int) -> int:
    """Stack anew with these thresholds; how many stacks there are now. Photographs stacked by hand stay as they are.

    Records GALLERY_ARRANGED.
    """
    gap, distance = _within(gap, GAP_RANGE), _within(distance, DISTANCE_RANGE)
    with transaction.atomic():
        gallery = locked(gallery.pk)
        found = likeness.stacks(shots_of(gallery), gap, distance)
        keys = dict(gallery.photos.filter(state__in=SHOWN_STATES).values_list("number", "pk"))
        automatic = PhotoMark.objects.filter(photo__gallery=gallery, is_stacked_by_hand=False)
        automatic.exclude(photo__number__in=list(found)).exclude(stack=None).update(stack=None)
        _store([PhotoMark(photo_id=keys[number], stack=name) for number, name in found.items()])
        thresholds = {"gap_seconds": gap, "distance": distance}
        Arrangement.objects.update_or_create(gallery=gallery, defaults=thresholds)
        _arranged(actor, gallery)
        marks = PhotoMark.objects.filter(photo__gallery=gallery, photo__state__in=SHOWN_STATES, stack__isnull=False)
        return int(marks.values("stack").distinct().count())


def join_stack(*, actor: Any, gallery: Gallery, numbers: Sequence[int]) -> int:
    """One stack of these photographs and of everything stacked with them; its name. Records GALLERY_ARRANGED.

    Raises Refusal marks.too_many | stack.too_few.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        chosen = _chosen(gallery, numbers)
        names = {photo.mark.stack for photo in chosen if _stack(photo)}
        mates = gallery.photos.filter(state__in=SHOWN_STATES, mark__stack__in=names)
        members = {photo.number: photo.pk for photo in [*chosen, *mates]}
        if len(members) < 2:
            raise Refusal("stack.too_few")
        name = min(members)
        _store([PhotoMark(photo_id=pk, stack=name, is_stacked_by_hand=True) for pk in members.values()])
        _arranged(actor, gallery, count=len(members))
    return name


def split_stack(*, actor: Any, gallery: Gallery, numbers: Sequence[int]) -> None:
    """Take these photographs out of their stacks; what is left of a stack keeps together. Records GALLERY_ARRANGED.

    Raises Refusal marks.too_many | stack.not_stacked.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        out = [photo for photo in _chosen(gallery, numbers) if _stack(photo)]
        if not out:
            raise Refusal("stack.not_stacked")
        names, gone = {photo.mark.stack for photo in out}, {photo.pk for photo in out}
        mates = gallery.photos.filter(state__in=SHOWN_STATES, mark__stack__in=names).exclude(pk__in=gone)
        _store([PhotoMark(photo_id=pk, stack=None, is_stacked_by_hand=True) for pk in gone])
        _store(_renamed(list(mates.select_related("mark"))))
        _arranged(actor, gallery, count=len(gone))


def put_stacks(*, actor: Any, gallery: Gallery, names: dict[int, int | None]) -> None:
    """Number → name of its stack (None: alone), as they stood before: how joining and splitting are undone.

    Names only say who belongs together; each stack is named by its first photograph, one alone is none. Records
    GALLERY_ARRANGED. Raises Refusal marks.too_many.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        chosen = _chosen(gallery, list(names))
        groups: dict[int | None, list[Photo]] = {}
        for photo in chosen:
            groups.setdefault(names[photo.number], []).append(photo)
        alone = groups.pop(None, [])
        _store([PhotoMark(photo_id=photo.pk, stack=None, is_stacked_by_hand=True) for photo in alone])
        _store(_named(groups.values()))
        _arranged(actor, gallery, count=len(chosen))


def release_stacks(*, actor: Any, gallery: Gallery, numbers: Sequence[int]) -> None:
    """Forget what a hand did to these photographs: the next build decides. Records GALLERY_ARRANGED."""
    with transaction.atomic():
        gallery = locked(gallery.pk)
        chosen = [photo.pk for photo in _chosen(gallery, numbers)]
        PhotoMark.objects.filter(photo__in=chosen).update(is_stacked_by_hand=False)
        _arranged(actor, gallery, count=len(chosen))


def _renamed(left: list[Photo]) -> list[PhotoMark]:
    """What remains of stacks: named by its first photograph again; one alone is no stack."""
    groups: dict[int | None, list[Photo]] = {}
    for photo in left:
        groups.setdefault(photo.mark.stack, []).append(photo)
    return _named(groups.values())


def _named(groups: Iterable[list[Photo]]) -> list[PhotoMark]:
    rows = []
    for photos in groups:
        name = min(photo.number for photo in photos) if len(photos) > 1 else None
        rows += [PhotoMark(photo_id=photo.pk, stack=name, is_stacked_by_hand=True) for photo in photos]
    return rows


def _chosen(gallery: Gallery, numbers: Sequence[int]) -> list[Photo]:
    if len(numbers) > MAX_MARKS:
        raise Refusal("marks.too_many", most=MAX_MARKS)
    return list(gallery.photos.filter(number__in=list(numbers), state__in=SHOWN_STATES).select_related("mark"))


def _stack(photo: Photo) -> int | None:
    mark = getattr(photo, "mark", None)
    return mark.stack if mark else None


def _store(rows: list[PhotoMark]) -> None:
    PhotoMark.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["photo"], update_fields=["stack", "is_stacked_by_hand"]
    )


def _within(value: int, ends: tuple[int, int]) -> int:
    return min(max(value, ends[0]), ends[1])


def _arranged(actor: Any, gallery: Gallery, **facts: Any) -> None:
    bump(gallery)
    events.record(events.Kind.GALLERY_ARRANGED, Arrangement(gallery=gallery), actor, what="stacks", **facts)
