"""Looks, their photographs, the order that customers see, the cover."""

import pytest

from core.kernel.errors import Refusal
from selection.culling import services
from selection.culling.selectors import cover_of, looks_of
from selection.manifest import manifest
from selection.models import Look
from selection.sequence import place
from tests.selection.culling.make import mark, measured
from tests.selection.make import main_chooser, make_gallery


@pytest.fixture
def gallery(db):
    return make_gallery(6)


def look(gallery, name, *numbers):
    made = services.add_look(actor=None, gallery=gallery, name=name)
    if numbers:
        services.assign_look(actor=None, gallery=gallery, numbers=numbers, look=made.pk)
    return made


def seen(gallery):
    gallery.refresh_from_db()
    return manifest(gallery, main_chooser(gallery))


def test_looks_reach_the_manifest_only_where_there_are_some(gallery):
    look(gallery, "空")
    assert "l" not in seen(gallery)
    gown, outdoors = look(gallery, " 主纱 ", 1, 2), look(gallery, "外景", 5)
    told = seen(gallery)
    assert (told["looks"], told["l"]) == (["空", "主纱", "外景"], [2, 2, 0, 0, 3, 0])
    services.order_looks(actor=None, gallery=gallery, looks=[outdoors.pk, gown.pk])
    assert seen(gallery)["looks"] == ["外景", "主纱", "空"]
    assert seen(gallery)["l"] == [2, 2, 0, 0, 1, 0]


def test_a_removed_look_leaves_its_photos(gallery):
    gown = look(gallery, "主纱", 1, 2)
    services.remove_look(actor=None, look=gown)
    assert ("l" in seen(gallery), gallery.photo_count) == (False, 6)


def test_names_are_wanted_once(gallery):
    gown = look(gallery, "主纱")
    for name, code in (("  ", "look.name_missing"), ("主纱", "look.name_taken")):
        with pytest.raises(Refusal, match=code):
            services.add_look(actor=None, gallery=gallery, name=name)
    other = look(gallery, "晚装")
    with pytest.raises(Refusal, match="look.name_taken"):
        services.rename_look(actor=None, look=other, name="主纱")
    assert services.rename_look(actor=None, look=gown, name="主纱 A").name == "主纱 A"
    assert look(make_gallery(1), "晚装").pk


def test_another_gallerys_look_is_refused(gallery):
    foreign = look(make_gallery(1), "主纱")
    with pytest.raises(Refusal, match=r"look\.gone"):
        services.assign_look(actor=None, gallery=gallery, numbers=[1], look=foreign.pk)


def test_pauses_suggest_looks_and_leave_assigned_photos_alone(gallery):
    measured(gallery, (1, 0, 0, 1.0), (2, 60, 0, 1.0), (3, 4000, 0, 1.0), (4, 4100, 0, 1.0), (5, 9000, 0, 1.0))
    gown = look(gallery, "主纱", 5)
    services.suggest_looks(actor=None, gallery=gallery, gap_minutes=10)
    assert [(row.photos, row.pk == gown.pk) for row in looks_of(gallery)] == [(1, True), (2, False), (2, False)]
    assert Look.objects.filter(gallery=gallery).count() == 3
    with pytest.raises(Refusal, match=r"look\.nothing_to_part"):
        services.suggest_looks(actor=None, gallery=gallery, gap_minutes=10)


def test_the_customer_sees_the_order_that_staff_chose(gallery):
    measured(gallery, (1, 300, 0, 1.0), (2, 100, 0, 1.0), (3, 200, 0, 1.0), (4, 100, 0, 1.0))  # 5, 6: no time
    assert seen(gallery)["id"] == [1, 2, 3, 4, 5, 6]
    services.set_order(actor=None, gallery=gallery, order="time")
    assert seen(gallery)["id"] == [2, 4, 3, 1, 5, 6]
    outdoors, gown = look(gallery, "外景", 1, 6), look(gallery, "主纱", 2)
    services.set_order(actor=None, gallery=gallery, order="look")
    assert seen(gallery)["id"] == [1, 6, 2, 4, 3, 5]
    services.order_looks(actor=None, gallery=gallery, looks=[gown.pk, outdoors.pk])
    assert seen(gallery)["id"] == [2, 1, 6, 4, 3, 5]
    assert len(seen(gallery)["c"]) == 36
    services.set_order(actor=None, gallery=gallery, order="number")
    assert seen(gallery)["id"] == [1, 2, 3, 4, 5, 6]


def test_a_late_photo_finds_its_place_alone(gallery):
    measured(gallery, (1, 300, 0, 1.0), (2, 100, 0, 1.0), (3, 200, 0, 1.0))
    services.set_order(actor=None, gallery=gallery, order="time")
    late = gallery.photos.get(number=6)
    measured(gallery, (6, 150, 0, 1.0))
    assert place(gallery.pk, late.pk) == 1
    assert seen(gallery)["id"] == [2, 6, 3, 1, 4, 5]
    assert place(gallery.pk) == 0


def test_an_order_that_is_none_is_refused(gallery):
    with pytest.raises(Refusal, match=r"order\.unknown"):
        services.set_order(actor=None, gallery=gallery, order="random")


def test_the_cover_is_chosen_or_the_first_that_customers_see(gallery):
    assert cover_of(gallery).number == 1
    services.set_cover(actor=None, gallery=gallery, number=4)
    assert cover_of(gallery).number == 4
    mark(gallery, 4, 1, flag="reject")
    assert cover_of(gallery).number == 2
    with pytest.raises(Refusal, match=r"cover\.hidden"):
        services.set_cover(actor=None, gallery=gallery, number=1)
    with pytest.raises(Refusal, match=r"photo\.settled"):
        services.set_cover(actor=None, gallery=gallery, number=99)
    services.set_cover(actor=None, gallery=gallery, number=None)
    mark(gallery, 4, flag="")
    assert cover_of(gallery).number == 2
