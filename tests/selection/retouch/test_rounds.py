"""Rounds: sent, judged, given back, beyond the contract by a manager's word and the customer's yes, signed."""

import pytest
from django.db import IntegrityError, transaction

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.orders.enums import Stage
from selection.enums import GALLERY_TRANSITIONS, GalleryState, PhotoState
from selection.models import Gallery
from selection.retouch.models import FinalVerdict, RetouchRound, RoundGrant, SignOff
from selection.retouch.selectors import job_of, proofing_of
from selection.retouch.services import (
    accept_rest,
    agree_round,
    decline_round,
    grant_round,
    judge_final,
    return_round,
    send_round,
    sign_off,
)
from selection.retouch.services.rounds import finals_hash
from tests.factories import make_customer
from tests.selection.make import main_chooser
from tests.selection.retouch.make import add_final, give_back, judge, send


@pytest.fixture
def chooser(gallery, job):
    return main_chooser(gallery)


@pytest.fixture
def partner(gallery, job):
    return gallery.choosers.create(customer=make_customer("林一舟"))


def state_of(gallery):
    gallery.refresh_from_db()
    return gallery.state


def refused(code, verb, **given):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        verb(**given)
    assert caught.value.code == code
    return caught.value.facts


# -- Sending ----------------------------------------------------------------------------------------------------------
def test_a_round_needs_a_final_of_every_chosen_photograph(gallery, job):
    add_final(gallery, 1)
    assert refused("round.incomplete", send_round, actor=None, gallery=gallery) == {"numbers": [2, 3], "n": 2}
    add_final(gallery, 2)
    waiting = add_final(gallery, 3, state=PhotoState.RECEIVED, version=None)
    refused("round.processing", send_round, actor=None, gallery=gallery)
    type(waiting).objects.filter(pk=waiting.pk).update(state=PhotoState.READY, version=1)
    sent = send_round(actor=None, gallery=gallery)
    assert (sent.number, sent.photos, state_of(gallery)) == (1, 3, GalleryState.PROOFING)


def test_everybody_is_told_once_with_the_round_and_a_link(gallery, job, partner):
    sent = send(gallery)
    told = OutboxMessage.objects.filter(template="finals_ready")
    assert told.count() == 2
    facts = told.first().facts
    assert (facts["round"], facts["rounds"], facts["photos"]) == (1, 2, 3)
    assert facts["link"].endswith(f"/gallery/{gallery.code}/retouch/")
    event = Event.objects.get(kind="round.sent")
    assert (event.stream, event.facts["round"]) == (gallery.order.event_stream, sent.number)


def test_only_the_newest_version_is_shown_and_nothing_unsent(gallery, job, chooser):
    add_final(gallery, 1)
    send(gallery)
    assert [proof.final.version for proof in proofing_of(gallery, chooser).proofs] == [2, 1, 1]
    add_final(gallery, 1)
    assert [proof.final.version for proof in proofing_of(gallery, chooser).proofs] == [2, 1, 1]


def test_nothing_is_shown_before_the_first_round(gallery, job, chooser):
    add_final(gallery, 1)
    assert proofing_of(gallery, chooser).proofs == []


# -- Verdicts ---------------------------------------------------------------------------------------------------------
def test_a_change_says_what(gallery, chooser):
    send(gallery)
    final = gallery.finals.get(photo__number=1)
    given = {"chooser": chooser, "number": 1, "version": 1}
    refused("note.missing", judge_final, **given, value="change", note="  ")
    refused("verdict.malformed", judge_final, **given, value="maybe")
    refused("note.too_long", judge_final, **given, value="change", note="长" * 501)
    refused("final.unknown", judge_final, chooser=chooser, number=4, version=1, value="accept")
    refused("final.newer", judge_final, chooser=chooser, number=1, version=7, value="accept")
    with pytest.raises(IntegrityError, match="verdict_change_says_what"), transaction.atomic():
        FinalVerdict.objects.create(final=final, chooser=chooser, value="change", at=final.created_at)
    assert not FinalVerdict.objects.exists()


def test_a_verdict_is_changed_and_taken_back(gallery, chooser):
    send(gallery)
    assert judge(gallery, 1, "change", "瘦一点").note == "瘦一点"
    assert judge(gallery, 1, "accept", "瘦一点").note == ""
    judge(gallery, 1, "accept")
    assert Event.objects.filter(kind="final.judged").count() == 2  # the same word again is no news
    assert judge(gallery, 1, "") is None
    assert not FinalVerdict.objects.exists()


def test_each_person_has_their_own_and_only_the_main_contact_sees_both(gallery, chooser, partner):
    send(gallery)
    judge(gallery, 1, "accept")
    judge(gallery, 1, "change", "不要修", chooser=partner)
    mine, theirs = proofing_of(gallery, chooser).proofs[0], proofing_of(gallery, partner).proofs[0]
    assert (mine.value, [one.note for one in mine.others]) == ("accept", ["不要修"])
    assert (theirs.value, theirs.others) == ("change", [])


