"""The price of a new order: seen line by line before the sale, and sold exactly so."""

import datetime as dt

import pytest

from core.catalog import services as catalog
from core.orders.models import Order
from tests.core.console.conftest import browser
from tests.factories import make_branch, make_customer, make_package, make_staff

NEW, PRICE = "/console/orders/new/", "/console/orders/new/price/"
SATURDAY = "2026-12-05"


@pytest.fixture
def package(branch):
    extras = [{"name": "加装", "price_minor": 30000, "unit": "outfit", "most": 3}]
    return make_package(name="故事旅拍", price_minor=599900, extras=extras)


@pytest.fixture
def code(package):
    return package.terms()["addons"][0]["code"]


@pytest.fixture
def _off_peak(branch):
    hours = {"starts_at": dt.time(14), "ends_at": dt.time(18), "weekdays": [5]}
    catalog.save_rule(actor=None, fields={"kind": "off_peak", "name": "周末快拍", "percent": -20, **hours})
    fields = {"code": "NEW300", "name": "新客立减", "kind": "amount", "amount_minor": 30000}
    catalog.save_coupon(actor=None, fields=fields)


def sale(branch, package, **changes):
    plain = {"phone": "138 0000 1234", "name": "陈晓雨", "branch": branch.pk, "package": package.pk}
    return plain | changes


def totals(answer):
    return [(line["kind"], line["total_minor"]) for line in answer.context["worked"].lines]


@pytest.mark.usefixtures("_off_peak")
def test_what_is_shown_is_what_is_sold(client, branch, package, code):
    told = sale(branch, package, shoot_on=SATURDAY, shoot_time="15:00", coupon=" new300", **{f"addon-{code}": "2"})
    shown = client.post(PRICE, told)
    lines = [("package", 599900), ("off_peak", -119980), ("addon", 60000), ("coupon", -30000)]
    assert totals(shown) == lines
    text = shown.content.decode()
    for part in ("周末快拍", "−20\xa0%", "加装 ×2", "新客立减", "¥5,099.20"):
        assert part in text, part
    assert not Order.objects.exists()
    assert client.post(NEW, told).status_code == 302
    order = Order.objects.get()
    assert order.price_minor == shown.context["worked"].total_minor == 509920
    assert [(line["kind"], line["total_minor"]) for line in order.terms["lines"]] == lines
    assert "新客立减" in client.get(f"/console/orders/{order.code}/").content.decode()


@pytest.mark.usefixtures("_off_peak")
def test_without_an_hour_no_hour_counts(client, branch, package):
    assert totals(client.post(PRICE, sale(branch, package, shoot_on=SATURDAY))) == [("package", 599900)]
    assert totals(client.post(PRICE, sale(branch, package, shoot_time="15:00"))) == [("package", 599900)]


def test_the_price_comes_before_the_customer_is_known(client, branch, package):
    answer = client.post(PRICE, {"branch": branch.pk, "package": package.pk})
    assert totals(answer) == [("package", 599900)]
    assert client.post(PRICE, {"branch": branch.pk}).context["worked"] is None
    assert client.post(PRICE, {"branch": branch.pk, "package": "x"}).status_code == 200


def test_an_agreed_price_shows_its_discount(client, branch, package):
    answer = client.post(PRICE, sale(branch, package, price="5499"))
    assert totals(answer) == [("package", 599900), ("discount", -50000)]
    client.post(NEW, sale(branch, package, price="5499"))
    order = Order.objects.get()
    assert (order.price_minor, order.terms["quoted_minor"]) == (549900, 599900)


@pytest.mark.parametrize("count", ["4", "9999", "-1", "x", "1.5", "٣"])
def test_counts_that_mean_nothing_sell_nothing_more(client, branch, package, code, count):
    told = sale(branch, package, **{f"addon-{code}": count})
    answer = client.post(NEW, told)
    if count == "4":
        assert answer.status_code == 422
        assert not Order.objects.exists()
        assert client.post(PRICE, told).context["worked"].refused
    else:
        assert Order.objects.get().price_minor == 599900


@pytest.mark.usefixtures("_off_peak")
def test_a_coupon_that_does_not_count_stands_beside_its_field(client, branch, package):
    told = sale(branch, package, coupon="NOPE", note="靠窗位")
    assert client.post(PRICE, told).context["worked"].refused
    answer = client.post(NEW, told)
    assert answer.status_code == 422
    assert answer.context["form"].errors["coupon"]
    assert "靠窗位" in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.usefixtures("_off_peak")
def test_a_customer_who_used_it_is_told_before_the_sale(client, branch, package):
    make_customer("陈晓雨", "13800001234")
    client.post(NEW, sale(branch, package, name="", coupon="NEW300"))
    assert client.post(PRICE, sale(branch, package, name="", coupon="NEW300")).context["worked"].refused
    other = sale(branch, package, phone="13900001234", coupon="NEW300")
    assert not client.post(PRICE, other).context["worked"].refused


def test_only_published_terms_are_shown_and_sold(client, branch, package):
    catalog.save_package(actor=None, package=package, fields={"price_minor": 1, "name": "新名"})
    page = client.get(NEW).content.decode()
    assert "故事旅拍" in page
    assert "新名" not in page
    draft = catalog.save_package(actor=None, fields={
        "name": "没发布", "kind": "wedding", "price_minor": 1, "photos_taken": 1, "retouched_included": 1,
        "extra_photo_minor": 1,
    })  # fmt: skip
    assert "没发布" not in client.get(NEW).content.decode()
    assert client.post(NEW, sale(branch, draft)).status_code == 422
    assert not Order.objects.exists()


def test_the_price_of_another_branch_is_not_told(studio, branch, package):
    far = make_branch("福田店", code="FT")
    clerk = browser(studio, make_staff("receptionist", branch))
    assert clerk.post(PRICE, sale(far, package)).context["worked"] is None


def test_craft_sees_no_prices(as_role, branch, package):
    assert as_role("photographer").post(PRICE, sale(branch, package)).status_code == 403


def test_queries_do_not_grow_with_rules(client, branch, package, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        catalog.save_rule(actor=None, fields={"kind": "peak", "name": "x", "percent": 1})
        with django_assert_max_num_queries(14) as queries:
            client.post(PRICE, sale(branch, package))
        counts.append(len(queries))
    assert counts[0] == counts[1]
