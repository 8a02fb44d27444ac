"""Slots, suggestions and prices on the staff's desk."""

import pytest

from core.kernel.events import Event
from selection.models import GallerySlot, Suggestion
from tests.factories import make_branch, make_staff
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place
from tests.selection.test_desk import post, text, url


@pytest.fixture
def gallery(db):
    return make_slotted()


@pytest.fixture
def manager(gallery, desk):
    return english(desk(make_staff("manager", gallery.order.branch)))


@pytest.fixture
def adviser(gallery, desk):
    return english(desk(make_staff("selection_adviser", gallery.order.branch)))


def english(browser):
    browser.cookies["yl_language"] = "en"
    return browser


def test_the_desk_shows_slots_and_the_itemised_bill(gallery, adviser):
    chooser = main_chooser(gallery)
    place(chooser, (1, 1, 3), (2, 2, 3), (3, 3, 3))
    said = text(adviser.get(url("gallery", gallery)))
    assert '<span class="num">3 / 1</span>' in said
    assert "1 × ¥380 + 1 × ¥300" in said
    assert "<span data-extra-total>¥740</span>" in said
    panel = text(adviser.get(f"/console/galleries/orders/{gallery.order.code}/"))
    assert "extras ¥740" in panel
    assert '放大 <span class="num">3 / 1</span>' in panel
    assert "¥740" in text(adviser.get("/console/galleries/"))


def test_only_managers_lower_prices_and_only_in_their_branch(gallery, manager, adviser, desk):
    body = {"slot": "3", "price_minor": "200", "reason": "老客户"}
    assert post(adviser, url("prices", gallery), **body).status_code == 403
    assert post(desk(make_staff("manager", make_branch())), url("prices", gallery), **body).status_code == 404
    assert GallerySlot.objects.get(gallery=gallery, number=3).extra_price_minor == 38000
    assert "Lower a price" not in text(adviser.get(url("gallery", gallery)))
    assert post(manager, url("prices", gallery), **body).status_code == 302
    row = GallerySlot.objects.get(gallery=gallery, number=3)
    assert (row.extra_price_minor, row.included) == (20000, 1)
    assert Event.objects.get(kind="price.lowered").facts["reason"] == "老客户"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"slot": "3", "price_minor": "500", "reason": "x"}, "can only fall"),
        ({"slot": "3", "included": "0", "reason": "x"}, "can only fall"),
        ({"slot": "3", "price_minor": "1"}, "This field is required"),
        ({"slot": "9", "price_minor": "1", "reason": "x"}, "9 is not one of the available choices"),
        ({"slot": "3", "price_minor": "-1", "reason": "x"}, "less than zero"),
        ({"slot": "3", "reason": "x"}, "Nothing would change"),
    ],
)
def test_a_price_that_may_not_be_is_said(gallery, manager, body, said):
    post(manager, url("prices", gallery), **body)
    assert said in text(manager.get(url("gallery", gallery)))
    assert not Event.objects.filter(kind="price.lowered").exists()


def test_a_suggestion_is_made_shown_and_taken_back(gallery, adviser):
    post(adviser, url("suggest", gallery, 2), slot="3")
    assert Suggestion.objects.get().slot.name == "放大"
    assert "Suggested for 放大" in " ".join(text(adviser.get(url("photo", gallery, 2))).split())
    post(adviser, url("suggest", gallery, 2), slot="3", on="0")
    assert not Suggestion.objects.exists()
    post(adviser, url("suggest", gallery, 2), slot="9")
    assert "not part of the order" in text(adviser.get(url("gallery", gallery)))


def test_extras_that_were_suggested_are_named_on_the_desk(gallery, adviser):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    post(adviser, url("suggest", gallery, 3), slot="0")
    pick(chooser, (3, 3, "yes"))
    assert "Extras that were suggested" in text(adviser.get(url("gallery", gallery)))


def test_a_photographer_does_not_suggest(gallery, desk):
    browser = desk(make_staff("photographer", gallery.order.branch))
    assert post(browser, url("suggest", gallery, 1), slot="3").status_code == 403
    assert not Suggestion.objects.exists()


def test_the_table_for_production_says_what_each_photo_is_for(gallery, adviser):
    place(main_chooser(gallery), (1, 1, 1), (2, 1, 3), (3, 2, 1))
    table = text(adviser.get(url("picked", gallery, "csv"))).splitlines()
    assert table[0].endswith(",Used for,Pins")
    assert [line.rsplit(",", 2)[1] for line in table[1:]] == ["入册 · 放大", "入册"]
