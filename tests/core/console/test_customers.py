import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.people import services
from core.people.models import Customer
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.factories import make_customer, make_order, make_staff

LIST, NEW = "/console/customers/", "/console/customers/new/"


def errors_of(answer, field):
    assert answer.status_code == 422
    return [str(error) for error in answer.context["form"].errors[field]]


def test_a_name_and_a_number_are_enough(client):
    answer = client.post(NEW, {"name": " 陈晓雨 ", "phone": "138 0000 1234", "source": "walk_in"})
    customer = Customer.objects.get()
    assert answer["Location"] == f"/console/customers/{customer.pk}/"
    assert (customer.name, customer.phone) == ("陈晓雨", "+8613800001234")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "1380000123"}, "phone"),
        ({"birthday": "1895-05-05"}, "birthday"),
        ({"birthday": "2026-13-45"}, "birthday"),
        ({"source": "pigeon"}, "source"),
        ({"tags": "一,二,三,四,五,六,七,八,九,十,十一"}, "tags"),
        ({"tags": "x" * 21}, "tags"),
    ],
)
def test_what_was_typed_stays_and_the_message_stands_beside_its_field(client, change, field):
    typed = {"name": "陈晓雨", "phone": "13800001234", "source": "referral", "note": "花粉过敏", "tags": "VIP"} | change
    answer = client.post(NEW, typed)
    assert errors_of(answer, field)
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    for text in typed.values():
        assert text in page
    assert not Customer.objects.exists()


def test_a_known_number_leads_to_its_customer(client):
    known = make_customer("林一舟", "13800001234")
    answer = client.post(NEW, {"name": "陈晓雨", "phone": "+86 138-0000-1234", "source": "walk_in"})
    assert errors_of(answer, "phone")
    assert f'<a href="/console/customers/{known.pk}/">林一舟</a>' in answer.content.decode()
    assert Customer.objects.count() == 1


def test_names_are_text_even_in_a_message_with_a_link(client):
    make_customer("<b>x</b>", "13800001234")
    page = client.post(NEW, {"name": "y", "phone": "13800001234", "source": "walk_in"}).content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def form_of(client, customer):
    page = client.get(f"{LIST}{customer.pk}/edit/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return {"name": customer.name, "phone": customer.phone, "source": "walk_in", "seen": seen.group(1)}


def test_change_keeps_the_number_and_sets_the_rest(client):
    customer = make_customer("陈晓雨", "13800001234")
    form = form_of(client, customer) | {"phone": "138 0000 1234", "tags": "VIP， 花粉、VIP", "birthday": "1995-05-20"}
    assert client.post(f"{LIST}{customer.pk}/edit/", form).status_code == 302
    customer.refresh_from_db()
    assert (customer.phone, customer.tags, str(customer.birthday)) == ("+8613800001234", ["VIP", "花粉"], "1995-05-20")


def test_a_change_by_a_colleague_is_shown_before_it_is_overwritten(client):
    customer = make_customer("陈晓雨", "13800001234", city="深圳")
    form = form_of(client, customer) | {"city": "珠海"}
    services.change_customer(actor=None, customer=customer, city="广州")
    answer = client.post(f"{LIST}{customer.pk}/edit/", form)
    assert errors_of(answer, "__all__")
    assert 'value="珠海"' in answer.content.decode()
    customer.refresh_from_db()
    assert customer.city == "广州"
    again = re.search(r'name="seen" value="(\w+)"', answer.content.decode()).group(1)
    assert client.post(f"{LIST}{customer.pk}/edit/", form | {"seen": again}).status_code == 302
    customer.refresh_from_db()
    assert customer.city == "珠海"


@pytest.mark.parametrize("text", ["晓雨", "1234", "138 0000"])
def test_found_by_name_or_digits_and_shown_masked(client, text):
    make_customer("陈晓雨", "13800001234")
    make_customer("林一舟", "13911115678")
    page = client.get(LIST, {"q": text}).content.decode()
    assert "陈晓雨" in page
    assert "林一舟" not in page
    assert "138****1234" in page
    assert "13800001234" not in page


def test_nobody_found_says_what_to_try(client):
    make_customer("陈晓雨")
    page = client.get(LIST, {"q": "zzz"})
    assert page.status_code == 200
    assert "陈晓雨" not in page.content.decode()


def test_pages_of_forty(client):
    for _ in range(41):
        make_customer()
    assert len(client.get(LIST).context["lines"]) == 40
    assert len(client.get(LIST, {"page": 2}).context["lines"]) == 1
    assert len(client.get(LIST, {"page": "x"}).context["lines"]) == 40


def test_the_record_shows_the_number_to_the_desk_and_masks_it_elsewhere(studio, branch, as_role):
    customer = make_customer("陈晓雨", "13800001234")
    assert "138 0000 1234" in as_role("receptionist").get(f"{LIST}{customer.pk}/").content.decode()
    page = as_role("selection_adviser").get(f"{LIST}{customer.pk}/").content.decode()
    assert "138****1234" in page
    assert "138 0000 1234" not in page
    assert "13800001234" not in page


def test_the_record_links_to_orders_of_the_own_board_only(client, order, far_branch):
    far = make_order(far_branch, customer=order.customer, title="福田的单")
    page = client.get(f"{LIST}{order.customer_id}/").content.decode()
    assert f"/console/orders/{order.code}/" in page
    assert f"/console/orders/{far.code}/" not in page
    assert "福田的单" in page


def test_who_may_not_change_neither_sees_nor_saves_the_form(as_role):
    customer = make_customer("陈晓雨", "13800001234")
    adviser = as_role("selection_adviser")
    assert adviser.get(f"{LIST}{customer.pk}/edit/").status_code == 403
    form = {"name": "x", "phone": "13800001234", "source": "walk_in"}
    assert adviser.post(f"{LIST}{customer.pk}/edit/", form).status_code == 403
    assert adviser.post(NEW, form | {"phone": "13900001234"}).status_code == 403
    assert list(Customer.objects.values_list("name", flat=True)) == ["陈晓雨"]


@pytest.mark.parametrize("page", ["", "edit/"])
def test_customers_of_another_studio_do_not_exist(client, other_studio, page):
    with in_studio(other_studio):
        foreign = [make_customer() for _ in range(3)][-1]
    assert client.get(f"{LIST}{foreign.pk}/{page}").status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/edit/", {"name": "x", "phone": "13800001234"}).status_code == 404
    with in_studio(other_studio):
        assert Customer.objects.get(pk=foreign.pk).name == foreign.name


@pytest.mark.parametrize("path", ["", "1"])
def test_queries_do_not_grow(studio, branch, path):
    client = browser(studio, make_staff("receptionist", branch))
    customer = make_customer()
    counts = []
    for _ in range(3):
        make_order(branch, customer=customer, people=[(make_customer(), "groom")])
        url = f"{LIST}{customer.pk}/" if path else LIST
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[-1]
