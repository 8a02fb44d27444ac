"""A corrected file in the place of a photograph's: number, picks and notes stay, the old file waits in the bin.

A new file arrives as a photograph of its own that `replaces` another (the carrier), by the same way as all. Once its
renditions exist, the two rows exchange files: the carrier holds the old one until the sweeper's time, and taking it out
of the bin exchanges them again.
"""

import datetime as dt
from typing import Any

from core.kernel import clock, events
from selection.enums import SHOWN_STATES, PhotoState
from selection.models import Gallery, Photo, PhotoFacts
from selection.sequence import place

KEEP_OLD = dt.timedelta(days=7)
FILE = ["file_name", "size", "md5", "content_type", "original_key", "rendition_key", "rendition_bytes"]
PICTURE = ["width", "height", "color", "taken_at", "uploaded_by_id"]
MEASURED = ["likeness", "sharpness", "blown", "blocked"]


def exchange(*, actor: Any, gallery: Gallery, carrier: Photo, purge_at: dt.datetime | None = None) -> Photo | None:
    """Exchange the files of `carrier` and the photograph that it replaces; None when that one is not there any more.

    The gallery is locked and saved by the caller. The proof's address changes (`rendition_rev` grows), so no cache can
    show the old one. Records PHOTO_REPLACED.
    """
    photo = Photo.objects.filter(pk=carrier.replaces_id, state__in=SHOWN_STATES).first()
    if photo is None:
        return None
    old = {name: getattr(photo, name) for name in FILE + PICTURE}
    new = {name: getattr(carrier, name) for name in FILE + PICTURE}
    waiting = {"state": PhotoState.REMOVED, "expires_at": None, "purge_at": purge_at or clock.now() + KEEP_OLD}
    # Three steps, because two rows never hold the same file: nothing, then the new one, then the old one.
    Photo.objects.filter(pk=carrier.pk).update(**waiting, original_key=f"exchanged.{carrier.pk}", rendition_rev=1)
    Photo.objects.filter(pk=photo.pk).update(**new, rendition_rev=photo.rendition_rev + 1)
    Photo.objects.filter(pk=carrier.pk).update(**old)
    _exchange_facts(photo, carrier)
    place(gallery.pk, photo.pk)
    photo.refresh_from_db()
    events.record(
        events.Kind.PHOTO_REPLACED,
        photo,
        actor,
        photo=photo.number,
        file_name=photo.file_name,
        former_name=old["file_name"],
    )
    return photo


def _exchange_facts(photo: Photo, carrier: Photo) -> None:
    found = {facts.photo_id: facts for facts in PhotoFacts.objects.filter(photo__in=[photo.pk, carrier.pk])}
    PhotoFacts.objects.filter(photo__in=[photo.pk, carrier.pk]).delete()
    swapped = [(carrier.pk, found.get(photo.pk)), (photo.pk, found.get(carrier.pk))]
    PhotoFacts.objects.bulk_create(
        PhotoFacts(photo_id=pk, **{name: getattr(facts, name) for name in MEASURED}) for pk, facts in swapped if facts
    )
