"""The phone's and the uploader's API: shapes, doors, caching."""

import gzip
import json

import pytest
from django.urls import reverse

from core.orders.models import OrderPerson
from core.people.models import Customer
from selection.enums import GalleryState
from selection.models import Chooser, Photo, PhotoNote, Pick, Submission
from tenants.context import in_studio
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.make import main_chooser, make_gallery, pick


@pytest.fixture
def gallery(db):
    return make_gallery(6, included=2, extra_photo_minor=6000)


@pytest.fixture
def mine(gallery, phone):
    return phone(gallery.order.customer)


def url(name, gallery, *args):
    return reverse(f"selection-api:{name}", args=[gallery.code, *args])


def ops(*taps, **more):
    rows = [{"op": op, "photo": photo, "v": value, "at": 1_000} for op, photo, value in taps]
    return {"device": "phone-1", "now": 2_000, "ops": rows, **more}


def test_manifest_is_columnar(gallery, mine):
    pick(main_chooser(gallery), (1, 2, "yes"), (2, 3, "maybe"))
    answer = mine.get(url("manifest", gallery))
    data = answer.json()
    assert (data["id"], data["v"], len(data["c"])) == ([1, 2, 3, 4, 5, 6], [1] * 6, 36)
    assert data["r"][:2] == [67, 150]
    assert (data["mine"], data["notes"]) == ({"2": "y", "3": "m"}, [])
    assert data["rules"] | {"locale": ""} == {
        "included": 2, "extra_minor": 6000, "currency": "CNY", "locale": "", "deadline": None, "hard": False,
        "state": "open", "main": True, "tiers": [], "also_minor": 0, "originals_minor": None,
        "muted": False,
    }  # fmt: skip
    assert answer["Cache-Control"] == "private, no-cache"


def test_manifest_is_304_until_something_changes(gallery, mine):
    first = mine.get(url("manifest", gallery))
    again = mine.get(url("manifest", gallery), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    pick(main_chooser(gallery), (1, 1, "yes"))
    assert mine.get(url("manifest", gallery), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_manifest_of_1000_is_small(db, phone):
    gallery = make_gallery(1000)
    chooser = main_chooser(gallery)
    for start in range(1, 400, 100):
        pick(chooser, *[(n, n, ["yes", "maybe", "no"][n % 3]) for n in range(start, start + 100)])
    body = phone(gallery.order.customer).get(url("manifest", gallery)).content
    assert len(gzip.compress(body, 6)) <= 8 * 1024
    assert len(json.loads(body)["id"]) == 1000


@pytest.mark.parametrize("photos", [1, 30])
def test_manifest_costs_the_same_queries(db, phone, photos, django_assert_max_num_queries):
    gallery = make_gallery(photos)
    browser = phone(gallery.order.customer)
    browser.get(url("manifest", gallery))
    with django_assert_max_num_queries(7):  # 2 of them SET search_path
        browser.get(url("manifest", gallery))


def test_picks_answer(gallery, mine):
    answer = mine.send("POST", url("picks", gallery), ops((1, 1, "yes"), (2, 99, "yes"), (3, 2, None)))
    data = answer.json()
    assert data.pop("rev") > 1
    assert data == {
        "acked": [1, 3],
        "rejected": [{"op": 2, "photo": 99, "why": "gone", "v": ""}],
        "counts": {"yes": 1, "maybe": 0, "no": 0, "included": 2, "extra": 0, "extra_total_minor": 0},
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"device": "x", "ops": []},
        ops(),
        ops((1, 1, "love")),
        ops((0, 1, "yes")),
        ops((1, "1", "yes")),
        ops((1, True, "yes")),
        ops((1, 1, ["yes"])),
        ops((1, 10**7, "yes")),
        {"device": "phone", "ops": [{"op": 1, "photo": 1, "at": 0}]},
        {"device": "phone", "ops": ["yes"]},
        ops((1, 1, "yes"), device="<script>"),
        {"device": "phone", "ops": "all"},
        [],
    ],
)
def test_malformed_picks_are_400(gallery, mine, body):
    assert mine.send("POST", url("picks", gallery), body).status_code == 400
    assert not Pick.objects.exists()


def test_too_many_picks_are_refused(gallery, mine):
    answer = mine.send("POST", url("picks", gallery), ops(*[(n, 1, "yes") for n in range(1, 202)]))
    assert (answer.status_code, answer.json()["code"]) == (409, "picks.too_many")


def test_a_phone_with_a_wrong_clock_is_understood(gallery, mine):
    body = ops((1, 1, "yes"), now=99_000_000)  # tapped 27 hours ago by a clock of 1970
    assert mine.send("POST", url("picks", gallery), body).json()["acked"] == [1]
    other = ops((1, 1, "no"), device="tablet", now=1_500)
    assert mine.send("POST", url("picks", gallery), other).json()["acked"] == [1]
    late = ops((2, 1, "maybe"), device="third-1", now=50_000_000)
    assert mine.send("POST", url("picks", gallery), late).json()["rejected"][0]["why"] == "older"


def test_a_note_is_saved(gallery, mine):
    body = {"device": "phone-1", "op": 1, "text": "去痘", "tags": ["瘦脸"]}
    assert mine.send("PUT", url("note", gallery, 3), body).json() == {"saved": True}
    assert mine.send("PUT", url("note", gallery, 3), body).json() == {"saved": False}
    assert mine.get(url("manifest", gallery)).json()["notes"] == [3]


