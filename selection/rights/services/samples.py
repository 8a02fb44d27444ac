"""The sample library: consented photographs taken in, tagged, taken out."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.orders.models import Order
from selection.enums import PhotoState
from selection.models import Gallery, Photo, PhotoMark, locked
from selection.rights.enums import SampleKind, season_of
from selection.rights.models import ConsentPhoto, Sample
from selection.rights.selectors import covering
from selection.rights.tags import normal, normalised

MOST = 200


def add_samples(
    *, actor: Any, gallery: Gallery, numbers: Sequence[int], kind: str, tags: Iterable[str] = ()
) -> list[Sample]:
    """Take photographs of a gallery into the library, with the same tags; those in it already get the tags too.

    Each must be covered by a standing consent, looked at under the gallery's lock: all or none. The caller holds
    KEEP_LIBRARY in the order's branch. Records SAMPLES_ADDED. Raises Refusal sample.malformed | sample.no_consent
    (numbers).
    """
    wanted, kept = sorted(set(numbers))[: MOST + 1], normalised(tags)
    if not wanted or len(wanted) > MOST or kind not in SampleKind:
        raise Refusal("sample.malformed", most=MOST)
    with transaction.atomic():
        gallery = locked(gallery.pk)
        order = Order.objects.get(pk=gallery.order_id)
        photos = {photo.number: photo for photo in gallery.photos.filter(number__in=wanted, state=PhotoState.READY)}
        rows = covering(photo.pk for photo in photos.values())
        lacking = [number for number in wanted if number not in photos or photos[number].pk not in rows]
        if lacking:
            raise Refusal("sample.no_consent", numbers=lacking)
        made = [_keep(actor, order, photos[number], rows[photos[number].pk], kind, kept) for number in wanted]
        told: dict[str, Any] = {"photos": wanted, "what": str(kind)}
        events.record(events.Kind.SAMPLES_ADDED, gallery, actor, stream=order.event_stream, **told)
    return made


def _keep(actor: Any, order: Order, photo: Photo, covered: ConsentPhoto, kind: str, tags: list[str]) -> Sample:
    """The photograph's row in the library, made or brought up to date with the newest consent."""
    sample = Sample.objects.filter(photo=photo, removed_at=None).first()
    if sample is None:
        sample = Sample(photo=photo, branch_id=order.branch_id, added_by=actor, added_at=clock.now())
    mark = PhotoMark.objects.filter(photo=photo).select_related("look").first()
    sample.covered, sample.kind = covered, kind
    sample.look = mark.look.name if mark and mark.look else ""
    sample.season = season_of((photo.taken_at or order.shoot_on or clock.now()).month)
    sample.tags = normalised([*sample.tags, *tags])
    sample.words = words_of(sample, order)
    sample.save()
    return sample


def words_of(sample: Sample, order: Order | None) -> str:
    """What a search looks into. No customer's name is in it: guests stand beside the screen."""
    package = normal(str(order.terms.get("package", ""))) if order else ""
    return " · ".join(filter(None, [normal(sample.look), *sample.tags, package]))


def tag_sample(*, actor: Any, sample: Sample, tags: Iterable[str], kind: str) -> Sample:
    """Give a sample these tags instead of its former ones, and say what it is. The caller holds KEEP_LIBRARY in its
    branch. Raises Refusal sample.gone (it left the library meanwhile) | sample.malformed.
    """
    if kind not in SampleKind:
        raise Refusal("sample.malformed", most=MOST)
    with transaction.atomic():
        found = _standing(sample)
        found.tags = normalised(tags)
        if found.work is None:  # the studio's own work is nothing else
            found.kind = kind
        found.words = words_of(found, Order.objects.get(pk=found.photo.gallery.order_id) if found.photo else None)
        found.save(update_fields=["tags", "kind", "words"])
    return found


def remove_sample(*, actor: Any, sample: Sample) -> Sample:
    """Take a photograph out of the library; the consent stands, it can be taken in again. The caller holds KEEP_LIBRARY
    in its branch. Records SAMPLE_REMOVED. Raises Refusal sample.gone.
    """
    with transaction.atomic():
        found = _standing(sample)
        found.removed_at, found.removed_by = clock.now(), actor
        found.save(update_fields=["removed_at", "removed_by"])
        if found.photo is None:
            release = found.work.release
            events.record(events.Kind.SAMPLE_REMOVED, release, actor, photo=found.work.file_name)
        else:
            gallery = found.photo.gallery
            order, number = Order.objects.get(pk=gallery.order_id), found.photo.number
            events.record(events.Kind.SAMPLE_REMOVED, gallery, actor, stream=order.event_stream, photo=number)
    return found


def _standing(sample: Sample) -> Sample:
    """The sample, its gallery (or its own row) locked."""
    if sample.photo is not None:
        locked(sample.photo.gallery_id)
    rows = Sample.objects.select_for_update(of=["self"], no_key=True)
    found: Sample | None = rows.filter(pk=sample.pk, removed_at=None).first()
    if found is None:
        raise Refusal("sample.gone")
    return found
