"""What a customer says of a final: accepted, or what to change."""

import datetime as dt

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from selection.enums import GalleryState
from selection.models import Chooser, Gallery, locked
from selection.retouch.enums import Verdict
from selection.retouch.models import FinalVerdict, FinalVersion
from selection.retouch.selectors import shown_finals
from selection.screens import bump
from selection.services.picks import refuse_viewer

NOTE_LENGTH = 500


def judge_final(
    *, chooser: Chooser, number: int, version: int, value: str, note: str = "", said_at: dt.datetime | None = None
) -> FinalVerdict | None:
    """Say accept, or change with what; "" takes it back (None). `version` is the one that was looked at.

    The same word twice changes nothing; one said (`said_at`, default now) before the standing one is too late and is
    dropped: it waited on a phone while another one spoke. Records FINAL_JUDGED on the gallery's stream. Raises Refusal
    round.closed | chooser.viewer | final.unknown | final.newer (another version came meanwhile)
    | note.missing | note.too_long | verdict.malformed.
    """
    note = note.strip() if value == Verdict.CHANGE else ""
    if value not in {"", *Verdict.values}:
        raise Refusal("verdict.malformed")
    if value == Verdict.CHANGE and not note:
        raise Refusal("note.missing", photo=number)
    if len(note) > NOTE_LENGTH:
        raise Refusal("note.too_long", most=NOTE_LENGTH)
    with transaction.atomic():
        gallery = _before_customer(chooser)
        final = next((one for one in shown_finals(gallery) if one.photo.number == number), None)
        if final is None:
            raise Refusal("final.unknown", photo=number)
        if final.version != version:
            raise Refusal("final.newer", photo=number)
        verdict = FinalVerdict.objects.filter(final=final, chooser=chooser).first()
        if verdict and said_at and said_at < verdict.at:
            return verdict
        if (verdict.value, verdict.note) != (value, note) if verdict else bool(value):
            verdict = _write(final, chooser, value, note)
            _tell(gallery, chooser, [[number, version, value]])
    return verdict


def accept_rest(*, chooser: Chooser) -> int:
    """Accept every final of which this person has said nothing; returns how many.

    Records FINAL_JUDGED when there was one. Raises Refusal round.closed | chooser.viewer.
    """
    with transaction.atomic():
        gallery = _before_customer(chooser)
        finals = shown_finals(gallery)
        judged = set(FinalVerdict.objects.filter(chooser=chooser, final__in=finals).values_list("final_id", flat=True))
        rest = [final for final in finals if final.pk not in judged]
        now = clock.now()
        FinalVerdict.objects.bulk_create(
            FinalVerdict(final=final, chooser=chooser, value=Verdict.ACCEPT, at=now) for final in rest
        )
        if rest:
            _tell(gallery, chooser, [[final.photo.number, final.version, str(Verdict.ACCEPT)] for final in rest])
    return len(rest)


def _before_customer(chooser: Chooser) -> Gallery:
    gallery = locked(chooser.gallery_id)
    if gallery.state != GalleryState.PROOFING:
        raise Refusal("round.closed", state=gallery.state)
    refuse_viewer(chooser)
    return gallery


def _write(final: FinalVersion, chooser: Chooser, value: str, note: str) -> FinalVerdict | None:
    if not value:
        FinalVerdict.objects.filter(final=final, chooser=chooser).delete()
        return None
    said = {"value": value, "note": note, "at": clock.now()}
    verdict, _made = FinalVerdict.objects.update_or_create(final=final, chooser=chooser, defaults=said)
    return verdict


def _tell(gallery: Gallery, chooser: Chooser, verdicts: list[list[object]]) -> None:
    bump(gallery)
    events.record(events.Kind.FINAL_JUDGED, chooser, actor=chooser.customer, verdicts=verdicts, by=chooser.pk)
