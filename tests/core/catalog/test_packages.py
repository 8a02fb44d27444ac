import pytest
from django.db import IntegrityError, transaction

from core.catalog import services
from core.catalog.models import Package, PackageSlot
from core.kernel.errors import Refusal
from tests.factories import make_order, make_package


def test_package_keeps_its_products_and_extras(db):
    package = make_package(name="故事旅拍")
    assert package.terms()["products"] == [{"kind": "album", "name": "Album 12 inch", "quantity": 1}]
    assert package.terms()["extras"] == [{"name": "One more outfit", "price_minor": 30000}]


def test_new_packages_stand_after_the_others(db):
    assert [make_package().position for _ in range(2)] == [0, 1]


def test_changing_a_package_leaves_sold_orders_untouched(db):
    package = make_package(price_minor=399900, extra_photo_minor=6000, retouched_included=50)
    order = make_order(package=package)
    sold = dict(order.terms)
    services.save_package(
        actor=None,
        package=package,
        fields={"price_minor": 1, "extra_photo_minor": 2, "retouched_included": 3, "name": "新名"},
    )
    order.refresh_from_db()
    assert order.terms == sold
    assert (order.price_minor, order.extra_photo_minor, order.retouched_included) == (399900, 6000, 50)
    assert order.terms["products"] == [{"kind": "album", "name": "Album 12 inch", "quantity": 1}]


def test_a_name_is_taken_once(db):
    make_package(name="故事旅拍")
    other = make_package(name="百日纪念")
    with pytest.raises(Refusal, match="package.name_taken"):
        services.save_package(actor=None, package=other, fields={"name": "故事旅拍"})
    other.refresh_from_db()
    assert other.name == "百日纪念"
    assert other.products.count() == 1


def test_more_included_than_taken_is_refused(db):
    package = make_package(photos_taken=200, retouched_included=50)
    with pytest.raises(Refusal, match="package.included_over_taken") as refusal:
        services.save_package(actor=None, package=package, fields={"retouched_included": 201})
    assert refusal.value.facts == {"taken": 200}
    assert Package.objects.get().retouched_included == 50


def test_negative_money_never_reaches_the_table(db):
    with pytest.raises(IntegrityError):
        make_package(price_minor=-1)
    assert not Package.objects.exists()


def test_what_is_off_offer_cannot_be_sold(db):
    package = services.set_offered(actor=None, package=make_package(), is_offered=False)
    with pytest.raises(Refusal, match="package.not_offered"):
        make_order(package=package)


# -- Slots ------------------------------------------------------------------------------------------------------------
FRAME = {"kind": "frame", "name": "24 寸油画框", "included": 1, "maximum": 4, "extra_price_minor": 38000}


def test_slots_and_tiers_are_frozen_with_the_terms(db):
    tiers = [{"from": 6, "price_minor": 4800}]
    package = make_package(retouched_tiers=tiers, all_originals_minor=50000, slots=[FRAME])
    terms = package.terms()
    assert (terms["retouched_tiers"], terms["all_originals_minor"]) == (tiers, 50000)
    assert terms["slots"] == [
        {
            "kind": "frame", "name": "24 寸油画框", "included": 1, "minimum": 0, "maximum": 4, "ratio": "",
            "extra_price_minor": 38000, "tiers": [], "is_required": False,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"maximum": 0}, "slot.unsound"),
        ({"included": 5}, "slot.unsound"),
        ({"minimum": 5}, "slot.unsound"),
        ({"kind": "retouched"}, "slot.unsound"),
        ({"tiers": [{"from": 1, "price_minor": 1}]}, "tiers.unsound"),
    ],
)
def test_unsound_slots_are_refused(db, change, code):
    package = make_package(slots=[FRAME])
    with pytest.raises(Refusal, match=code):
        services.save_package(actor=None, package=package, fields={}, slots=[FRAME | change])
    assert package.slots.count() == 1


def test_a_package_has_at_most_twelve_slots(db):
    with pytest.raises(Refusal, match="slots.too_many"):
        make_package(slots=[FRAME] * 13)
    assert make_package(slots=[FRAME] * 12).slots.count() == 12


@pytest.mark.parametrize("change", [{"kind": "retouched"}, {"maximum": 0}, {"included": -1}, {"extra_price_minor": -1}])
def test_the_database_keeps_slots_sound(db, change):
    package = make_package()
    with pytest.raises(IntegrityError, match="package_slot"), transaction.atomic():
        PackageSlot.objects.create(package=package, **(FRAME | change))
