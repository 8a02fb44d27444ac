"""A person's slots kept true: the money beside the retouched extras, and photographs that leave their slots.

For the verbs of this floor, inside their transaction and under the gallery's lock.
"""

from typing import Any

from core.catalog.pricing import RETOUCHED
from core.orders.models import Order
from selection.bills import bill_of, slots_of
from selection.models import Chooser, Gallery, GallerySlot, Placement


def copy_slots(gallery: Gallery, order: Order) -> None:
    """The gallery's slots from the order's frozen terms; a package of former days has none."""
    rows = order.terms.get("slots", [])
    GallerySlot.objects.bulk_create(
        GallerySlot(gallery=gallery, number=number, **row) for number, row in enumerate(rows, start=1)
    )


def frozen_columns(order: Order) -> dict[str, Any]:
    """What of the frozen terms stands in the gallery's own columns."""
    return {
        "included": order.retouched_included,
        "extra_photo_minor": order.extra_photo_minor,
        "retouched_tiers": order.terms.get("retouched_tiers", []),
        "all_originals_minor": order.terms.get("all_originals_minor"),
    }


def reprice(gallery: Gallery, chooser: Chooser, slots: list[GallerySlot] | None = None) -> None:
    """`also_minor` anew from the rows."""
    chooser.refresh_from_db(fields=["wants_originals"])
    told = bill_of(gallery, chooser, slots)
    chooser.also_minor = sum(line.total_minor for line in told.lines if line.slot != RETOUCHED)
    Chooser.objects.filter(pk=chooser.pk).update(also_minor=chooser.also_minor)


def reprice_all(gallery: Gallery) -> None:
    """`reprice` for everybody: a photograph came or went, or a price fell."""
    slots = slots_of(gallery)
    if slots:
        for chooser in gallery.choosers.all():
            reprice(gallery, chooser, slots)


def release(gallery: Gallery, chooser: Chooser, photos: list[int]) -> None:
    """Photographs that are no longer selected leave this person's slots."""
    if Placement.objects.filter(chooser=chooser, photo__in=photos, is_in=True).update(is_in=False):
        reprice(gallery, chooser)
