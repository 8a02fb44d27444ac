"""The cull page's API: shapes and doors."""

import pytest
from django.urls import reverse

from core.kernel import storage
from selection.models import PhotoMark
from selection.selectors import media_url
from tests.factories import make_branch, make_staff
from tests.selection.culling.make import mark, measured, stacks, states
from tests.selection.make import main_chooser, make_gallery, pick
from tests.selection.test_media import body


@pytest.fixture
def gallery(db):
    return make_gallery(4, included=2)


@pytest.fixture
def photographer(gallery, desk):
    return desk(make_staff("photographer", gallery.order.branch))


def url(name, gallery):
    return reverse(f"selection-api:{name}", args=[gallery.code])


def test_the_sheet_holds_what_the_page_needs(gallery, photographer):
    measured(gallery, (1, 0, 5, 900.0), (2, 3, 5, 30.0))
    mark(gallery, 2, flag="reject")
    mark(gallery, 1, flag="keep", stars=4, recommended=True)
    pick(main_chooser(gallery), (1, 3, "maybe"))
    told = photographer.get(url("cull-sheet", gallery)).json()
    assert told["id"] == [1, 2, 3, 4]
    assert (told["flag"], told["stars"], told["rec"], told["chosen"]) == ("kx--", "4000", [1], [3])
    assert told["name"][0] == "DSC_4001.jpg"
    assert told["hints"] == {"2": ["soft"]}
    assert told["t"][2:] == [0, 0]


@pytest.mark.parametrize("photos", [2, 40])
def test_the_sheet_costs_the_same_queries(db, desk, photos, django_assert_max_num_queries):
    gallery = make_gallery(photos)
    mark(gallery, *range(1, photos + 1), flag="keep")
    browser = desk(make_staff("owner"))
    browser.get(url("cull-sheet", gallery))
    with django_assert_max_num_queries(16):
        browser.get(url("cull-sheet", gallery))


def test_marks_are_saved_one_by_one(gallery, photographer):
    pick(main_chooser(gallery), (1, 2, "yes"))
    marks = [{"photo": 1, "flag": "reject"}, {"photo": 2, "flag": "reject"}, {"photo": 3, "stars": 5}]
    told = photographer.send("post", url("cull-marks", gallery), {"marks": marks}).json()
    assert told["saved"] == [1, 3]
    assert told["refused"] == [{"photo": 2, "why": "chosen", "flag": ""}]
    assert states(gallery) == {1: "hidden", 2: "ready", 3: "ready", 4: "ready"}


@pytest.mark.parametrize(
    "wrong", [{"marks": []}, {"marks": [{"photo": 1, "flag": "burn"}]}, {"marks": [{"photo": 1, "stars": 9}]}, {}]
)
def test_wrong_shapes_are_400(gallery, photographer, wrong):
    assert photographer.send("post", url("cull-marks", gallery), wrong).status_code == 400
    assert not PhotoMark.objects.exists()


def test_looks_stacks_and_cover(gallery, photographer):
    look = gallery.looks.create(name="主纱", position=1)
    chosen = {"photos": [1, 2], "look": look.pk}
    assert photographer.send("post", url("cull-look", gallery), chosen).json() == {"assigned": 2}
    told = photographer.send("post", url("cull-stack", gallery), {"photos": [1, 2], "act": "join"}).json()
    assert (told["stack"], stacks(gallery)) == ({"1": 1, "2": 1}, {1: 1, 2: 1})
    told = photographer.send("post", url("cull-stack", gallery), {"photos": [1], "act": "split"}).json()
    assert told["stack"] == {}
    back = {"photos": [1, 2], "act": "put", "stacks": [1, 1]}
    assert photographer.send("post", url("cull-stack", gallery), back).json()["stack"] == {"1": 1, "2": 1}
    assert photographer.send("post", url("cull-stack", gallery), {**back, "stacks": [1]}).status_code == 400
    photographer.send("post", url("cull-stack", gallery), {**back, "stacks": [0, 0]})
    told = photographer.get(url("cull-stacks", gallery) + "?gap=20&distance=10").json()
    assert told == {"stacks": 0, "photos": 0, "largest": 0}
    assert photographer.get(url("cull-stacks", gallery) + "?gap=x").status_code == 400
    assert photographer.send("post", url("cull-stacks", gallery), {"gap": 20, "distance": 10}).json() == {"stacks": 0}
    assert photographer.send("post", url("cull-cover", gallery), {"photo": 3}).json() == {"photo": 3}
    refused = photographer.send("post", url("cull-cover", gallery), {"photo": 33})
    assert (refused.status_code, refused.json()["code"]) == (409, "photo.settled")


