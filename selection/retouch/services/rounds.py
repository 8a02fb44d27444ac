"""A round of finals: sent to the customer, given back with changes, or signed."""

import hashlib
import json
from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.messaging.enums import Template
from core.orders.enums import Stage
from selection.enums import GALLERY_TRANSITIONS, GalleryState, PhotoState
from selection.models import Chooser, Gallery
from selection.retouch.enums import Verdict
from selection.retouch.models import FinalVersion, RetouchJob, RetouchRound, SignOff
from selection.retouch.selectors import newest_finals, shown_finals, verdicts_of
from selection.retouch.services.telling import at_work, message, message_retoucher, tell, to_stage


def send_round(*, actor: Any, gallery: Gallery) -> RetouchRound:
    """Put the newest finals before the customer: everything chosen is there, and whatever was to change is new.

    A final that is new has no verdict, so it is looked at; accepted ones stand. Records ROUND_SENT; queues FINALS_READY
    to everybody. Raises Refusal state.forbidden | round.beyond (the contract's rounds are used up) | round.not_agreed
    (the customer has not answered the price) | round.processing | round.incomplete(numbers) | round.nothing_new.
    """
    with transaction.atomic():
        gallery, job = at_work(gallery, GalleryState.RETOUCHING)
        _refuse_unless_granted(job)
        new = _to_send(gallery, job)
        sent = RetouchRound.objects.create(
            job=job, number=job.round, photos=len(new), sent_at=clock.now(), sent_by=actor
        )
        FinalVersion.objects.filter(pk__in=[final.pk for final in new]).update(sent_in=sent)
        states.move(gallery, "state", GalleryState.PROOFING, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        told = {"round": job.round, "rounds": max(job.round, job.rounds_included), "photos": len(new)}
        for chooser in gallery.choosers.select_related("customer"):
            message(chooser, gallery, Template.FINALS_READY, f"finals-ready.{sent.pk}", **told)
        tell(events.Kind.ROUND_SENT, gallery, actor, job, **told)
    return sent


def _refuse_unless_granted(job: RetouchJob) -> None:
    if not job.is_beyond:
        return
    grant = job.grants.filter(number=job.round, declined_at=None).first()
    if grant is None:
        raise Refusal("round.beyond", round=job.round, rounds=job.rounds_included)
    if not grant.opens_round:
        raise Refusal("round.not_agreed", round=job.round)


def _to_send(gallery: Gallery, job: RetouchJob) -> list[FinalVersion]:
    """The finals that are new; refuses while one is missing."""
    waiting = gallery.finals.filter(state=PhotoState.RECEIVED).count()
    if waiting:
        raise Refusal("round.processing", n=waiting)
    newest = {final.photo.number: final for final in newest_finals(gallery)}
    main = gallery.choosers.get(is_main=True)
    said = verdicts_of(newest.values(), main)
    missing = []
    for number, _name in job.submission.numbers:
        final = newest.get(number)
        is_done = final is not None and (final.sent_in_id is None or said.get(final.pk) == Verdict.ACCEPT)
        if not is_done:
            missing.append(number)
    if missing:
        raise Refusal("round.incomplete", numbers=missing, n=len(missing))
    new = [final for final in newest.values() if final.sent_in_id is None]
    if not new:
        raise Refusal("round.nothing_new")
    return new


def return_round(*, chooser: Chooser) -> RetouchRound:
    """Give the round back with changes. The main chooser decides, when everything is judged.

    Records ROUND_RETURNED; queues ROUND_RETURNED to the retoucher. Raises Refusal round.closed
    | chooser.not_main | round.unjudged(n) | round.no_changes.
    """
    with transaction.atomic():
        gallery, job, said = _judged(chooser)
        if not said["changed"]:
            raise Refusal("round.no_changes")
        closed = _close(job, said)
        job.round += 1
        job.save(update_fields=["round"])
        states.move(gallery, "state", GalleryState.RETOUCHING, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        message_retoucher(job, gallery, f"round-returned.{closed.pk}", round=closed.number, **said)
        tell(events.Kind.ROUND_RETURNED, gallery, chooser.customer, job, round=closed.number, **said)
    return closed


def sign_off(*, chooser: Chooser, signed_name: str, evidence: dict[str, Any] | None = None) -> SignOff:
    """Accept the finals as they stand, signed: list, versions and bytes are kept with the evidence.

    An order that has no products to make moves from production to delivery. Records RETOUCH_SIGNED; queues
    FINALS_SIGNED. Raises Refusal round.closed | chooser.not_main | round.unjudged(n) | round.has_changes(n)
    | name.missing | name.unlikely.
    """
    with transaction.atomic():
        gallery, job, said = _judged(chooser)
        if said["changed"]:
            raise Refusal("round.has_changes", n=said["changed"])
        signed_name = signing_name(signed_name)
        _close(job, said)
        finals = [[final.photo.number, final.file_name, final.version, final.md5] for final in shown_finals(gallery)]
        signed = SignOff.objects.create(
            job=job,
            chooser=chooser,
            round=job.round,
            finals=finals,
            signed_name=signed_name,
            evidence={**(evidence or {}), "sha256": finals_hash(gallery, finals)},
            at=clock.now(),
        )
        states.move(gallery, "state", GalleryState.SIGNED_OFF, GALLERY_TRANSITIONS, rev=gallery.rev + 1)
        message(chooser, gallery, Template.FINALS_SIGNED, f"finals-signed.{signed.pk}", photos=len(finals))
        if not gallery.order.terms.get("products"):
            to_stage(chooser.customer, gallery, Stage.PRODUCTION, Stage.DELIVERY)
        told = {"round": job.round, "photos": len(finals), "name": signed_name}
        tell(events.Kind.RETOUCH_SIGNED, gallery, chooser.customer, job, **told)
    return signed


def finals_hash(gallery: Gallery, finals: list[list[Any]]) -> str:
    """SHA-256 of what was accepted: gallery and list. Canonical JSON, so anybody can compute it again."""
    agreed = {"gallery": gallery.code, "finals": finals}
    text = json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _judged(chooser: Chooser) -> tuple[Gallery, RetouchJob, dict[str, int]]:
    """The gallery locked, its job, and the main chooser's verdicts counted; refuses while one is missing."""
    gallery, job = _before_main(chooser)
    finals = shown_finals(gallery)
    said = verdicts_of(finals, chooser)
    if missing := len(finals) - len(said):
        raise Refusal("round.unjudged", n=missing)
    changed = sum(value == Verdict.CHANGE for value in said.values())
    return gallery, job, {"accepted": len(said) - changed, "changed": changed}


def _before_main(chooser: Chooser) -> tuple[Gallery, RetouchJob]:
    try:
        gallery, job = at_work(chooser.gallery, GalleryState.PROOFING)
    except Refusal as refusal:
        raise Refusal("round.closed", **refusal.facts) from refusal
    chooser.refresh_from_db(fields=["is_main"])
    if not chooser.is_main:
        raise Refusal("chooser.not_main")
    return gallery, job


def _close(job: RetouchJob, said: dict[str, int]) -> RetouchRound:
    current = job.rounds.get(returned_at=None)
    current.returned_at, current.accepted, current.changed = clock.now(), said["accepted"], said["changed"]
    current.save(update_fields=["returned_at", "accepted", "changed"])
    return current
