"""Stacks are built again and again; what a hand did stays."""

import pytest

from core.kernel.errors import Refusal
from selection.culling import services
from selection.culling.selectors import preview_stacks, stacks_now
from selection.manifest import manifest
from selection.models import Arrangement
from tests.selection.culling.make import mark, measured, stacks
from tests.selection.make import main_chooser, make_gallery


@pytest.fixture
def gallery(db):
    """Two bursts and one alone: 1 2 3 · 4 5 · 6."""
    gallery = make_gallery(6)
    shots = [(1, 0, 0, 50.0), (2, 2, 1, 90.0), (3, 4, 0, 70.0), (4, 100, 0, 5.0), (5, 101, 0, 6.0), (6, 500, 0, 1.0)]
    measured(gallery, *shots)
    return gallery


def build(gallery, gap=20, distance=4):
    return services.build_stacks(actor=None, gallery=gallery, gap=gap, distance=distance)


def test_building_stores_what_the_preview_promised(gallery):
    promised = preview_stacks(gallery, 20, 4)
    assert (promised.stacks, promised.photos, promised.largest) == (2, 5, 3)
    assert not stacks(gallery)
    assert build(gallery) == 2
    assert stacks(gallery) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4}
    assert stacks_now(gallery)["best"] == [2, 5]
    kept = Arrangement.objects.get(gallery=gallery)
    assert (kept.gap_seconds, kept.distance) == (20, 4)


def test_stacks_reach_the_manifest_only_where_there_are_some(gallery):
    chooser = main_chooser(gallery)
    assert "s" not in manifest(gallery, chooser)
    build(gallery)
    assert manifest(gallery, chooser)["s"] == [1, 1, 1, 4, 4, 0]


def test_tighter_thresholds_dissolve_automatic_stacks(gallery):
    build(gallery)
    assert build(gallery, gap=1) == 1
    assert stacks(gallery) == {4: 4, 5: 4}


def test_what_was_split_stays_split(gallery):
    build(gallery)
    services.split_stack(actor=None, gallery=gallery, numbers=[1])
    assert stacks(gallery) == {2: 2, 3: 2, 4: 4, 5: 4}
    build(gallery, gap=600, distance=20)
    assert stacks(gallery) == {2: 2, 3: 2, 4: 4, 5: 4, 6: 4}  # 1, 2 and 3 were a hand's work


def test_a_stack_of_two_is_none_when_one_leaves(gallery):
    build(gallery)
    services.split_stack(actor=None, gallery=gallery, numbers=[5])
    assert stacks(gallery) == {1: 1, 2: 1, 3: 1}


def test_what_was_joined_stays_joined(gallery):
    build(gallery)
    assert services.join_stack(actor=None, gallery=gallery, numbers=[3, 6]) == 1
    assert stacks(gallery) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 1}
    build(gallery, gap=1, distance=0)
    assert stacks(gallery) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 1}
    services.release_stacks(actor=None, gallery=gallery, numbers=[1, 2, 3, 6])
    build(gallery, gap=1, distance=0)
    assert stacks(gallery) == {4: 4, 5: 4}


def test_refusals(gallery):
    with pytest.raises(Refusal, match=r"stack\.too_few"):
        services.join_stack(actor=None, gallery=gallery, numbers=[6, 99])
    with pytest.raises(Refusal, match=r"stack\.not_stacked"):
        services.split_stack(actor=None, gallery=gallery, numbers=[6])


def test_a_hidden_photo_is_never_the_suggestion(gallery):
    build(gallery)
    mark(gallery, 2, flag="reject")
    assert stacks_now(gallery)["best"] == [3, 5]


def test_building_costs_the_same_queries(db, django_assert_max_num_queries):
    gallery = make_gallery(60)
    measured(gallery, *[(n, n, 0, 1.0) for n in range(1, 61)])
    with django_assert_max_num_queries(18):
        build(gallery)


def test_what_was_joined_or_split_can_be_put_back(gallery):
    build(gallery)
    before = stacks(gallery)
    services.split_stack(actor=None, gallery=gallery, numbers=[1])
    services.put_stacks(actor=None, gallery=gallery, names={1: 1, 2: 1, 3: 1})
    assert stacks(gallery) == before
    services.join_stack(actor=None, gallery=gallery, numbers=[3, 6])
    services.put_stacks(actor=None, gallery=gallery, names={1: 1, 2: 1, 3: 1, 6: None})
    assert stacks(gallery) == before
    services.put_stacks(actor=None, gallery=gallery, names={4: 77, 6: 77, 5: 78})
    assert stacks(gallery) == {1: 1, 2: 1, 3: 1, 4: 4, 6: 4}
