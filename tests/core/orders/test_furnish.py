"""What a studio finds on its first day."""

import pytest

from core.catalog.models import Package
from core.orders.enums import Stage
from core.orders.furnish import code_of, furnish_studio
from core.orders.models import StageSetting
from core.people.enums import Role
from core.people.staff import staff_of
from core.studios.models import Branch
from tests.factories import make_order

OWNER = {"owner_name": "王蕾", "owner_username": "wanglei", "owner_password": "a-long-password-1"}


def furnish(studio, **fields):
    studio.language = fields.pop("language", "zh-hans")
    studio.currency = fields.pop("currency", "CNY")
    furnish_studio(studio=studio, **OWNER, **fields)


def test_a_boss_a_branch_eight_stages_and_two_packages(studio, django_user_model):
    furnish(studio, branch_name="南山店")
    owner = django_user_model.objects.get()
    assert (owner.name, staff_of(owner).roles) == ("王蕾", {Role.OWNER})
    assert list(Branch.objects.values_list("name", "code", "timezone")) == [("南山店", "MD", "Asia/Shanghai")]
    assert set(StageSetting.objects.values_list("stage", flat=True)) == set(Stage)
    assert all(setting.owner_role in Role and setting.due_days > 0 for setting in StageSetting.objects.all())
    assert Package.objects.filter(is_offered=True).count() == 2


def test_any_studio_name_names_a_first_branch(studio):
    studio.name = "海" * 59 + " " + "晨" * 20
    furnish(studio, branch_name="")
    assert Branch.objects.get().name == "海" * 59


def test_the_trade_s_own_example_is_one_of_the_packages(studio):
    furnish(studio)
    package = Package.objects.get(name="经典婚纱 3999")
    terms = package.terms()
    figures = [terms[name] for name in ("price_minor", "photos_taken", "retouched_included", "outfits")]
    assert figures == [399900, 200, 50, 3]  # R098
    assert terms["products"]
    assert terms["extras"]
    assert terms["extra_photo_minor"] > 0


@pytest.mark.parametrize(
    ("language", "currency", "name", "price"),
    [("zh-hant", "TWD", "百日紀念", 128000), ("en", "JPY", "Hundred days", 1280)],
)
def test_samples_speak_the_studio_s_language_and_currency(studio, language, currency, name, price):
    furnish(studio, language=language, currency=currency)
    assert Package.objects.get(name=name).price_minor == price


def test_the_first_order_can_be_taken_at_once(studio, django_user_model):
    furnish(studio)
    owner = django_user_model.objects.get()
    order = make_order(branch=Branch.objects.get(), actor=owner, package=Package.objects.first())
    assert all(row.owner == owner for row in order.stages.all())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Nanshan Flagship", "NF"),
        ("Paris", "PA"),
        ("A Very Long Name Indeed", "AVLN"),
        ("南山店", "MD"),
        ("南山 A 店", "MD"),
        ("X", "MD"),
    ],
)
def test_a_branch_code_comes_from_its_name(name, code):
    assert code_of(name) == code
