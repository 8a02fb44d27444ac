"""The staff's gallery pages: what they show, who may do what, and that a denied try changes nothing."""

import datetime as dt

import pytest
from django.urls import reverse

from core.kernel import clock, storage
from core.messaging.models import OutboxMessage
from core.orders.enums import Stage
from selection import services
from selection.enums import GalleryState, PhotoState
from selection.models import Gallery, OriginalAccess
from tests.factories import make_branch, make_customer, make_order, make_staff
from tests.selection.make import add_photos, main_chooser, make_gallery, pick


@pytest.fixture
def gallery(db):
    return make_gallery(5, included=2, extra_photo_minor=6000)


@pytest.fixture
def adviser(gallery, desk):
    return desk(make_staff("selection_adviser", gallery.order.branch))


def url(name, gallery, *args):
    return reverse(f"selection:{name}", args=[gallery.code, *args])


def post(browser, path, **data):
    token = "t" * 32
    browser.cookies["yl_csrf"] = token
    return browser.post(path, {**data, "csrfmiddlewaretoken": token})


def text(answer):
    return answer.content.decode()


# -- Looking ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(GalleryState))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_renders_in_every_state(gallery, adviser, state, language):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "maybe"), (3, 3, "yes"), (4, 4, "yes"))
    services.save_note(chooser=chooser, number=1, text="<b>去痘</b>", tags=[], device="phone", op=1)
    add_photos(gallery, 1, PhotoState.RECEIVED)
    Gallery.objects.filter(pk=gallery.pk).update(state=state)
    adviser.cookies["yl_language"] = language
    answer = adviser.get(url("gallery", gallery))
    assert answer.status_code == 200
    assert ("data-uploader" in text(answer)) == (state in {GalleryState.DRAFT, GalleryState.OPEN})
    assert "¥60" in text(answer)


@pytest.mark.parametrize("photos", [3, 30])
def test_the_desk_costs_the_same_queries(db, desk, photos, django_assert_max_num_queries):
    gallery = make_gallery(photos)
    pick(main_chooser(gallery), *[(n, n, "yes") for n in range(1, photos + 1)])
    browser = desk(make_staff("owner"))
    browser.get(url("gallery", gallery))
    with django_assert_max_num_queries(20):
        browser.get(url("gallery", gallery))


def test_everything_customers_did_is_told_by_page_and_person(desk):
    gallery = make_gallery(4)
    main = main_chooser(gallery)
    other = gallery.choosers.create(customer=make_customer("林一舟"))
    pick(main, (1, 1, "yes"), (2, 2, "maybe"))
    pick(other, (1, 3, "no"))
    browser = desk(make_staff("manager", gallery.order.branch))
    browser.cookies["yl_language"] = "en"
    path = f"/console/galleries/{gallery.code}/history/"
    page = browser.get(path).content.decode()
    assert "selected: 1 · undecided: 2" in page
    assert "dropped: 3" in page
    only = browser.get(f"{path}?person={other.pk}").content.decode()
    assert "dropped: 3" in only
    assert "selected: 1" not in only
    assert browser.get(f"{path}?person=nobody&page=99").status_code == 200


def test_tabs_show_what_they_say(gallery, adviser):
    pick(main_chooser(gallery), (1, 1, "yes"), (2, 2, "no"))
    [refused] = add_photos(gallery, 1, PhotoState.REFUSED)
    refused.refusal = "truncated"
    refused.save()
    services.remove_photo(actor=gallery.order.owner, photo=gallery.photos.get(number=3))
    add_photos(gallery, 1, PhotoState.RECEIVED)
    add_photos(gallery, 1, PhotoState.PENDING)
    services.save_note(chooser=main_chooser(gallery), number=1, text="瘦脸", tags=(), device="phone-1", op=9)
    expected = {
        "all": [1, 2, 4, 5],
        "nonsense": [1, 2, 4, 5],
        "yes": [1],
        "maybe": [],
        "no": [2],
        "notes": [1],
        "waiting": [7],
        "unsent": [8],
        "refused": [6],
        "bin": [3],
    }
    names = {n: f"DSC_{4000 + n}.jpg" for n in range(1, 9)}
    for show, numbers in expected.items():
        page = text(adviser.get(url("gallery", gallery), {"show": show}, headers={"HX-Request": "true"}))
        assert [n for n, name in names.items() if name in page] == numbers, show


