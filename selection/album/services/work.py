"""An album: begun, handed to somebody else, stopped before anything was shown."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.people.enums import Capability
from selection.album.enums import ALBUM_STATES, ALBUM_TRANSITIONS, DEFAULT_ROUNDS, OPEN_STATES, AlbumState
from selection.album.models import AlbumDraft, AlbumProof
from selection.album.services.spreads import KEEP_DISCARDED
from selection.album.services.telling import at_work, tell
from selection.enums import PhotoState
from selection.models import Gallery, GallerySlot, locked
from selection.selectors import standing_submission
from selection.work import NAME_LENGTH, reason_of, reassign, refuse_unfit, told

MOST = 12  # albums of a gallery


def start_album(
    *,
    actor: Any,
    gallery: Gallery,
    name: str,
    designer: Any,
    due_on: dt.date | None = None,
    slot: GallerySlot | None = None,
) -> AlbumProof:
    """Begin the layout of an album of a submitted selection, with an empty first draft.

    The rounds come from the order's frozen terms, else DEFAULT_ROUNDS. Records ALBUM_STARTED. Raises Refusal
    state.forbidden | album.name_missing | album.name_taken | album.too_many | designer.unfit | due.past.
    """
    name = name.strip()[:NAME_LENGTH] or (slot.name if slot else "")
    with transaction.atomic():
        gallery = locked(gallery.pk)
        if gallery.state not in ALBUM_STATES or standing_submission(gallery) is None:
            raise Refusal("state.forbidden", source=gallery.state, target=AlbumState.DESIGNING)
        order = _fit(gallery, designer, due_on)
        _refuse_name(gallery, name)
        top = gallery.albums.aggregate(top=Max("number"))["top"] or 0
        if top >= MOST:
            raise Refusal("album.too_many", most=MOST)
        album = AlbumProof.objects.create(
            gallery=gallery,
            number=top + 1,
            name=name,
            slot=slot,
            designer=designer,
            rounds_included=max(1, int(order.terms.get("album_rounds") or DEFAULT_ROUNDS)),
            due_on=due_on,
            started_by=actor,
            started_at=clock.now(),
        )
        AlbumDraft.objects.create(album=album, number=1)
        facts = told(designer, due_on, "designer")
        tell(events.Kind.ALBUM_STARTED, gallery, actor, album, rounds=album.rounds_included, **facts)
    return album


def assign_album(*, actor: Any, album: AlbumProof, designer: Any, due_on: dt.date | None) -> AlbumProof:
    """Give an album to somebody else, or another day. Records ALBUM_ASSIGNED when something changed.

    Raises Refusal album.closed | designer.unfit | due.past.
    """
    with transaction.atomic():
        gallery, album = at_work(album, *OPEN_STATES)
        _fit(gallery, designer, due_on if due_on != album.due_on else None)
        if reassign(album, "designer", designer, due_on):
            tell(events.Kind.ALBUM_ASSIGNED, gallery, actor, album, **told(designer, due_on, "designer"))
    return album


def stop_album(*, actor: Any, album: AlbumProof, reason: str) -> AlbumProof:
    """Undo a start. Possible while the customer has seen nothing of it; its files go in a week.

    Records ALBUM_STOPPED. Raises Refusal reason.missing | album.closed | album.shown.
    """
    reason = reason_of(reason)
    with transaction.atomic():
        gallery, album = at_work(album, AlbumState.DESIGNING)
        if album.drafts.filter(sent_at__isnull=False).exists():
            raise Refusal("album.shown")
        album.drafts.filter(sent_at=None).delete()
        gone = {"line": None, "version": None, "purge_at": clock.now() + KEEP_DISCARDED}
        album.spreads.filter(state=PhotoState.READY).update(state=PhotoState.REMOVED, **gone)
        states.move(album, "state", AlbumState.STOPPED, ALBUM_TRANSITIONS, stop_reason=reason)
        tell(events.Kind.ALBUM_STOPPED, gallery, actor, album, reason=reason)
    return album


def _fit(gallery: Gallery, designer: Any, due_on: dt.date | None) -> Order:
    return refuse_unfit(gallery, designer, due_on, capability=Capability.DESIGN_ALBUMS, code="designer.unfit")


def _refuse_name(gallery: Gallery, name: str) -> None:
    if not name:
        raise Refusal("album.name_missing")
    if gallery.albums.exclude(state=AlbumState.STOPPED).filter(name=name).exists():
        raise Refusal("album.name_taken", name=name)
