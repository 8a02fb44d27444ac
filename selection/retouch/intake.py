"""How finals come in: through the originals' door, matched to the chosen photographs by base name, never guessed."""

from typing import Any

from django.db.models import Max

from core.kernel import events
from selection.enums import PhotoState
from selection.intake import Intake, Rows
from selection.models import Gallery
from selection.processing import process
from selection.retouch.enums import UPLOAD_STATES, Doubt
from selection.retouch.models import FinalVersion
from selection.retouch.names import Index
from selection.selectors import standing_submission
from tenants.jobs import studio_job


@studio_job(queue="media", name="selection.process_final", retry=3)
def process_final(*, final_id: int) -> str:
    """Make a final's marked renditions: ready, or refused with a reason. Returns what it did."""
    return process(FINALS, final_id)


def match(gallery: Gallery, finals: Rows) -> None:
    """Say which chosen photograph each new file belongs to, or why nobody can know. The gallery is locked.

    A name is doubtful when it may mean two photographs of the gallery, chosen or not, and when two of these files would
    be the same photograph's.
    """
    submission = standing_submission(gallery)
    chosen = {number for number, _name in submission.numbers} if submission else set()
    photos = list(gallery.photos.filter(state=PhotoState.READY).values_list("number", "file_name", "pk"))
    index, ids = Index([(number, name) for number, name, _pk in photos]), {number: pk for number, _name, pk in photos}
    found = [index.match(final.file_name).numbers for final in finals]
    single = [numbers[0] for numbers in found if len(numbers) == 1]
    for final, numbers in zip(finals, found, strict=True):
        final.candidates = [number for number in numbers if number in chosen]
        if not final.candidates:
            final.doubt = Doubt.UNKNOWN
        elif len(numbers) > 1:
            final.doubt = Doubt.AMBIGUOUS
        elif single.count(numbers[0]) > 1:
            final.doubt = Doubt.TWINS
        else:
            final.photo_id = ids[numbers[0]]


def number_version(_gallery: Gallery, final: Any, _made: Any) -> None:
    """A ready final that has its photograph becomes that photograph's newest version. The gallery is locked."""
    final.refresh_from_db(fields=["photo"])  # somebody may have placed it while it was rendered
    if final.photo_id is not None:
        FinalVersion.objects.filter(pk=final.pk).update(version=next_version(final.photo_id))


def next_version(photo_id: int) -> int:
    """The number after the photograph's highest."""
    return (FinalVersion.objects.filter(photo=photo_id).aggregate(top=Max("version"))["top"] or 0) + 1


FINALS = Intake(
    model=FinalVersion,
    originals="f",
    renditions="fr",
    open_states=frozenset(UPLOAD_STATES),
    received=events.Kind.FINALS_RECEIVED,
    ready=events.Kind.FINAL_READY,
    refused=events.Kind.FINAL_REFUSED,
    process=lambda final: process_final.defer(key=str(final.pk), final_id=final.pk),
    arrived=number_version,
    prepare=match,
)