def test_live_parts_carry_the_picks(gallery, adviser):
    pick(main_chooser(gallery), *[(n, n, "yes") for n in range(1, 4)])
    answer = text(adviser.get(url("live", gallery)))
    for part in ("desk-chips", "desk-actions", "desk-picks", "desk-work"):
        assert f'id="{part}"' in answer
    assert "data-picked>3<" in answer
    assert "¥60</span>" in answer


def test_one_photo_large(gallery, adviser):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 2, "yes"))
    services.save_note(chooser=chooser, number=2, text="<i>牙齿</i>", tags=["瘦脸"], device="phone", op=1)
    page = text(adviser.get(url("photo", gallery, 2)))
    assert "/p.webp" in page
    assert "&lt;i&gt;牙齿" in page
    assert url("photo", gallery, 1) in page
    assert url("photo", gallery, 3) in page
    assert adviser.get(url("photo", gallery, 99)).status_code == 404


def test_the_list_by_state_and_words(gallery, adviser):
    here = gallery.order.branch
    draft = make_gallery(1, GalleryState.DRAFT, order=make_order(branch=here, stage=Stage.SHOOT, title="周知远"))
    elsewhere = make_gallery(1)
    page = text(adviser.get(reverse("selection:list")))
    assert gallery.order.code in page
    assert draft.order.code in page
    assert elsewhere.order.code not in page
    page = text(adviser.get(reverse("selection:list"), {"state": "draft"}))
    assert gallery.order.code not in page
    assert draft.order.code in page
    assert draft.order.code in text(adviser.get(reverse("selection:list"), {"q": "周知"}))
    assert draft.order.code not in text(adviser.get(reverse("selection:list"), {"q": "nobody"}))


def test_the_orders_panel(gallery, adviser):
    pick(main_chooser(gallery), (1, 1, "yes"))
    panel = text(adviser.get(reverse("selection:order-panel", args=[gallery.order.code])))
    assert url("gallery", gallery) in panel
    empty = make_order(branch=gallery.order.branch)
    panel = text(adviser.get(reverse("selection:order-panel", args=[empty.code])))
    assert reverse("selection:create", args=[empty.code]) in panel


def test_picked_photos_as_files(gallery, adviser):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 2, "yes"), (2, 4, "yes"), (3, 5, "no"))
    services.save_note(chooser=chooser, number=4, text="=HYPERLINK(1)", tags=["瘦脸"], device="phone", op=1)
    names = adviser.get(url("picked", gallery, "txt"))
    assert text(names) == "DSC_4002.jpg\r\nDSC_4004.jpg\r\n"
    table = adviser.get(url("picked", gallery, "csv"))
    assert text(table).startswith("\ufeff")
    assert "4,DSC_4004.jpg,瘦脸,'=HYPERLINK(1)" in text(table)
    assert gallery.order.code in table["Content-Disposition"]


# -- Doing ------------------------------------------------------------------------------------------------------------
def test_from_order_to_published(gallery, desk):
    order = make_order(branch=gallery.order.branch, stage=Stage.SHOOT)
    browser = desk(make_staff("selection_adviser", order.branch))
    answer = post(browser, reverse("selection:create", args=[order.code]))
    made = Gallery.objects.get(order=order)
    assert answer["Location"] == url("gallery", made)
    post(browser, url("publish", made), deadline="2030-01-01")
    made.refresh_from_db()
    assert made.state == GalleryState.DRAFT  # empty
    add_photos(made, 1)
    day = clock.today("Asia/Shanghai") + dt.timedelta(days=9)
    post(browser, url("publish", made), deadline=day.isoformat())
    made.refresh_from_db()
    assert (made.state, made.deadline) == (GalleryState.OPEN, day)
    assert OutboxMessage.objects.filter(template="gallery_ready").exists()
    assert "data:image/png;base64," in text(browser.get(url("gallery", made)))


