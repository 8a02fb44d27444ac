"""Staff hide while customers pick, in 32 threads: no pick on a hidden photograph, counts exact."""

import random

from selection.culling.services import Mark, build_stacks, set_marks
from selection.enums import PhotoState
from selection.models import Chooser, Gallery, Photo, Pick
from selection.services import apply_picks
from tests.selection.make import main_chooser, make_gallery, tap
from tests.selection.test_races import assert_exact, at_once


def test_whoever_is_first_wins_and_nobody_loses_a_pick(throwaway_studio):
    gallery = make_gallery(32, included=10)
    main = main_chooser(gallery)

    def work(i):
        dice = random.Random(i)
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        told = []
        for op in range(1, 6):
            number = dice.randint(1, 32)
            if i % 2:
                done = set_marks(actor=None, gallery=Gallery(pk=gallery.pk), marks=[Mark(number, flag="reject")])
                told.append(("hidden", number, bool(done.saved)))
            else:
                done = apply_picks(chooser=chooser, device=f"d-{i:03}", ops=[tap(op, number, "yes")])
                told.append(("picked", number, bool(done.acked)))
        return told

    told = [each for one in at_once(throwaway_studio, work) for each in one]
    hidden = set(Photo.objects.filter(gallery=gallery, state=PhotoState.HIDDEN).values_list("number", flat=True))
    picked = set(Pick.objects.filter(chooser=main, value="yes").values_list("photo__number", flat=True))
    assert not hidden & picked
    assert hidden == {number for kind, number, done in told if kind == "hidden" and done}
    assert picked == {number for kind, number, done in told if kind == "picked" and done}
    assert assert_exact(gallery).yes == len(picked)
    gallery.refresh_from_db()
    assert gallery.photo_count == 32 - len(hidden)


def test_two_colleagues_mark_and_stack_at_once_without_a_deadlock(throwaway_studio):
    gallery = make_gallery(20)

    def work(i):
        for step in range(4):
            if i % 4 == 0:
                build_stacks(actor=None, gallery=Gallery(pk=gallery.pk), gap=20, distance=step * 4)
            else:
                flag = ["keep", "reject", ""][(i + step) % 3]
                numbers = random.Random(i + step).sample(range(1, 21), 8)
                set_marks(actor=None, gallery=Gallery(pk=gallery.pk), marks=[Mark(n, flag=flag) for n in numbers])
        return True

    assert all(at_once(throwaway_studio, work))
    assert_exact(gallery)
    gallery.refresh_from_db()
    assert gallery.photo_count == Photo.objects.filter(gallery=gallery, state=PhotoState.READY).count()