def test_submit_answers_or_corrects_the_price(gallery, mine):
    pick(main_chooser(gallery), *[(n, n, "yes") for n in range(1, 5)])
    body = {"extra_total_minor": 6000, "signed_name": "陈晓雨"}
    wrong = mine.send("POST", url("submit", gallery), body)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "price.changed")
    assert wrong.json()["facts"]["extra_total_minor"] == 12000
    right = mine.send("POST", url("submit", gallery), {**body, "extra_total_minor": 12000})
    assert (right.status_code, right.json()["counts"]["extra_total_minor"]) == (200, 12000)
    assert Submission.objects.get().evidence["address"]


# -- Doors ------------------------------------------------------------------------------------------------------------
CUSTOMERS = [("GET", "manifest", ()), ("POST", "picks", ()), ("PUT", "note", (1,)), ("POST", "submit", ())]
BODIES = {
    "picks": ops((1, 1, "yes")),
    "note": {"device": "phone-1", "op": 1, "text": "x", "tags": []},
    "submit": {"extra_total_minor": 0, "signed_name": "x"},
}


def assert_nothing_changed():
    for model in (Pick, Submission, PhotoNote):
        assert not model.objects.exists()


@pytest.mark.parametrize(("method", "name", "args"), CUSTOMERS)
def test_strangers_are_asked_to_log_in_and_other_customers_see_nothing(gallery, anonymous, phone, method, name, args):
    assert anonymous.send(method, url(name, gallery, *args), BODIES.get(name)).status_code == 401
    stranger = phone(make_customer())
    assert stranger.send(method, url(name, gallery, *args), BODIES.get(name)).status_code == 404
    assert_nothing_changed()


@pytest.mark.parametrize(("method", "name", "args"), CUSTOMERS)
@pytest.mark.parametrize("state", [GalleryState.DRAFT, GalleryState.ARCHIVED])
def test_an_unpublished_gallery_does_not_exist_for_its_customer(gallery, mine, method, name, args, state):
    gallery.state = state
    gallery.save()
    assert mine.send(method, url(name, gallery, *args), BODIES.get(name)).status_code == 404
    assert_nothing_changed()


@pytest.mark.parametrize(("method", "name", "args"), CUSTOMERS[1:])
def test_without_the_csrf_token_nothing_happens(gallery, mine, method, name, args):
    answer = mine.generic(method, url(name, gallery, *args), json.dumps(BODIES[name]), content_type="application/json")
    assert answer.status_code == 403
    assert_nothing_changed()


def test_the_same_code_in_another_studio_is_nothing(gallery, other_studio, studio, phone):
    with in_studio(other_studio):
        theirs = make_gallery(2)
    browser = phone(gallery.order.customer)
    assert browser.get(url("manifest", theirs)).status_code == 404
    assert Customer.objects.filter(pk=gallery.order.customer_id).exists()


def test_a_partner_on_the_order_chooses_with_a_seat_of_their_own(gallery, phone):
    partner = make_customer()
    OrderPerson.objects.create(order=gallery.order, customer=partner, part="groom")
    browser = phone(partner)
    assert browser.send("POST", url("picks", gallery), ops((1, 1, "yes"))).json()["counts"]["yes"] == 1
    assert browser.get(url("manifest", gallery)).json()["rules"]["main"] is False
    assert Chooser.objects.filter(gallery=gallery).count() == 2


FILES = {"files": [{"name": "a.jpg", "size": 10, "md5": "0" * 32}]}


def test_staff_sign_and_complete(gallery, desk):
    browser = desk(make_staff("photographer", gallery.order.branch))
    [answer] = browser.send("POST", url("uploads-sign", gallery), FILES).json()["files"]
    assert (answer["status"], answer["photo"], answer["headers"]["Content-Type"]) == ("send", 7, "image/jpeg")
    done = browser.send("POST", url("uploads-complete", gallery), {"photos": [7]}).json()
    assert done == {"photos": [{"photo": 7, "status": "missing", "code": ""}]}


@pytest.mark.parametrize(
    ("role", "elsewhere", "status"),
    [("photographer", False, 200), ("assistant", False, 403), ("photographer", True, 404), ("owner", None, 200)],
)
def test_who_may_upload(gallery, desk, role, elsewhere, status):
    branch = {True: make_branch, False: lambda: gallery.order.branch, None: lambda: None}[elsewhere]()
    browser = desk(make_staff(role, branch))
    assert browser.send("POST", url("uploads-sign", gallery), FILES).status_code == status
    assert Photo.objects.filter(state="pending").count() == (status == 200)


def test_a_photographer_here_who_only_looks_there_may_not_upload_there(gallery, desk):
    from core.people.models import Membership

    user = make_staff("photographer", make_branch())
    Membership.objects.create(user=user, role="assistant", branch=gallery.order.branch)
    assert desk(user).send("POST", url("uploads-sign", gallery), FILES).status_code == 403
    assert not Photo.objects.filter(state="pending").exists()


def test_customers_and_forgers_cannot_upload(gallery, mine, desk):
    assert mine.send("POST", url("uploads-sign", gallery), FILES).status_code == 401
    browser = desk(make_staff("owner"))
    answer = browser.post(url("uploads-sign", gallery), json.dumps(FILES), content_type="application/json")
    assert answer.status_code == 403
    assert not Photo.objects.filter(state="pending").exists()


@pytest.mark.parametrize(
    "body", [{}, {"files": []}, {"files": [{"name": "a.jpg"}]}, {"files": [{"name": "a", "size": -1, "md5": "x"}]}]
)
def test_malformed_announcements_are_400(gallery, desk, body):
    assert desk(make_staff("owner")).send("POST", url("uploads-sign", gallery), body).status_code == 400
