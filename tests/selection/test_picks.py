"""Taps: idempotent, ordered per device, exact counts and money."""

import pytest

from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection.enums import GalleryState, PhotoState
from selection.models import Pick
from selection.selectors import manifest
from selection.services import apply_picks, save_note
from tests.factories import make_customer
from tests.selection.make import add_photos, main_chooser, make_gallery, pick, tap


@pytest.fixture
def gallery(db):
    return make_gallery(12, included=3, extra_photo_minor=6000)


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


def mine(chooser):
    return manifest(chooser.gallery, chooser)["mine"]


def test_picks_are_kept_counted_and_priced(gallery, chooser):
    outcome = pick(chooser, (1, 1, "yes"), (2, 2, "maybe"), (3, 3, "no"), (4, 4, "yes"))
    assert outcome.acked == [1, 2, 3, 4]
    assert outcome.counts.as_json() == {
        "yes": 2, "maybe": 1, "no": 1, "included": 3, "extra": 0, "extra_total_minor": 0,
    }  # fmt: skip
    assert mine(chooser) == {"1": "y", "2": "m", "3": "n", "4": "y"}
    outcome = pick(chooser, (5, 2, "yes"), (6, 5, "yes"), (7, 6, "yes"))
    assert (outcome.counts.yes, outcome.counts.extra, outcome.counts.extra_total_minor) == (5, 2, 12000)
    assert outcome.counts.maybe == 0


