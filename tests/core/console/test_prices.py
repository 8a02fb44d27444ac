"""Price rules and coupons, typed by people."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from core.catalog import services
from core.catalog.models import Coupon, PriceRule
from core.kernel.errors import Refusal
from core.kernel.events import Event, Kind
from tests.factories import make_branch, make_package

PRICES, COUPONS = "/console/packages/prices/", "/console/packages/coupons/"
SEASON = {
    "name": "国庆",
    "first_day": "2026-09-25",
    "last_day": "2026-10-08",
    "is_yearly": "on",
    "sign": "+",
    "percent": "10",
}
WINDOW = {"name": "周末快拍", "weekdays": ["5"], "starts_at": "14:00", "ends_at": "18:00", "percent": "20"}


def new(kind):
    return f"{PRICES}new/?kind={kind}"


def test_saturday_afternoon_as_people_type_it(client):
    assert client.post(new("off_peak"), WINDOW)["Location"] == PRICES
    rule = PriceRule.objects.get()
    assert (rule.kind, rule.percent, rule.weekdays) == ("off_peak", -20, [5])
    assert (rule.starts_at, rule.ends_at) == (dt.time(14), dt.time(18))
    text = client.get(PRICES).content.decode()
    assert "周末快拍" in text
    assert "14:00–18:00" in text
    shown = client.get(f"{PRICES}{rule.pk}/").context["form"]
    assert (shown["percent"].value(), shown["weekdays"].value()) == (20, ["5"])
    assert client.post(f"{PRICES}{rule.pk}/", WINDOW | {"percent": "", "amount": "300"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.percent, rule.change_minor) == (None, -30000)


def test_seasons_are_dearer_or_cheaper(client):
    client.post(new("season"), SEASON)
    client.post(new("season"), SEASON | {"sign": "-"})
    assert list(PriceRule.objects.values_list("percent", "is_yearly")) == [(10, True), (-10, True)]


def test_a_place_has_a_price_of_its_own(client, branch):
    package = make_package()
    make_branch(city="广州")
    assert client.post(new("place"), {"package": package.pk, "branch": branch.pk, "price": "4299"}).status_code == 302
    assert client.post(new("place"), {"package": package.pk, "city": "广州", "price": "4399"}).status_code == 302
    told = list(PriceRule.objects.values_list("name", "price_minor", "branch", "city"))
    assert told == [(branch.name, 429900, branch.pk, ""), ("广州", 439900, None, "广州")]


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        ("off_peak", WINDOW | {"percent": ""}, "percent"),
        ("off_peak", WINDOW | {"amount": "5"}, "percent"),
        ("off_peak", WINDOW | {"percent": "101"}, "percent"),
        ("off_peak", WINDOW | {"ends_at": "14:00"}, "ends_at"),
        ("off_peak", WINDOW | {"starts_at": ""}, "ends_at"),
        ("off_peak", WINDOW | {"weekdays": ["7"]}, "weekdays"),
        ("off_peak", WINDOW | {"first_day": "2026-01-01"}, "last_day"),
        ("season", SEASON | {"first_day": ""}, "first_day"),
        ("season", SEASON | {"last_day": "2026-01-01"}, "last_day"),
        ("season", SEASON | {"name": ""}, "name"),
        ("place", {"price": "1"}, "package"),
    ],
)
def test_faults_stand_beside_their_field_and_nothing_is_saved(client, kind, told, field):
    answer = client.post(new(kind), told)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not PriceRule.objects.exists()


def test_a_place_is_a_branch_or_a_city(client, branch):
    package = make_package()
    assert client.post(new("place"), {"package": package.pk, "price": "1"}).status_code == 422
    assert client.get(new("dog")).status_code == 404
    assert not PriceRule.objects.exists()


def test_a_rule_rests_and_is_deleted_after_a_question(client):
    client.post(new("off_peak"), WINDOW)
    rule = PriceRule.objects.get()
    client.post(f"{PRICES}{rule.pk}/force/", {"active": "0"})
    rule.refresh_from_db()
    assert not rule.is_active
    assert client.get(f"{PRICES}{rule.pk}/end/").status_code == 200
    assert PriceRule.objects.exists()
    client.post(f"{PRICES}{rule.pk}/end/")
    assert not PriceRule.objects.exists()
    last = Event.objects.filter(kind=Kind.PRICES_CHANGED).latest("pk")
    assert (last.facts["what"], last.facts["rule"]["percent"]) == ("dropped", -20)


# What verbs refuse, and the table refuses beneath them
UNSOUND = [
    ({"kind": "peak", "percent": -1}, "rule.effect"),
    ({"kind": "peak", "change_minor": -1}, "rule.effect"),
    ({"kind": "off_peak", "change_minor": 1}, "rule.effect"),
    ({"kind": "peak"}, "rule.effect"),
    ({"kind": "peak", "percent": 1, "change_minor": 1}, "rule.effect"),
    ({"kind": "peak", "percent": 1, "price_minor": 1}, "rule.effect"),
    ({"kind": "peak", "percent": 301}, "rule.effect"),
    ({"kind": "place", "price_minor": 1}, "rule.place"),
    ({"kind": "season", "percent": 1}, "rule.days"),
    ({"kind": "peak", "percent": 1, "first_day": dt.date(2026, 1, 2)}, "rule.days"),
    ({"kind": "peak", "percent": 1, "first_day": dt.date(2026, 1, 2), "last_day": dt.date(2026, 1, 1)}, "rule.days"),
    ({"kind": "peak", "percent": 1, "ends_at": dt.time(9)}, "rule.hours"),
    ({"kind": "peak", "percent": 1, "starts_at": dt.time(9), "ends_at": dt.time(9)}, "rule.hours"),
]


@pytest.mark.parametrize(("fields", "code"), UNSOUND)
def test_unsound_rules_are_refused_by_verb_and_table(db, fields, code):
    with pytest.raises(Refusal, match=code):
        services.save_rule(actor=None, fields={"name": "x", **fields})
    with pytest.raises(IntegrityError, match="price_rule"), transaction.atomic():
        PriceRule.objects.create(name="x", **fields)


# -- Coupons ----------------------------------------------------------------------------------------------------------
GIFT = {
    "code": "new-300",
    "name": "新客立减",
    "kind": "amount",
    "amount": "300",
    "customer_limit": "1",
    "total_limit": "50",
}


def test_a_coupon_is_made_listed_changed_and_stopped(client, branch):
    package = make_package()
    told = GIFT | {"packages": [package.pk], "branches": [branch.pk], "minimum": "3000"}
    assert client.post(f"{COUPONS}new/", told)["Location"] == COUPONS
    coupon = Coupon.objects.get()
    assert (coupon.code, coupon.amount_minor, coupon.minimum_minor) == ("NEW-300", 30000, 300000)
    assert (list(coupon.packages.all()), list(coupon.branches.all())) == ([package], [branch])
    text = client.get(COUPONS).content.decode()
    for part in ("NEW-300", "新客立减", "¥300", package.name):
        assert part in text, part
    page = client.get(f"{COUPONS}{coupon.pk}/")
    assert page.context["form"]["minimum"].value() == "3000"
    client.post(f"{COUPONS}{coupon.pk}/", GIFT | {"kind": "percent", "percent": "5", "amount": "300"})
    coupon.refresh_from_db()
    assert (coupon.percent, coupon.amount_minor, coupon.packages.count()) == (5, None, 0)
    client.post(f"{COUPONS}{coupon.pk}/force/", {"active": "0"})
    coupon.refresh_from_db()
    assert not coupon.is_active


def test_a_voucher_gives_a_bookable_extra(client):
    package = make_package(extras=[{"name": "试妆体验", "price_minor": 26800, "most": 1}])
    code = package.extras.get().code
    assert (code, "试妆体验") in client.get(f"{COUPONS}new/").context["form"].fields["addon_code"].choices
    client.post(f"{COUPONS}new/", GIFT | {"kind": "addon", "addon_code": code, "amount": ""})
    assert (Coupon.objects.get().addon_code, Coupon.objects.get().amount_minor) == (code, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "券"}, "code"),
        ({"code": "a"}, "code"),
        ({"name": ""}, "name"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"kind": "percent"}, "percent"),
        ({"kind": "dog"}, "kind"),
        ({"total_limit": "0"}, "total_limit"),
        ({"first_day": "2026-02-02", "last_day": "2026-02-01"}, "last_day"),
        ({"addon_code": "gone"}, "addon_code"),
    ],
)
def test_faults_of_coupons_stand_beside_their_field(client, change, field):
    answer = client.post(f"{COUPONS}new/", GIFT | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Coupon.objects.exists()


def test_a_code_is_taken_once(client):
    client.post(f"{COUPONS}new/", GIFT)
    answer = client.post(f"{COUPONS}new/", GIFT | {"code": "NEW-300"})
    assert answer.context["form"].errors["code"]
    assert Coupon.objects.count() == 1


@pytest.mark.parametrize("role", ["receptionist", "photographer"])
def test_others_make_neither_prices_nor_coupons(as_role, role):
    visitor = as_role(role)
    for answer in (
        visitor.get(PRICES), visitor.post(new("off_peak"), WINDOW), visitor.get(COUPONS),
        visitor.post(f"{COUPONS}new/", GIFT),
    ):  # fmt: skip
        assert answer.status_code == 403
    assert not PriceRule.objects.exists()
    assert not Coupon.objects.exists()


def test_queries_do_not_grow(client, branch, django_assert_max_num_queries):
    counts = []
    for n in range(2):
        services.save_coupon(actor=None, fields={"code": f"C{n}", "name": "x", "kind": "percent", "percent": 1})
        services.save_rule(actor=None, fields={"kind": "peak", "name": "x", "percent": 1, "branch": branch})
        for url in (PRICES, COUPONS):
            with django_assert_max_num_queries(14) as queries:
                client.get(url)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
