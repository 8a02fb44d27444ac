"""Reopening as a request: free until retouching starts, afterwards a change at a price that the customer signs."""

import pytest
from django.db import IntegrityError, transaction

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from core.orders.selectors import today_of
from core.people.staff import staff_of
from selection.amendments import Reopening
from selection.changes import change_mark, contract_price, reopening_of
from selection.enums import GalleryState
from selection.models import Pick, Submission
from selection.retouch.models import FinalVerdict
from selection.retouch.selectors import job_of, proofing_of, shown_finals
from selection.retouch.services import sign_off, start_retouching
from selection.selectors import standing_submission
from selection.services import (
    agree_reopening,
    approve_reopening,
    ask_reopening,
    decline_reopening,
    offer_reopening,
    refuse_offer,
    unlock_selection,
    withdraw_reopening,
)
from tests.factories import make_customer, make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import add_final, judge, send, submitted_gallery


@pytest.fixture
def gallery(db):
    """Six photographs, 1–3 submitted; three are included."""
    gallery = submitted_gallery(6, (1, 2, 3))
    type(gallery).objects.filter(pk=gallery.pk).update(included=3, extra_photo_minor=6000)
    Submission.objects.update(included=3)
    gallery.refresh_from_db()
    return gallery


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


@pytest.fixture
def boss(gallery):
    return make_staff("owner")


def begin(gallery, boss):
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=clock.today(gallery.order.branch.timezone))
    gallery.refresh_from_db()


def state_of(gallery):
    gallery.refresh_from_db()
    return gallery.state


def refused(code, verb, **given):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        verb(**given)
    assert caught.value.code == code
    return caught.value.facts


def offered(gallery, chooser, boss, add=(4,), drop=(), price=9000):
    ask_reopening(chooser=chooser, reason="想加一张", add=add, drop=drop)
    return offer_reopening(actor=boss, gallery=gallery, price_minor=price, answer="加修一张", add=add, drop=drop)


def agree(chooser, found, **given):
    said = {"price_minor": found.price_minor, "seen": change_mark(found), "signed_name": "陈晓雨"}
    return agree_reopening(chooser=chooser, **{**said, **given})


# -- Before retouching ------------------------------------------------------------------------------------------------
def test_asked_seen_and_approved_the_gallery_is_open_again(gallery, chooser, boss):
    asked = ask_reopening(chooser=chooser, reason="想换两张")
    assert [card.code for card in today_of(staff_of(boss)).asks] == [gallery.order.code]
    assert Event.objects.get(kind="reopening.asked").facts["reason"] == "想换两张"
    approve_reopening(actor=boss, gallery=gallery, answer="已打开")
    asked.refresh_from_db()
    assert (asked.state, asked.answer, state_of(gallery)) == ("approved", "已打开", GalleryState.OPEN)
    assert standing_submission(gallery) is None
    assert Submission.objects.get().reopen_reason == "想换两张"
    told = OutboxMessage.objects.get(template="reopening_answered")
    assert (told.facts["outcome"], told.to) == ("approved", chooser.customer.phone)
    assert not today_of(staff_of(boss)).asks


def test_declined_with_words_the_selection_stands(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="想换两张")
    refused("reason.missing", decline_reopening, actor=boss, gallery=gallery, answer="")
    decline_reopening(actor=boss, gallery=gallery, answer="已排版")
    assert state_of(gallery) == GalleryState.SUBMITTED
    assert Order.objects.get(pk=gallery.order_id).progress["reopening"] == ""
    refused("reopening.gone", approve_reopening, actor=boss, gallery=gallery)
    assert ask_reopening(chooser=chooser, reason="再问一次").state == "asked"


def test_one_request_at_a_time_and_it_can_be_taken_back(gallery, chooser):
    ask_reopening(chooser=chooser, reason="想换")
    refused("reopening.open", ask_reopening, chooser=chooser, reason="想换")
    withdraw_reopening(chooser=chooser)
    refused("reopening.gone", withdraw_reopening, chooser=chooser)
    assert reopening_of(gallery) is None


def test_who_asks_and_when(gallery, chooser, boss):
    partner = gallery.choosers.create(customer=make_customer())
    refused("chooser.not_main", ask_reopening, chooser=partner, reason="x")
    refused("reason.missing", ask_reopening, chooser=chooser, reason="  ")
    unlock_selection(actor=boss, gallery=gallery, reason="误提交")
    refused("reopening.not_submitted", ask_reopening, chooser=chooser, reason="x")
    type(gallery).objects.filter(pk=gallery.pk).update(state="signed_off")
    Submission.objects.update(reopened_at=None)
    refused("reopening.too_late", ask_reopening, chooser=chooser, reason="x")


def test_staff_who_unlock_by_themselves_have_answered(gallery, chooser, boss):
    asked = ask_reopening(chooser=chooser, reason="想换")
    unlock_selection(actor=boss, gallery=gallery, reason="电话里说好的")
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("approved", boss)


# -- Afterwards -------------------------------------------------------------------------------------------------------
def test_once_retouching_has_begun_approving_is_refused_and_a_price_is_offered(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="想换")
    begin(gallery, boss)
    refused("selection.in_retouch", approve_reopening, actor=boss, gallery=gallery)
    given = {"actor": boss, "gallery": gallery, "answer": "多修一张"}
    refused("reopening.no_change", offer_reopening, price_minor=1, add=[], drop=[], **given)
    for add, drop in ([[3], []], [[99], []], [[], [5]], [[], [1, 2, 3]]):
        refused("reopening.unsound", offer_reopening, price_minor=1, add=add, drop=drop, **given)
    refused("price.negative", offer_reopening, price_minor=-1, add=[4], drop=[], **given)
    found = offer_reopening(price_minor=6000, add=[4], drop=[], **given)
    assert contract_price(gallery, standing_submission(gallery), [4], []) == 6000
    assert (found.state, found.price_minor, state_of(gallery)) == ("offered", 6000, GalleryState.RETOUCHING)
    assert OutboxMessage.objects.get(template="reopening_answered").facts["price_minor"] == 6000
    assert not today_of(staff_of(boss)).asks


