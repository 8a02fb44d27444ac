"""The customer's album: paging, pins, swaps, done, approval with evidence, older drafts, and nobody else's."""

import copy
import re

import pytest

from core.orders.enums import Stage
from selection.album.enums import AlbumState
from selection.album.models import AlbumApproval, AlbumGrant, SpreadComment, SpreadVerdict
from selection.album.services import grant_album_round, settle_comment, start_album
from selection.enums import GalleryState
from selection.models import Gallery
from tenants.context import in_studio
from tests.factories import make_customer, make_order, make_staff
from tests.portal.doors import knock
from tests.selection.album.make import add_spread, approve_all, comment, give_back, judge, send, view
from tests.selection.retouch.make import submitted_gallery


def made():
    customer = make_customer("陈晓雨")
    gallery = submitted_gallery(5, (1, 2, 3, 4), order=make_order(customer=customer, stage=Stage.SELECTION))
    boss = make_staff("owner")
    return customer, start_album(actor=boss, gallery=gallery, name="水晶相册", designer=boss)


@pytest.fixture(scope="module")
def _made(once):
    return once(made)


@pytest.fixture
def customer(db, _made):
    return copy.deepcopy(_made[0])


@pytest.fixture
def album(db, _made):
    return copy.deepcopy(_made[1])


@pytest.fixture
def guest(inside):
    inside.client.cookies["yl_language"] = "en"
    return inside


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def at(album, *parts):
    return "/".join(["gallery", album.gallery.code, "album", *map(str, parts)]) + "/"


def numbers(album):
    return [leaf.spread.number for leaf in view(album).leaves]


def approve(guest, album, position, draft=1):
    told = {"number": numbers(album)[position - 1], "value": "approve"}
    return guest.post(at(album, 1, "draft", draft, position, "verdict"), told)


def say(guest, album, position, **more):
    told = {"number": numbers(album)[position - 1], "key": "abcd1234", "text": "往左一点", **more}
    return guest.post(at(album, 1, "draft", 1, position, "comments"), told)


def test_before_the_first_draft_there_is_nothing(guest, album):
    add_spread(album, "1.jpg")
    for path in (at(album), at(album, 1), at(album, 1, "draft", 1), at(album, 1, "evidence")):
        assert guest.get(path).status_code == 404
    assert "album/" not in text(guest.get(f"orders/{album.gallery.order.code}/"))


def test_the_album_and_a_spread(guest, album):
    send(album, "1.jpg", "2.jpg")
    add_spread(album, "3.jpg")  # not sent
    assert guest.get(at(album)).headers["Location"].endswith(at(album, 1))
    page = text(guest.get(at(album, 1)))
    assert "Round 1 of 3" in page
    assert page.count('class="spread-tile"') == 2
    page = text(guest.get(at(album, 1, "draft", 1, 2)))
    assert f"/a{numbers(album)[1]}-1/p.webp" in page
    assert "Spread 2 of 2" in page
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page
    assert guest.get(at(album, 1, "draft", 1, 3)).status_code == 404


def test_the_order_page_leads_there(guest, album):
    send(album, "1.jpg")
    page = text(guest.get(f"orders/{album.gallery.order.code}/"))
    assert "look at your album" in page
    assert at(album, 1) in page
    give_back(album, 1)
    assert "The designer works on your album" in text(guest.get(f"orders/{album.gallery.order.code}/"))


def test_a_word_leads_on_to_the_next_spread(guest, album):
    send(album, "1.jpg", "2.jpg", "3.jpg")
    assert approve(guest, album, 2).headers["Location"].endswith(at(album, 1, "draft", 1, 3))
    assert approve(guest, album, 3).headers["Location"].endswith(at(album, 1, "draft", 1, 1))
    assert approve(guest, album, 1).headers["Location"].endswith(at(album, 1))
    assert SpreadVerdict.objects.count() == 3


