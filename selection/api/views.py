"""The customer's phone: manifest, picks, notes, submit. Parse, find, call the verb, answer."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from core.people.evidence import evidence
from selection import manifest as columns
from selection.api.base import CustomerView, by_phone, customer
from selection.api.serializers import MuteIn, NoteIn, PicksIn, PlacementsIn, SubmitIn
from selection.selectors import counts, notes_of
from selection.services import (
    apply_picks,
    mute_suggestions,
    place_photos,
    save_note,
    submit_selection,
    tap_photos,
)


@customer
class Manifest(CustomerView):
    def get(self, request: Request, code: str) -> HttpResponse:
        """The whole gallery for this person; 304 while nothing of it changed (`selection.manifest.manifest_json`)."""
        chooser = self.chooser(code)
        etag = columns.etag(chooser.gallery, chooser)
        if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
            response = HttpResponse(status=304)
        else:
            response = HttpResponse(columns.manifest_json(chooser.gallery, chooser), content_type="application/json")
        response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
        return response


@customer
class Picks(CustomerView):
    def post(self, request: Request, code: str) -> Response:
        """{device, now, ops:[{op, photo, v, at}]} → {rev, acked:[op], rejected:[{op, photo, why, v}], counts}."""
        given = PicksIn(data=request.data)
        given.is_valid(raise_exception=True)
        taps = given.taps()
        device = given.validated_data["device"]
        outcome = tap_photos(customer=request.customer, code=code, device=device, ops=taps)
        if outcome is None:
            outcome = apply_picks(chooser=self.chooser(code), device=device, ops=taps)
        return Response(
            {
                "rev": outcome.rev,
                "acked": outcome.acked,
                "rejected": [{"op": r.op, "photo": r.number, "why": r.why, "v": r.value} for r in outcome.rejected],
                "counts": outcome.counts.as_json(),
            }
        )


@customer
class Placements(CustomerView):
    def post(self, request: Request, code: str) -> Response:
        """{device, now, ops:[{op, photo, slot, v, at}]} → {rev, acked:[op], rejected:[{op, photo, slot, why, v}],
        picked:[photo], counts, lines}: `v` true puts the photograph into the slot, selecting it where needed.
        """
        given = PlacementsIn(data=request.data)
        given.is_valid(raise_exception=True)
        puts, device = given.puts(), given.validated_data["device"]
        outcome = place_photos(chooser=self.chooser(code), device=device, ops=puts)
        rejected = [
            {"op": one.op, "photo": one.number, "slot": one.slot, "why": one.why, "v": one.is_in}
            for one in outcome.rejected
        ]
        return Response(
            {
                "rev": outcome.rev,
                "acked": outcome.acked,
                "rejected": rejected,
                "picked": outcome.picked,
                "counts": outcome.counts.as_json(),
                "lines": [line.as_json() for line in outcome.bill.lines],
            }
        )


@customer
class Note(CustomerView):
    def get(self, request: Request, code: str, number: int) -> Response:
        """The person's own note: {text, tags, pins}; empty when there is none."""
        note = notes_of(self.chooser(code)).filter(photo__number=number).first()
        if note is None:
            return Response({"text": "", "tags": [], "pins": []})
        return Response({"text": note.text, "tags": note.tags, "pins": note.pins})

    def put(self, request: Request, code: str, number: int) -> Response:
        """{device, op, text, tags, pins} → {saved: false when it was a replay}. An empty note takes it back."""
        given = NoteIn(data=request.data)
        given.is_valid(raise_exception=True)
        note = save_note(chooser=self.chooser(code), number=number, **given.validated_data)
        return Response({"saved": note is not None})


@customer
class Suggestions(CustomerView):
    def put(self, request: Request, code: str) -> Response:
        """{muted} → {muted}: this person is shown no recommendations and suggestions of the studio, or is again."""
        given = MuteIn(data=request.data)
        given.is_valid(raise_exception=True)
        mute_suggestions(chooser=self.chooser(code), muted=given.validated_data["muted"])
        return Response(given.validated_data)


@by_phone
class Submit(CustomerView):
    def post(self, request: Request, code: str) -> Response:
        """{extra_total_minor, signed_name, note} → the submission; 409 price.changed carries the right figures."""
        given = SubmitIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = {"device": given.validated_data.pop("device"), **evidence(request)}
        chooser = self.chooser(code)
        submission = submit_selection(chooser=chooser, evidence=told, **given.validated_data)
        chooser.refresh_from_db()
        return Response({"at": submission.at.isoformat(), "counts": counts(chooser.gallery, chooser).as_json()})
