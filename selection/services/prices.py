"""Money that moves: all originals taken or not, and prices that only ever fall."""

from typing import Any

from django.db import transaction

from core.catalog.pricing import ORIGINALS, RETOUCHED, lowered
from core.kernel import events
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.orders.services import report_progress
from selection.enums import GalleryState
from selection.models import Chooser, Gallery, GallerySlot, locked
from selection.screens import bump, wake
from selection.selectors import counts
from selection.services.picks import progress_of
from selection.services.slots import reprice, reprice_all

REASON_LENGTH = 200


def want_originals(*, chooser: Chooser, wanted: bool) -> Chooser:
    """Take all originals at the contract's price, or give them back; the same answer twice changes nothing.

    Records ORIGINALS_WANTED on the gallery's stream. Raises Refusal selection.locked | originals.not_offered
    | chooser.not_main.
    """
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        if gallery.state != GalleryState.OPEN:
            raise Refusal("selection.locked", state=gallery.state)
        if gallery.all_originals_minor is None:
            raise Refusal("originals.not_offered")
        chooser.refresh_from_db()
        if not chooser.is_main:
            raise Refusal("chooser.not_main")
        if chooser.wants_originals != wanted:
            chooser.wants_originals = wanted
            chooser.save(update_fields=["wants_originals"])
            reprice(gallery, chooser)
            bump(gallery)
            price = gallery.all_originals_minor
            kind, own = events.Kind.ORIGINALS_WANTED, {"by": chooser.pk}
            events.record(kind, chooser, chooser.customer, carry=own, wanted=wanted, price_minor=price)
            report_progress(order_id=gallery.order_id, **progress_of(gallery, counts(gallery, chooser)))
    return chooser


def lower_price(
    *,
    actor: Any,
    gallery: Gallery,
    slot: int,
    included: int | None = None,
    price_minor: int | None = None,
    reason: str,
) -> Gallery:
    """Include more photographs of a slot, or charge less for each extra (slot -1: for all originals); None: as it is.

    The frozen terms are the ceiling: nothing here can raise a price, nor take back what was granted. Tiers above the
    new price fall to it. The caller holds LOWER_PRICES in the order's branch.
    Records PRICE_LOWERED on the order's board. Raises Refusal reason.missing | price.raised | price.same | slot.unknown
    | gallery.locked.
    """
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Refusal("reason.missing")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        if gallery.state not in {GalleryState.DRAFT, GalleryState.OPEN}:
            raise Refusal("gallery.locked", state=gallery.state)
        row, fields = _priced(gallery, slot)
        before = [getattr(row, name) if name else 0 for name in fields]
        given = [included if fields[0] else 0, price_minor]
        after = [now if new is None else new for now, new in zip(before, given, strict=True)]
        _refuse_unless_lower(before, after)
        _lower(row, fields, after)
        bump(gallery)
        reprice_all(gallery)
        if slot == ORIGINALS:
            for chooser in gallery.choosers.filter(wants_originals=True):
                reprice(gallery, chooser)
        _tell(actor, gallery, row, slot, before, after, reason)
    return gallery


def _priced(gallery: Gallery, slot: int) -> "tuple[Gallery | GallerySlot, tuple[str, str]]":
    """The row that holds a slot's price, and its columns for what is included ("": nothing is) and for the price."""
    if slot == RETOUCHED:
        return gallery, ("included", "extra_photo_minor")
    if slot == ORIGINALS and gallery.all_originals_minor is not None:
        return gallery, ("", "all_originals_minor")
    row = gallery.slots.filter(number=slot).first()
    if row is None:
        raise Refusal("slot.unknown", slot=slot)
    return row, ("included", "extra_price_minor")


def _refuse_unless_lower(before: list[int], after: list[int]) -> None:
    if after[0] < before[0] or after[1] > before[1] or after[1] < 0:
        raise Refusal("price.raised", included=before[0], price_minor=before[1])
    if after == before:
        raise Refusal("price.same")


def _lower(row: "Gallery | GallerySlot", fields: tuple[str, str], after: list[int]) -> None:
    changed: dict[str, Any] = {fields[1]: after[1]}
    if fields[0]:
        tiers = "tiers" if isinstance(row, GallerySlot) else "retouched_tiers"
        changed |= {fields[0]: after[0], tiers: lowered(getattr(row, tiers), after[1])}
        if isinstance(row, GallerySlot) and row.maximum is not None:
            changed["maximum"] = max(row.maximum, after[0])
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))


def _tell(
    actor: Any,
    gallery: Gallery,
    row: "Gallery | GallerySlot",
    slot: int,
    before: list[int],
    after: list[int],
    reason: str,
) -> None:
    order = Order.objects.get(pk=gallery.order_id)
    kind = events.Kind.PRICE_LOWERED
    wake(gallery, kind)
    main = gallery.choosers.filter(is_main=True).first()
    if main is not None:
        report_progress(order_id=gallery.order_id, **progress_of(gallery, counts(gallery, main)))
    events.record(
        kind,
        gallery,
        actor,
        stream=order.event_stream,
        slot=row.name if isinstance(row, GallerySlot) else "",
        number=slot,
        included=[before[0], after[0]],
        price_minor=[before[1], after[1]],
        currency=order.currency,
        reason=reason,
    )