def test_a_comment_with_a_pin_and_without_words(guest, album):
    send(album, "1.jpg")
    page = text(say(guest, album, 1, text=" "), 422)
    assert "Please say what should be different." in page
    assert say(guest, album, 1, x="250", y="500").status_code == 302
    say(guest, album, 1, x="250", y="500")  # sent twice by a shaky network
    page = text(guest.get(at(album, 1, "draft", 1, 1)))
    assert 'cx="25.0%" cy="50.0%"' in page
    assert "往左一点" in page
    assert SpreadComment.objects.count() == 1
    assert text(say(guest, album, 1, x="1001", y="0", key="other1"), 422)


def test_a_photograph_is_swapped_for_an_unused_one(guest, album):
    send(album, "1.jpg")
    path = at(album, 1, "draft", 1, 1, "swap")
    page = text(guest.get(path))
    assert page.count('name="out"') == page.count('name="into"') == 4
    told = {"number": numbers(album)[0], "key": "abcd1234", "text": ""}
    assert "Please choose both photos." in text(guest.post(path, told), 422)
    assert "not in it yet" in text(guest.post(path, {**told, "out": 1, "into": 5}), 422)
    guest.post(path, {**told, "out": 1, "into": 2})
    assert "Please take photo 2 instead of photo 1." in text(guest.get(at(album, 1, "draft", 1, 1)))


def test_done_and_a_new_draft_and_the_old_one_stays_to_be_read(guest, album):
    send(album, "1.jpg", "2.jpg")
    say(guest, album, 1)
    approve(guest, album, 2)
    assert "1 comment goes to the designer." in text(guest.get(at(album, 1)))
    guest.post(at(album, 1, "draft", 1, "return"))
    album.refresh_from_db()
    assert album.state == AlbumState.DESIGNING
    assert "With the designer" in text(guest.get(at(album, 1)))
    settle_comment(
        album=album, comment=SpreadComment.objects.get().pk, actor=album.designer, outcome="done", answer="好"
    )
    send(album, "1.jpg")
    page = text(guest.get(at(album, 1)))
    assert "Round 2 of 3" in page
    assert len(re.findall('data-value="approve"', page)) == 1
    assert "New in this draft" in page
    old = text(guest.get(at(album, 1, "draft", 1)))
    assert "superseded by draft 2" in old
    page = text(guest.get(at(album, 1, "draft", 1, 1)))
    assert "往左一点" in page
    assert "verdict/" not in page
    told = {"number": SpreadComment.objects.get().spread.number, "value": "approve"}
    guest.post(at(album, 1, "draft", 1, 1, "verdict"), told)
    assert not SpreadVerdict.objects.filter(spread__number=told["number"], value="approve").exists()


def test_settled_and_opened_again(guest, album):
    send(album, "1.jpg")
    said = comment(album, 1)
    guest.post(at(album, 1, "comments", said.pk, "settlement"), {"outcome": "done"})
    said.refresh_from_db()
    assert not said.is_open
    assert "Open again" in text(guest.get(at(album, 1)))
    guest.post(at(album, 1, "comments", said.pk, "settlement"), {"outcome": ""})
    said.refresh_from_db()
    assert said.is_open


def test_the_album_is_approved_and_can_be_printed(guest, album):
    draft = send(album, "1.jpg", "2.jpg")
    path, told = at(album, 1, "draft", 1, "approval"), {"digest": draft.digest, "signed_name": "陈晓雨"}
    guest.post(path, told)
    assert not AlbumApproval.objects.exists()
    approve_all(album)
    assert "Approve for production" in text(guest.get(at(album, 1)))
    text(guest.post(path, {**told, "signed_name": ""}), 422)
    assert 'value="123"' in text(guest.post(path, {**told, "signed_name": "123"}), 422)  # it stays, to be mended
    guest.post(path, {**told, "digest": "0" * 64})
    assert not AlbumApproval.objects.exists()
    guest.post(path, told)
    approval = AlbumApproval.objects.get()
    assert set(approval.evidence) == {"address", "agent", "language", "phone", "code_at", "sha256"}
    page = text(guest.get(at(album, 1, "evidence")))
    for wanted in (draft.digest, "陈晓雨", "data-print", approval.spreads[0][4], "MicroMessenger"):
        assert wanted in page
    assert "You have approved your album" in text(guest.get(f"orders/{album.gallery.order.code}/"))


