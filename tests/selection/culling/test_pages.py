"""The cull page, the page of looks and order, and what the desk shows of them."""

import pytest
from django.urls import reverse

from selection.culling.services import add_look, set_cover
from selection.models import Arrangement, Gallery, Look
from tests.factories import make_staff
from tests.selection.culling.make import mark, measured, stacks
from tests.selection.make import make_gallery
from tests.selection.test_desk import post, text, url


@pytest.fixture
def gallery(db):
    return make_gallery(5)


@pytest.fixture
def adviser(gallery, desk):
    return desk(make_staff("selection_adviser", gallery.order.branch))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["cull", "arrange"])
def test_pages_render(gallery, adviser, name, language):
    add_look(actor=None, gallery=gallery, name="主纱 <b>")
    adviser.cookies["yl_language"] = language
    answer = adviser.get(url(name, gallery))
    assert answer.status_code == 200
    assert "主纱 &lt;b&gt;" in text(answer)


def test_every_key_has_a_button(gallery, adviser):
    page = text(adviser.get(url("cull", gallery)))
    for key in ["p", "x", "u", "1", "5", "0", "c", "z", "r", "v", "s", "b", "ArrowLeft", "ArrowRight", "ctrl+z"]:
        assert f'data-key="{key}"' in page


def test_order_looks_and_stacks_are_plain_forms(gallery, adviser):
    measured(gallery, (1, 0, 0, 1.0), (2, 1, 0, 1.0), (3, 9000, 0, 1.0))
    assert post(adviser, url("order", gallery), order="time").status_code == 302
    assert Arrangement.objects.get(gallery=gallery).order == "time"
    post(adviser, url("look-new", gallery), name="主纱")
    post(adviser, url("looks-suggest", gallery), gap="10")
    names = list(Look.objects.filter(gallery=gallery).values_list("name", flat=True))
    assert (names[0], len(names)) == ("主纱", 3)
    keys = [look.pk for look in gallery.looks.all()]
    post(adviser, url("looks-order", gallery), look=keys, down=keys[0])
    assert [look.pk for look in gallery.looks.all()] == [keys[1], keys[0], keys[2]]
    post(adviser, url("look", gallery, keys[1]), name="外景")
    post(adviser, url("look", gallery, keys[2]), remove="1")
    assert [look.name for look in gallery.looks.all()] == ["外景", "主纱"]
    post(adviser, url("stacks", gallery), gap="5", distance="x")
    assert stacks(gallery) == {1: 1, 2: 1}


def test_a_refusal_is_said_and_changes_nothing(gallery, adviser):
    add_look(actor=None, gallery=gallery, name="主纱")
    adviser.cookies["yl_language"] = "en"
    post(adviser, url("look-new", gallery), name="主纱")
    assert "Another look of this gallery has this name." in text(adviser.get(url("arrange", gallery)))
    assert Look.objects.filter(gallery=gallery).count() == 1


def test_the_desk_shows_hidden_recommended_and_cover(gallery, adviser):
    set_cover(actor=None, gallery=gallery, number=1)
    mark(gallery, 2, flag="reject")
    mark(gallery, 3, 4, recommended=True)
    adviser.cookies["yl_language"] = "en"
    page = text(adviser.get(url("gallery", gallery)))
    assert page.count('class="staff-tile') == 5
    assert page.count("is-hidden") == 1
    assert reverse("selection:cull", args=[gallery.code]) in page
    hidden = text(adviser.get(url("gallery", gallery) + "?show=hidden"))
    assert (hidden.count('class="staff-tile'), "DSC_4002.jpg" in hidden) == (1, True)
    assert text(adviser.get(url("gallery", gallery) + "?show=rec")).count('class="staff-tile') == 2
    photo = text(adviser.get(url("photo", gallery, 2)))
    assert "The customer does not see this photo." in photo


def test_a_submitted_gallery_can_still_be_looked_through(gallery, adviser):
    Gallery.objects.filter(pk=gallery.pk).update(state="submitted")
    assert adviser.get(url("cull", gallery)).status_code == 200
