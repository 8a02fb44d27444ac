"""A round of an album beyond the contract: waived or priced by a manager; a price needs the customer's yes first."""

from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from core.orders.services import report_progress
from selection.album.enums import ALBUM_TRANSITIONS, AlbumState
from selection.album.layout import standing_draft
from selection.album.models import AlbumGrant, AlbumProof
from selection.album.selectors import agreed_total, standing_grant
from selection.album.services.telling import at_work, message, tell
from selection.models import Chooser, Gallery
from selection.work import agree, decline, main_only, reason_of


def grant_album_round(*, actor: Any, album: AlbumProof, price_minor: int, reason: str) -> AlbumGrant:
    """Allow the round at work although the contract's are used up: free (0), or at a price the customer must agree to.

    The caller holds GRANT_ROUNDS. An offer that waits for its answer is replaced. Records ALBUM_WAIVED or ALBUM_PRICED;
    a priced one queues ALBUM_OFFERED. Raises Refusal reason.missing | price.negative | album.closed | round.included
    | round.granted.
    """
    reason = reason_of(reason)
    if price_minor < 0:
        raise Refusal("price.negative")
    with transaction.atomic():
        gallery, album = at_work(album, AlbumState.DESIGNING)
        if not album.is_beyond:
            raise Refusal("round.included", round=album.round, rounds=album.rounds_included)
        if (former := standing_grant(album)) is not None:
            if not former.is_open:
                raise Refusal("round.granted", round=album.round)
            decline(former)
        told: dict[str, Any] = {"price_minor": price_minor, "reason": reason}
        grant: AlbumGrant = album.grants.create(number=album.round, granted_by=actor, granted_at=clock.now(), **told)
        if not grant.is_open:
            tell(events.Kind.ALBUM_WAIVED, gallery, actor, album, round=album.round, reason=reason)
            return grant
        money = _money(gallery, grant)
        main = gallery.choosers.select_related("customer").get(is_main=True)
        draft = standing_draft(album)
        assert draft is not None, "a round beyond the contract follows one that was shown"
        message(main, album, draft, Template.ALBUM_OFFERED, key=f"album-offered.{grant.pk}", **money)
        tell(events.Kind.ALBUM_PRICED, gallery, actor, album, reason=reason, **money)
    return grant


def agree_album_round(
    *, chooser: Chooser, album: AlbumProof, price_minor: int, signed_name: str, evidence: dict[str, Any] | None = None
) -> AlbumGrant:
    """The main chooser agrees to the offered price: exactly the one they saw. Adds to the order's album extras.

    Records ALBUM_AGREED. Raises Refusal round.no_offer | chooser.not_main | price.changed(price_minor) | name.missing
    | name.unlikely.
    """
    with transaction.atomic():
        gallery, album, grant = _offer(chooser, album)
        agree(grant, chooser, price_minor=price_minor, signed_name=signed_name, evidence=evidence)
        report_progress(order_id=gallery.order_id, album_extra_minor=agreed_total(gallery))
        told = {"signer": grant.agreed_name, **_money(gallery, grant)}
        tell(events.Kind.ALBUM_AGREED, gallery, chooser.customer, album, **told)
    return grant


def decline_album_round(*, chooser: Chooser, album: AlbumProof) -> AlbumGrant:
    """The main chooser does not want to pay: the draft is before them again, to approve or to talk about.

    Records ALBUM_DECLINED. Raises Refusal round.no_offer | chooser.not_main.
    """
    with transaction.atomic():
        gallery, album, grant = _offer(chooser, album)
        decline(grant)
        album.drafts.filter(sent_at__isnull=False, superseded_at=None).update(returned_at=None, returned_by=None)
        states.move(album, "state", AlbumState.PROOFING, ALBUM_TRANSITIONS, round=album.round - 1)
        tell(events.Kind.ALBUM_DECLINED, gallery, chooser.customer, album, **_money(gallery, grant))
    return grant


def _offer(chooser: Chooser, album: AlbumProof) -> tuple[Gallery, AlbumProof, AlbumGrant]:
    try:
        gallery, album = at_work(album, AlbumState.DESIGNING)
    except Refusal as refusal:
        raise Refusal("round.no_offer") from refusal
    main_only(chooser)
    grant = standing_grant(album)
    if grant is None or not grant.is_open or chooser.gallery_id != gallery.pk:
        raise Refusal("round.no_offer")
    return gallery, album, grant


def _money(gallery: Gallery, grant: AlbumGrant) -> dict[str, Any]:
    return {"round": grant.number, "price_minor": grant.price_minor, "currency": gallery.order.currency}
