"""A draft: sent to the customer, given back with what is to change, or approved for good."""

import hashlib
import json
from typing import Any

from django.db import transaction

from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.messaging.enums import Template
from selection.album.enums import ALBUM_TRANSITIONS, OPEN_STATES, AlbumState, Word
from selection.album.layout import draft_at_work, lay, spreads_of, standing_draft
from selection.album.models import AlbumApproval, AlbumDraft, AlbumProof, Spread, SpreadVerdict
from selection.album.selectors import standing_grant
from selection.album.services.telling import at_work, message, tell
from selection.enums import PhotoState
from selection.models import Chooser, Gallery


def send_draft(*, actor: Any, album: AlbumProof) -> AlbumDraft:
    """Put the draft at work before the customer; the one they had is superseded. The next one begins as its copy.

    What was said of spreads that did not change stands: it belongs to their pictures. While the customer still has a
    draft this corrects it within their round. Records ALBUM_SENT; queues ALBUM_READY to everybody. Raises Refusal
    album.closed | draft.processing | draft.empty | draft.nothing_new | round.beyond (the contract's are used up).
    """
    with transaction.atomic():
        gallery, album = at_work(album, *OPEN_STATES)
        draft, former = draft_at_work(album), standing_draft(album)
        assert draft is not None, "an open album has a draft at work"
        spreads = _to_send(album, draft, former)
        if album.is_beyond and not ((grant := standing_grant(album)) and grant.opens_round):
            raise Refusal("round.beyond", round=album.round, rounds=album.rounds_included)
        now = clock.now()
        if former is not None:
            former.superseded_at = now
            former.save(update_fields=["superseded_at"])
        seen = {spread.pk for spread in spreads_of(former)}
        draft.changed = sum(spread.pk not in seen for spread in spreads)
        draft.sent_at, draft.sent_by, draft.round = now, actor, album.round
        draft.digest = digest_of(gallery, album, draft, spreads)
        draft.save(update_fields=["sent_at", "sent_by", "round", "digest", "changed"])
        Spread.objects.filter(pk__in=[spread.pk for spread in spreads], sent_in=None).update(sent_in=draft)
        lay(AlbumDraft.objects.create(album=album, number=draft.number + 1), spreads)
        states.move(album, "state", AlbumState.PROOFING, ALBUM_TRANSITIONS)
        told: dict[str, Any] = {"round": album.round, "rounds": album.rounds}
        for chooser in gallery.choosers.select_related("customer"):
            message(chooser, album, draft, Template.ALBUM_READY, **told)
        counted = {"draft": draft.number, "spreads": len(spreads), "changed": draft.changed}
        tell(events.Kind.ALBUM_SENT, gallery, actor, album, **told, **counted)
    return draft


def _to_send(album: AlbumProof, draft: AlbumDraft, former: AlbumDraft | None) -> list[Spread]:
    if album.spreads.filter(state=PhotoState.RECEIVED).exists():
        raise Refusal("draft.processing")
    spreads = spreads_of(draft)
    if not spreads:
        raise Refusal("draft.empty")
    is_same = [one.pk for one in spreads] == [one.pk for one in spreads_of(former)]
    if is_same and album.state == AlbumState.PROOFING:
        raise Refusal("draft.nothing_new")
    return spreads


def return_draft(*, chooser: Chooser, album: AlbumProof, draft: int) -> AlbumDraft:
    """The customer is done: the round goes back to the designer with what was said. The main chooser decides.

    Records ALBUM_RETURNED. Raises Refusal album.closed | draft.superseded | chooser.not_main | draft.nothing_said.
    """
    with transaction.atomic():
        gallery, album, standing = before_customer(chooser, album, draft)
        _refuse_unless_main(chooser)
        spreads = spreads_of(standing)
        said = said_of(spreads, chooser)
        comments = album.comments.filter(settled_at=None).count()
        if not comments and Word.CHANGE not in said.values():
            raise Refusal("draft.nothing_said")
        standing.returned_at, standing.returned_by = clock.now(), chooser
        standing.save(update_fields=["returned_at", "returned_by"])
        states.move(album, "state", AlbumState.DESIGNING, ALBUM_TRANSITIONS, round=album.round + 1)
        counted = {"approved": list(said.values()).count(Word.APPROVE), "comments": comments}
        told = {"draft": standing.number, "round": album.round - 1, **counted}
        tell(events.Kind.ALBUM_RETURNED, gallery, chooser.customer, album, **told)
    return standing


