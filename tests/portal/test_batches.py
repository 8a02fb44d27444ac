"""The customer's pages of parts and of changes: what is said before a name is typed, and what stands afterwards."""

import copy
import re

import pytest

from core.kernel import clock
from core.orders.enums import Stage
from selection.amendments import Reopening, SubmissionPart
from selection.changes import change_mark
from selection.models import Gallery
from selection.retouch.services import start_retouching
from selection.selectors import standing_submission
from selection.services import approve_reopening, offer_reopening
from tests.factories import make_customer, make_order, make_staff
from tests.selection.make import main_chooser, make_gallery, pick
from tests.selection.retouch.make import submit


def made():
    customer = make_customer("陈晓雨")
    order = make_order(customer=customer, stage=Stage.SELECTION)
    return customer, make_gallery(6, order=order, included=2, extra_photo_minor=6000)


@pytest.fixture(scope="module")
def _made(once):
    return once(made)


@pytest.fixture
def customer(db, _made):
    return copy.deepcopy(_made[0])


@pytest.fixture
def gallery(db, _made):
    return copy.deepcopy(_made[1])


@pytest.fixture
def guest(inside):
    inside.client.cookies["yl_language"] = "en"
    return inside


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def at(gallery, *parts):
    return "/".join(["gallery", gallery.code, "review", *map(str, parts)]) + "/"


def test_a_part_is_signed_and_the_review_goes_on(guest, gallery):
    pick(main_chooser(gallery), (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    page = text(guest.get(at(gallery, "part")))
    assert "Nothing is to pay now." in page
    assert page.count(" checked") == 1  # how to sign, and no photograph
    said = {"photo": ["1", "2"], "signed_name": "陈晓雨", "beyond_minor": "0"}
    assert guest.post(at(gallery, "part"), said).headers["Location"].endswith(at(gallery))
    page = text(guest.get(at(gallery)))
    assert "Signed in parts" in page
    assert 'value="1"' not in text(guest.get(at(gallery, "part")))
    guest.post(at(gallery, "returns"), {"photo": "1"})
    assert "It stays selected." in text(guest.get(at(gallery)))
    assert SubmissionPart.objects.get().evidence["agent"]


def test_beyond_the_package_the_price_is_shown_before_it_is_signed(guest, gallery):
    pick(main_chooser(gallery), (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    said = {"photo": ["1", "2", "3"], "signed_name": "陈晓雨", "beyond_minor": "0"}
    page = text(guest.post(at(gallery, "part"), said), 422)
    assert "1 of these photos is beyond your package" in page
    assert 'name="beyond_minor" value="6000"' in page
    assert not SubmissionPart.objects.exists()
    assert guest.post(at(gallery, "part"), {**said, "beyond_minor": "6000"}).status_code == 302
    assert SubmissionPart.objects.get().beyond_minor == 6000


def test_a_part_without_ticks_or_name_is_asked_for_them(guest, gallery):
    pick(main_chooser(gallery), (1, 1, "yes"))
    page = text(guest.post(at(gallery, "part"), {"beyond_minor": "0"}), 422)
    assert "Please tick the photos of this part." in page
    assert not SubmissionPart.objects.exists()


def test_free_until_retouching_starts(guest, gallery):
    submit(gallery, 1, 2)
    assert "Something to change?" in text(guest.get(at(gallery)))
    assert "Still free of charge" in text(guest.get(at(gallery, "change")))
    assert "Please check these points" in text(guest.post(at(gallery, "change"), {"reason": ""}), 422)
    assert guest.post(at(gallery, "change"), {"reason": "想换一张"}).status_code == 302
    assert "with the studio" in text(guest.get(at(gallery, "change")))
    assert "You have asked to change it" in text(guest.get(f"orders/{gallery.order.code}/"))
    approve_reopening(actor=make_staff(), gallery=gallery)
    assert guest.get(at(gallery, "change")).headers["Location"].endswith(at(gallery))


def test_afterwards_exactly_the_price_is_signed(guest, gallery):
    submit(gallery, 1, 2)
    boss = make_staff()
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=clock.today(gallery.order.branch.timezone))
    page = text(guest.get(at(gallery, "change")))
    assert "Retouching has begun" in page
    assert "Please tick what should come in or leave." in text(guest.post(at(gallery, "change"), {"reason": "x"}), 422)
    assert guest.post(at(gallery, "change"), {"reason": "加一张", "add": ["3"]}).status_code == 302
    found = offer_reopening(actor=boss, gallery=gallery, price_minor=9800, answer="加修", add=[3], drop=[])
    assert "costs" in text(guest.get(f"orders/{gallery.order.code}/"))
    page = text(guest.get(at(gallery, "change")))
    assert "for exactly this change" in page
    said = {"answer": "agree", "price_minor": "1", "seen": change_mark(found), "signed_name": "陈晓雨"}
    guest.post(at(gallery, "change", "answer"), said)
    assert Reopening.objects.get().state == "offered"
    guest.post(at(gallery, "change", "answer"), {**said, "price_minor": "9800"})
    assert Reopening.objects.get().state == "agreed"
    assert standing_submission(gallery).extra_total_minor == 9800
    assert "Change after retouching began" in text(guest.get(at(gallery)))


def test_a_request_is_taken_back_and_an_offer_refused(guest, gallery):
    submit(gallery, 1, 2)
    guest.post(at(gallery, "change"), {"reason": "想换一张"})
    guest.post(at(gallery, "change", "withdrawal"))
    assert Reopening.objects.get().state == "withdrawn"
    guest.post(at(gallery, "change", "answer"), {"answer": "decline"})
    assert Reopening.objects.get().state == "withdrawn"


def test_somebody_elses_are_not_there(guest):
    other = make_gallery(2)
    for page in ("part", "change"):
        assert guest.get(at(other, page)).status_code == 404
    for verb in ("withdrawal", "answer"):
        assert guest.post(at(other, "change", verb)).status_code == 404


def test_what_is_delivered_leads_to_the_files_and_no_more_to_changes(guest, gallery):
    pick(main_chooser(gallery), (1, 1, "yes"))
    submit(gallery)
    assert "Something to change?" in text(guest.get(at(gallery)))
    Gallery.objects.filter(pk=gallery.pk).update(state="delivered")
    assert "Something to change?" not in text(guest.get(at(gallery)))
    assert "can no longer be changed" in text(guest.get(at(gallery, "change")))
    page = text(guest.get(f"gallery/{gallery.code}/"))
    assert "They are finished and yours." in page
    assert f"gallery/{gallery.code}/delivery/" in page
    assert "Retouching has begun" not in page


def test_the_first_screen_has_its_pictures_in_the_page(guest, gallery):
    """The first row as soon as possible, the others as soon as `early.js` is there: before the style sheet."""
    page = text(guest.get(f"gallery/{gallery.code}/"))
    assert page.count('fetchpriority="high"') == 3
    assert page.count('loading="lazy"') == 3
    assert re.search(r'<script type="module" src="[^"]*js/portal/early[^"]*" async>', page)
