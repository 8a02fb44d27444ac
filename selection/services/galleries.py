"""Verbs of a gallery's life: made for an order, published to its customers, taken back, unlocked."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import move_order, report_progress, schedule_stage
from core.people.models import Customer
from selection.addresses import gallery_link
from selection.enums import AFTER_SUBMISSION, GALLERY_TRANSITIONS, ChooserRole, GalleryState, ReopeningState
from selection.models import Chooser, Gallery
from selection.money import take_back
from selection.screens import wake
from selection.seats import people_of
from selection.selectors import counts
from selection.services.asking import answer_customer
from selection.services.picks import progress_of
from selection.services.slots import copy_slots, frozen_columns

MAIN, CO = ChooserRole.MAIN, ChooserRole.CO


def create_gallery(*, actor: Any, order: Order, title: str = "") -> Gallery:
    """An empty draft under the order's frozen terms, with a seat for everybody on the order.

    Records GALLERY_CREATED. Raises Refusal gallery.exists | order.closed.
    """
    with transaction.atomic():
        order = states.lock(order)
        if order.state != OrderState.OPEN:
            raise Refusal("order.closed", order=order.code)
        if Gallery.objects.filter(order=order).exclude(state=GalleryState.ARCHIVED).exists():
            raise Refusal("gallery.exists", order=order.code)
        gallery = Gallery.objects.create(order=order, title=title.strip() or order.title, **frozen_columns(order))
        copy_slots(gallery, order)
        people = dict.fromkeys([order.customer_id, *order.people.values_list("customer_id", flat=True)])
        Chooser.objects.bulk_create(
            Chooser(gallery=gallery, customer_id=customer, role=MAIN if customer == order.customer_id else CO)
            for customer in people
        )
        events.record(events.Kind.GALLERY_CREATED, gallery, actor, stream=order.event_stream, gallery=gallery.code)
    return gallery


def enter_gallery(*, customer: Customer, gallery: Gallery) -> Chooser:
    """The customer's seat, made when missing (somebody joined the order later); notes the first opening, of which the
    others' screens are told.

    The caller has found the gallery by `selectors.galleries_of(customer)`.
    """
    chooser, _made = Chooser.objects.select_related("customer").get_or_create(gallery=gallery, customer_id=customer.pk)
    if chooser.opened_at is None:
        with transaction.atomic():
            if Chooser.objects.filter(pk=chooser.pk, opened_at=None).update(opened_at=clock.now()):
                Gallery.objects.filter(pk=gallery.pk).update(rev=F("rev") + 1)
                gallery.rev += 1
                wake(gallery, events.Kind.SEAT_CHANGED)
    return chooser


def publish_gallery(*, actor: Any, gallery: Gallery, deadline: dt.date | None) -> Gallery:
    """Open the gallery to its customers and tell each of them; an order before its selection moves there.

    It walks through every stage between, one ORDER_MOVED each: nothing is left out (R002).

    Published again, only the deadline changes. Records GALLERY_PUBLISHED; queues GALLERY_READY.
    Raises Refusal gallery.empty | deadline.past | state.forbidden.
    """
    with transaction.atomic():
        gallery = states.lock(gallery)
        order = Order.objects.select_related("branch").get(pk=gallery.order_id)
        if deadline is not None and deadline < clock.today(order.branch.timezone):
            raise Refusal("deadline.past")
        if gallery.photo_count == 0:
            raise Refusal("gallery.empty")
        if gallery.state not in {GalleryState.DRAFT, GalleryState.OPEN}:
            raise Refusal("state.forbidden", source=gallery.state, target=GalleryState.OPEN)
        if gallery.state == GalleryState.DRAFT:
            states.move(gallery, "state", GalleryState.OPEN, GALLERY_TRANSITIONS, published_at=clock.now())
        gallery.deadline, gallery.rev = deadline, gallery.rev + 1
        gallery.save(update_fields=["deadline", "rev"])
        wake(gallery, "gallery.published")
        _tell_customers(gallery, order)
        _to_selection(actor, order)
        if deadline is not None and order.state == OrderState.OPEN:  # one day for the customer and the board
            schedule_stage(actor=actor, order=order, stage=Stage.SELECTION, due_on=deadline)
        _report(gallery)
        shown = deadline.isoformat() if deadline else ""
        events.record(
            events.Kind.GALLERY_PUBLISHED,
            gallery,
            actor,
            stream=order.event_stream,
            photos=gallery.photo_count,
            deadline=shown,
        )
    return gallery


def withdraw_gallery(*, actor: Any, gallery: Gallery) -> Gallery:
    """Take an open gallery back to draft: customers see it no more and every proof address dies at once.

    Records GALLERY_WITHDRAWN. Raises Refusal state.forbidden (also for a submitted gallery: unlock it first).
    """
    with transaction.atomic():
        gallery = states.lock(gallery)
        if gallery.state != GalleryState.OPEN:
            raise Refusal("state.forbidden", source=gallery.state, target=GalleryState.DRAFT)
        states.move(
            gallery,
            "state",
            GalleryState.DRAFT,
            GALLERY_TRANSITIONS,
            media_epoch=gallery.media_epoch + 1,
            rev=gallery.rev + 1,
        )
        order = Order.objects.get(pk=gallery.order_id)
        wake(gallery, "gallery.withdrawn")
        _report(gallery)
        events.record(events.Kind.GALLERY_WITHDRAWN, gallery, actor, stream=order.event_stream)
    return gallery


def unlock_selection(*, actor: Any, gallery: Gallery, reason: str, answer: str = "") -> Gallery:
    """Let the customer choose again; the submission stays on file as reopened and the order goes back to selection.

    A request of theirs that waits is thereby approved: `answer` goes to them with REOPENING_ANSWERED.
    Records SELECTION_UNLOCKED. Raises Refusal reason.missing | selection.too_late (the order has left production)
    | selection.in_retouch (free until retouching starts) | state.forbidden.
    """
    reason = reason.strip()[:200]
    if not reason:
        raise Refusal("reason.missing")
    with transaction.atomic():
        gallery = states.lock(gallery)
        if gallery.state in AFTER_SUBMISSION:
            raise Refusal("selection.in_retouch", state=gallery.state)
        if gallery.state != GalleryState.SUBMITTED:
            raise Refusal("state.forbidden", source=gallery.state, target=GalleryState.OPEN)
        order = states.lock(Order.objects.get(pk=gallery.order_id))
        if order.state != OrderState.OPEN or Stage(order.stage).number > Stage.PRODUCTION.number:
            raise Refusal("selection.too_late", stage=order.stage)
        gallery.submissions.filter(reopened_at=None).update(
            reopened_at=clock.now(), reopened_by_id=actor.pk, reopen_reason=reason
        )
        states.move(gallery, "state", GalleryState.OPEN, GALLERY_TRANSITIONS, submitted_at=None, rev=gallery.rev + 1)
        take_back(gallery, actor)
        wake(gallery, "selection.unlocked")
        if order.stage == Stage.PRODUCTION:
            move_order(actor=actor, order=order, target=Stage.SELECTION, note=reason)
        _report(gallery)
        for asked in gallery.reopenings.filter(state=ReopeningState.ASKED).select_related("chooser__customer"):
            answer_customer(gallery, asked, actor, ReopeningState.APPROVED, answer.strip()[:500])
            report_progress(order_id=gallery.order_id, reopening="")
        events.record(events.Kind.SELECTION_UNLOCKED, gallery, actor, stream=order.event_stream, reason=reason)
    return gallery


def _to_selection(actor: Any, order: Order) -> None:
    """Photographs that the customer may see were taken, whatever the board said. Later stages are the staff's."""
    stages = [stage for stage in Stage if Stage(order.stage).number < stage.number <= Stage.SELECTION.number]
    if order.state == OrderState.OPEN:
        for stage in stages:
            move_order(actor=actor, order=order, target=stage)


def _report(gallery: Gallery) -> None:
    main = gallery.choosers.filter(is_main=True).first()
    if main is not None:
        report_progress(order_id=gallery.order_id, **progress_of(gallery, counts(gallery, main)))


def _tell_customers(gallery: Gallery, order: Order) -> None:
    for chooser in people_of(gallery):
        tell_customer(
            customer=chooser.customer,
            template=Template.GALLERY_READY,
            name=chooser.name,
            title=gallery.title,
            photos=gallery.photo_count,
            included=gallery.included,
            deadline=gallery.deadline.isoformat() if gallery.deadline else "",
            link=gallery_link(gallery),
            dedupe_key=f"gallery-ready.{gallery.pk}.{gallery.media_epoch}.{chooser.pk}",
        )
