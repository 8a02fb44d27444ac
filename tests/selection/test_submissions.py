"""Signing the selection: exact list, exact money, once."""

import pytest
from django.db import IntegrityError, transaction

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.orders.enums import Stage
from core.orders.services import move_order
from selection.bills import filling_of, list_mark
from selection.enums import GalleryState
from selection.models import Submission
from selection.selectors import standing_submission, summary
from selection.services import apply_picks, submit_selection, unlock_selection
from selection.services.submissions import list_hash
from tests.factories import make_customer
from tests.selection.make import main_chooser, make_gallery, pick, tap


@pytest.fixture
def gallery(db):
    return make_gallery(8, included=2, extra_photo_minor=6000)


@pytest.fixture
def chooser(gallery):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 5, "yes"), (2, 1, "yes"), (3, 3, "yes"), (4, 2, "maybe"), (5, 4, "no"))
    return chooser


def submit(chooser, total=6000, name="陈晓雨", **fields):
    return submit_selection(chooser=chooser, extra_total_minor=total, signed_name=name, **fields)


def assert_still_open(gallery):
    gallery.refresh_from_db()
    gallery.order.refresh_from_db()
    assert (gallery.state, gallery.order.stage) == (GalleryState.OPEN, Stage.SELECTION)
    assert not Submission.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_what_was_agreed_is_on_file(gallery, chooser):
    submission = submit(chooser, note="少液化", evidence={"device": "phone"})
    assert [number for number, _name in submission.numbers] == [1, 3, 5]
    assert submission.numbers[0][1] == gallery.photos.get(number=1).file_name
    assert (submission.picked, submission.extra, submission.extra_total_minor) == (3, 1, 6000)
    told = summary(gallery, chooser).counts
    agreed = list_hash(gallery, submission.numbers, told, submission.lines)
    assert submission.evidence == {"device": "phone", "sha256": agreed}
    assert standing_submission(gallery) == submission


def test_other_photographs_at_the_same_price_are_not_signed(gallery, chooser):
    seen = list_mark([1, 3, 5], filling_of(gallery, chooser))
    pick(chooser, (6, 5, ""), (7, 6, "yes"))
    with pytest.raises(Refusal, match="selection.changed"):
        submit(chooser, seen=seen)
    assert_still_open(gallery)
    pick(chooser, (8, 6, ""), (9, 5, "yes"))
    submit(chooser, seen=seen)


def test_the_gallery_locks_and_the_order_moves_on(gallery, chooser):
    submit(chooser)
    gallery.refresh_from_db()
    gallery.order.refresh_from_db()
    assert (gallery.state, gallery.order.stage) == (GalleryState.SUBMITTED, Stage.PRODUCTION)
    assert gallery.order.progress["gallery_state"] == "submitted"
    outcome = apply_picks(chooser=chooser, device="phone-1", ops=[tap(9, 1, "no")])
    assert outcome.rejected[0].why == "locked"


def test_board_customer_and_history_hear_of_it(gallery, chooser):
    submit(chooser)
    event = Event.objects.get(kind="selection.submitted")
    assert (event.stream, event.thread) == (gallery.order.event_stream, gallery.order.event_thread)
    assert (event.facts["picked"], event.facts["extra"], event.facts["extra_total_minor"]) == (3, 1, 6000)
    assert (event.actor_kind, event.actor_name) == ("customer", chooser.customer.name)
    message = OutboxMessage.objects.get(template="selection_received")
    assert (message.to, message.facts["extra_total_minor"]) == (chooser.customer.phone, 6000)


@pytest.mark.parametrize("seen", [0, 5999, 12000])
def test_a_price_the_customer_did_not_see_is_refused_with_the_right_figures(gallery, chooser, seen):
    with pytest.raises(Refusal) as refused:
        submit(chooser, total=seen)
    assert refused.value.code == "price.changed"
    assert refused.value.facts == {
        "yes": 3, "maybe": 1, "no": 1, "included": 2, "extra": 1, "extra_total_minor": 6000,
    }  # fmt: skip
    assert_still_open(gallery)


def test_a_name_is_needed(gallery, chooser):
    with pytest.raises(Refusal, match="name.missing"):
        submit(chooser, name="   ")
    assert_still_open(gallery)


def test_only_the_main_chooser_submits(gallery, chooser):
    partner = gallery.choosers.create(customer=make_customer())
    pick(partner, (1, 1, "yes"))
    with pytest.raises(Refusal, match="chooser.not_main"):
        submit(partner, total=0)
    assert_still_open(gallery)


def test_nothing_picked_is_nothing_to_submit(gallery):
    with pytest.raises(Refusal, match="selection.empty"):
        submit(main_chooser(gallery), total=0)
    assert_still_open(gallery)


def test_a_hard_limit_that_came_later_is_refused(gallery, chooser):
    gallery.hard_limit = True
    gallery.save()
    with pytest.raises(Refusal, match="selection.limit"):
        submit(chooser)
    assert_still_open(gallery)


def test_submitted_twice_is_submitted_once(gallery, chooser):
    submit(chooser)
    with pytest.raises(Refusal, match="selection.locked"):
        submit(chooser)
    assert Submission.objects.count() == 1


def test_two_standing_submissions_cannot_exist(gallery, chooser):
    first = submit(chooser)
    first.pk = None
    with pytest.raises(IntegrityError, match="submission_one_standing"), transaction.atomic():
        first.save(force_insert=True)


def test_fewer_than_included_and_undecided_ones_do_not_hinder(gallery):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "maybe"))
    told = summary(gallery, chooser)
    assert (told.fewer, told.undecided, told.untouched) == (1, 1, 6)
    assert submit(chooser, total=0).extra == 0


def test_an_order_elsewhere_stays_where_it_is(gallery, chooser):
    move_order(actor=None, order=gallery.order, target=Stage.SHOOT)
    submit(chooser)
    gallery.order.refresh_from_db()
    assert gallery.order.stage == Stage.SHOOT


def test_unlocking_reopens_keeps_the_file_and_takes_the_order_back(gallery, chooser):
    submit(chooser)
    actor = gallery.order.owner
    unlock_selection(actor=actor, gallery=gallery, reason="客户想换两张")
    gallery.refresh_from_db()
    gallery.order.refresh_from_db()
    assert (gallery.state, gallery.order.stage) == (GalleryState.OPEN, Stage.SELECTION)
    old = Submission.objects.get()
    assert (old.reopened_by, old.reopen_reason) == (actor, "客户想换两张")
    assert Event.objects.get(kind="selection.unlocked").facts["reason"] == "客户想换两张"
    pick(chooser, (20, 1, "no"))
    assert submit(chooser, total=0).picked == 2
    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    ("stage", "reason", "code"),
    [(Stage.PRODUCTION, " ", "reason.missing"), (Stage.DELIVERY, "x", "selection.too_late")],
)
def test_unlocking_is_refused(gallery, chooser, stage, reason, code):
    submit(chooser)
    gallery.order.refresh_from_db()
    if stage != Stage.PRODUCTION:
        move_order(actor=None, order=gallery.order, target=stage)
    with pytest.raises(Refusal, match=code):
        unlock_selection(actor=gallery.order.owner, gallery=gallery, reason=reason)
    gallery.refresh_from_db()
    assert (gallery.state, Submission.objects.filter(reopened_at=None).count()) == (GalleryState.SUBMITTED, 1)


def test_an_open_gallery_needs_no_unlocking(gallery, chooser):
    with pytest.raises(Refusal, match="state.forbidden"):
        unlock_selection(actor=gallery.order.owner, gallery=gallery, reason="x")
