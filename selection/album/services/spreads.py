"""Spreads in the draft at work: moved, taken out, put back, thrown away."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.album.enums import OPEN_STATES
from selection.album.layout import draft_at_work, lay, put, spreads_of
from selection.album.models import AlbumDraft, AlbumProof, DraftPage, Spread
from selection.album.services.telling import at_work
from selection.enums import PhotoState
from selection.models import Gallery
from selection.screens import bump

KEEP_DISCARDED = dt.timedelta(days=7)


def move_spread(*, actor: Any, album: AlbumProof, spread: Spread, to: int) -> None:
    """Give a spread of the draft at work the place `to` (from 1); places beyond the ends mean the ends.

    Records ALBUM_ARRANGED. Raises Refusal album.closed | spread.not_in_draft.
    """
    with transaction.atomic():
        gallery, draft = _open(album)
        spreads = spreads_of(draft)
        moved = _found(spreads, spread)
        spreads.remove(moved)
        spreads.insert(max(0, min(to - 1, len(spreads))), moved)
        lay(draft, spreads)
        _tell(gallery, moved, actor, album, spreads)


def take_out(*, actor: Any, album: AlbumProof, spread: Spread) -> None:
    """The next draft is without this spread; it lies aside and can be put back.

    Records ALBUM_ARRANGED. Raises Refusal album.closed | spread.not_in_draft.
    """
    with transaction.atomic():
        gallery, draft = _open(album)
        spreads = spreads_of(draft)
        gone = _found(spreads, spread)
        spreads.remove(gone)
        lay(draft, spreads)
        _tell(gallery, gone, actor, album, spreads)


def put_back(*, actor: Any, album: AlbumProof, spread: Spread) -> None:
    """A spread that lies aside goes into the draft again; an earlier version takes its successor's place.

    Records ALBUM_ARRANGED. Raises Refusal album.closed | spread.settled (not there any more).
    """
    with transaction.atomic():
        gallery, draft = _open(album)
        found = album.spreads.filter(pk=spread.pk, state=PhotoState.READY, line__isnull=False).first()
        if found is None:
            raise Refusal("spread.settled")
        put(draft, found)
        _tell(gallery, found, actor, album, spreads_of(draft))


def discard_spread(*, actor: Any, album: AlbumProof, spread: Spread) -> None:
    """Throw a file away that lies aside and that no customer has seen; bytes go in a week, a refused one's at once.

    Records ALBUM_ARRANGED. Raises Refusal album.closed | spread.settled | spread.sent | spread.in_draft.
    """
    with transaction.atomic():
        gallery, draft = _open(album)
        found = album.spreads.filter(pk=spread.pk, state__in=[PhotoState.READY, PhotoState.REFUSED]).first()
        if found is None:
            raise Refusal("spread.settled")
        if found.sent_in_id is not None:
            raise Refusal("spread.sent", file_name=found.file_name)
        if DraftPage.objects.filter(spread=found).exists():
            raise Refusal("spread.in_draft")
        was_refused = found.state == PhotoState.REFUSED
        if was_refused:
            gallery.stored_bytes += found.size  # freed when it was refused; the purge frees it once more
            gallery.save(update_fields=["stored_bytes"])
        found.state, found.line, found.version = PhotoState.REMOVED, None, None
        found.purge_at = clock.now() + (dt.timedelta() if was_refused else KEEP_DISCARDED)
        found.save(update_fields=["state", "line", "version", "purge_at"])
        _tell(gallery, found, actor, album, spreads_of(draft))


def _open(album: AlbumProof) -> tuple[Gallery, AlbumDraft]:
    gallery, album = at_work(album, *OPEN_STATES)
    draft = draft_at_work(album)
    assert draft is not None, "an open album has a draft at work"
    return gallery, draft


def _found(spreads: list[Spread], spread: Spread) -> Spread:
    found = next((one for one in spreads if one.pk == spread.pk), None)
    if found is None:
        raise Refusal("spread.not_in_draft")
    return found


def _tell(gallery: Gallery, spread: Spread, actor: Any, album: AlbumProof, spreads: list[Spread]) -> None:
    bump(gallery)
    events.record(events.Kind.ALBUM_ARRANGED, spread, actor, album=album.number, spreads=len(spreads))
