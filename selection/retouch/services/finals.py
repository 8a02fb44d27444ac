"""A final finds its photograph by hand, or goes."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.enums import HELD_STATES, PhotoState
from selection.models import Gallery
from selection.retouch.enums import UPLOAD_STATES
from selection.retouch.intake import next_version
from selection.retouch.models import FinalVersion
from selection.retouch.services.telling import at_work

KEEP_DISCARDED = dt.timedelta(days=7)


def place_final(*, actor: Any, final: FinalVersion, number: int) -> FinalVersion:
    """Say that the file is photograph `number`; a ready one becomes its newest version.

    Records FINAL_PLACED. Raises Refusal state.forbidden | final.settled | final.sent (the customer has seen it)
    | final.not_chosen (no such photograph was submitted).
    """
    with transaction.atomic():
        gallery, job = at_work(final.gallery, *UPLOAD_STATES)
        final = _unsent(final)
        if number not in {chosen for chosen, _name in job.submission.numbers}:
            raise Refusal("final.not_chosen", photo=number)
        photo = gallery.photos.get(number=number)
        if final.photo_id == photo.pk:
            return final
        final.photo, final.doubt, final.version = photo, "", None
        if final.state == PhotoState.READY:
            final.version = next_version(photo.pk)
        final.save(update_fields=["photo", "doubt", "version"])
        _changed(gallery)
        events.record(events.Kind.FINAL_PLACED, final, actor, photo=number, file_name=final.file_name)
    return final


def discard_final(*, actor: Any, final: FinalVersion) -> FinalVersion:
    """Take a file away that the customer has not seen; its bytes go in a week, a refused one's at once.

    Records FINAL_DISCARDED. Raises Refusal state.forbidden | final.settled | final.sent.
    """
    with transaction.atomic():
        gallery, _job = at_work(final.gallery, *UPLOAD_STATES)
        final = _unsent(final, PhotoState.REFUSED)
        was_refused = final.state == PhotoState.REFUSED
        if was_refused:
            gallery.stored_bytes += final.size  # freed when it was refused; the purge frees it once more
        final.state, final.photo, final.version, final.expires_at = PhotoState.REMOVED, None, None, None
        final.purge_at = clock.now() + (dt.timedelta() if was_refused else KEEP_DISCARDED)
        final.save(update_fields=["state", "photo", "version", "expires_at", "purge_at"])
        _changed(gallery)
        events.record(events.Kind.FINAL_DISCARDED, final, actor, file_name=final.file_name)
    return final


def _unsent(final: FinalVersion, *also: str) -> FinalVersion:
    """The row as it stands under the lock."""
    final = FinalVersion.objects.get(pk=final.pk)
    if final.state not in {*HELD_STATES, *also}:
        raise Refusal("final.settled", file_name=final.file_name)
    if final.sent_in_id is not None:
        raise Refusal("final.sent", file_name=final.file_name)
    return final


def _changed(gallery: Gallery) -> None:
    gallery.rev += 1
    gallery.save(update_fields=["rev", "stored_bytes"])
