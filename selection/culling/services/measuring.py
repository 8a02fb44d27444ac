"""Photographs that were processed before anything was measured: the gaps are filled."""

from core.kernel import storage
from selection.addresses import GRID
from selection.enums import SHOWN_STATES
from selection.models import Photo
from selection.processing import keep_facts
from selection.renditions import Unusable, measure, measure_grid
from selection.sight import Sight

BATCH = 200


def fill_facts(*, most: int = BATCH) -> int:
    """Measure up to `most` photographs without facts, newest first; how many. Harmless when run twice or at once.

    From the original; where it is gone the grid picture tells everything but the sharpness. What cannot be read at all
    gets empty facts, so that it is not tried for ever.
    """
    waiting = Photo.objects.filter(state__in=SHOWN_STATES, facts=None).order_by("-pk")[:most]
    photos = list(waiting)
    for photo in photos:
        keep_facts(photo.pk, _sight(photo))
    return len(photos)


def _sight(photo: Photo) -> Sight | None:
    try:
        return measure(storage.get(photo.original_key))
    except (storage.Missing, Unusable):
        pass
    try:
        return measure_grid(storage.get(f"{photo.rendition_key}/{GRID}.webp"))
    except (storage.Missing, Unusable):
        return None
