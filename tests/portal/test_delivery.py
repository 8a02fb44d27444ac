"""The customer's pages of a delivery, at both doors."""

import copy

import pytest

from core.kernel import clock
from selection.delivery import services
from selection.delivery.models import Delivery, Story
from tests.factories import make_customer
from tests.portal.doors import FORMS, knock
from tests.selection.delivery.make import deliver, signed_gallery
from tests.selection.make import main_chooser
from tests.selection.pictures import jpeg

CHROME = "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile"


def delivered():
    gallery = signed_gallery({1: jpeg(), 2: b"not a picture", 3: b"nor this"})
    deliver(gallery)
    return gallery


@pytest.fixture(scope="module")
def _delivered(once):
    return once(delivered)


@pytest.fixture
def gallery(db, _delivered):
    return copy.deepcopy(_delivered)


@pytest.fixture(params=FORMS)
def guest(request, studio, gallery):
    door = knock(studio, request.param, main_chooser(gallery).customer)
    door.client.cookies["yl_language"] = "en"
    return door


def text(answer, status=200):
    assert answer.status_code == status, answer.content[:600]
    return answer.content.decode()


def at(gallery, rest="delivery/"):
    return f"gallery/{gallery.code}/{rest}"


def told(gallery, **changes):
    given = {"title": "雾散之前", "text": "第一段\n\n第二段", "numbers": [2, 1, 9], "published": True, **changes}
    return services.save_story(actor=gallery.order.owner, gallery=gallery, **given)


def test_the_page_shows_files_and_the_packed_download(guest, gallery):
    page = text(guest.get(at(gallery), **{"user-agent": CHROME}))
    assert "3 photos are yours to keep" in page
    assert "/zf1/" in page
    assert page.count("/delivery/f") == 3
    assert page.count("/c1/t.webp") == 1
    assert "browser-guide" not in page
    assert "/o1/" not in page


def test_wechat_is_told_to_open_the_browser(guest, gallery):
    page = text(guest.get(at(gallery)))
    assert 'data-dialog-open="browser-guide"' in page
    assert "Open in browser" in page
    assert "Save image" in text(guest.get(at(gallery, "delivery/f1/")))


def test_one_photograph_large_is_the_file_itself(guest, gallery):
    page = text(guest.get(at(gallery, "delivery/f2/"), **{"user-agent": CHROME}))
    assert "?show" in page
    assert "Save this photo" in page
    assert guest.get(at(gallery, "delivery/f4/")).status_code == 404
    assert guest.get(at(gallery, "delivery/o1/")).status_code == 404


def test_the_order_page_and_the_home_page_lead_there(guest, gallery):
    for path in (f"orders/{gallery.order.code}/", ""):
        page = text(guest.get(path))
        assert "Your photos are ready" in page
        assert at(gallery) in page


def test_somebody_else_finds_nothing(studio, gallery):
    told(gallery)
    stranger = knock(studio, "host", make_customer("路人"))
    for rest in ("delivery/", "delivery/f1/", "story/"):
        assert stranger.get(at(gallery, rest)).status_code == 404
    assert knock(studio, "host").get(at(gallery)).status_code == 302


def test_the_archived_page_says_how_to_have_them_again(guest, gallery):
    services.archive_gallery(actor=None, gallery=gallery)
    page = text(guest.get(at(gallery)), 410)
    assert "Your photos are safe with us" in page
    assert "/d/" not in page
    assert guest.get(at(gallery, "delivery/f1/")).status_code == 404
    assert "Kept in the archive" in text(guest.get(f"orders/{gallery.order.code}/"))


def test_the_day_after_the_last_one_nothing_is_handed_out_even_before_the_job_ran(guest, gallery):
    Delivery.objects.update(until=clock.now().date().replace(year=2020))
    assert "/d/" not in text(guest.get(at(gallery)), 410)


# -- The story --------------------------------------------------------------------------------------------------------
def test_the_story_is_for_those_on_the_order(guest, gallery):
    assert guest.get(at(gallery, "story/")).status_code == 404
    told(gallery, published=False)
    assert guest.get(at(gallery, "story/")).status_code == 404
    told(gallery)
    page = text(guest.get(at(gallery, "story/")))
    assert "雾散之前" in page
    assert page.count("story-text") == 2
    assert Story.objects.get().numbers == [2, 1]
    assert "See your story" in text(guest.get(at(gallery)))


def test_a_link_is_made_and_taken_back(guest, gallery, studio):
    told(gallery)
    guest.post(at(gallery, "story/link/"), {"shared": "1"})
    share = Story.objects.get().share_code
    stranger = knock(studio, "host")
    page = text(stranger.get(f"story/{share}/"))
    assert "雾散之前" in page
    assert "<form" not in page.replace('<form class="prefs', "")
    assert f"/m/story/{share}/1/p.webp" in page
    assert gallery.code not in page
    picture = stranger.get(f"m/story/{share}/1/t.webp")
    assert b"".join(picture.streaming_content)[8:12] == b"WEBP"
    assert stranger.get(f"m/story/{share}/3/t.webp").status_code == 404  # not in the story
    guest.post(at(gallery, "story/link/"), {"shared": "0"})
    assert stranger.get(f"story/{share}/").status_code == 404
    assert stranger.get(f"m/story/{share}/1/t.webp").status_code == 404


def test_archiving_ends_the_link_too(gallery, studio):
    story = told(gallery)
    services.share_story(customer=main_chooser(gallery).customer, gallery=gallery, shared=True)
    story.refresh_from_db()
    services.archive_gallery(actor=None, gallery=gallery)
    assert knock(studio, "host").get(f"story/{story.share_code}/").status_code == 404
