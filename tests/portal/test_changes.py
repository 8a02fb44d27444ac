"""The customer's pages of a change after retouching began: what its photographs are used for, and the signature."""

import copy

import pytest

from core.kernel import clock
from selection.amendments import Reopening
from selection.changes import change_mark
from selection.retouch.services import start_retouching
from selection.selectors import standing_submission
from selection.services import offer_reopening, submit_selection
from tests.factories import make_customer, make_staff
from tests.portal.doors import knock
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place

HAND = '{"h":400,"strokes":[[100,100,400,300,700,100]]}'


def made():
    boss = make_staff("owner")
    gallery = make_slotted(included=3)
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    place(chooser, (4, 1, 1), (5, 2, 1), (6, 3, 1), (7, 1, 2))
    submit_selection(chooser=chooser, extra_total_minor=0, signed_name="陈晓雨")
    gallery.refresh_from_db()
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=clock.today(gallery.order.branch.timezone))
    return boss, gallery


@pytest.fixture(scope="module")
def _made(once):
    return once(made)


@pytest.fixture
def boss(db, _made):
    return copy.deepcopy(_made[0])


@pytest.fixture
def gallery(db, _made):
    return copy.deepcopy(_made[1])


@pytest.fixture(params=["host", "path"])
def guest(request, studio, gallery):
    door = knock(studio, request.param)
    door.enter(main_chooser(gallery).customer)
    door.client.cookies["yl_language"] = "en"
    return door


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def at(gallery, *parts):
    return "/".join(["gallery", gallery.code, "review", "change", *map(str, parts)]) + "/"


def offered(gallery, boss, price=9000, add=(4,)):
    return offer_reopening(actor=boss, gallery=gallery, price_minor=price, answer="加修", add=add, drop=[])


def test_uses_are_arranged_with_the_price_before_the_tap_and_signed(guest, gallery, boss):
    guest.post(at(gallery), {"reason": "加一张", "add": ["4"]})
    page = text(guest.get(at(gallery)))
    assert "These uses add nothing to the price." in page
    assert at(gallery, "slots", 1) in page
    page = text(guest.get(at(gallery, "slots", 1)))
    assert "One more costs +¥30" in page
    assert 'name="put" value="4"' in page
    assert 'value="5"' not in page
    assert guest.post(at(gallery, "slots", 1), {"put": "4"}).headers["Location"].endswith("#p4")
    found = offered(gallery, boss)
    page = text(guest.get(at(gallery)))
    assert "By your contract these uses add ¥30" in page
    assert 'name="price_minor" value="12000"' in page
    said = {"answer": "agree", "price_minor": "12000", "seen": change_mark(found)}
    page = text(guest.post(at(gallery, "answer"), {**said, "signed_name": "…"}), 422)
    assert "Please type your full name" in page
    assert 'value="…"' in page, "what was typed stays"
    drawn = {"signed_name": "", "signed_name_way": "draw", "signed_name_strokes": HAND}
    assert guest.post(at(gallery, "answer"), {**said, **drawn}).status_code == 302
    made = standing_submission(gallery)
    assert (made.extra_total_minor, made.signed_name) == (12000, main_chooser(gallery).customer.name)
    assert made.drawing["strokes"]
    page = text(guest.get(f"gallery/{gallery.code}/review/evidence/"))
    assert 'class="drawn"' in page
    assert "Replaces the list with" in page
    assert "入册" in page
    assert "for ¥120" in text(guest.get(at(gallery)))


def test_only_the_uses_change(guest, gallery, boss):
    page = text(guest.post(at(gallery), {"reason": "换封面"}), 422)
    assert "Only what my photos are used for should change" in page
    assert guest.post(at(gallery), {"reason": "换封面", "uses_only": "on"}).status_code == 302
    guest.post(at(gallery, "slots", 2), {"put": "2"})
    assert "There is no room for one more." in text(guest.get(at(gallery, "slots", 2)))
    guest.post(at(gallery, "slots", 2), {"take": "1"})
    guest.post(at(gallery, "slots", 2), {"put": "2"})
    assert Reopening.objects.get().uses == [[2, 2, True], [2, 1, False]]


def test_without_an_open_request_or_a_slot_there_is_nothing_to_arrange(guest, gallery):
    assert guest.get(at(gallery, "slots", 1)).headers["Location"].endswith(at(gallery))
    guest.post(at(gallery), {"reason": "加一张", "add": ["4"]})
    assert guest.get(at(gallery, "slots", 9)).status_code == 404
    assert guest.post(at(gallery, "slots", 1), {"put": "x"}).status_code == 404
    assert Reopening.objects.get().uses == []


def test_a_stranger_arranges_nothing(studio, gallery):
    door = knock(studio, "host")
    door.enter(make_customer())
    assert door.get(at(gallery, "slots", 1)).status_code == 404
    assert door.post(at(gallery, "slots", 1), {"put": "4"}).status_code == 404


def test_the_page_asks_no_more_for_more_photographs(guest, gallery, django_assert_max_num_queries):
    guest.post(at(gallery), {"reason": "加", "add": ["4"]})
    guest.get(at(gallery, "slots", 1))
    with django_assert_max_num_queries(14):
        guest.get(at(gallery, "slots", 1))
