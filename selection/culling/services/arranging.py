"""In which order customers see a gallery, and behind which cover."""

from typing import Any

from django.db import transaction

from core.kernel import events
from core.kernel.errors import Refusal
from selection.culling.enums import DisplayOrder
from selection.enums import PhotoState
from selection.models import Arrangement, Gallery, locked
from selection.screens import bump
from selection.sequence import place


def set_order(*, actor: Any, gallery: Gallery, order: str) -> Arrangement:
    """Show by number, by capture time, or by look and time; later photographs find their place by themselves.

    Records GALLERY_ARRANGED. Raises Refusal order.unknown.
    """
    if order not in DisplayOrder.values:
        raise Refusal("order.unknown", order=order)
    with transaction.atomic():
        gallery = locked(gallery.pk)
        arrangement, _made = Arrangement.objects.update_or_create(gallery=gallery, defaults={"order": order})
        place(gallery.pk)
        _arranged(actor, gallery, "order", order=order)
    return arrangement


def set_cover(*, actor: Any, gallery: Gallery, number: int | None) -> Arrangement:
    """The photograph that stands for the gallery in lists (None: the first one again).

    Records GALLERY_ARRANGED. Raises Refusal photo.settled | cover.hidden (customers cannot see it).
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        photo = gallery.photos.filter(number=number).first() if number else None
        if number and (photo is None or not photo.is_shown):
            raise Refusal("photo.settled", photo=number)
        if photo is not None and photo.state == PhotoState.HIDDEN:
            raise Refusal("cover.hidden", photo=number)
        arrangement, _made = Arrangement.objects.update_or_create(gallery=gallery, defaults={"cover": photo})
        _arranged(actor, gallery, "cover", photo=number or 0)
    return arrangement


def _arranged(actor: Any, gallery: Gallery, what: str, **facts: Any) -> None:
    bump(gallery)
    events.record(events.Kind.GALLERY_ARRANGED, Arrangement(gallery=gallery), actor, what=what, **facts)
