import pytest

from core.catalog import services as catalog
from core.orders.models import Order
from core.people.models import Customer
from tests.core.console.conftest import browser
from tests.factories import make_customer, make_order, make_package, make_staff

NEW = "/console/orders/new/"


@pytest.fixture
def package(branch):
    return make_package(name="故事旅拍", price_minor=599900, extra_photo_minor=8000)


def sale(branch, package, **changes):
    return {"phone": "138 0000 1234", "name": "陈晓雨", "branch": branch.pk, "package": package.pk} | changes


def test_page_shows_every_term_and_extra_before_the_sale(client, package):
    text = client.get(NEW).content.decode()
    for part in ("故事旅拍", "¥5,999", "¥80", "One more outfit", "¥300", "Album 12 inch"):
        assert part in text, part


def test_phone_name_and_package_are_enough(client, branch, manager, package):
    answer = client.post(NEW, sale(branch, package))
    order = Order.objects.get()
    assert answer["Location"] == f"/console/orders/{order.code}/"
    assert (order.title, order.owner, order.price_minor) == ("陈晓雨", manager, 599900)
    assert order.customer.phone == "+8613800001234"


def test_known_number_takes_the_known_customer(client, branch, package):
    known = make_customer("陈晓雨", "13800001234")
    client.post(NEW, sale(branch, package, name=""))
    assert Order.objects.get().customer == known
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("who", ["", "second_"])
def test_another_name_for_a_known_number_is_asked_about_before_anything_is_saved(client, branch, package, who):
    make_customer("林一舟", "13900005678")
    data = sale(branch, package) | {f"{who}phone": "13900005678", f"{who}name": "沈悦"}
    answer = client.post(NEW, data)
    assert "林一舟" in answer.context["form"].errors[f"{who}name"][0]
    assert not Order.objects.exists()
    assert client.post(NEW, data | {f"{who}name": ""}).status_code == 302
    assert Order.objects.filter(people__customer__name="林一舟").exists()


def test_the_same_name_in_another_spelling_is_no_other_name(client, branch, package):
    make_customer("Amy Chen", "13800001234")
    assert client.post(NEW, sale(branch, package, name="ＡＭＹ  chen")).status_code == 302


def test_second_person_joins_the_order_and_its_title(client, branch, package):
    client.post(NEW, sale(branch, package, second_phone="13900005678", second_name="林一舟", second_part="groom"))
    order = Order.objects.get()
    assert order.title == "陈晓雨 & 林一舟"
    assert sorted(order.people.values_list("part", flat=True)) == ["groom", "main"]


def test_price_may_differ_and_the_discount_is_seen(client, branch, package):
    client.post(NEW, sale(branch, package, price="5,499.50".replace(",", "")))
    order = Order.objects.get()
    assert order.price_minor == 549950
    assert client.get(f"/console/orders/{order.code}/").context["discount"] == 49950


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"name": ""}, "name"),
        ({"package": ""}, "package"),
        ({"price": "-1"}, "price"),
        ({"price": "1.234"}, "price"),
        ({"second_name": "林一舟"}, "second_phone"),
        ({"second_phone": "13900005678"}, "second_name"),
        ({"shoot_on": "tomorrow"}, "shoot_on"),
        ({"shoot_on": "2001-01-01"}, "shoot_on"),
        ({"promised_on": "2062-12-01"}, "promised_on"),
        ({"phone": "+8613900001234x"}, "phone"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_errors_keep_everything_and_leave_nothing_behind(client, branch, package, change, field):
    answer = client.post(NEW, sale(branch, package) | {"note": "靠窗位"} | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "靠窗位" in answer.content.decode()
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_package_taken_off_offer_meanwhile_is_refused_and_no_customer_remains(client, branch, manager, package):
    catalog.set_offered(actor=manager, package=package, is_offered=False)
    assert client.post(NEW, sale(branch, package)).status_code == 422
    assert not Customer.objects.exists()


def test_branch_must_be_one_where_the_seller_may_sell(client, far_branch, package):
    assert client.post(NEW, sale(far_branch, package)).status_code == 422
    assert not Order.objects.exists()


def test_own_branch_is_chosen_already(studio, far_branch, package):
    page = browser(studio, make_staff("receptionist", far_branch)).get(NEW)
    assert page.context["form"]["branch"].value() == far_branch.pk


def test_the_name_is_marked_as_needed_for_new_customers(client):
    page = client.get(NEW, headers={"accept-language": "en"}).content.decode()
    assert page.count('<span class="opt">for a new customer</span>') == 2


def test_craft_cannot_sell(as_role, branch, package):
    client = as_role("photographer")
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, sale(branch, package)).status_code == 403
    assert not Order.objects.exists()


def test_number_is_recognised_while_typing(client, branch, manager):
    known = make_customer("陈晓雨", "13800001234")
    make_order(branch, manager, customer=known)
    look = f"{NEW}customer/"
    assert client.get(look, {"phone": "138 0000 1234"}).context["customer"].order_count == 1
    assert client.get(look, {"second_phone": "13911112222"}).context["new"]
    assert client.get(look, {"phone": "13"}).content.strip() == b""
    other = client.get(look, {"phone": "13800001234", "name": "<b>沈悦"}).content.decode()
    assert "陈晓雨" in other
    assert "&lt;b&gt;沈悦" in other
    assert "沈悦" not in client.get(look, {"phone": "13911112222", "name": "沈悦"}).content.decode()


def test_customers_of_another_studio_are_not_recognised(client, foreign_order):
    phone = foreign_order.customer.phone
    assert client.get(f"{NEW}customer/", {"phone": phone}).context["customer"] is None


def test_record_of_a_customer_leads_here_filled_in(client, branch):
    form = client.get(NEW, {"phone": "13800001234", "name": "陈晓雨"}).context["form"]
    assert (form["phone"].value(), form["name"].value()) == ("13800001234", "陈晓雨")


def test_query_count_does_not_grow_with_packages(client, branch, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        make_package()
        with django_assert_max_num_queries(14) as queries:
            client.get(NEW)
        counts.append(len(queries))
        make_package()
    assert counts[0] == counts[1]
