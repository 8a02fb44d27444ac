"""Handing a gallery over: checked, delivered, given longer, given more."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.kernel import clock, events, states, storage
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from selection.delivery.entitlement import WIDTH, missing
from selection.delivery.enums import ACCESS_DAYS, FileKind
from selection.delivery.models import Delivery, FileGrant
from selection.delivery.selectors import files_of, scope_of, signed_rows
from selection.delivery.services.preparing import prepare
from selection.delivery.services.telling import message_all
from selection.enums import GALLERY_TRANSITIONS, GalleryState
from selection.models import Gallery, locked
from selection.retouch.selectors import job_of
from selection.retouch.services.telling import tell
from selection.screens import bump

MAX_DAYS = 3653


def usual_until(gallery: Gallery) -> dt.date:
    """The last day by the order's frozen terms (`access_days`), else a year."""
    days = int(gallery.order.terms.get("access_days") or ACCESS_DAYS)
    return clock.today(gallery.order.branch.timezone) + dt.timedelta(days=days)


def deliver_gallery(
    *, actor: Any, gallery: Gallery, checked_by: Any, until: dt.date | None = None, note: str = ""
) -> Delivery:
    """Hand the signed finals over, after somebody has looked at every file (R153).

    Access until `until` (`usual_until`). Records GALLERY_DELIVERED; queues PHOTOS_DELIVERED to everybody; enqueues the
    preparation of ZIP parts. Raises Refusal state.forbidden | delivery.unchecked | until.unfit
    | delivery.final_missing(numbers, n): a signed final is not there, or its bytes are not.
    """
    if checked_by is None:
        raise Refusal("delivery.unchecked")
    lost = _lost_bytes(gallery) if gallery.state == GalleryState.SIGNED_OFF else []
    with transaction.atomic():
        gallery = locked(gallery.pk)
        until = _fit(gallery, until or usual_until(gallery))
        states.move(gallery, "state", GalleryState.DELIVERED, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        signed, files = signed_rows(gallery), files_of(gallery)
        absent = sorted({*missing(signed, files), *lost})
        if absent or not signed:
            raise Refusal("delivery.final_missing", numbers=absent, n=len(absent))
        delivery = Delivery.objects.create(
            gallery=gallery,
            checked_by=checked_by,
            check_note=note.strip()[:200],
            until=until,
            delivered_by=actor,
            delivered_at=clock.now(),
        )
        prepare.defer(key=str(gallery.pk), gallery_id=gallery.pk)
        message_all(
            gallery, Template.PHOTOS_DELIVERED, f"delivered.{delivery.pk}", photos=len(files), until=until.isoformat()
        )
        told = {"files": len(files), "until": until.isoformat(), "checked_by": checked_by.name}
        tell(events.Kind.GALLERY_DELIVERED, gallery, actor, job_of(gallery), **told)
    return delivery


def _lost_bytes(gallery: Gallery) -> list[int]:
    """Numbers of finals whose object is not in storage, or another one. It asks the store: before a transaction."""
    lost = []
    for file in files_of(gallery):
        if file.kind != FileKind.FINAL:
            continue
        try:
            is_whole = storage.head(file.key).size == file.size
        except storage.Missing:
            is_whole = False
        if not is_whole:
            lost.append(file.number)
    return lost


def extend_access(*, actor: Any, gallery: Gallery, until: dt.date) -> Delivery:
    """Another last day; warnings start anew. Records DELIVERY_EXTENDED when it changed.

    Raises Refusal state.forbidden | until.unfit.
    """
    with transaction.atomic():
        gallery, delivery = delivered(gallery)
        former = delivery.until
        if _fit(gallery, until) != former:
            delivery.until, delivery.warned = until, None
            delivery.save(update_fields=["until", "warned"])
            bump(gallery)
            told = {"former": former.isoformat(), "until": until.isoformat()}
            tell(events.Kind.DELIVERY_EXTENDED, gallery, actor, job_of(gallery), **told)
    return delivery


def grant_files(*, actor: Any, gallery: Gallery, originals: str, reason: str) -> FileGrant:
    """Let the customers take originals that the contract does not give. The caller holds GRANT_FILES.

    Records FILES_GRANTED. Raises Refusal reason.missing | state.forbidden | grant.unknown | grant.needless.
    """
    reason = reason.strip()[:200]
    if not reason:
        raise Refusal("reason.missing")
    if originals not in WIDTH[1:]:
        raise Refusal("grant.unknown")
    with transaction.atomic():
        gallery, delivery = delivered(gallery)
        if WIDTH.index(scope_of(gallery)) >= WIDTH.index(originals):
            raise Refusal("grant.needless")
        now = clock.now()
        grant = FileGrant.objects.create(delivery=delivery, originals=originals, reason=reason, by=actor, at=now)
        bump(gallery)
        prepare.defer(key=str(gallery.pk), gallery_id=gallery.pk)
        told = {"originals": originals, "files": len(files_of(gallery)), "reason": reason}
        tell(events.Kind.FILES_GRANTED, gallery, actor, job_of(gallery), **told)
    return grant


def delivered(gallery: Gallery) -> tuple[Gallery, Delivery]:
    """Both under the gallery's lock. Raises Refusal state.forbidden when it is not delivered now."""
    gallery = locked(gallery.pk)
    delivery = Delivery.objects.filter(gallery=gallery).first()
    if delivery is None or gallery.state != GalleryState.DELIVERED:
        raise Refusal("state.forbidden", source=gallery.state, target=GalleryState.DELIVERED)
    return gallery, delivery


def _fit(gallery: Gallery, until: dt.date) -> dt.date:
    today = clock.today(gallery.order.branch.timezone)
    if not today <= until <= today + dt.timedelta(days=MAX_DAYS):
        raise Refusal("until.unfit")
    return until


fit_until = _fit
