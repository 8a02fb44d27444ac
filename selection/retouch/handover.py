"""What a retoucher is given: the submitted photographs with everything people asked for, as a list and as files.

Names go by base name, as retouchers' programs match them. A base name that two photographs of the gallery carry is
never written anywhere as if it meant one of them: such photographs are listed apart (`doubtful`).
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.kernel import clock
from selection.amendments import SubmissionPart
from selection.enums import PhotoState, wish_labels
from selection.models import SAYS_NOTHING, Gallery, PhotoNote, Submission
from selection.pins import Pin, pins_of
from selection.retouch.enums import SHOWN_STATES, Verdict
from selection.retouch.models import FinalVerdict
from selection.retouch.names import base_name, folded, is_safe, shared
from selection.retouch.selectors import shown_finals
from selection.retouch.xmp import sidecar, zip_stream
from selection.selectors import Tile, standing_submission, tiles_of

PICKED_RATING = 5
LABEL_PLAIN, LABEL_WISHES, LABEL_AGAIN = "Green", "Red", "Yellow"  # the two programs' own English colour words
FORMULA = {"=", "+", "-", "@", "\t", "\r"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one person wants done to a photograph."""

    who: str
    wishes: list[str]
    text: str
    pinned: list[Pin] = field(default_factory=list)

    @property
    def line(self) -> str:
        return " · ".join(part for part in (", ".join(self.wishes), self.text, self.places) if part)

    @property
    def places(self) -> str:
        """The pins in one line."""
        return "; ".join(pin.line for pin in self.pinned)


@dataclass(slots=True)
class Item:
    """One submitted photograph. `again`: changes wanted of the final they saw last; `twins`: other files of the gallery
    with the same base name.
    """

    tile: Tile
    asked: list[Asked] = field(default_factory=list)
    again: list[Asked] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.tile.number

    @property
    def base(self) -> str:
        return base_name(self.tile.file_name)

    @property
    def is_clear(self) -> bool:
        """Whether the base name means this photograph alone and can be a file's name anywhere."""
        return not self.twins and is_safe(self.base)

    @property
    def wishes(self) -> list[str]:
        """Everybody's wishes for the whole photograph and for places on it, each once."""
        said = (wish for one in self.asked for wish in [*one.wishes, *(pin.wish for pin in one.pinned if pin.wish)])
        return list(dict.fromkeys(said))

    @property
    def text(self) -> str:
        """Everybody's notes; names only where several people wrote."""
        return _lines(self.asked)

    @property
    def places(self) -> str:
        """Everybody's pins, a person a line: "(1) 41%, 30% skin"."""
        pinned = [one for one in self.asked if one.pinned]
        return "\n".join(f"{one.who}: {one.places}" if len(pinned) > 1 else one.places for one in pinned)

    @property
    def changes(self) -> str:
        """What is to change of the last final, in the same form."""
        return _lines(self.again)


def _lines(asked: list[Asked]) -> str:
    notes = [one for one in asked if one.text]
    return "\n".join(f"{one.who}: {one.text}" if len({one.who for one in notes}) > 1 else one.text for one in notes)


@dataclass(frozen=True, slots=True)
class Handover:
    """A standing submission (or a part that was signed before) as retouchers get it, in number order."""

    gallery: Gallery
    submission: Submission | SubmissionPart
    items: list[Item]

    @property
    def clear(self) -> list[Item]:
        return [item for item in self.items if item.is_clear]

    @property
    def doubtful(self) -> list[Item]:
        return [item for item in self.items if not item.is_clear]

    @property
    def with_wishes(self) -> int:
        return sum(bool(item.asked) for item in self.items)


def handover_of(gallery: Gallery, part: SubmissionPart | None = None) -> Handover | None:
    """What was submitted (or the `part` of it), with wishes, notes and wanted changes; None while nothing stands
    submitted. Four queries; six once finals were sent.
    """
    submission = part or standing_submission(gallery)
    if submission is None:
        return None
    numbers = [number for number, _name in submission.numbers]
    photos = list(gallery.photos.filter(number__in=numbers).order_by("number"))
    asked = _asked([photo.pk for photo in photos])
    twins, again = _twins(gallery), _again(gallery)
    items = [
        Item(
            tile=tile,
            asked=asked.get(photo.pk, []),
            again=again.get(photo.pk, []),
            twins=[name for number, name in twins.get(folded(base_name(tile.file_name)), []) if number != tile.number],
        )
        for photo, tile in zip(photos, tiles_of(gallery, photos, None), strict=True)
    ]
    return Handover(gallery, submission, items)


def _asked(photo_ids: list[int]) -> dict[int, list[Asked]]:
    notes = PhotoNote.objects.filter(photo__in=photo_ids).exclude(SAYS_NOTHING)
    found: dict[int, list[Asked]] = {}
    rows = notes.order_by("-chooser__is_main", "chooser").values_list(
        "photo", "chooser__customer__name", "tags", "text", "pins"
    )
    for photo, who, tags, text, pins in rows:
        found.setdefault(photo, []).append(Asked(who, wish_labels(tags), text, pins_of(pins)))
    return found


