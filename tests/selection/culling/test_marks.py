"""Flags, stars and recommendations; what a hidden photograph is to customers."""

import pytest

from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection import services
from selection.culling.services import Mark, set_marks
from selection.enums import GalleryState, PhotoState
from selection.manifest import manifest
from selection.models import Chooser, Gallery, PhotoMark, Pick
from selection.selectors import first_tiles, picked_photos
from tests.factories import make_staff
from tests.selection.culling.make import mark, states
from tests.selection.make import add_photos, main_chooser, make_gallery, pick


@pytest.fixture
def gallery(db):
    return make_gallery(5, included=2, extra_photo_minor=6000)


def seen(gallery):
    gallery.refresh_from_db()
    return manifest(gallery, main_chooser(gallery))


def test_a_hidden_photo_leaves_the_customers_gallery_and_comes_back(gallery):
    before = gallery.rev
    assert mark(gallery, 2, 4, flag="reject").saved == [2, 4]
    told = seen(gallery)
    assert (told["id"], gallery.photo_count) == ([1, 3, 5], 3)
    assert gallery.rev > before
    assert [tile.number for tile in first_tiles(gallery, 9)] == [1, 3, 5]
    mark(gallery, 2, flag="")
    assert (seen(gallery)["id"], gallery.photo_count) == ([1, 2, 3, 5], 4)
    facts = [event.facts for event in Event.objects.filter(kind="photos.culled").order_by("seq")]
    assert [(fact["hidden"], fact["shown"]) for fact in facts] == [([2, 4], []), ([], [2])]


def test_a_hidden_photo_cannot_be_picked_or_noted(gallery):
    mark(gallery, 2, flag="reject")
    [rejected] = pick(main_chooser(gallery), (1, 2, "yes")).rejected
    assert rejected.why == "gone"
    with pytest.raises(Refusal, match=r"note\.gone"):
        services.save_note(chooser=main_chooser(gallery), number=2, text="x", tags=[], device="phone", op=1)
    assert not Pick.objects.exists()


@pytest.mark.parametrize("value", ["yes", "maybe"])
def test_a_chosen_photo_is_not_hidden_while_the_gallery_is_open(gallery, value):
    pick(main_chooser(gallery), (1, 3, value))
    done = mark(gallery, 2, 3, flag="reject")
    assert (done.saved, [(r.number, r.why, r.flag) for r in done.refused]) == ([2], [(3, "chosen", "")])
    assert states(gallery)[3] == PhotoState.READY
    assert not PhotoMark.objects.filter(photo__number=3).exists()


@pytest.mark.parametrize("value", ["no", ""])
def test_a_dropped_photo_may_be_hidden(gallery, value):
    pick(main_chooser(gallery), (1, 3, "yes"), (2, 3, value))
    assert mark(gallery, 3, flag="reject").saved == [3]
    assert Chooser.objects.get(gallery=gallery, is_main=True).no == 0


def test_a_withdrawn_gallery_may_lose_a_chosen_photo_and_its_pick_returns_with_it(gallery):
    pick(main_chooser(gallery), (1, 3, "yes"), (2, 1, "yes"))
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.DRAFT)
    mark(gallery, 3, flag="reject")
    assert (main_chooser(gallery).yes, [tile.number for tile in picked_photos(gallery)]) == (1, [1])
    mark(gallery, 3, flag="keep")
    assert (main_chooser(gallery).yes, [tile.number for tile in picked_photos(gallery)]) == (2, [1, 3])


def test_a_submitted_gallery_keeps_its_photos_but_stars_may_change(gallery):
    mark(gallery, 2, flag="reject")
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.SUBMITTED)
    done = set_marks(actor=None, gallery=gallery, marks=[Mark(1, flag="reject"), Mark(2, flag=""), Mark(3, stars=4)])
    assert (done.saved, {(r.number, r.why, r.flag) for r in done.refused}) == (
        [3],
        {(1, "locked", ""), (2, "locked", "reject")},
    )
    assert states(gallery)[2] == PhotoState.HIDDEN


def test_recommendations_reach_the_manifest_and_stars_do_not(gallery):
    assert "rec" not in seen(gallery)
    before = gallery.rev
    mark(gallery, 1, stars=5)
    assert seen(gallery)["rev"] == before
    mark(gallery, 3, 4, recommended=True)
    assert sorted(seen(gallery)["rec"]) == [3, 4]
    assert gallery.rev == before + 1
    mark(gallery, 4, flag="reject")
    assert seen(gallery)["rec"] == [3]
    kinds = list(Event.objects.filter(stream=f"gallery.{gallery.pk}").order_by("seq").values_list("kind", flat=True))
    assert kinds == ["photos.marked", "photos.culled", "photos.culled"]


def test_a_repeated_batch_changes_nothing_more(gallery):
    boss = make_staff("owner")
    for _ in range(2):
        mark(gallery, 2, flag="reject", stars=3, recommended=True, actor=boss)
    gallery.refresh_from_db()
    row = PhotoMark.objects.get(photo__number=2)
    assert (row.flag, row.stars, row.is_recommended, row.by_id) == ("reject", 3, True, boss.pk)
    assert gallery.photo_count == 4


def test_fields_that_are_not_named_stay(gallery):
    mark(gallery, 2, stars=3)
    mark(gallery, 2, recommended=True)
    mark(gallery, 2, flag="keep")
    row = PhotoMark.objects.get(photo__number=2)
    assert (row.flag, row.stars, row.is_recommended) == ("keep", 3, True)


def test_what_is_not_there_is_refused_alone(gallery):
    add_photos(gallery, 1, PhotoState.RECEIVED)
    done = mark(gallery, 1, 6, 77, flag="keep")
    assert (done.saved, [(r.number, r.why) for r in done.refused]) == ([1], [(6, "gone"), (77, "gone")])


@pytest.mark.parametrize("wrong", [{"stars": 6}, {"stars": -1}, {"flag": "burn"}])
def test_malformed_marks_change_nothing(gallery, wrong):
    with pytest.raises(Refusal, match=r"marks\.malformed"):
        mark(gallery, 1, 2, **wrong)
    assert not PhotoMark.objects.exists()


def test_a_hidden_photo_comes_out_of_the_bin_hidden(gallery):
    mark(gallery, 2, flag="reject")
    photo = gallery.photos.get(number=2)
    services.remove_photo(actor=gallery.order.owner, photo=photo)
    gallery.refresh_from_db()
    assert gallery.photo_count == 4
    assert services.restore_photo(actor=gallery.order.owner, photo=photo).state == PhotoState.HIDDEN
    gallery.refresh_from_db()
    assert gallery.photo_count == 4


def test_a_batch_costs_the_same_queries(db, django_assert_max_num_queries):
    gallery = make_gallery(60)
    with django_assert_max_num_queries(16):
        mark(gallery, *range(1, 61), flag="reject", stars=2)