def test_before_retouching_there_is_no_price(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="想换")
    given = {"actor": boss, "gallery": gallery, "answer": "x", "price_minor": 1, "add": [4], "drop": []}
    refused("reopening.not_begun", offer_reopening, **given)


def test_a_request_during_retouch_names_the_photographs(gallery, chooser, boss):
    begin(gallery, boss)
    refused("reopening.no_change", ask_reopening, chooser=chooser, reason="想换")
    refused("reopening.unsound", ask_reopening, chooser=chooser, reason="想换", add=[1])
    asked = ask_reopening(chooser=chooser, reason="想换", add=[5, 4], drop=[2])
    assert (asked.add, asked.drop) == ([4, 5], [2])


def test_signed_the_change_is_a_new_submission_with_its_price_and_the_work_goes_on(gallery, chooser, boss):
    begin(gallery, boss)
    former = standing_submission(gallery)
    found = agree(chooser, offered(gallery, chooser, boss, add=(4, 5), drop=(2,)), evidence={"address": "1.2.3.4"})
    made = standing_submission(gallery)
    assert [number for number, _name in made.numbers] == [1, 3, 4, 5]
    assert (made.picked, made.extra, made.extra_total_minor) == (4, 1, former.extra_total_minor + 9000)
    assert made.lines[-1]["added"] == [4, 5]
    assert made.evidence["change"] == change_mark(found)
    former.refresh_from_db()
    assert former.reopened_by == boss
    assert (found.state, found.amended, job_of(gallery).submission) == ("agreed", made, made)
    assert state_of(gallery) == GalleryState.RETOUCHING
    chooser.refresh_from_db()
    assert chooser.yes == 4 == Pick.objects.filter(chooser=chooser, value="yes").count()
    assert Order.objects.get(pk=gallery.order_id).progress["extra_total_minor"] == made.extra_total_minor
    send(gallery, 1, 3, 4, 5)
    assert {proof.number for proof in proofing_of(gallery, chooser).proofs} == {1, 3, 4, 5}


def test_exactly_the_price_and_the_photographs_that_were_seen(gallery, chooser, boss):
    begin(gallery, boss)
    found = offered(gallery, chooser, boss)
    seen = change_mark(found)
    assert refused("price.changed", agree, chooser=chooser, found=found, price_minor=1) == {"price_minor": 9000}
    refused("name.missing", agree, chooser=chooser, found=found, signed_name=" ")
    newer = offer_reopening(actor=boss, gallery=gallery, price_minor=9000, answer="换一张", add=[5], drop=[])
    refused("reopening.changed", agree, chooser=chooser, found=newer, seen=seen)
    assert standing_submission(gallery).picked == 3
    refuse_offer(chooser=chooser)
    refused("reopening.gone", agree, chooser=chooser, found=newer)


def test_a_round_before_the_customer_ends_and_verdicts_stay(gallery, chooser, boss):
    begin(gallery, boss)
    send(gallery)
    judge(gallery, 1, "accept")
    judge(gallery, 2, "accept")
    rounds = job_of(gallery).rounds_included
    agree(chooser, offered(gallery, chooser, boss, add=(4,), drop=(2,)))
    assert state_of(gallery) == GalleryState.RETOUCHING
    job = job_of(gallery)
    assert (job.round, job.rounds_included) == (2, rounds + 1)
    add_final(gallery, 4)
    send(gallery, 4)
    shown = {final.photo.number: final for final in shown_finals(gallery)}
    assert set(shown) == {1, 3, 4}
    assert FinalVerdict.objects.get(final=shown[1], chooser=chooser).value == "accept"
    assert gallery.finals.get(photo__number=2).is_dropped
    judge(gallery, 3, "accept")
    judge(gallery, 4, "accept")
    signed = sign_off(chooser=chooser, signed_name="陈晓雨")
    assert [row[0] for row in signed.finals] == [1, 3, 4]


def test_dropping_alone_leaves_the_round_where_it_is(gallery, chooser, boss):
    begin(gallery, boss)
    send(gallery)
    agree(chooser, offered(gallery, chooser, boss, add=(), drop=(3,), price=0))
    assert state_of(gallery) == GalleryState.PROOFING
    assert {proof.number for proof in proofing_of(gallery, chooser).proofs} == {1, 2}


def test_after_signing_off_an_offer_cannot_be_agreed_to_but_answered(gallery, chooser, boss):
    begin(gallery, boss)
    send(gallery)
    found = offered(gallery, chooser, boss)
    for number in (1, 2, 3):
        judge(gallery, number, "accept")
    sign_off(chooser=chooser, signed_name="陈晓雨")
    refused("reopening.too_late", agree, chooser=chooser, found=found)
    decline_reopening(actor=boss, gallery=gallery, answer="已签收")


def test_the_database_holds_it_too(gallery, chooser, boss):
    begin(gallery, boss)
    found = offered(gallery, chooser, boss)
    for wrong in ({"price_minor": None}, {"price_minor": -1}, {"state": "agreed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.filter(pk=found.pk).update(**wrong)