def _again(gallery: Gallery) -> dict[int, list[Asked]]:
    if gallery.state not in SHOWN_STATES:
        return {}
    verdicts = FinalVerdict.objects.filter(final__in=shown_finals(gallery), value=Verdict.CHANGE)
    rows = verdicts.order_by("-chooser__is_main", "chooser").values_list(
        "final__photo", "chooser__customer__name", "note"
    )
    found: dict[int, list[Asked]] = {}
    for photo, who, note in rows:
        found.setdefault(photo, []).append(Asked(who, [], note))
    return found


def _twins(gallery: Gallery) -> dict[str, list[tuple[int, str]]]:
    """Base names that several ready photographs of the gallery carry, picked or not."""
    rows = list(gallery.photos.filter(state=PhotoState.READY).order_by("number").values_list("number", "file_name"))
    doubled = shared(name for _number, name in rows)
    found: dict[str, list[tuple[int, str]]] = {}
    for number, name in rows:
        if (base := folded(base_name(name))) in doubled:
            found.setdefault(base, []).append((number, name))
    return found


# -- Files ------------------------------------------------------------------------------------------------------------
def names_text(handed: Handover) -> str:
    """The base names in one line, to be pasted into the search of Lightroom or Capture One: "DSC_1, DSC_2"."""
    return ", ".join(item.base for item in handed.clear)


def numbers_text(handed: Handover) -> str:
    """One photograph a line: its number and its file name, and pins where people set some."""
    return "".join(f"{item.number}\t{item.tile.file_name}{_pinned(item)}\r\n" for item in handed.items)


def _pinned(item: Item) -> str:
    return f"\t{item.places}".replace("\n", " / ") if item.places else ""


def table_csv(handed: Handover) -> str:
    """For a spreadsheet: number, file, wishes, notes, and a word about doubtful names. Begins with a BOM for Excel."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    table = csv.writer(out)
    head = [_("Number"), _("File name"), _("Base name"), _("Wishes"), _("Note"), _("Change wanted"), _("Attention")]
    table.writerow([*head, _("Pins")])
    for item in handed.items:
        said = (" ".join(item.wishes), item.text, item.changes, warning(item), item.places)
        cells = (item.tile.file_name, item.base, *said)
        table.writerow([item.number, *map(harmless, cells)])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is quoted (edges.md §7)."""
    return f"'{cell}" if cell[:1] in FORMULA else cell


def warning(item: Item) -> str:
    """Why no sidecar is written for a photograph; "" when one is."""
    if item.twins:
        return _("Same base name as %(names)s") % {"names": ", ".join(item.twins)}
    return "" if item.is_clear else _("This name cannot be a file name everywhere.")


def sidecar_files(handed: Handover) -> list[tuple[str, bytes]]:
    """(name, bytes) of what goes into the ZIP: a sidecar for each clear photograph, and README.txt."""
    order = handed.gallery.order.code
    files = [(f"{item.base}.xmp", _sidecar(item, order)) for item in handed.clear]
    return [*files, ("README.txt", readme(handed).encode("utf-8-sig"))]


def sidecars_zip(handed: Handover) -> Iterator[bytes]:
    """The ZIP in chunks. Everything is read before the first one: a stream outlives its request's studio."""
    return zip_stream(sidecar_files(handed))


def _sidecar(item: Item, order: str) -> bytes:
    return sidecar(
        rating=PICKED_RATING,
        label=LABEL_AGAIN if item.again else LABEL_WISHES if item.asked else LABEL_PLAIN,
        keywords=[order, *item.wishes],
        description="\n".join(part for part in (item.changes, item.text, item.places) if part),
    )


def readme(handed: Handover) -> str:
    """What is in the ZIP, how to use it, and which photographs were left out and why."""
    zone = ZoneInfo(handed.gallery.order.branch.timezone)
    lines = [
        f"{handed.gallery.order.code} · {handed.gallery.title}",
        _("Made on %(day)s") % {"day": f"{clock.now().astimezone(zone):%Y-%m-%d %H:%M}"},
        "",
        _("%(n)d sidecars. Put them beside the RAW files of the same name, then have metadata read from files.")
        % {"n": len(handed.clear)},
        _("Rating 5: chosen. Red: with wishes, see keywords and description. Green: chosen without a wish."),
        _("Yellow: to change once more, the description begins with what."),
    ]
    if handed.doubtful:
        lines += ["", _("Left out, please do these by hand:")]
        lines += [f"{item.number}\t{item.tile.file_name}\t{warning(item)}{_wanted(item)}" for item in handed.doubtful]
    return "\r\n".join([*lines, ""])


def _wanted(item: Item) -> str:
    said = " / ".join(one.line for one in [*item.again, *item.asked])
    return f"\t{said}" if said else ""
