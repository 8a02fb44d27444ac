"""Photographs in slots: exact, idempotent, never beyond a hard limit, and only ever selected ones."""

import pytest
from django.db import IntegrityError, transaction

from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection.bills import bill_of, filling_of
from selection.enums import GalleryState
from selection.models import Chooser, Pick, Placement
from selection.selectors import counts
from selection.services import photos, place_photos, withdraw_gallery
from tests.factories import make_customer
from tests.selection.make import main_chooser, pick
from tests.selection.slots import ALBUM, COVER, FRAME, make_slotted, place, put


@pytest.fixture
def gallery(db):
    return make_slotted()


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


def inside(chooser):
    """Slot number → photograph numbers."""
    rows = Placement.objects.filter(chooser=chooser, is_in=True).order_by("slot__number", "photo__number")
    found = {}
    for slot, number in rows.values_list("slot__number", "photo__number"):
        found.setdefault(slot, []).append(number)
    return found


def assert_exact(gallery):
    """What stands on the chooser's row is what the rows say."""
    for seat in Chooser.objects.filter(gallery=gallery):
        gallery.refresh_from_db()
        told = bill_of(gallery, seat)
        assert counts(gallery, seat).extra_total_minor == told.total_minor
        assert seat.yes == Pick.objects.filter(chooser=seat, value="yes", photo__state="ready").count()
    return told


def test_the_gallery_has_the_slots_of_the_frozen_terms(gallery):
    gallery.order.package.slots.all().delete()
    names = ("kind", "name", "included", "minimum", "maximum", "extra_price_minor", "tiers")
    rows = [{name: getattr(slot, name) for name in names} for slot in gallery.slots.all()]
    plain = {"minimum": 0, "maximum": None, "extra_price_minor": 0, "tiers": []}
    assert rows == [{name: {**plain, **slot}[name] for name in names} for slot in (ALBUM, COVER, FRAME)]
    assert [slot.number for slot in gallery.slots.all()] == [1, 2, 3]
    assert (gallery.all_originals_minor, gallery.retouched_tiers) == (50000, [{"from": 3, "price_minor": 4000}])


