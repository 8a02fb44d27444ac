"""The review by slot, worked with plain forms."""

import copy
import json
import re

import pytest
from django.utils.html import escape

from core.kernel.drawing import fingerprint
from selection.models import Chooser, Placement, Submission
from selection.services import suggest_photo
from tests.portal.doors import knock
from tests.selection.make import main_chooser, pick
from tests.selection.slots import ALBUM, COVER, FRAME, make_slotted, place


@pytest.fixture(scope="module")
def _slotted(once):
    return once(make_slotted)


@pytest.fixture
def gallery(db, _slotted):
    return copy.deepcopy(_slotted)


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


@pytest.fixture
def mine(studio, gallery):
    return door(studio, gallery)


def door(studio, gallery):
    """The main customer's browser, in English."""
    found = knock(studio, "host", gallery.order.customer)
    found.client.cookies["yl_language"] = "en"
    return found


def page(mine, gallery, rest=""):
    answer = mine.get(f"gallery/{gallery.code}/review/{rest}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def act(mine, gallery, rest, **data):
    return mine.post(f"gallery/{gallery.code}/review/{rest}", data)


def inside(chooser, slot):
    rows = Placement.objects.filter(chooser=chooser, is_in=True, slot__number=slot).order_by("photo__number")
    return list(rows.values_list("photo__number", flat=True))


def test_slots_stand_with_counters_and_what_is_missing(mine, gallery, chooser):
    place(chooser, (1, 1, 1), (2, 1, 3), (3, 2, 3))
    text = page(mine, gallery)
    assert '入册 <span class="num">1 / 3</span>' in text
    assert '放大 <span class="num">2 / 1</span>' in text
    assert text.count("at least 1 more") == 2  # album, cover
    assert "beyond the package" in text
    assert 'id="doubled"' in text
    assert "1 × ¥380" in text
    assert 'name="extra_total_minor" value="38000"' in text


def test_a_list_that_changed_at_the_same_price_is_asked_again(mine, gallery, chooser):
    pick(chooser, (1, 4, "yes"))
    seen = re.search(r'name="seen" value="(\w+)"', page(mine, gallery))[1]
    pick(chooser, (2, 4, ""), (3, 5, "yes"))
    answer = act(mine, gallery, "", signed_name="陈晓雨", extra_total_minor="0", seen=seen)
    assert answer.status_code == 422
    assert "has changed since you looked" in answer.content.decode()
    assert seen not in answer.content.decode()


def test_putting_in_and_taking_out_by_plain_forms(mine, gallery, chooser):
    pick(chooser, (1, 4, "yes"))
    answer = act(mine, gallery, "slots/1/", put="4")
    assert answer["Location"].endswith("/slots/1/#p4")
    assert inside(chooser, 1) == [4]
    assert 'name="take" value="4" aria-pressed="true"' in page(mine, gallery, "slots/1/")
    act(mine, gallery, "slots/1/", take="4")
    assert inside(chooser, 1) == []


def test_the_price_stands_on_the_button_before_the_act(mine, gallery, chooser):
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    assert page(mine, gallery, "slots/3/").count("Put in") == 2
    act(mine, gallery, "slots/3/", put="1")
    text = page(mine, gallery, "slots/3/")
    assert "One more costs +¥380." in text
    assert "+¥380</span>" in text
    act(mine, gallery, "slots/3/", put="2")
    assert "All extras so far: ¥380" in page(mine, gallery, "slots/3/")


def test_a_full_slot_says_so(mine, gallery, chooser):
    place(chooser, (1, 1, 2))
    pick(chooser, (2, 2, "yes"))
    text = page(mine, gallery, "slots/2/")
    assert "There is no room for one more." in text
    assert 'name="put" value="2" aria-pressed="false" disabled' in text
    act(mine, gallery, "slots/2/", put="2")
    assert inside(chooser, 2) == [1]
    assert "Take one out first." in page(mine, gallery, "slots/2/")


@pytest.mark.parametrize("rest", ["slots/9/", "slots/0/"])
def test_an_unknown_slot_is_404(mine, gallery, rest):
    assert mine.get(f"gallery/{gallery.code}/review/{rest}").status_code == 404


@pytest.mark.parametrize("data", [{}, {"put": "x"}, {"put": "-1"}, {"take": "12345678"}])
def test_nonsense_is_404(mine, gallery, data):
    assert act(mine, gallery, "slots/1/", **data).status_code == 404


def test_extras_may_be_swapped_out_and_stay_undecided(mine, gallery, chooser):
    pick(chooser, *[(n, n, "yes") for n in range(1, 4)])
    text = page(mine, gallery)
    assert "1 photo is extra (¥60)" in text
    assert 'name="photo" value="3"' in text
    act(mine, gallery, "returns/", photo="3")
    chooser.refresh_from_db()
    assert (chooser.yes, chooser.maybe) == (2, 1)
    assert 'id="swaps"' not in page(mine, gallery)


def test_all_originals_onto_the_bill_and_off(mine, gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    assert "Add for ¥500" in page(mine, gallery)
    act(mine, gallery, "originals/", wanted="1")
    text = page(mine, gallery)
    assert 'name="extra_total_minor" value="50000"' in text
    assert "Take off the bill" in text
    act(mine, gallery, "originals/", wanted="0")
    assert 'name="extra_total_minor" value="0"' in page(mine, gallery)


def test_suggestions_are_named_priced_and_may_be_hidden(mine, gallery, chooser):
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    place(chooser, (3, 1, 3))
    suggest_photo(actor=gallery.order.owner, photo=gallery.photos.get(number=5), slot=3)
    text = page(mine, gallery, "slots/3/")
    assert "The studio suggests" in text
    assert "+¥440" in text  # the frame and one more retouched photo
    act(mine, gallery, "suggestions/", muted="1")
    assert "The studio suggests" not in page(mine, gallery, "slots/3/")
    assert Chooser.objects.get(pk=chooser.pk).mutes_suggestions
    act(mine, gallery, "suggestions/", muted="0")
    act(mine, gallery, "slots/3/", put="5")
    assert gallery.order.owner.name in page(mine, gallery)  # the link between suggestion and extra is shown


def test_submitting_signs_the_itemised_bill_and_shows_it_afterwards(mine, gallery, chooser):
    place(chooser, (1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 3, 3), (5, 1, 3))
    data = {"signed_name": "陈晓雨", "extra_total_minor": "44000"}
    assert act(mine, gallery, "", **data).status_code == 422  # the extras need their own yes
    assert act(mine, gallery, "", **data, accept_extra="on").status_code == 302
    assert Submission.objects.get().extra_total_minor == 44000
    text = page(mine, gallery)
    assert "1 × ¥380" in text
    assert '放大 <span class="num">2 / 1</span>' in text
    assert "slots/3/" not in text
    assert "disabled" in page(mine, gallery, "slots/3/")


def test_a_slot_that_must_be_filled_is_named(studio):
    gallery = make_slotted(slots=[{**COVER, "is_required": True}])
    chooser, mine = main_chooser(gallery), door(studio, gallery)
    pick(chooser, (1, 1, "yes"))
    answer = act(mine, gallery, "", signed_name="陈晓雨", extra_total_minor="0")
    assert answer.status_code == 422
    assert "“封面” still needs photos: 1." in answer.content.decode()


def test_the_review_costs_the_same_with_more_slots_and_photos(studio, django_assert_max_num_queries):
    for slots, photos in (([ALBUM], 1), ([ALBUM, COVER, FRAME, {**FRAME, "name": "大框"}], 6)):
        gallery = make_slotted(slots=slots)
        chooser, mine = main_chooser(gallery), door(studio, gallery)
        place(chooser, *[(n, n, 1) for n in range(1, photos + 1)])
        with django_assert_max_num_queries(30):
            page(mine, gallery)


HAND = '{"h":400,"strokes":[[100,100,300,120,500,300],[600,50,600,350]]}'


def test_a_signature_drawn_by_hand_is_kept_and_printed(mine, gallery, chooser):
    pick(chooser, (1, 4, "yes"))
    data = {"signed_name": "", "signed_name_way": "draw", "signed_name_strokes": HAND, "extra_total_minor": "0"}
    assert act(mine, gallery, "", **data).status_code == 302
    kept = Submission.objects.get()
    assert (kept.signed_name, kept.drawing) == (gallery.order.customer.name, json.loads(HAND))
    assert kept.evidence["drawing_sha256"] == fingerprint(kept.drawing)
    text = page(mine, gallery, "evidence/")
    assert 'd="M100 100Q300 120 400 210L500 300 M600 50L600 350"' in text
    assert kept.evidence["sha256"] in text


@pytest.mark.parametrize("strokes", ["", "<script>", '{"h":400,"strokes":[[1,1,2,2]]}'])
def test_a_drawing_that_is_none_is_asked_again_and_nothing_is_lost(mine, gallery, chooser, strokes):
    pick(chooser, (1, 4, "yes"))
    data = {"signed_name_way": "draw", "signed_name_strokes": strokes, "extra_total_minor": "0", "note": "谢谢"}
    answer = act(mine, gallery, "", **data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "谢谢" in text
    assert f'value="{escape(strokes)}"' in text
    assert not Submission.objects.exists()


def test_the_evidence_is_there_only_for_what_stands(mine, gallery, chooser):
    assert mine.get(f"gallery/{gallery.code}/review/evidence/").status_code == 404