def approve_album(
    *,
    chooser: Chooser,
    album: AlbumProof,
    draft: int,
    digest: str,
    signed_name: str,
    evidence: dict[str, Any] | None = None,
) -> AlbumApproval:
    """Approve the album as it was shown (`digest`), signed: the list of spreads and their bytes is kept with the
    evidence. Once, by the main chooser, when every spread is approved and no comment is open.

    Records ALBUM_APPROVED; queues ALBUM_APPROVED to the signer. Raises Refusal album.closed | draft.superseded
    | chooser.not_main | draft.unapproved(n) | draft.open_comments(n) | name.missing | name.unlikely.
    """
    with transaction.atomic():
        gallery, album, standing = before_customer(chooser, album, draft)
        if digest != standing.digest:
            raise Refusal("draft.superseded", draft=standing.number)
        _refuse_unless_main(chooser)
        spreads = spreads_of(standing)
        said = said_of(spreads, chooser)
        if left := sum(said.get(spread.pk) != Word.APPROVE for spread in spreads):
            raise Refusal("draft.unapproved", n=left)
        if still := album.comments.filter(settled_at=None).count():
            raise Refusal("draft.open_comments", n=still)
        signed_name = signing_name(signed_name)
        approval = AlbumApproval.objects.create(
            album=album,
            draft=standing,
            chooser=chooser,
            spreads=listed(spreads),
            signed_name=signed_name,
            evidence={**(evidence or {}), "sha256": standing.digest},
            at=clock.now(),
        )
        states.move(album, "state", AlbumState.APPROVED, ALBUM_TRANSITIONS)
        album.drafts.filter(sent_at=None).delete()
        message(chooser, album, standing, Template.ALBUM_APPROVED)
        told = {"draft": standing.number, "spreads": len(spreads), "signer": signed_name}
        tell(events.Kind.ALBUM_APPROVED, gallery, chooser.customer, album, **told)
    return approval


# -- What was shown, as one number ------------------------------------------------------------------------------------
def listed(spreads: list[Spread]) -> list[list[Any]]:
    """[[position, line, version, file name, sha256], …] in order."""
    return [[i, one.line, one.version, one.file_name, one.sha256] for i, one in enumerate(spreads, start=1)]


def digest_of(gallery: Gallery, album: AlbumProof, draft: AlbumDraft, spreads: list[Spread]) -> str:
    """SHA-256 of what is shown: gallery, album, draft, list. Canonical JSON, so anybody can compute it again."""
    shown = {"gallery": gallery.code, "album": album.number, "draft": draft.number, "spreads": listed(spreads)}
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def said_of(spreads: list[Spread], chooser: Chooser) -> dict[int, str]:
    """Spread's id → what this person says of it."""
    verdicts = SpreadVerdict.objects.filter(spread__in=[spread.pk for spread in spreads], chooser=chooser)
    return dict(verdicts.values_list("spread_id", "value"))


def before_customer(chooser: Chooser, album: AlbumProof, draft: int) -> tuple[Gallery, AlbumProof, AlbumDraft]:
    """Gallery (locked), album and the draft before the customer, which must be the one they look at."""
    gallery, album = at_work(album, AlbumState.PROOFING)
    standing = standing_draft(album)
    if standing is None or standing.number != draft:
        raise Refusal("draft.superseded", draft=standing.number if standing else 0)
    return gallery, album, standing


def _refuse_unless_main(chooser: Chooser) -> None:
    chooser.refresh_from_db(fields=["is_main"])
    if not chooser.is_main:
        raise Refusal("chooser.not_main")
