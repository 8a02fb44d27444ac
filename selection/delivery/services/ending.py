"""The end of access: warned of, archived (nothing is deleted), revived."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from selection.delivery.enums import WARN_DAYS
from selection.delivery.models import Delivery
from selection.delivery.parcels import parts_here
from selection.delivery.selectors import files_of, taken_keys
from selection.delivery.services.handing import delivered, fit_until
from selection.delivery.services.telling import message_all
from selection.enums import GALLERY_TRANSITIONS, GalleryState
from selection.models import Gallery, locked
from selection.retouch.selectors import job_of
from selection.retouch.services.telling import tell

log = logging.getLogger(__name__)


def archive_gallery(*, actor: Any, gallery: Gallery, reason: str = "") -> Delivery:
    """End the customers' access: every address of the gallery dies, no file goes. Records GALLERY_ARCHIVED.

    Raises Refusal state.forbidden.
    """
    with transaction.atomic():
        gallery, delivery = delivered(gallery)
        delivery.archived_at = clock.now()
        delivery.save(update_fields=["archived_at"])
        changes = {"rev": gallery.rev + 1, "media_epoch": gallery.media_epoch + 1}
        states.move(gallery, "state", GalleryState.ARCHIVED, GALLERY_TRANSITIONS, **changes)
        told = {"reason": reason.strip()[:200], "until": delivery.until.isoformat()}
        tell(events.Kind.GALLERY_ARCHIVED, gallery, actor, job_of(gallery), **told)
    return delivery


def revive_gallery(*, actor: Any, gallery: Gallery, until: dt.date, reason: str, price: str = "") -> Delivery:
    """Open an archived delivery again. `price` is words about what was agreed, nothing is charged here.

    Records GALLERY_REVIVED; queues PHOTOS_DELIVERED. Raises Refusal reason.missing | until.unfit | state.forbidden
    (never delivered, or not archived).
    """
    reason = reason.strip()[:200]
    if not reason:
        raise Refusal("reason.missing")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        delivery = Delivery.objects.filter(gallery=gallery).first()
        if delivery is None:
            raise Refusal("state.forbidden", source=gallery.state, target=GalleryState.DELIVERED)
        delivery.until, delivery.warned, delivery.archived_at = fit_until(gallery, until), None, None
        states.move(gallery, "state", GalleryState.DELIVERED, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        delivery.save(update_fields=["until", "warned", "archived_at"])
        told = {"photos": len(files_of(gallery)), "until": until.isoformat()}
        message_all(gallery, Template.PHOTOS_DELIVERED, f"revived.{delivery.pk}.{gallery.rev}", **told)
        words = {"until": until.isoformat(), "reason": reason, "price_text": price.strip()[:60]}
        tell(events.Kind.GALLERY_REVIVED, gallery, actor, job_of(gallery), **words)
    return delivery


def tend_deliveries() -> dict[str, int]:
    """Once a day: warn of an end that is near, archive what is past it. Harmless when run twice; counts what it did."""
    done = {"warned": 0, "archived": 0}
    soon = clock.now().date() + dt.timedelta(days=max(WARN_DAYS) + 1)
    open_ones = Gallery.objects.filter(state=GalleryState.DELIVERED, delivery__until__lte=soon)
    for gallery in open_ones.select_related("order__branch", "delivery").order_by("pk"):
        try:
            did = _tend(gallery)
        except Refusal:  # somebody was faster
            did = ""
        if did:
            done[did] += 1
    return done


def _tend(gallery: Gallery) -> str:
    left = (gallery.delivery.until - clock.today(gallery.order.branch.timezone)).days
    if left < 0:
        archive_gallery(actor=None, gallery=gallery)
        return "archived"
    days = min((day for day in WARN_DAYS if left <= day), default=None)
    if days is None or (gallery.delivery.warned is not None and gallery.delivery.warned <= days):
        return ""
    return "warned" if _warn(gallery, days, left) else ""


def _warn(gallery: Gallery, days: int, left: int) -> bool:
    """Tell the customers, unless nothing is left to fetch."""
    with transaction.atomic():
        gallery, delivery = delivered(gallery)
        if delivery.warned is not None and delivery.warned <= days:
            return False
        delivery.warned = days
        delivery.save(update_fields=["warned"])
        files = files_of(gallery)
        rest = len(files) - len(taken_keys(gallery, files, parts_here(gallery, files)))
        if not rest:
            return False
        key = f"delivery-ends.{delivery.pk}.{delivery.until}.{days}"
        told = {"photos": rest, "until": delivery.until.isoformat()}
        message_all(gallery, Template.DELIVERY_ENDING, key, **told)
        tell(events.Kind.DELIVERY_WARNED, gallery, None, job_of(gallery), days=left, files=rest)
    return True
