"""Drafts: what is kept and what is reset, rounds, superseding, approval with evidence."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from selection.album.enums import AlbumState
from selection.album.layout import draft_at_work, spreads_of, standing_draft
from selection.album.models import AlbumApproval, AlbumDraft
from selection.album.selectors import standing_grant
from selection.album.services import (
    agree_album_round,
    approve_album,
    assign_album,
    decline_album_round,
    grant_album_round,
    remind_drafts,
    return_draft,
    send_draft,
    settle_comment,
    start_album,
    stop_album,
)
from selection.enums import GalleryState
from selection.models import Gallery
from tests.factories import make_customer, make_staff
from tests.selection.album.make import add_spread, approve_all, comment, give_back, judge, send, view
from tests.selection.make import make_gallery


def refused(code, work, **told):
    with pytest.raises(Refusal) as no:
        work(**told)
    assert no.value.code == code
    return no.value.facts


def names(draft):
    return [spread.file_name for spread in spreads_of(draft)]


# -- Begun ------------------------------------------------------------------------------------------------------------
def test_an_album_begins_with_an_empty_draft(album, gallery):
    assert (album.number, album.state, album.rounds_included, album.round) == (1, AlbumState.DESIGNING, 3, 1)
    assert names(draft_at_work(album)) == []
    gallery.order.refresh_from_db()
    assert gallery.order.progress["album_state"] == "designing"
    assert Event.objects.get(kind="album.started").facts["name"] == "水晶相册"


def test_the_contract_may_say_how_many_rounds(gallery, designer):
    gallery.order.terms["album_rounds"] = 1
    gallery.order.save(update_fields=["terms"])
    assert start_album(actor=designer, gallery=gallery, name="x", designer=designer).rounds_included == 1


def test_what_cannot_begin(gallery, designer, album, other_studio):
    told = {"actor": designer, "designer": designer}
    refused("state.forbidden", start_album, gallery=make_gallery(1), name="x", **told)
    refused("album.name_missing", start_album, gallery=gallery, name=" ", **told)
    refused("album.name_taken", start_album, gallery=gallery, name="水晶相册", **told)
    yesterday = clock.today(gallery.order.branch.timezone) - dt.timedelta(days=1)
    refused("due.past", start_album, gallery=gallery, name="y", due_on=yesterday, **told)
    stranger = make_staff("photographer", gallery.order.branch)
    refused("designer.unfit", start_album, gallery=gallery, name="y", actor=designer, designer=stranger)
    refused("designer.unfit", assign_album, actor=designer, album=album, designer=stranger, due_on=None)


def test_stopped_before_anything_was_shown(album, designer):
    add_spread(album, "1.jpg")
    refused("reason.missing", stop_album, actor=designer, album=album, reason=" ")
    stop_album(actor=designer, album=album, reason="错了")
    assert draft_at_work(album) is None
    assert [spread.state for spread in album.spreads.all()] == ["removed"]
    again = start_album(actor=designer, gallery=album.gallery, name="水晶相册", designer=designer)
    send(again, "1.jpg")
    refused("album.closed", stop_album, actor=designer, album=again, reason="x")


# -- Sent -------------------------------------------------------------------------------------------------------------
def test_what_cannot_be_sent(album, designer):
    refused("draft.empty", send_draft, actor=designer, album=album)
    send(album, "1.jpg")
    refused("draft.nothing_new", send_draft, actor=designer, album=album)


def test_a_new_draft_keeps_what_did_not_change(album):
    first = send(album, "01.jpg", "02.jpg", "10.jpg")
    assert (first.number, first.changed, len(first.digest)) == (1, 3, 64)
    give_back(album, 2)
    assert (album.state, album.round) == (AlbumState.DESIGNING, 2)
    second = send(album, "02_v2.jpg")
    assert (second.number, second.round, second.changed) == (2, 2, 1)
    assert names(second) == ["01.jpg", "02_v2.jpg", "10.jpg"]
    leaves = view(album).leaves
    assert [leaf.value for leaf in leaves] == ["approve", "", "approve"]
    assert [leaf.is_new for leaf in leaves] == [False, True, False]
    assert leaves[1].spread.version == 2
    assert [(one.is_here, one.position) for one in view(album).said] == [(False, 2)]  # asked of the picture before
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert names(first) == ["01.jpg", "02.jpg", "10.jpg"]


def test_a_correction_stays_within_the_round(album, main):
    send(album, "1.jpg")
    judge(album, 1)
    second = send(album, "2.jpg")
    assert (second.number, second.round, album.round) == (2, 1, 1)
    refused("draft.superseded", return_draft, chooser=main, album=album, draft=1)


def test_everybody_is_told_with_a_link_to_this_very_draft(album):
    draft = send(album, "1.jpg")
    told = OutboxMessage.objects.get(template="album_ready")
    assert told.facts["link"].endswith(f"/gallery/{album.gallery.code}/album/1/draft/{draft.number}/")
    event = Event.objects.get(kind="album.sent")
    assert (event.facts["draft"], event.facts["round"], event.facts["rounds"]) == (1, 1, 3)


# -- Given back -------------------------------------------------------------------------------------------------------
def test_done_needs_something_said(album, main):
    send(album, "1.jpg", "2.jpg")
    judge(album, 1)
    refused("draft.nothing_said", return_draft, chooser=main, album=album, draft=1)
    judge(album, 2, "change")
    return_draft(chooser=main, album=album, draft=1)
    album.refresh_from_db()
    assert (album.state, album.round) == (AlbumState.DESIGNING, 2)
    refused("album.closed", return_draft, chooser=main, album=album, draft=1)


def waive(manager, album, reason="我们排错了", price=0):
    return grant_album_round(actor=manager, album=album, price_minor=price, reason=reason)


@pytest.fixture
def beyond(album):
    """Three rounds came back: the fourth is not in the contract."""
    for i in range(3):
        send(album, f"{i}.jpg")
        give_back(album, 1)
    return album


def test_a_round_beyond_the_contract_is_given_away_with_a_reason(beyond, designer, manager):
    assert beyond.is_beyond
    refused("round.beyond", send_draft, actor=designer, album=beyond)
    refused("reason.missing", waive, manager=manager, album=beyond, reason=" ")
    refused("price.negative", waive, manager=manager, album=beyond, price=-1)
    waive(manager, beyond)
    refused("round.granted", waive, manager=manager, album=beyond)
    assert send(beyond).round == 4


def test_a_round_of_the_contract_is_not_granted(album, manager):
    refused("round.included", waive, manager=manager, album=album)


def test_a_priced_round_waits_for_the_yes_to_exactly_its_price(beyond, designer, manager, main):
    waive(manager, beyond, price=20000)
    assert OutboxMessage.objects.filter(template="album_offered").count() == 1
    refused("round.beyond", send_draft, actor=designer, album=beyond)
    waive(manager, beyond, price=15000)  # replaces the offer
    yes = {"chooser": main, "album": beyond, "signed_name": "陈晓雨"}
    refused("price.changed", agree_album_round, **yes, price_minor=20000)
    refused("name.missing", agree_album_round, **{**yes, "signed_name": " "}, price_minor=15000)
    agree_album_round(**yes, price_minor=15000, evidence={"address": "::1"})
    refused("round.no_offer", agree_album_round, **yes, price_minor=15000)
    beyond.gallery.order.refresh_from_db()
    assert beyond.gallery.order.progress["album_extra_minor"] == 15000
    assert send(beyond).round == 4


def test_declined_the_draft_is_before_the_customer_again(beyond, manager, main):
    waive(manager, beyond, price=20000)
    decline_album_round(chooser=main, album=beyond)
    beyond.refresh_from_db()
    assert (beyond.state, beyond.round) == ("proofing", 3)
    assert standing_draft(beyond).returned_at is None
    judge(beyond, 1)
    refused("round.no_offer", decline_album_round, chooser=main, album=beyond)


def test_only_the_main_chooser_answers_an_offer(beyond, manager):
    waive(manager, beyond, price=100)
    other = beyond.gallery.choosers.create(customer=make_customer("林一舟"))
    refused("chooser.not_main", decline_album_round, chooser=other, album=beyond)
    assert standing_grant(beyond).is_open


# -- Reminded ---------------------------------------------------------------------------------------------------------
def test_an_unanswered_draft_is_reminded_of_twice_and_no_more(album, main):
    send(album, "1.jpg")
    sent = clock.now()
    told = []
    for days in (1, 3, 3.5, 7.1, 30):
        with clock.at(sent + dt.timedelta(days=days)):
            told.append(remind_drafts())
    assert told == [0, 1, 0, 1, 0]
    waiting = OutboxMessage.objects.filter(template="album_waiting")
    assert {message.to for message in waiting} == {main.customer.phone}
    assert waiting.count() == 2


def test_what_came_back_is_not_reminded_of(album):
    send(album, "1.jpg")
    give_back(album, 1)
    with clock.at(clock.now() + dt.timedelta(days=8)):
        assert remind_drafts() == 0


# -- Approved ---------------------------------------------------------------------------------------------------------
def sign(album, main, **changes):
    draft = standing_draft(album)
    told = {"draft": draft.number, "digest": draft.digest, "signed_name": "陈晓雨", "evidence": {"address": "::1"}}
    return approve_album(chooser=main, album=album, **{**told, **changes})


def test_approval_keeps_the_list_and_its_number(album, main):
    draft = send(album, "1.jpg", "2.jpg")
    approve_all(album)
    approval = sign(album, main)
    album.refresh_from_db()
    assert (album.state, draft_at_work(album)) == (AlbumState.APPROVED, None)
    assert [row[:4] for row in approval.spreads] == [[1, 1, 1, "1.jpg"], [2, 2, 1, "2.jpg"]]
    shown = {"gallery": album.gallery.code, "album": 1, "draft": 1, "spreads": approval.spreads}
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert approval.evidence == {"address": "::1", "sha256": hashlib.sha256(text.encode()).hexdigest()}
    assert draft.digest == approval.evidence["sha256"]
    assert OutboxMessage.objects.filter(template="album_approved").count() == 1
    refused("album.closed", sign, album=album, main=main)


def test_what_stands_between_a_draft_and_its_signature(album, main):
    send(album, "1.jpg", "2.jpg")
    judge(album, 1)
    assert refused("draft.unapproved", sign, album=album, main=main) == {"n": 1}
    judge(album, 2)
    said = comment(album, 2)
    judge(album, 1)
    refused("draft.unapproved", sign, album=album, main=main)  # a comment means changes
    settle_comment(album=album, comment=said.pk, actor=album.designer, outcome="declined", answer="印刷限制")
    judge(album, 2)
    settle_comment(album=album, comment=said.pk, chooser=main, outcome="")
    assert refused("draft.open_comments", sign, album=album, main=main) == {"n": 1}
    settle_comment(album=album, comment=said.pk, chooser=main, outcome="done")
    refused("name.missing", sign, album=album, main=main, signed_name=" ")
    refused("draft.superseded", sign, album=album, main=main, digest="0" * 64)
    send(album, "2_v2.jpg")
    refused("draft.superseded", sign, album=album, main=main, draft=1)
    assert not AlbumApproval.objects.exists()


def test_only_the_main_chooser_ends_a_round(album, gallery):
    from tests.factories import make_customer

    partner = gallery.choosers.create(customer=make_customer("林一舟"))
    send(album, "1.jpg")
    judge(album, 1, "change", chooser=partner)
    refused("chooser.not_main", return_draft, chooser=partner, album=album, draft=1)
    refused("chooser.not_main", sign, album=album, main=partner)


def test_a_gallery_opened_again_or_archived_stops_everything(album, main, designer):
    send(album, "1.jpg")
    for state in (GalleryState.OPEN, GalleryState.ARCHIVED):
        Gallery.objects.filter(pk=album.gallery_id).update(state=state)
        assert view(album) is None
        refused("album.closed", sign, album=album, main=main)
        refused("album.closed", send_draft, actor=designer, album=album)


def test_the_database_itself_knows_one_standing_draft_and_one_approval(album, main):
    send(album, "1.jpg")
    send(album, "2.jpg")
    with pytest.raises(IntegrityError), transaction.atomic():
        AlbumDraft.objects.filter(album=album, number=1).update(superseded_at=None)
    approve_all(album)
    approval = sign(album, main)
    with pytest.raises(IntegrityError), transaction.atomic():
        AlbumApproval.objects.create(
            album=album, draft=approval.draft, chooser=main, spreads=[], signed_name="x", at=clock.now()
        )