def test_accept_the_rest_leaves_what_was_said(gallery, chooser):
    send(gallery)
    judge(gallery, 2, "change", "x")
    assert accept_rest(chooser=chooser) == 2
    assert accept_rest(chooser=chooser) == 0
    assert (proofing_of(gallery, chooser).accepted, proofing_of(gallery, chooser).changed) == (2, 1)


def test_outside_a_round_nothing_is_judged(gallery, chooser):
    refused("round.closed", accept_rest, chooser=chooser)
    refused("round.closed", return_round, chooser=chooser)
    refused("round.closed", sign_off, chooser=chooser, signed_name="x")


# -- Back and forth ---------------------------------------------------------------------------------------------------
def test_a_round_goes_back_when_all_is_judged(gallery, chooser, partner):
    send(gallery)
    judge(gallery, 1, "change", "再瘦一点")
    assert refused("round.unjudged", return_round, chooser=chooser) == {"n": 2}
    accept_rest(chooser=chooser)
    accept_rest(chooser=partner)
    refused("chooser.not_main", return_round, chooser=partner)
    refused("round.has_changes", sign_off, chooser=chooser, signed_name="陈晓雨")
    closed = return_round(chooser=chooser)
    assert (closed.number, closed.accepted, closed.changed) == (1, 2, 1)
    assert (state_of(gallery), job_of(gallery).round) == (GalleryState.RETOUCHING, 2)
    gallery.order.refresh_from_db()
    assert (gallery.order.progress["retouch_round"], gallery.order.progress["gallery_state"]) == (2, "retouching")


def test_a_new_file_resets_its_approval_and_no_other(gallery, chooser):
    send(gallery)
    give_back(gallery, 1)
    assert refused("round.incomplete", send_round, actor=None, gallery=gallery)["numbers"] == [1]
    send(gallery, 1, 2)  # 2 was accepted; the retoucher sends a new file of it all the same
    seen = proofing_of(gallery, chooser)
    assert [(proof.value, proof.is_new) for proof in seen.proofs] == [("", True), ("", True), ("accept", False)]
    assert (seen.round, seen.rounds, seen.is_last) == (2, 2, True)
    assert seen.proofs[0].earlier.note == "再瘦一点"
    assert FinalVerdict.objects.count() == 3  # what was said of the old files stays


def test_signing_keeps_the_list_and_the_evidence(gallery, chooser):
    send(gallery)
    accept_rest(chooser=chooser)
    refused("round.no_changes", return_round, chooser=chooser)
    refused("name.missing", sign_off, chooser=chooser, signed_name=" ")
    signed = sign_off(chooser=chooser, signed_name="陈晓雨", evidence={"address": "203.0.113.7"})
    assert [row[0] for row in signed.finals] == [1, 2, 3]
    assert signed.evidence == {"address": "203.0.113.7", "sha256": finals_hash(gallery, signed.finals)}
    assert state_of(gallery) == GalleryState.SIGNED_OFF
    assert RetouchRound.objects.get().accepted == 3
    assert OutboxMessage.objects.get(template="finals_signed").facts["photos"] == 3
    gallery.order.refresh_from_db()
    assert gallery.order.stage == Stage.PRODUCTION  # its album is still to be made
    refused("round.closed", sign_off, chooser=chooser, signed_name="陈晓雨")


def test_an_order_without_products_is_ready_for_delivery(gallery, chooser):
    gallery.order.terms["products"] = []
    gallery.order.save()
    send(gallery)
    accept_rest(chooser=chooser)
    sign_off(chooser=chooser, signed_name="陈晓雨")
    gallery.order.refresh_from_db()
    assert gallery.order.stage == Stage.DELIVERY


# -- Beyond the contract ----------------------------------------------------------------------------------------------
@pytest.fixture
def beyond(gallery, chooser):
    """The contract's two rounds are used up and photograph 1 is to change once more."""
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    give_back(gallery, 1)
    add_final(gallery, 1)
    return gallery


def grant(gallery, manager, price=0, reason="老客户"):
    return grant_round(actor=manager, gallery=gallery, price_minor=price, reason=reason)


def test_a_round_beyond_the_contract_is_not_sent(beyond, manager):
    assert refused("round.beyond", send_round, actor=manager, gallery=beyond) == {"round": 3, "rounds": 2}
    assert RetouchRound.objects.count() == 2


def test_a_manager_waives_it_with_a_reason(beyond, manager):
    refused("reason.missing", grant_round, actor=manager, gallery=beyond, price_minor=0, reason=" ")
    refused("price.negative", grant_round, actor=manager, gallery=beyond, price_minor=-1, reason="x")
    grant(beyond, manager)
    refused("round.granted", grant_round, actor=manager, gallery=beyond, price_minor=0, reason="x")
    assert send_round(actor=manager, gallery=beyond).number == 3
    told = OutboxMessage.objects.filter(template="finals_ready").latest("pk").facts
    assert (told["round"], told["rounds"]) == (3, 3)
    assert Event.objects.get(kind="round.granted").facts["reason"] == "老客户"


