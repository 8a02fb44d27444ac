from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.orders import services as orders
from core.orders.enums import PersonPart
from core.people.staff import staff_of
from core.reports.customers import record_of, with_orders
from tests.factories import make_branch, make_customer, make_order, make_staff


def test_record_spans_branches_and_links_only_what_may_be_opened(db):
    here, there = make_branch(), make_branch()
    staff = staff_of(make_staff("receptionist", here))
    customer = make_customer()
    first, second = make_order(here, customer=customer), make_order(there, customer=customer)
    record = record_of(customer, staff)
    assert record.orders == [second, first]
    assert record.linked == {first.pk}
    assert {happening.order for happening in record.events} == {first, second}


def test_spend_counts_own_orders_that_were_not_cancelled(db):
    boss, branch = make_staff(), make_branch()
    bride, groom = make_customer("陈晓雨"), make_customer("林一舟")
    make_order(branch, customer=bride, people=[(groom, PersonPart.GROOM)], price_minor=100)
    gone = make_order(branch, customer=bride, price_minor=3000)
    orders.cancel_order(actor=boss, order=gone, reason="x")
    staff = staff_of(boss)
    assert record_of(bride, staff).spent_minor == 100
    other = record_of(groom, staff)
    assert (other.spent_minor, len(other.orders)) == (0, 1)
    assert [(person.customer, str(person.part)) for person in other.companions] == [(bride, str(PersonPart.MAIN.label))]


def test_list_knows_the_latest_order_in_one_question(db):
    branch = make_branch()
    idle, busy = make_customer(), make_customer()
    make_order(branch, customer=busy)
    latest = make_order(branch, customer=busy)
    with CaptureQueriesContext(connection) as queries:
        lines = with_orders([idle, busy])
    assert [(line.customer, line.orders, line.latest) for line in lines] == [(idle, 0, None), (busy, 2, latest)]
    assert len(queries) == 1
