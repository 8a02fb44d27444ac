"""What a printed evidence says of something that was signed: photographs with uses and wishes, money, earlier parts.

What stood beside the photographs is kept with the signature (`asides`) and hashed with it. What was signed before
asides were kept is shown with the wishes that stand now, and says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from selection.amendments import SubmissionPart
from selection.batches import parts_of
from selection.enums import wish_labels
from selection.models import SAYS_NOTHING, Chooser, Gallery, PhotoNote, Placement, Submission
from selection.selectors import standing_submission

type Uses = dict[int, list[str]]


def uses_in(lines: Iterable[dict[str, Any]]) -> Uses:
    """Photograph number → names of the slots that a bill's lines put it into."""
    found: Uses = {}
    for line in lines:
        for number in line.get("photos", []):
            found.setdefault(number, []).append(line["name"])
    return found


def uses_by(chooser: Chooser) -> Uses:
    """Photograph number → names of the slots into which the person has put it. One query."""
    rows = Placement.objects.filter(chooser=chooser, is_in=True).order_by("slot__number")
    found: Uses = {}
    for number, name in rows.values_list("photo__number", "slot__name"):
        found.setdefault(number, []).append(name)
    return found


def asides_of(chooser: Chooser, numbers: Iterable[int], uses: Uses) -> list[dict[str, Any]]:
    """What stands beside these photographs: uses, chips, words, how many pins; of those only with any. One query."""
    wanted = list(numbers)
    rows = PhotoNote.objects.filter(chooser=chooser, photo__number__in=wanted).exclude(SAYS_NOTHING)
    notes = {note.photo.number: note for note in rows.select_related("photo")}
    found = []
    for number in wanted:
        note = notes.get(number)
        said = {"tags": list(note.tags), "text": note.text, "pins": len(note.pins)} if note else {}
        if said or uses.get(number):
            found.append({"number": number, "uses": uses.get(number, []), "tags": [], "text": "", "pins": 0, **said})
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One photograph of the sheet."""

    number: int
    file_name: str
    uses: list[str] = field(default_factory=list)
    wishes: list[str] = field(default_factory=list)
    text: str = ""
    pins: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet. `signed` is a Submission or a SubmissionPart (`is_part`); `before`: parts signed earlier."""

    signed: Any
    is_part: bool
    photos: list[Listed]
    before: list[SubmissionPart]
    is_kept: bool

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The bill's lines; a part has none of its own."""
        return [] if self.is_part else self.signed.lines


def sheet_of(signed: Submission | SubmissionPart) -> Sheet:
    """Three queries at most, whatever the number of photographs."""
    is_part = isinstance(signed, SubmissionPart)
    kept = signed.asides
    if kept is None:
        uses = uses_by(signed.chooser) if isinstance(signed, SubmissionPart) else uses_in(signed.lines)
        kept = asides_of(signed.chooser, [number for number, _name in signed.numbers], uses)
    beside = {one["number"]: one for one in kept}
    before = [part for part in parts_of(signed.gallery) if part.reopened_at is None and part.at < signed.at]
    photos = [_listed(number, name, beside.get(number)) for number, name in signed.numbers]
    return Sheet(signed, is_part, photos, before, signed.asides is not None)


def _listed(number: int, name: str, beside: dict[str, Any] | None) -> Listed:
    if beside is None:
        return Listed(number, name)
    return Listed(number, name, beside["uses"], wish_labels(beside["tags"]), beside["text"], beside["pins"])


def signed_last(gallery: Gallery) -> Submission | SubmissionPart | None:
    """The standing submission, before it the newest part that stands; None while nothing is signed."""
    submission = standing_submission(gallery)
    return submission or part_of(gallery, None)


def part_of(gallery: Gallery, number: int | None) -> SubmissionPart | None:
    """A part by number, reopened or not; the newest that stands for None."""
    parts = gallery.parts.select_related("chooser__customer", "reopened_by")
    if number is not None:
        return parts.filter(number=number).first()  # type: ignore[no-any-return]  # the reverse manager is untyped
    return parts.filter(reopened_at=None).order_by("-number").first()  # type: ignore[no-any-return]  # as above


def sheet_context(gallery: Gallery, signed: Submission | SubmissionPart) -> dict[str, Any]:
    """For selection/evidence_sheet.html."""
    order = gallery.order
    return {"sheet": sheet_of(signed), "signed": signed, "gallery": gallery, "order": order,
            "currency": order.currency, "zone": order.branch.timezone}  # fmt: skip
