"""Submitting in parts: some photographs signed now, the gallery stays open, money is asked once, at the end."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.drawing import Drawing, checked, hand
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.models import Order
from core.orders.services import report_progress
from selection.amendments import SubmissionPart
from selection.batches import Excess, excess_of, part_hash, signed_numbers
from selection.enums import GalleryState, PhotoState, PickValue
from selection.evidence import asides_of, uses_by
from selection.models import Chooser, Gallery, Pick, locked
from selection.screens import bump, wake

NOTE_LENGTH = 1000


def sign_part(
    *,
    chooser: Chooser,
    numbers: Sequence[int],
    beyond_minor: int,
    signed_name: str,
    note: str = "",
    drawing: Drawing | None = None,
    evidence: dict[str, Any] | None = None,
) -> SubmissionPart:
    """The main chooser signs some of their selected photographs: those stay selected from now on.

    Included ones are used up first. `beyond_minor` is what the customer saw that this part will cost more at the end (0
    within the package); nothing is to pay now. Records PART_SIGNED on the order's board; queues PART_RECEIVED. Raises
    Refusal selection.locked | chooser.not_main | name.missing | name.unlikely | part.empty | part.changed (one of them
    is not selected, or signed already) | price.changed(beyond, beyond_minor) | selection.limit.
    """
    drawing, wanted = checked(drawing) if drawing else None, sorted(set(numbers))
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        _refuse_unless_open(gallery, chooser)
        signed_name = signing_name(signed_name, is_drawn=bool(drawing))
        picks = _free_picks(chooser, wanted)
        excess = excess_of(gallery, len(signed_numbers(chooser)), len(wanted))
        if gallery.hard_limit and excess.beyond:
            raise Refusal("selection.limit", beyond=excess.beyond)
        if beyond_minor != excess.minor:
            raise Refusal("price.changed", beyond=excess.beyond, beyond_minor=excess.minor)
        listed = [[pick.photo.number, pick.photo.file_name] for pick in picks]
        asides = asides_of(chooser, wanted, uses_by(chooser))
        part = SubmissionPart.objects.create(
            gallery=gallery,
            chooser=chooser,
            number=gallery.parts.count() + 1,
            numbers=listed,
            picked=len(listed),
            beyond=excess.beyond,
            beyond_minor=excess.minor,
            signed_name=signed_name,
            drawing=drawing,
            note=note.strip()[:NOTE_LENGTH],
            asides=asides,
            evidence={**(evidence or {}), **hand(drawing), "sha256": part_hash(gallery, listed, excess, asides)},
            at=clock.now(),
        )
        Pick.objects.filter(pk__in=[pick.pk for pick in picks]).update(is_signed=True)
        _thank(gallery, chooser, part)
        _tell(events.Kind.PART_SIGNED, gallery, chooser.customer, **_facts(gallery, part, excess))
    return part


def reopen_part(*, actor: Any, gallery: Gallery, number: int, reason: str) -> SubmissionPart:
    """Let the customer take the photographs of a part back; the part stays on file as reopened.

    The caller holds UNLOCK_SELECTION. Records PART_REOPENED. Raises Refusal reason.missing | part.gone
    | selection.locked (the whole is submitted meanwhile).
    """
    reason = reason.strip()[:200]
    if not reason:
        raise Refusal("reason.missing")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        if gallery.state not in {GalleryState.OPEN, GalleryState.DRAFT}:
            raise Refusal("selection.locked", state=gallery.state)
        part = gallery.parts.filter(number=number, reopened_at=None).first()
        if part is None:
            raise Refusal("part.gone")
        part.reopened_at, part.reopened_by, part.reopen_reason = clock.now(), actor, reason
        part.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])
        inside = [one for one, _name in part.numbers]
        Pick.objects.filter(chooser=part.chooser_id, photo__number__in=inside).update(is_signed=False)
        _tell(events.Kind.PART_REOPENED, gallery, actor, part=number, reason=reason)
    return part


def _refuse_unless_open(gallery: Gallery, chooser: Chooser) -> None:
    if gallery.state != GalleryState.OPEN:
        raise Refusal("selection.locked", state=gallery.state)
    chooser.refresh_from_db(fields=["yes", "is_main"])
    if not chooser.is_main:
        raise Refusal("chooser.not_main")


def _free_picks(chooser: Chooser, wanted: list[int]) -> list[Pick]:
    """The picks of these photographs, every one selected and not signed yet."""
    if not wanted:
        raise Refusal("part.empty")
    mine = Pick.objects.filter(chooser=chooser, value=PickValue.YES, is_signed=False, photo__state=PhotoState.READY)
    picks = list(mine.filter(photo__number__in=wanted).select_related("photo").order_by("photo__number"))
    if len(picks) != len(wanted):
        raise Refusal("part.changed")
    return picks


def _facts(gallery: Gallery, part: SubmissionPart, excess: Excess) -> dict[str, Any]:
    return {
        "part": part.number,
        "picked": part.picked,
        "beyond": excess.beyond,
        "beyond_minor": excess.minor,
        "currency": gallery.order.currency,
        "name": part.signed_name,
    }


def _tell(kind: events.Kind, gallery: Gallery, actor: Any, **facts: Any) -> None:
    """Screens of the gallery, the order's card, the event on the board."""
    bump(gallery)
    wake(gallery, kind)
    main = gallery.choosers.get(is_main=True)
    report_progress(order_id=gallery.order_id, signed=len(signed_numbers(main)))
    events.record(kind, gallery, actor, stream=Order.objects.get(pk=gallery.order_id).event_stream, **facts)


def _thank(gallery: Gallery, chooser: Chooser, part: SubmissionPart) -> None:
    tell_customer(
        customer=chooser.customer,
        template=Template.PART_RECEIVED,
        title=gallery.title,
        part=part.number,
        picked=part.picked,
        dedupe_key=f"part-received.{part.pk}",
    )
