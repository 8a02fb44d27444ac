"""A draft that nobody answers: the customer is reminded, as of everything that waits for them."""

import datetime as dt

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from selection.album.enums import ALBUM_STATES, REMIND_DAYS, AlbumState
from selection.album.layout import standing_draft
from selection.album.models import AlbumDraft
from selection.album.services.telling import at_work, message, tell


def remind_drafts() -> int:
    """Once a day: remind the main chooser of drafts that wait for REMIND_DAYS days. Harmless when run twice; counts."""
    before = clock.now() - dt.timedelta(days=min(REMIND_DAYS))
    waiting = AlbumDraft.objects.filter(superseded_at=None, returned_at=None, sent_at__lte=before)
    waiting = waiting.filter(album__state=AlbumState.PROOFING, album__gallery__state__in=ALBUM_STATES)
    done = 0
    for draft in waiting.filter(reminded__lt=max(REMIND_DAYS)).select_related("album").order_by("pk"):
        try:
            done += _remind(draft)
        except Refusal:  # somebody was faster
            continue
    return done


def _remind(draft: AlbumDraft) -> bool:
    assert draft.sent_at is not None
    waited = (clock.now() - draft.sent_at).days
    days = max((day for day in REMIND_DAYS if day <= waited), default=0)
    with transaction.atomic():
        gallery, album = at_work(draft.album, AlbumState.PROOFING)
        standing = standing_draft(album)
        if standing is None or standing.pk != draft.pk or standing.reminded >= days:
            return False
        standing.reminded = days
        standing.save(update_fields=["reminded"])
        main = gallery.choosers.select_related("customer").get(is_main=True)
        told = {"round": album.round, "rounds": album.rounds}
        message(main, album, standing, Template.ALBUM_WAITING, key=f"album-waiting.{draft.pk}.{days}", **told)
        tell(events.Kind.ALBUM_REMINDED, gallery, None, album, draft=standing.number, days=waited)
    return True