def test_one_photograph_may_fill_several_slots_and_is_retouched_once(gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    outcome = place(chooser, (2, 1, 1), (3, 1, 2), (4, 1, 3))
    assert (outcome.acked, outcome.rejected, outcome.picked) == ([2, 3, 4], [], [])
    assert inside(chooser) == {1: [1], 2: [1], 3: [1]}
    assert (outcome.counts.yes, outcome.bill.total_minor) == (1, 0)
    assert list(filling_of(gallery, chooser).doubled.values()) == [["入册", "封面", "放大"]]


def test_placing_selects_by_the_picks_own_rules(gallery, chooser):
    outcome = place(chooser, (1, 5, 1), (2, 6, 1), (3, 7, 3))
    assert (outcome.picked, outcome.counts.yes) == ([5, 6, 7], 3)
    assert outcome.bill.total_minor == 6000  # one retouched extra
    kinds = list(Event.objects.filter(stream=gallery.event_stream).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["photo.picked", "photo.placed"]
    assert_exact(gallery)


def test_what_may_not_be_selected_is_not_placed(gallery, chooser):
    gallery.hard_limit = True
    gallery.save()
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    outcome = place(chooser, (3, 1, 1), (4, 3, 1))
    assert (outcome.acked, [(r.op, r.why, r.is_in) for r in outcome.rejected]) == ([3], [(4, "limit", False)])
    assert inside(chooser) == {1: [1]}
    assert assert_exact(gallery).total_minor == 0


def test_extras_of_a_slot_cost_its_own_price_and_tiers(gallery, chooser):
    gallery.included = 8
    gallery.save()
    outcome = place(chooser, *[(n, n, 1) for n in range(1, 6)], *[(10 + n, n, 3) for n in range(1, 5)])
    assert {line.slot: line.steps for line in outcome.bill.lines if line.steps} == {
        1: [[2, 3000]],
        3: [[1, 38000], [2, 30000]],
    }
    assert outcome.counts.extra_total_minor == outcome.bill.total_minor == 6000 + 98000
    gallery.order.refresh_from_db()
    assert gallery.order.progress["extra_total_minor"] == 104000
    assert_exact(gallery)


def test_a_hard_limit_is_refused_and_room_given_back_is_used(gallery, chooser):
    place(chooser, (1, 1, 2))
    outcome = place(chooser, (2, 1, 2, False), (3, 2, 2), (4, 3, 2))
    assert (outcome.acked, [(r.op, r.why, r.is_in) for r in outcome.rejected]) == ([2, 3], [(4, "limit", False)])
    assert inside(chooser) == {2: [2]}
    again = place(chooser, (9, 4, 2))
    assert [(r.why, r.is_in) for r in again.rejected] == [("limit", False)]
    assert Pick.objects.filter(chooser=chooser, photo__number=4).count() == 0  # refused is not selected either


def test_replays_and_late_taps_change_nothing(gallery, chooser):
    place(chooser, (5, 1, 1))
    rev = chooser.gallery.__class__.objects.get(pk=gallery.pk).rev
    assert place(chooser, (5, 1, 1)).acked == [5]
    assert place(chooser, (4, 1, 1, False)).acked == [4]
    late = place(chooser, (1, 1, 1, False, 60), device="tablet")
    assert [(r.why, r.is_in) for r in late.rejected] == [("older", True)]
    gallery.refresh_from_db()
    assert (gallery.rev, inside(chooser)) == (rev, {1: [1]})


def test_taking_a_pick_back_empties_its_slots_and_undo_fills_them_again(gallery, chooser):
    place(chooser, (1, 1, 1), (2, 1, 3), (3, 2, 3))
    assert pick(chooser, (4, 1, "maybe")).counts.extra_total_minor == 0
    assert inside(chooser) == {3: [2]}
    assert_exact(gallery)
    pick(chooser, (5, 1, "yes"))
    assert inside(chooser) == {3: [2]}
    place(chooser, (6, 1, 1), (7, 1, 3))
    assert inside(chooser) == {1: [1], 3: [1, 2]}
    assert_exact(gallery)


def test_a_placement_that_was_overtaken_by_taking_the_pick_back_stays_out(gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    pick(chooser, (3, 1, ""))
    assert place(chooser, (2, 1, 1)).acked == [2]  # this phone said no since: no harm, no effect
    late = place(chooser, (1, 1, 1, True, 60), device="tablet")
    assert [r.why for r in late.rejected] == ["older"]
    assert (inside(chooser), counts(gallery, chooser).yes) == ({}, 0)


def test_a_photograph_in_the_bin_leaves_the_bill_and_comes_back(gallery, chooser):
    outcome = place(chooser, (1, 1, 3), (2, 2, 3))
    assert outcome.bill.total_minor == 38000
    photo = gallery.photos.get(number=2)
    withdraw_gallery(actor=gallery.order.owner, gallery=gallery)
    photos.remove_photo(actor=gallery.order.owner, photo=photo)
    chooser.refresh_from_db()
    assert (assert_exact(gallery).total_minor, chooser.also_minor) == (0, 0)
    photos.restore_photo(actor=gallery.order.owner, photo=photo)
    assert assert_exact(gallery).total_minor == 38000


@pytest.mark.parametrize(("number", "slot"), [(99, 1), (1, 9), (1, 0)])
def test_unknown_photographs_and_slots_are_gone(gallery, chooser, number, slot):
    assert [r.why for r in place(chooser, (1, number, slot)).rejected] == ["gone"]
    assert not Pick.objects.exists()


def test_a_submitted_gallery_is_locked(gallery, chooser):
    place(chooser, (1, 1, 1))
    gallery.state = GalleryState.SUBMITTED
    gallery.save()
    assert [(r.why, r.is_in) for r in place(chooser, (2, 1, 1, False)).rejected] == [("locked", True)]
    assert inside(chooser) == {1: [1]}


def test_each_person_fills_slots_of_their_own(gallery, chooser):
    partner = gallery.choosers.create(customer=make_customer())
    place(partner, (1, 1, 2))
    assert place(chooser, (1, 2, 2)).rejected == []  # the cover's limit is each one's own
    assert (inside(partner), inside(chooser)) == ({2: [1]}, {2: [2]})
    assert_exact(gallery)


def test_batches_have_a_size(chooser):
    with pytest.raises(Refusal, match="picks.too_many"):
        place_photos(chooser=chooser, device="phone-1", ops=[put(n, 1, 1) for n in range(1, 202)])
    with pytest.raises(Refusal, match="picks.malformed"):
        place_photos(chooser=chooser, device="", ops=[put(1, 1, 1)])


def test_a_placement_stands_once_in_the_database(gallery, chooser):
    place(chooser, (1, 1, 1))
    row = Placement.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="placement_once"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("batch", [1, 8])
def test_a_batch_costs_the_same_queries_whatever_its_size(chooser, batch, django_assert_max_num_queries):
    with django_assert_max_num_queries(29):  # 8 of them savepoints; it also selects
        place(chooser, *[(n, n, 1) for n in range(1, batch + 1)])