def test_no_round_is_granted_while_the_contract_has_one(gallery, chooser, manager):
    refused("round.included", grant_round, actor=manager, gallery=gallery, price_minor=0, reason="x")


def test_a_priced_round_waits_for_the_customers_yes_to_that_price(beyond, manager, partner):
    main = main_chooser(beyond)
    grant(beyond, manager, 20000)
    refused("round.not_agreed", send_round, actor=manager, gallery=beyond)
    assert OutboxMessage.objects.get(template="round_offered").to == main.customer.phone
    refused("price.changed", agree_round, chooser=main, price_minor=10000, signed_name="陈晓雨")
    refused("name.missing", agree_round, chooser=main, price_minor=20000, signed_name="")
    refused("chooser.not_main", agree_round, chooser=partner, price_minor=20000, signed_name="林一舟")
    agreed = agree_round(chooser=main, price_minor=20000, signed_name="陈晓雨", evidence={"address": "203.0.113.7"})
    assert (agreed.agreed_name, agreed.evidence) == ("陈晓雨", {"address": "203.0.113.7"})
    beyond.order.refresh_from_db()
    assert beyond.order.progress["retouch_extra_minor"] == 20000
    refused("round.no_offer", agree_round, chooser=main, price_minor=20000, signed_name="陈晓雨")
    assert send_round(actor=manager, gallery=beyond).number == 3


def test_an_unanswered_offer_may_be_replaced_and_the_old_price_binds_nobody(beyond, manager):
    grant(beyond, manager, 20000)
    grant(beyond, manager, 10000)
    refused("price.changed", agree_round, chooser=main_chooser(beyond), price_minor=20000, signed_name="陈晓雨")
    assert RoundGrant.objects.filter(declined_at=None).get().price_minor == 10000
    grant(beyond, manager, 0)
    refused("round.no_offer", agree_round, chooser=main_chooser(beyond), price_minor=10000, signed_name="陈晓雨")


def test_whoever_declines_has_the_last_round_before_them_again(beyond, manager):
    main = main_chooser(beyond)
    refused("round.no_offer", decline_round, chooser=main)
    grant(beyond, manager, 20000)
    decline_round(chooser=main)
    assert (state_of(beyond), job_of(beyond).round) == (GalleryState.PROOFING, 2)
    seen = proofing_of(beyond, main)
    assert (seen.round, seen.changed) == (2, 1)
    judge(beyond, 1, "accept")
    sign_off(chooser=main, signed_name="陈晓雨")
    beyond.order.refresh_from_db()
    assert "retouch_extra_minor" not in beyond.order.progress
    assert SignOff.objects.get().finals[0][2] == 2  # the version they saw, not the unsent one


# -- The machine ------------------------------------------------------------------------------------------------------


def test_the_table_of_states_is_whole():
    assert set(GALLERY_TRANSITIONS) == set(GalleryState)
    reached = {target for targets in GALLERY_TRANSITIONS.values() for target in targets}
    assert reached == set(GalleryState)
    assert all(len(state) <= Gallery._meta.get_field("state").max_length for state in GalleryState)


@pytest.mark.parametrize("state", sorted(set(GalleryState) - {GalleryState.RETOUCHING}))
def test_rounds_are_sent_and_granted_in_retouch_only(gallery, job, manager, state):
    Gallery.objects.filter(pk=gallery.pk).update(state=state)
    refused("state.forbidden", send_round, actor=None, gallery=gallery)
    refused("state.forbidden", grant_round, actor=manager, gallery=gallery, price_minor=0, reason="x")
    assert state_of(gallery) == state


def test_the_retoucher_is_told_when_a_round_comes_back(gallery, job, chooser):
    type(job.retoucher).objects.filter(pk=job.retoucher_id).update(email="retouch@example.com")
    send(gallery, 1, 2, 3)
    give_back(gallery, 2)
    told = OutboxMessage.objects.get(template="round_returned")
    assert (told.route, told.to) == ("email", "retouch@example.com")
    assert (told.facts["round"], told.facts["accepted"], told.facts["changed"]) == (1, 2, 1)
    assert told.facts["link"].endswith(f"/console/galleries/{gallery.code}/retouch/")


def test_a_retoucher_without_an_address_is_told_by_the_side_menu(gallery, job, desk):
    send(gallery, 1, 2, 3)
    give_back(gallery, 2)
    assert not OutboxMessage.objects.filter(template="round_returned").exists()
    page = desk(job.retoucher).get("/console/galleries/retouch/").content.decode()
    assert '<span class="badge">1</span>' in page
