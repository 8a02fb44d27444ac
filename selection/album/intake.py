"""How spreads come in: through the originals' door; a file of a known name is that spread's next version."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from core.kernel import events
from core.kernel.errors import Refusal
from selection.album.enums import ALBUM_STATES, OPEN_STATES
from selection.album.layout import draft_at_work, line_for, next_version, put
from selection.album.models import AlbumProof, Spread
from selection.intake import Intake, Rows
from selection.models import Gallery
from selection.processing import process
from tenants.jobs import studio_job

MAX_SPREADS = 120  # files of an album, all versions


@dataclass(frozen=True, slots=True)
class SpreadIntake(Intake):
    """The door as it stands open for one album (`album`), or for one of its spreads (`line`)."""

    album: AlbumProof | None = None
    line: int | None = None

    def of(self, gallery: Gallery) -> Any:
        """The same bytes are kept once per album."""
        found = Spread.objects.filter(gallery=gallery)
        return found.filter(album=self.album) if self.album else found


@studio_job(queue="media", name="selection.process_spread", retry=3)
def process_spread(*, spread_id: int) -> str:
    """Make a spread's marked renditions: ready, or refused with a reason. Returns what it did."""
    return process(SPREADS, spread_id)


def for_album(album: AlbumProof, line: int | None = None) -> SpreadIntake:
    """The door of one album. Signing raises Refusal album.closed | spread.unknown | uploads.too_many."""

    def prepare(_gallery: Gallery, rows: Rows) -> None:
        standing = AlbumProof.objects.get(pk=album.pk)
        if standing.state not in OPEN_STATES:
            raise Refusal("album.closed", state=standing.state)
        if line is not None and not album.spreads.filter(line=line).exists():
            raise Refusal("spread.unknown", line=line)
        if rows and album.spreads.count() + len(rows) > MAX_SPREADS * standing.rounds:
            raise Refusal("uploads.too_many", most=MAX_SPREADS)
        for row in rows:
            row.album, row.meant = album, line

    return dataclasses.replace(SPREADS, album=album, line=line, prepare=prepare)


def take_place(_gallery: Gallery, spread: Any, _made: Any) -> None:
    """A ready spread goes into the draft at work; after the end of the album it only lies there. Gallery locked."""
    album = AlbumProof.objects.get(pk=spread.album_id)
    draft = draft_at_work(album)
    if draft is not None:
        spread.line = line_for(album, draft, spread)
        spread.version = next_version(album, spread.line)
    told = {"line": spread.line, "version": spread.version, "sha256": spread.sha256}
    Spread.objects.filter(pk=spread.pk).update(**told)
    if draft is not None:
        put(draft, spread)


SPREADS = SpreadIntake(
    model=Spread,
    originals="a",
    renditions="ar",
    open_states=ALBUM_STATES,
    received=events.Kind.SPREADS_RECEIVED,
    ready=events.Kind.SPREAD_READY,
    refused=events.Kind.SPREAD_REFUSED,
    process=lambda spread: process_spread.defer(key=str(spread.pk), spread_id=spread.pk),
    arrived=take_place,
)
