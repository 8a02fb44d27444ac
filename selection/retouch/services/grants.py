"""A round beyond the contract: waived or priced by a manager, with a reason; a price needs the customer's yes first."""

from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from core.orders.services import report_progress
from selection.enums import GALLERY_TRANSITIONS, GalleryState
from selection.models import Chooser, Gallery
from selection.money import post_round
from selection.retouch.models import RetouchJob, RoundGrant
from selection.retouch.selectors import agreed_total
from selection.retouch.services.telling import at_work, message, tell
from selection.screens import bump
from selection.work import agree, decline, main_only, reason_of


def grant_round(*, actor: Any, gallery: Gallery, price_minor: int, reason: str) -> RoundGrant:
    """Allow the round at work although the contract's are used up: free (0), or at a price the customer must agree to.

    The caller holds GRANT_ROUNDS. An offer that waits for its answer is replaced. Records ROUND_GRANTED; a priced one
    queues ROUND_OFFERED. Raises Refusal reason.missing | price.negative | state.forbidden | round.included
    | round.granted.
    """
    reason = reason_of(reason)
    if price_minor < 0:
        raise Refusal("price.negative")
    with transaction.atomic():
        gallery, job = at_work(gallery, GalleryState.RETOUCHING)
        if not job.is_beyond:
            raise Refusal("round.included", round=job.round, rounds=job.rounds_included)
        former = job.grants.filter(number=job.round, declined_at=None).first()
        if former is not None:
            if not former.is_open:
                raise Refusal("round.granted", round=job.round)
            decline(former)
        grant = RoundGrant.objects.create(
            job=job,
            number=job.round,
            price_minor=price_minor,
            reason=reason,
            granted_by=actor,
            granted_at=clock.now(),
        )
        bump(gallery)
        money = {"round": job.round, "price_minor": price_minor, "currency": gallery.order.currency}
        if grant.is_open:
            main = gallery.choosers.select_related("customer").get(is_main=True)
            message(main, gallery, Template.ROUND_OFFERED, f"round-offered.{grant.pk}", **money)
        tell(events.Kind.ROUND_GRANTED, gallery, actor, job, reason=reason, **money)
    return grant


def agree_round(
    *, chooser: Chooser, price_minor: int, signed_name: str, evidence: dict[str, Any] | None = None
) -> RoundGrant:
    """The main chooser agrees to the offered price: exactly the one they saw. Adds to the order's retouch extras.

    Records ROUND_AGREED. Raises Refusal round.no_offer | chooser.not_main | price.changed(price_minor) | name.missing
    | name.unlikely.
    """
    with transaction.atomic():
        gallery, job, grant = _offer(chooser)
        agree(grant, chooser, price_minor=price_minor, signed_name=signed_name, evidence=evidence)
        report_progress(order_id=gallery.order_id, retouch_extra_minor=agreed_total(job))
        post_round(gallery, grant)
        money = {"round": grant.number, "price_minor": grant.price_minor, "currency": gallery.order.currency}
        tell(events.Kind.ROUND_AGREED, gallery, chooser.customer, job, name=grant.agreed_name, **money)
    return grant


def decline_round(*, chooser: Chooser) -> RoundGrant:
    """The main chooser does not want to pay: the last round is before them again, to accept or to talk about.

    Records ROUND_DECLINED. Raises Refusal round.no_offer | chooser.not_main.
    """
    with transaction.atomic():
        gallery, job, grant = _offer(chooser)
        decline(grant)
        job.rounds.filter(number=job.round - 1).update(returned_at=None, accepted=0, changed=0)
        job.round -= 1
        job.save(update_fields=["round"])
        states.move(gallery, "state", GalleryState.PROOFING, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        money = {"round": grant.number, "price_minor": grant.price_minor, "currency": gallery.order.currency}
        tell(events.Kind.ROUND_DECLINED, gallery, chooser.customer, job, **money)
    return grant


def _offer(chooser: Chooser) -> tuple[Gallery, RetouchJob, RoundGrant]:
    try:
        gallery, job = at_work(chooser.gallery, GalleryState.RETOUCHING)
    except Refusal as refusal:
        raise Refusal("round.no_offer") from refusal
    main_only(chooser)
    grant = job.grants.filter(number=job.round, declined_at=None).first()
    if grant is None or not grant.is_open:
        raise Refusal("round.no_offer")
    return gallery, job, grant
