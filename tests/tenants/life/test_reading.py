"""An owner opens the archive: in their language, customers and orders in words, and what the tables hold."""

import csv
import io

import pytest

from core.orders.models import Order
from core.people.models import Customer
from tenants.context import in_public, in_studio
from tenants.life.reading import write_csv
from tenants.models import Studio
from tests.tenants.life.test_export import export, opened


def sheet(archive, number):
    names = [name for name in archive.namelist() if name.startswith("overview/")]
    body = archive.read(names[number])
    assert body.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by its mark"
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.fixture
def english(one):
    with in_public():
        Studio.objects.filter(pk=one.pk).update(language="en")
    with in_studio(one):
        Customer.objects.filter(phone="+8613900000000").update(name='=HYPERLINK("http://x")')
        Order.objects.update(price_minor=128050, account=None)
    return one


def test_the_owner_reads_customers_and_orders(english, untouched):
    archive = opened(english, export(english, with_files=False))
    customers, orders = sheet(archive, 0), sheet(archive, 1)
    assert [row["Phone"] for row in customers] == [f"+86139000000{number:02}" for number in range(3)]
    assert customers[0]["Name"].startswith("'="), "no spreadsheet works it out"
    with in_studio(english):
        order = Order.objects.select_related("branch", "package").order_by("pk").first()
        assert (orders[0]["Order number"], orders[0]["Branch"]) == (order.code, order.branch.name)
        assert orders[0]["Package"] == order.package.name
    assert (orders[0]["Total"], orders[0]["Paid"], orders[0]["Stage"]) == ("1280.50", "0.00", "Enquiry")
    assert len(orders) == 3


def test_it_says_where_to_begin_and_what_the_tables_hold(english, untouched):
    archive = opened(english, export(english, with_files=False))
    text = archive.read("README.txt").decode("utf-8-sig")
    for folder in {name.partition("/")[0] for name in archive.namelist()} - {"README.txt"}:
        assert folder in text, f"{folder} is not explained"
    lines = list(csv.DictReader(io.StringIO(archive.read("dictionary.csv").decode("utf-8-sig"), newline="")))
    told = {(line["Table"], line["Column"]): line for line in lines}
    assert told["core_order", "code"]["What it holds"] == "Order number"
    assert told["core_order", "customer_id"]["Refers to"] == "core_customer"
    assert ("accounts_user", "password") not in told


def test_a_formula_is_disarmed_and_a_number_stays():
    body = []
    write_csv([["=1+1", "+8613900000000", "-12.50", "@x", 5, "plain"]], body.append)
    assert b"".join(body).decode("utf-8-sig") == "'=1+1,+8613900000000,-12.50,'@x,5,plain\r\n"
