"""A job of retouching: begun, handed to somebody else, stopped before anything was done."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.orders.enums import Stage
from core.orders.models import Order
from core.people.enums import Capability
from selection.enums import GALLERY_TRANSITIONS, HELD_STATES, GalleryState
from selection.models import Gallery, locked
from selection.retouch.models import RetouchJob
from selection.retouch.services.telling import at_work, tell, to_stage
from selection.selectors import standing_submission
from selection.work import reason_of, reassign, refuse_unfit, told


def start_retouching(*, actor: Any, gallery: Gallery, retoucher: Any, due_on: dt.date | None) -> RetouchJob:
    """Take a submitted selection into retouch: from now on the customer's list is settled.

    The rounds come from the order's frozen terms (at least one). An order still at selection moves to production.
    Records RETOUCH_STARTED. Raises Refusal state.forbidden | retoucher.unfit | due.past.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        submission = standing_submission(gallery)
        if gallery.state != GalleryState.SUBMITTED or submission is None:
            raise Refusal("state.forbidden", source=gallery.state, target=GalleryState.RETOUCHING)
        order = _fit(gallery, retoucher, due_on)
        job = RetouchJob.objects.create(
            gallery=gallery,
            submission=submission,
            retoucher=retoucher,
            rounds_included=max(1, int(order.terms.get("retouch_rounds") or 1)),
            due_on=due_on,
            started_by=actor,
            started_at=clock.now(),
        )
        states.move(gallery, "state", GalleryState.RETOUCHING, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        to_stage(actor, gallery, Stage.SELECTION, Stage.PRODUCTION)
        facts = told(retoucher, due_on, "retoucher")
        tell(events.Kind.RETOUCH_STARTED, gallery, actor, job, rounds=job.rounds_included, **facts)
    return job


def assign_job(*, actor: Any, gallery: Gallery, retoucher: Any, due_on: dt.date | None) -> RetouchJob:
    """Give a job to somebody else, or another day. Records RETOUCH_ASSIGNED when something changed.

    Raises Refusal state.forbidden | retoucher.unfit | due.past.
    """
    with transaction.atomic():
        gallery, job = at_work(gallery, GalleryState.RETOUCHING, GalleryState.PROOFING)
        _fit(gallery, retoucher, due_on if due_on != job.due_on else None)
        if reassign(job, "retoucher", retoucher, due_on):
            tell(events.Kind.RETOUCH_ASSIGNED, gallery, actor, job, **told(retoucher, due_on, "retoucher"))
    return job


def stop_retouching(*, actor: Any, gallery: Gallery, reason: str) -> RetouchJob:
    """Undo a start: the selection stands submitted again. Possible while no final is there and no round was sent.

    Records RETOUCH_STOPPED. Raises Refusal reason.missing | state.forbidden | retouch.has_finals.
    """
    reason = reason_of(reason)
    with transaction.atomic():
        gallery, job = at_work(gallery, GalleryState.RETOUCHING)
        if job.rounds.exists() or gallery.finals.filter(state__in=HELD_STATES).exists():
            raise Refusal("retouch.has_finals")
        job.stopped_at, job.stop_reason = clock.now(), reason
        job.save(update_fields=["stopped_at", "stop_reason"])
        states.move(gallery, "state", GalleryState.SUBMITTED, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        tell(events.Kind.RETOUCH_STOPPED, gallery, actor, None, reason=reason)
    return job


def _fit(gallery: Gallery, retoucher: Any, due_on: dt.date | None) -> Order:
    return refuse_unfit(gallery, retoucher, due_on, capability=Capability.RETOUCH, code="retoucher.unfit")
