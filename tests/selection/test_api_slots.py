"""Placements and slots over the wire."""

import gzip
import json

import pytest
from django.urls import reverse

from core.kernel import clock
from selection.enums import GalleryState
from selection.models import PhotoMark, Pick, Placement, Suggestion
from selection.services import suggest_photo
from tests.factories import make_customer
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place
from tests.selection.test_api import url


@pytest.fixture
def gallery(db):
    return make_slotted()


@pytest.fixture
def mine(gallery, phone):
    return phone(gallery.order.customer)


def puts(*taps, **more):
    rows = [{"op": op, "photo": photo, "slot": slot, "v": is_in, "at": 1_000} for op, photo, slot, is_in in taps]
    return {"device": "phone-1", "now": 2_000, "ops": rows, **more}


def test_placements_answer_with_counts_and_the_bill(gallery, mine):
    body = puts((1, 1, 1, True), (2, 1, 3, True), (3, 2, 3, True), (4, 99, 1, True))
    data = mine.send("POST", url("placements", gallery), body).json()
    assert (data["acked"], data["picked"]) == ([1, 2, 3], [1, 2])
    assert data["rejected"] == [{"op": 4, "photo": 99, "slot": 1, "why": "gone", "v": False}]
    assert (data["counts"]["yes"], data["counts"]["extra_total_minor"]) == (2, 38000)
    assert [(line["slot"], line["used"], line["total_minor"]) for line in data["lines"]] == [
        (0, 2, 0), (1, 1, 0), (2, 0, 0), (3, 2, 38000),
    ]  # fmt: skip
    assert mine.send("POST", url("placements", gallery), body).json()["acked"] == [1, 2, 3]


def test_the_manifest_carries_slots_and_what_is_in_them(gallery, mine):
    place(main_chooser(gallery), (1, 3, 1), (2, 1, 1), (3, 3, 3))
    suggest_photo(actor=gallery.order.owner, photo=gallery.photos.get(number=5), slot=3)
    data = mine.get(url("manifest", gallery)).json()
    assert [row[:4] for row in data["slots"]] == [
        [1, "album_page", "入册", 3], [2, "cover", "封面", 1], [3, "frame", "放大", 1],
    ]  # fmt: skip
    assert data["slots"][2][4:] == [0, 4, 38000, [{"from": 2, "price_minor": 30000}], ""]
    assert (data["placed"], data["suggested"]) == ({"1": [1, 3], "3": [3]}, [[5, 3]])
    rules = data["rules"]
    assert (rules["tiers"], rules["also_minor"], rules["originals_minor"]) == ([[3, 4000]], 0, 50000)


def test_muted_suggestions_and_other_peoples_placements_are_not_in_the_manifest(gallery, mine):
    partner = gallery.choosers.create(customer=make_customer())
    place(partner, (1, 1, 1))
    suggest_photo(actor=gallery.order.owner, photo=gallery.photos.get(number=5), slot=3)
    owner = gallery.order.owner
    PhotoMark.objects.create(photo=gallery.photos.get(number=4), is_recommended=True, by=owner, at=clock.now())
    shown = mine.get(url("manifest", gallery)).json()
    assert (shown["placed"], shown["suggested"], shown["rec"]) == ({}, [[5, 3]], [4])
    main = main_chooser(gallery)
    main.mutes_suggestions = True
    main.save()
    muted = mine.get(url("manifest", gallery)).json()
    assert {"suggested", "rec"}.isdisjoint(muted)


def test_a_placement_makes_a_new_manifest(gallery, mine):
    pick(main_chooser(gallery), (1, 1, "yes"))
    first = mine.get(url("manifest", gallery))
    place(main_chooser(gallery), (2, 1, 1))
    again = mine.get(url("manifest", gallery), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.json()["placed"]) == (200, {"1": [1]})


def test_a_manifest_of_1000_with_slots_is_small_and_costs_no_more(db, phone, django_assert_max_num_queries):
    gallery = make_slotted(1000, included=150)
    chooser = main_chooser(gallery)
    place(chooser, *[(n, n * 3, 1) for n in range(1, 100)], *[(200 + n, n * 3, 3) for n in range(1, 5)])
    Suggestion.objects.bulk_create(
        Suggestion(photo=photo, slot=None, by=gallery.order.owner, at=gallery.created_at)
        for photo in gallery.photos.order_by("number")[:40]
    )
    browser = phone(gallery.order.customer)
    browser.get(url("manifest", gallery))  # enters
    with django_assert_max_num_queries(7):
        body = browser.get(url("manifest", gallery)).content
    assert len(gzip.compress(body, 6)) <= 8 * 1024
    assert len(json.loads(body)["placed"]["1"]) == 99


@pytest.mark.parametrize(
    "change",
    [{"slot": 0}, {"slot": "x"}, {"v": "perhaps"}, {"photo": 0}, {"op": 0}, {"at": -1}],
)
def test_malformed_placements_are_400(gallery, mine, change):
    body = puts((1, 1, 1, True))
    body["ops"][0] |= change
    assert mine.send("POST", url("placements", gallery), body).status_code == 400
    assert not Placement.objects.exists()


def test_only_people_of_the_order_place(gallery, anonymous, phone, mine):
    body = puts((1, 1, 1, True))
    assert anonymous.send("POST", url("placements", gallery), body).status_code == 401
    assert phone(make_customer()).send("POST", url("placements", gallery), body).status_code == 404
    assert mine.post(reverse("selection-api:placements", args=[gallery.code])).status_code == 403  # no CSRF token
    gallery.state = GalleryState.DRAFT
    gallery.save()
    assert mine.send("POST", url("placements", gallery), body).status_code == 404
    assert not Placement.objects.exists()
    assert not Pick.objects.exists()