def test_withdraw_unlock_remove_restore(gallery, adviser):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"))
    answer = adviser.send("POST", url("remove", gallery, 2), **{"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, '{"photo:removed": {"number": 2}}')
    assert gallery.photos.get(number=2).state == PhotoState.REMOVED
    assert post(adviser, url("restore", gallery, 2)).status_code == 302
    assert gallery.photos.get(number=2).state == PhotoState.READY
    services.submit_selection(chooser=chooser, extra_total_minor=0, signed_name="陈晓雨")
    post(adviser, url("unlock", gallery), reason=" ")
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.SUBMITTED
    post(adviser, url("unlock", gallery), reason="换两张")
    post(adviser, url("withdraw", gallery))
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.DRAFT


def test_a_refusal_is_a_sentence(gallery, adviser):
    answer = post(adviser, url("unlock", gallery), reason="x")
    assert answer.status_code == 302
    assert "changed meanwhile" in text(adviser.get(url("gallery", gallery))) or "相册" in text(
        adviser.get(url("gallery", gallery))
    )
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.SUBMITTED)
    answer = adviser.send("POST", url("remove", gallery, 1), **{"HX-Request": "true"})
    assert (answer.status_code, gallery.photos.get(number=1).state) == (409, PhotoState.READY)


def test_an_original_is_linked_and_written_down(gallery, adviser):
    photo = gallery.photos.get(number=1)
    storage.put(photo.original_key, b"x", content_type="image/jpeg")
    answer = post(adviser, url("original", gallery, 1))
    assert "X-Amz-Expires=300" in text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert OriginalAccess.objects.get().address
    storage.delete(photo.original_key)


PAGES = [("GET", "gallery", ()), ("GET", "live", ()), ("GET", "photo", (1,)), ("GET", "picked", ("csv",))]
VERBS = [
    ("publish", (), "publish_gallery"),
    ("withdraw", (), "publish_gallery"),
    ("unlock", (), "unlock_selection"),
    ("remove", (1,), "upload_photos"),
    ("restore", (1,), "upload_photos"),
    ("original", (1,), "open_originals"),
]


@pytest.mark.parametrize(("method", "name", "args"), PAGES)
def test_pages_of_another_branch_do_not_exist(gallery, desk, anonymous, method, name, args):
    assert desk(make_staff("manager", make_branch())).get(url(name, gallery, *args)).status_code == 404
    assert anonymous.get(url(name, gallery, *args)).status_code == 302


@pytest.mark.parametrize(("name", "args", "_capability"), VERBS)
def test_verbs_are_denied_and_change_nothing(gallery, desk, name, args, _capability):
    before = (Gallery.objects.values().get(pk=gallery.pk), list(gallery.photos.values()))
    looker = desk(make_staff("assistant", gallery.order.branch))
    assert post(looker, url(name, gallery, *args), reason="x").status_code == 403
    assert post(desk(make_staff("manager", make_branch())), url(name, gallery, *args), reason="x").status_code == 404
    assert (
        desk(make_staff("owner")).post(url(name, gallery, *args), {"reason": "x"}).status_code == 403
    )  # no CSRF token
    assert desk(make_staff("owner")).get(url(name, gallery, *args)).status_code == 405
    assert (Gallery.objects.values().get(pk=gallery.pk), list(gallery.photos.values())) == before
    assert not OriginalAccess.objects.exists()


def test_only_those_who_upload_create(gallery, desk):
    order = make_order(branch=gallery.order.branch)
    assert (
        post(desk(make_staff("assistant", order.branch)), reverse("selection:create", args=[order.code])).status_code
        == 403
    )
    assert not Gallery.objects.filter(order=order).exists()