@pytest.mark.parametrize("role", ["receptionist", "assistant", "gown_master"])
def test_who_may_not_change_photos_is_403_and_changes_nothing(gallery, desk, role):
    browser = desk(make_staff(role, gallery.order.branch))
    answer = browser.send("post", url("cull-marks", gallery), {"marks": [{"photo": 1, "flag": "reject"}]})
    assert answer.status_code == 403
    assert browser.get(reverse("selection:cull", args=[gallery.code])).status_code == 403
    assert states(gallery)[1] == "ready"


def test_another_branchs_gallery_is_404(gallery, desk):
    browser = desk(make_staff("photographer", make_branch()))
    assert browser.get(url("cull-sheet", gallery)).status_code == 404
    assert browser.send("post", url("cull-marks", gallery), {"marks": [{"photo": 1, "stars": 1}]}).status_code == 404
    assert not PhotoMark.objects.exists()


def test_a_customer_has_no_cull(gallery, phone):
    assert phone(gallery.order.customer).get(url("cull-sheet", gallery)).status_code in {302, 401, 403, 404}


def test_a_hidden_proof_is_for_staff_only_and_dies_in_no_cache(gallery, photographer, anonymous, phone):
    photo = gallery.photos.get(number=2)
    storage.put(f"{photo.rendition_key}/t.webp", b"webp-t", content_type="image/webp")
    address = media_url(gallery, photo)
    try:
        assert body(anonymous.get(address)) == b"webp-t"
        mark(gallery, 2, flag="reject")
        assert anonymous.get(address).status_code == 404
        assert phone(gallery.order.customer).get(address).status_code == 404
        answer = photographer.get(address)
        assert (body(answer), answer["Cache-Control"]) == (b"webp-t", "private, no-store")
        mark(gallery, 2, flag="keep")
        assert body(anonymous.get(address)) == b"webp-t"
    finally:
        storage.delete(f"{photo.rendition_key}/t.webp")


def test_a_hidden_photo_is_nowhere_in_the_customers_answers(gallery, phone):
    mine = phone(gallery.order.customer)
    mark(gallery, 2, flag="reject")
    told = mine.get(url("manifest", gallery)).json()
    assert told["id"] == [1, 3, 4]
    page = mine.get(reverse("portal:gallery", args=[gallery.code])).content.decode()
    assert 'data-number="1"' in page
    assert 'data-number="2"' not in page
    ops = {"device": "phone-1", "now": 2000, "ops": [{"op": 1, "photo": 2, "v": "yes", "at": 1000}]}
    assert mine.send("post", url("picks", gallery), ops).json()["rejected"][0]["why"] == "gone"
    note = reverse("selection-api:note", args=[gallery.code, 2])
    assert mine.send("put", note, {"device": "phone-1", "op": 1, "text": "x"}).status_code == 409


def test_a_manifest_of_1000_culled_photos_is_small(db, phone):
    import gzip

    from selection.culling.services import add_look, assign_look

    gallery = make_gallery(1000)
    for name, first in (("主纱", 1), ("晚装", 301), ("外景", 601)):
        look = add_look(actor=None, gallery=gallery, name=name)
        assign_look(actor=None, gallery=gallery, numbers=range(first, first + 300), look=look.pk)
    for first in (1, 501):
        mark(gallery, *range(first, first + 500, 9), recommended=True)
        marks = PhotoMark.objects.filter(photo__gallery=gallery, photo__number__in=range(first, first + 500))
        for row in marks.select_related("photo"):
            row.stack = row.photo.number - row.photo.number % 4 or None
            row.save()
    told = phone(gallery.order.customer).get(url("manifest", gallery)).content
    assert b'"l":[' in told
    assert b'"s":[' in told
    assert len(gzip.compress(told, 6)) <= 8 * 1024