def test_a_pick_can_be_taken_back(gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    assert pick(chooser, (2, 1, "")).counts.yes == 0
    assert mine(chooser) == {}


def test_a_replay_changes_nothing(gallery, chooser):
    first = pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    events, rev = Event.objects.count(), first.rev
    again = pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    assert (again.acked, again.rev, again.counts) == ([1, 2], rev, first.counts)
    assert Event.objects.count() == events


def test_a_late_tap_of_the_same_device_does_not_win(gallery, chooser):
    pick(chooser, (9, 1, "no"))
    outcome = pick(chooser, (5, 1, "yes"))
    assert (outcome.acked, outcome.rejected, outcome.counts.yes) == ([5], [], 0)
    assert mine(chooser) == {"1": "n"}


def test_batches_may_arrive_in_any_order(gallery, chooser):
    pick(chooser, (4, 2, "yes"))
    pick(chooser, (3, 1, "yes"), (2, 2, "no"))
    assert mine(chooser) == {"1": "y", "2": "y"}


def test_the_last_of_several_taps_on_one_photo_counts(gallery, chooser):
    outcome = pick(chooser, (1, 1, "yes"), (3, 1, "no"), (2, 1, "maybe"))
    assert outcome.acked == [1, 3, 2]
    assert mine(chooser) == {"1": "n"}
    assert (outcome.counts.yes, outcome.counts.maybe, outcome.counts.no) == (0, 0, 1)


def test_a_replay_does_not_undo_what_another_device_said_since(gallery, chooser):
    old = [tap(1, 1, "yes", ago=60)]
    apply_picks(chooser=chooser, device="phone", ops=old)
    apply_picks(chooser=chooser, device="tablet", ops=[tap(1, 1, "no", ago=30)])
    outcome = apply_picks(chooser=chooser, device="phone", ops=old)
    assert (outcome.acked, outcome.counts.yes, outcome.counts.no) == ([1], 0, 1)


def test_between_devices_the_later_tap_wins_even_when_it_arrives_first(gallery, chooser):
    apply_picks(chooser=chooser, device="tablet", ops=[tap(1, 1, "no", ago=30)])
    outcome = apply_picks(chooser=chooser, device="phone", ops=[tap(1, 1, "yes", ago=3600)])
    assert [(r.why, r.value) for r in outcome.rejected] == [("older", "no")]
    assert mine(chooser) == {"1": "n"}
    assert not apply_picks(chooser=chooser, device="phone", ops=[tap(2, 1, "yes", ago=1)]).rejected
    assert mine(chooser) == {"1": "y"}


def test_a_gallery_that_is_not_open_keeps_its_picks(gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    gallery.refresh_from_db()
    gallery.state = GalleryState.SUBMITTED
    gallery.save()
    outcome = pick(chooser, (2, 1, "no"), (3, 2, "yes"))
    assert [(r.op, r.why, r.value) for r in outcome.rejected] == [(2, "locked", "yes"), (3, "locked", "")]
    assert (outcome.acked, outcome.counts.yes) == ([], 1)


def test_unknown_unready_and_foreign_photos_are_gone(gallery, chooser):
    removed = add_photos(gallery, 1, PhotoState.REMOVED)[0]
    make_gallery(40)
    outcome = pick(chooser, (1, 999, "yes"), (2, removed.number, "yes"), (3, 30, "yes"), (4, 1, "yes"))
    assert [(r.op, r.why) for r in outcome.rejected] == [(1, "gone"), (2, "gone"), (3, "gone")]
    assert (outcome.acked, Pick.objects.count()) == ([4], 1)


def test_a_hard_limit_refuses_and_giving_one_back_makes_room(gallery, chooser):
    gallery.hard_limit = True
    gallery.save()
    outcome = pick(chooser, *[(n, n, "yes") for n in range(1, 6)])
    assert [(r.op, r.why, r.value) for r in outcome.rejected] == [(4, "limit", ""), (5, "limit", "")]
    assert outcome.counts.yes == 3
    outcome = pick(chooser, (6, 1, "no"), (7, 4, "yes"), (8, 5, "maybe"))
    assert (outcome.rejected, outcome.counts.yes) == ([], 3)


def test_each_person_has_their_own_picks(gallery, chooser):
    partner = gallery.choosers.create(customer=make_customer())
    pick(chooser, (1, 1, "yes"))
    outcome = pick(partner, (1, 1, "no"), (2, 2, "yes"))
    assert (outcome.counts.yes, outcome.counts.no) == (1, 1)
    assert mine(chooser) == {"1": "y"}
    assert gallery.order.__class__.objects.get(pk=gallery.order_id).progress["picked"] == 1


@pytest.mark.parametrize(
    ("device", "ops"),
    [("", [(1, 1, "yes")]), ("x" * 25, [(1, 1, "yes")]), ("phone", [(1, 1, "love")]), ("phone", [(0, 1, "yes")])],
)
def test_nonsense_is_refused(gallery, chooser, device, ops):
    with pytest.raises(Refusal, match="picks.malformed"):
        pick(chooser, *ops, device=device)
    assert not Pick.objects.exists()


def test_a_batch_is_bounded(gallery, chooser):
    with pytest.raises(Refusal, match="picks.too_many"):
        pick(chooser, *[(n, 1, "yes") for n in range(1, 202)])


def test_the_gallery_hears_of_it_and_the_card_shows_it(gallery, chooser):
    pick(chooser, (1, 1, "yes"), (2, 2, "maybe"))
    event = Event.objects.get(kind="photo.picked")
    assert (event.stream, event.seq, event.actor_kind) == (f"gallery.{gallery.pk}", 1, "customer")
    assert event.facts["picks"] == [[1, "yes"], [2, "maybe"]]
    gallery.order.refresh_from_db()
    progress = gallery.order.progress
    assert (progress["picked"], progress["undecided"], progress["included"], progress["photos"]) == (1, 1, 3, 12)


def test_saying_the_same_again_is_no_event(gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    pick(chooser, (2, 1, "yes"))
    assert Event.objects.filter(kind="photo.picked").count() == 1


@pytest.mark.parametrize("batch", [1, 3, 12])
def test_a_batch_costs_the_same_queries_whatever_its_size(gallery, chooser, batch, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):  # 4 of them savepoints
        pick(chooser, *[(n, n, "yes") for n in range(1, batch + 1)])


def test_a_note_is_kept_replayed_and_taken_back(gallery, chooser):
    assert save_note(chooser=chooser, number=2, text=" 去痘 ", tags=["瘦脸"], device="phone", op=2).text == "去痘"
    assert save_note(chooser=chooser, number=2, text="old", tags=[], device="phone", op=1) is None
    assert manifest(gallery, chooser)["notes"] == [2]
    save_note(chooser=chooser, number=2, text="", tags=[], device="phone", op=3)
    assert manifest(gallery, chooser)["notes"] == []


@pytest.mark.parametrize(
    ("state", "number", "text", "code"),
    [
        (GalleryState.SUBMITTED, 1, "x", "note.locked"),
        (GalleryState.OPEN, 99, "x", "note.gone"),
        (GalleryState.OPEN, 1, "x" * 501, "note.too_long"),
    ],
)
def test_a_note_is_refused(gallery, chooser, state, number, text, code):
    gallery.state = state
    gallery.save()
    with pytest.raises(Refusal, match=code):
        save_note(chooser=chooser, number=number, text=text, tags=[], device="phone", op=1)
    assert not chooser.notes.exists()
