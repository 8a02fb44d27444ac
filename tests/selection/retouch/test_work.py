"""A job begins, changes hands, is stopped; choosing again is free until it begins."""

import datetime as dt

import pytest

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders.enums import Stage
from selection.enums import GalleryState
from selection.retouch.models import RetouchJob
from selection.retouch.selectors import job_of
from selection.retouch.services import assign_job, start_retouching, stop_retouching
from selection.selectors import galleries_of
from selection.services import unlock_selection
from tests.factories import make_branch, make_staff
from tests.selection.make import make_gallery
from tests.selection.retouch.make import add_final, send


def test_a_job_takes_its_rounds_from_the_frozen_terms(gallery, job, retoucher):
    assert (job.rounds_included, job.round, job.retoucher) == (2, 1, retoucher)
    assert gallery.state == GalleryState.RETOUCHING
    gallery.order.refresh_from_db()
    assert gallery.order.stage == Stage.PRODUCTION
    progress = gallery.order.progress
    assert (progress["gallery_state"], progress["retouch_round"], progress["retouch_rounds"]) == ("retouching", 1, 2)
    event = Event.objects.get(kind="retouch.started")
    assert (event.stream, event.facts["retoucher"]) == (gallery.order.event_stream, retoucher.name)


def test_the_customer_still_sees_the_gallery(gallery, job):
    assert list(galleries_of(gallery.order.customer)) == [gallery]


def test_choosing_again_is_free_until_retouching_starts(gallery, retoucher):
    unlock_selection(actor=retoucher, gallery=gallery, reason="x")
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.OPEN


@pytest.mark.parametrize(
    "state", [GalleryState.RETOUCHING, GalleryState.PROOFING, GalleryState.SIGNED_OFF, GalleryState.DELIVERED]
)
def test_and_not_afterwards(gallery, retoucher, state):
    type(gallery).objects.filter(pk=gallery.pk).update(state=state)
    with pytest.raises(Refusal, match="selection.in_retouch"):
        unlock_selection(actor=retoucher, gallery=gallery, reason="x")
    gallery.refresh_from_db()
    assert gallery.state == state
    assert gallery.submissions.filter(reopened_at=None).count() == 1


def test_only_a_submitted_gallery_begins_and_only_once(gallery, job, retoucher):
    for one in (gallery, make_gallery(1)):
        with pytest.raises(Refusal, match="state.forbidden"):
            start_retouching(actor=retoucher, gallery=one, retoucher=retoucher, due_on=None)
    assert RetouchJob.objects.count() == 1


def test_somebody_without_the_craft_is_refused(gallery, retoucher):
    for unfit in (make_staff("receptionist", gallery.order.branch), make_staff("retoucher", make_branch())):
        with pytest.raises(Refusal, match="retoucher.unfit"):
            start_retouching(actor=retoucher, gallery=gallery, retoucher=unfit, due_on=None)
    yesterday = clock.today(gallery.order.branch.timezone) - dt.timedelta(days=1)
    with pytest.raises(Refusal, match="due.past"):
        start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=yesterday)
    assert not RetouchJob.objects.exists()


def test_a_job_changes_hands(gallery, job, retoucher):
    other = make_staff("retoucher", gallery.order.branch)
    assign_job(actor=retoucher, gallery=gallery, retoucher=other, due_on=None)
    assign_job(actor=retoucher, gallery=gallery, retoucher=other, due_on=None)
    assert job_of(gallery).retoucher == other
    assert Event.objects.filter(kind="retouch.assigned").count() == 1


def test_a_start_by_mistake_is_undone(gallery, job, retoucher):
    with pytest.raises(Refusal, match="reason.missing"):
        stop_retouching(actor=retoucher, gallery=gallery, reason=" ")
    stop_retouching(actor=retoucher, gallery=gallery, reason="点错了")
    gallery.refresh_from_db()
    assert (gallery.state, job_of(gallery)) == (GalleryState.SUBMITTED, None)
    start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=None)
    assert RetouchJob.objects.count() == 2


def test_but_not_once_work_was_done(gallery, job, retoucher):
    add_final(gallery, 1)
    with pytest.raises(Refusal, match="retouch.has_finals"):
        stop_retouching(actor=retoucher, gallery=gallery, reason="x")
    send(gallery, 2, 3)
    with pytest.raises(Refusal, match="state.forbidden"):
        stop_retouching(actor=retoucher, gallery=gallery, reason="x")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("submitted", "Retouch not started"),
        ("retouching", "In retouch 1/2"),
        ("proofing", "Customer looks at 1/2"),
        ("signed_off", "Photos signed off"),
        ("delivered", "Photos delivered"),
    ],
)
def test_the_board_says_how_far_the_retouching_is(gallery, job, state, word):
    from django.utils.translation import override

    from core.console.board.faces import status_of
    from core.orders.selectors import card
    from core.orders.services import report_progress
    from core.people.staff import staff_of

    report_progress(order_id=gallery.order_id, gallery_state=state)
    with override("en"):
        assert status_of(card(gallery.order_id, staff_of(job.retoucher))).word == word
