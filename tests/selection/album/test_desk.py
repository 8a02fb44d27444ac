"""The staff's album pages: what they show, who may do what, and that a denied try changes nothing."""

import pytest
from django.urls import reverse

from core.kernel import storage
from selection.addresses import media_base
from selection.album.addresses import spread_url
from selection.album.enums import AlbumState
from selection.album.layout import draft_at_work, spreads_of
from selection.album.models import AlbumGrant, AlbumProof, SpreadComment
from selection.album.selectors import albums_for, waiting_galleries
from selection.album.services import approve_album, start_album
from selection.enums import GalleryState
from selection.models import Gallery
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.album.make import add_spread, approve_all, comment, give_back, judge, send
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery
from tests.selection.test_desk import post, text


@pytest.fixture
def browser(designer, desk):
    browser = desk(designer)
    browser.cookies["yl_language"] = "en"
    return browser


def url(name, album, *args):
    return reverse(f"selection:{name}", args=[album.gallery.code, album.number, *args])


def names(album):
    return [spread.file_name for spread in spreads_of(draft_at_work(album))]


# -- From the gallery to the desk -------------------------------------------------------------------------------------
def test_an_album_is_begun_from_the_gallery(gallery, designer, browser):
    page = text(browser.get(reverse("selection:gallery", args=[gallery.code])))
    assert "Begin an album" in page
    place = reverse("selection:albums", args=[gallery.code])
    assert "Begin the layout" in text(browser.get(place))
    answer = post(browser, f"{place}start/", name="水晶相册", designer=designer.pk, due_on="2099-01-01")
    album = AlbumProof.objects.get()
    assert answer.headers["Location"] == url("album", album)
    assert "水晶相册" in text(browser.get(reverse("selection:gallery", args=[gallery.code])))
    panel = text(browser.get(reverse("selection:order-panel", args=[gallery.order.code])))
    assert url("album", album) in panel


def test_nothing_submitted_has_no_albums(gallery, browser):
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.OPEN)
    gallery.submissions.all().delete()
    assert browser.get(reverse("selection:albums", args=[gallery.code])).status_code == 404


def test_the_desk_from_files_to_the_next_draft(album, browser):
    add_spread(album, "01.jpg")
    page = text(browser.get(url("album", album)))
    assert "data-uploader" in page
    assert "Send draft 1" in page
    post(browser, url("album-send", album))
    album.refresh_from_db()
    assert album.state == AlbumState.PROOFING
    comment(album, 1, "<b>换底色</b>", pin=(100, 200))
    page = text(browser.get(url("album-live", album)))
    assert "&lt;b&gt;换底色&lt;/b&gt;" in page
    assert "Changes needed" in page
    said = SpreadComment.objects.get()
    post(browser, url("album-settle", album, said.pk), outcome="declined")
    assert "Please say why it is not possible." in text(browser.get(url("album", album)))
    post(browser, url("album-settle", album, said.pk), outcome="declined", answer="印刷做不到")
    said.refresh_from_db()
    assert said.answer == "印刷做不到"
    large = text(browser.get(url("album-spread", album, said.spread.number)))
    assert 'cx="10.0%" cy="20.0%"' in large
    post(browser, url("spread-remark", album, said.spread.number), key="abcd1234", text="这样可以吗")
    assert SpreadComment.objects.count() == 2


def test_order_by_buttons(album, browser):
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        add_spread(album, name)
    third = spreads_of(draft_at_work(album))[2]
    post(browser, url("spread-place", album, third.number), to="1")
    assert names(album) == ["3.jpg", "1.jpg", "2.jpg"]
    post(browser, url("spread-remove", album, third.number))
    assert names(album) == ["1.jpg", "2.jpg"]
    assert "Put back" in text(browser.get(url("album", album)))
    post(browser, url("spread-restore", album, third.number))
    post(browser, url("spread-remove", album, third.number))
    post(browser, url("spread-discard", album, third.number))
    assert "3.jpg" not in names(album)