def test_a_partner_speaks_but_does_not_end_the_round(guest, album, studio, door):
    send(album, "1.jpg")
    partner = make_customer("林一舟")
    album.gallery.order.people.create(customer=partner, part="groom")
    other = knock(studio, door.form, partner)
    other.client.cookies["yl_language"] = "en"
    say(other, album, 1, text="我不喜欢")
    assert "The main contact of the order ends the round." in text(other.get(at(album, 1)))
    other.post(at(album, 1, "draft", 1, "return"))
    album.refresh_from_db()
    assert album.state == AlbumState.PROOFING
    assert "我不喜欢" in text(guest.get(at(album, 1, "draft", 1, 1)))
    comment(album, 1, "只有我看见")
    assert "只有我看见" not in text(other.get(at(album, 1)))


def test_strangers_see_and_change_nothing(album, studio, door, other_studio):
    send(album, "1.jpg")
    said = comment(album, 1)
    stranger = knock(studio, door.form, make_customer())
    with in_studio(other_studio):
        foreign = knock(other_studio, door.form, make_customer())
    draft = ("1", "draft", "1")
    for who in (stranger, foreign):
        for path in (at(album), at(album, 1), at(album, *draft), at(album, *draft, 1), at(album, *draft, 1, "swap")):
            assert who.get(path).status_code == 404
        for path in ((*draft, 1, "verdict"), (*draft, 1, "comments"), (*draft, "return"), (*draft, "approval")):
            told = {"number": said.spread.number, "value": "approve", "key": "abcd", "text": "x"}
            assert who.post(at(album, *path), told).status_code == 404
        assert who.post(at(album, 1, "comments", said.pk, "settlement"), {"outcome": "done"}).status_code == 404
    assert (SpreadComment.objects.count(), AlbumApproval.objects.count()) == (1, 0)


@pytest.mark.parametrize("state", [GalleryState.DRAFT, GalleryState.OPEN, GalleryState.ARCHIVED])
def test_a_gallery_taken_back_takes_its_album_along(guest, album, state):
    send(album, "1.jpg")
    Gallery.objects.filter(pk=album.gallery_id).update(state=state)
    for path in (at(album), at(album, 1), at(album, 1, "draft", 1, 1)):
        assert guest.get(path).status_code == 404


@pytest.mark.parametrize("spreads", [2, 20])
def test_the_pages_cost_the_same_queries(db, studio, spreads, django_assert_max_num_queries):
    gallery = submitted_gallery(3, (1, 2))
    boss = make_staff("owner")
    album = start_album(actor=boss, gallery=gallery, name="x", designer=boss)
    send(album, *[f"{i}.jpg" for i in range(spreads)])
    for i in range(1, spreads + 1):
        comment(album, i)
    judge(album, 1)
    guest = knock(studio, "host", gallery.order.customer)
    guest.get(at(album, 1))
    for path in (at(album, 1), at(album, 1, "draft", 1, 1), at(album, 1, "draft", 1)):
        with django_assert_max_num_queries(24):
            guest.get(path)


def test_a_priced_round_is_answered_on_the_phone(guest, album):
    for i in range(3):
        send(album, f"{i}.jpg")
        give_back(album, 1)
    grant_album_round(actor=album.designer, album=album, price_minor=20000, reason="再加一轮")
    page = text(guest.get(at(album, 1)))
    assert "is not in your package" in page
    assert "200" in page
    guest.post(at(album, 1, "offer"), {"answer": "agree", "price_minor": "20000", "agreed_name": "陈晓雨"})
    assert AlbumGrant.objects.get().agreed_name == "陈晓雨"
    assert "is not in your package" not in text(guest.get(at(album, 1)))
