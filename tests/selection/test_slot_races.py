"""32 threads and one gallery's slots: limits and money exact, only selected photographs placed."""

import random

import pytest

from core.orders.models import Order
from selection.bills import bill_of
from selection.models import Chooser, Pick, Placement
from selection.selectors import counts
from selection.services import apply_picks, place_photos
from tests.selection.make import main_chooser, tap
from tests.selection.slots import make_slotted, put
from tests.selection.test_races import THREADS, assert_exact, at_once


def assert_slots_exact(gallery):
    gallery.refresh_from_db()
    chooser = assert_exact(gallery)
    told = bill_of(gallery, chooser)
    assert counts(gallery, chooser).extra_total_minor == told.total_minor
    assert Order.objects.get(pk=gallery.order_id).progress["extra_total_minor"] == told.total_minor
    placed = set(Placement.objects.filter(chooser=chooser, is_in=True).values_list("photo_id", flat=True))
    assert placed <= set(Pick.objects.filter(chooser=chooser, value="yes").values_list("photo_id", flat=True))
    return told


def test_a_hard_slot_takes_exactly_what_fits(throwaway_studio):
    gallery = make_slotted(THREADS, included=5)
    main = main_chooser(gallery)

    def work(i):
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        return len(place_photos(chooser=chooser, device=f"d-{i:03}", ops=[put(1, i + 1, 3)]).acked)

    assert sum(at_once(throwaway_studio, work)) == 4  # the frame's maximum
    told = assert_slots_exact(gallery)
    assert (told.lines[0].used, told.lines[3].used, told.total_minor) == (4, 4, 38000 + 2 * 30000)


@pytest.mark.parametrize("hard", [True, False])
def test_picks_and_placements_from_everywhere_agree(throwaway_studio, hard):
    gallery = make_slotted(20, included=6, hard_limit=hard)
    main = main_chooser(gallery)

    def work(i):
        dice, device = random.Random(i), f"d-{i:03}"
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        for op in range(1, 9):
            number = dice.randint(1, 20)
            if dice.random() < 0.4:
                value = dice.choice(["yes", "maybe", "no", ""])
                apply_picks(chooser=chooser, device=device, ops=[tap(op, number, value)])
            else:
                ops = [put(op, number, dice.randint(1, 3), dice.random() < 0.7)]
                place_photos(chooser=chooser, device=device, ops=ops)
        return True

    assert all(at_once(throwaway_studio, work))
    told = assert_slots_exact(gallery)
    assert told.lines[2].used <= 1
    assert told.lines[3].used <= 4
    assert not hard or told.lines[0].used <= 6