def test_a_waiver_needs_a_manager_and_a_reason(album, browser, manager, desk):
    for i in range(3):
        send(album, f"{i}.jpg")
        give_back(album, 1)
    assert post(browser, url("album-grant", album), grant_reason="x").status_code == 403
    assert not AlbumGrant.objects.exists()
    boss = desk(manager)
    assert url("album-send", album) not in text(boss.get(url("album", album)))
    post(boss, url("album-grant", album), grant_reason="再加一轮", price="200")
    offer = AlbumGrant.objects.get()
    assert (offer.price_minor, offer.is_open) == (20000, True)
    assert url("album-send", album) not in text(boss.get(url("album", album)))
    post(boss, url("album-grant", album), grant_reason="我们排错了")
    assert AlbumGrant.objects.get(declined_at=None).reason == "我们排错了"
    assert url("album-send", album) in text(boss.get(url("album", album)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_renders_in_every_state(album, manager, desk, language, main):
    browser = desk(manager)
    browser.cookies["yl_language"] = language
    pages = [url("album", album), url("album-live", album), reverse("selection:album-list")]
    pages += [reverse("selection:albums", args=[album.gallery.code])]
    for step in range(4):
        if step == 1:
            send(album, "1.jpg", "2.jpg")
        elif step == 2:
            comment(album, 1, "", swap=(1, 2))
            give_back(album, 1)
        elif step == 3:
            draft = send(album)
            approve_all(album)
            told = {"chooser": main, "album": album, "draft": draft.number, "digest": draft.digest}
            approve_album(**told, signed_name="陈晓雨")
            pages += [url("album-evidence", album)]
        for address in pages:
            assert browser.get(address).status_code == 200
    assert draft.digest in text(browser.get(url("album-evidence", album)))


# -- Who ------------------------------------------------------------------------------------------------------------
def test_another_branch_sees_nothing_and_another_job_changes_nothing(album, desk, gallery):
    send(album, "1.jpg")
    stranger = desk(make_staff("album_designer", make_branch()))
    assert stranger.get(url("album", album)).status_code == 404
    assert post(stranger, url("album-send", album)).status_code == 404
    other = desk(make_staff("photographer", gallery.order.branch))
    assert other.get(url("album", album)).status_code == 200
    assert post(other, url("album-send", album)).status_code == 403
    api = reverse("selection-api:spreads-sign", args=[gallery.code, 1])
    told = {"files": [{"name": "a.jpg", "size": 9, "md5": "0" * 32}]}
    assert other.send("POST", api, told).status_code == 403
    assert stranger.send("POST", api, told).status_code == 404


def test_the_work_list_is_mine_or_my_branch(album, manager, designer, gallery):
    from core.people.staff import staff_of

    colleague = make_staff("album_designer", gallery.order.branch)
    assert [one.pk for one in albums_for(staff_of(designer))] == [album.pk]
    assert not albums_for(staff_of(colleague)).exists()
    assert albums_for(staff_of(manager)).exists()
    waiting = submitted_gallery(2, (1,))
    Gallery.objects.filter(pk=waiting.pk).update(state=GalleryState.SIGNED_OFF)
    waiting.order.terms["products"] = [{"kind": "album", "name": "相册", "quantity": 1}]
    waiting.order.save(update_fields=["terms"])
    assert [one.pk for one in waiting_galleries(staff_of(make_staff("owner")))] == [waiting.pk]


def test_the_desk_costs_the_same_queries(album, browser, django_assert_max_num_queries):
    for i in range(3):
        add_spread(album, f"{i}.jpg")
    send(album)
    browser.get(url("album", album))
    for i in range(3, 20):
        add_spread(album, f"{i}.jpg")
    send(album)
    for i in range(1, 15):
        comment(album, i)
    for name in ("album", "album-live"):
        with django_assert_max_num_queries(26):
            browser.get(url(name, album))


# -- Addresses --------------------------------------------------------------------------------------------------------
@pytest.fixture
def shown(album):
    send(album, "1.jpg")
    spread = spreads_of(draft_at_work(album))[0]
    for size in "tp":
        storage.put(f"{spread.rendition_key}/{size}.webp", b"webp", content_type="image/webp")
    yield spread
    storage.delete(*[f"{spread.rendition_key}/{size}.webp" for size in "tp"])


def status(browser, address):
    """The status; the bytes are read, so that the connection is given back."""
    answer = browser.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content) == b"webp"
    return answer.status_code


def test_a_proof_lives_with_its_gallery(shown, album, anonymous, designer, desk):
    gallery = album.gallery
    address = spread_url(media_base(gallery), shown, "p")
    assert status(anonymous, address) == 200
    assert status(anonymous, address.replace("/a", "/f")) == 404
    for state, wanted in (("draft", 404), ("open", 404), ("archived", 404), ("delivered", 200)):
        Gallery.objects.filter(pk=gallery.pk).update(state=state)
        assert status(anonymous, address) == wanted
        assert status(desk(designer), address) == 200
    Gallery.objects.filter(pk=gallery.pk).update(media_epoch=2)
    assert status(anonymous, address) == 404


def test_what_was_not_sent_is_for_staff(shown, album, anonymous, designer, desk):
    type(shown).objects.filter(pk=shown.pk).update(sent_in=None)
    address = spread_url(media_base(album.gallery), shown, "t")
    assert status(anonymous, address) == 404
    assert status(desk(designer), address) == 200


def test_a_judged_spread_is_seen_at_the_desk(album, browser):
    send(album, "1.jpg")
    judge(album, 1)
    assert "Spread approved" in text(browser.get(url("album-live", album)))
    partner = album.gallery.choosers.create(customer=make_customer("林一舟"))
    judge(album, 1, "change", chooser=partner)
    assert "Spread approved" in text(browser.get(url("album-live", album)))  # the main contact's word counts
    assert main_chooser(album.gallery).pk != partner.pk
    again = start_album(actor=album.designer, gallery=album.gallery, name="第二本", designer=album.designer)
    assert again.number == 2
