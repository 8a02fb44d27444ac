"""Stacks, hints and looks as arithmetic."""

import random
import time

from selection.culling.likeness import Shot, best_of, distance, hints, look_breaks, stacks


def test_distance_counts_bits_of_signed_hashes():
    assert distance(0, 0) == 0
    assert distance(-1, 0) == 64
    assert distance(-1, 1) == 63
    assert distance(5, 4) == 1


def test_a_burst_is_one_stack_and_a_pause_ends_it():
    shots = [Shot(1, 0, 0b0), Shot(2, 3, 0b1), Shot(3, 6, 0b11), Shot(4, 200, 0b11)]
    assert stacks(shots, gap=20, most=1) == {1: 1, 2: 1, 3: 1}
    assert stacks(shots, gap=300, most=1) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_what_looks_different_is_another_stack():
    shots = [Shot(1, 0, 0), Shot(2, 1, 0xFFFF), Shot(3, 2, 0xFFFF)]
    assert stacks(shots, gap=20, most=4) == {2: 2, 3: 2}
    assert stacks(shots, gap=20, most=16) == {1: 1, 2: 1, 3: 1}


def test_a_second_camera_between_two_shots_does_not_part_them():
    shots = [Shot(1, 0, 0), Shot(2, 1, 0xFFFFFF), Shot(3, 2, 0)]
    assert stacks(shots, gap=20, most=4) == {1: 1, 3: 1}


def test_shots_stacked_by_hand_and_unmeasured_ones_are_left_out():
    shots = [Shot(1, 0, 0), Shot(2, 1, 0, by_hand=True), Shot(3, 2, 0), Shot(4, 3, None)]
    assert stacks(shots, gap=20, most=4) == {1: 1, 3: 1}


def test_without_times_only_neighbours_are_stacked():
    shots = [Shot(1, None, 0), Shot(2, None, 0), Shot(7, None, 0), Shot(3, 5, 0)]
    assert stacks(shots, gap=600, most=4) == {1: 1, 2: 1}


def test_the_best_is_the_sharpest_that_is_not_hidden():
    shots = [Shot(1, 0, 0, 50.0), Shot(2, 1, 0, 90.0, hidden=True), Shot(3, 2, 0, 70.0), Shot(4, 3, 0, 999.0)]
    assert best_of(shots, {1: 1, 2: 1, 3: 1, 4: 4}) == [3]


def test_hints_name_soft_bright_and_dark():
    sharp = [Shot(n, n, 0, 800.0, 0, 0) for n in range(1, 8)]
    odd = [Shot(8, 8, 0, 100.0, 0, 0), Shot(9, 9, 0, 800.0, 300, 0), Shot(10, 10, 0, 800.0, 0, 700)]
    assert hints([*sharp, *odd, Shot(11)]) == {8: ["soft"], 9: ["bright"], 10: ["dark"]}


def test_looks_part_where_the_camera_rested():
    assert look_breaks([(3, 5000), (1, 0), (2, 60)], 8) == [[1, 2], [3]]
    assert look_breaks([], 8) == []


def test_a_thousand_shots_take_milliseconds():
    dice = random.Random(1)
    shots = [Shot(n, n * 4, dice.getrandbits(63)) for n in range(1, 1001)]
    begun = time.process_time()
    stacks(shots, 30, 12)
    assert time.process_time() - begun < 0.25
