"""Taking an order: what it freezes, its number, its people, its eight stages."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from core.catalog import services as catalog
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event, Kind
from core.orders import services
from core.orders.enums import Stage
from core.orders.models import Order
from core.studios import services as studios
from tenants.context import in_studio
from tests.factories import make_branch, make_customer, make_order, make_package, make_staff


def test_order_freezes_the_terms_of_its_package(branch, clerk, package):
    order = make_order(branch=branch, actor=clerk, package=package)
    fields = {"extra_photo_minor": 99900, "retouched_included": 1, "price_minor": 1}
    catalog.save_package(actor=clerk, package=package, fields=fields)
    catalog.publish_package(actor=clerk, package=package)
    order.refresh_from_db()
    assert (order.price_minor, order.retouched_included, order.extra_photo_minor) == (399900, 50, 6000)
    assert order.terms["products"] == [{"kind": "album", "name": "Album 12 inch", "quantity": 1}]
    assert order.terms["extras"] == [{"name": "One more outfit", "price_minor": 30000}]
    assert order.terms["extra_photo_minor"] == 6000


def test_the_package_is_sold_as_it_stands_now_not_as_the_form_remembers(branch, clerk, package):
    catalog.save_package(actor=clerk, package=package, fields={"price_minor": 450000})
    catalog.publish_package(actor=clerk, package=package)
    assert package.price_minor == 399900
    assert make_order(branch=branch, actor=clerk, package=package).price_minor == 450000


def test_an_agreed_price_goes_before_the_package_s(branch, clerk, package):
    order = make_order(branch=branch, actor=clerk, package=package, price_minor=350000)
    assert (order.price_minor, order.terms["price_minor"]) == (350000, 399900)


def test_numbers_carry_branch_and_month_and_run_without_gaps(branch, clerk):
    far = make_branch(code="FT")
    with clock.at(dt.datetime(2026, 11, 30, 15, 59, tzinfo=dt.UTC)):
        codes = [make_order(branch=branch, actor=clerk).code for _ in range(2)]
        codes.append(make_order(branch=far).code)
    with clock.at(dt.datetime(2026, 11, 30, 16, 1, tzinfo=dt.UTC)):  # midnight has passed in Shanghai
        codes.append(make_order(branch=branch, actor=clerk).code)
    assert codes == ["NS-2611-0001", "NS-2611-0002", "FT-2611-0001", "NS-2612-0001"]


def test_a_sale_that_fails_gives_its_number_back(branch, clerk):
    make_order(branch=branch, actor=clerk)
    with transaction.atomic():
        make_order(branch=branch, actor=clerk)
        transaction.set_rollback(True)
    assert make_order(branch=branch, actor=clerk).code.endswith("-0002")


def test_what_is_not_offered_or_closed_is_not_sold(branch, clerk, package):
    make_branch()  # the last open one cannot close
    customer = make_customer()
    studios.change_branch(actor=clerk, branch=branch, is_active=False)
    with pytest.raises(Refusal, match="branch.closed"):
        services.take_order(actor=clerk, branch=branch, customer=customer, package=package)
    studios.change_branch(actor=clerk, branch=branch, is_active=True)
    catalog.set_offered(actor=clerk, package=package, is_offered=False)
    with pytest.raises(Refusal, match="package.not_offered"):
        services.take_order(actor=clerk, branch=branch, customer=customer, package=package)
    assert not Order.objects.exists()
    assert not Event.objects.filter(kind=Kind.ORDER_TAKEN).exists()


def test_people_stand_on_the_order_once_each(branch, clerk, package):
    bride, groom = make_customer("陈晓雨"), make_customer("林一舟")
    order = services.take_order(
        actor=clerk, branch=branch, customer=bride, package=package, people=[(groom, "groom"), (bride, "bride")]
    )
    assert sorted(order.people.values_list("customer__name", "part")) == [("林一舟", "groom"), ("陈晓雨", "main")]
    assert (order.title, order.owner) == ("陈晓雨", clerk)


def test_all_eight_stages_stand_from_the_sale_on(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    rows = {row.stage: row for row in order.stages.all()}
    assert set(rows) == set(Stage)
    assert all(row.owner_id and row.due_on for row in rows.values())
    assert [stage for stage, row in rows.items() if row.entered_at] == [Stage.ENQUIRY]
    assert rows[Stage.ENQUIRY].entered_by == clerk
    assert rows[Stage.SHOOT].due_on == order.shoot_on


def test_stages_go_to_the_least_busy_of_the_right_trade_in_the_branch(branch, clerk):
    busy, free = make_staff("photographer", branch), make_staff("photographer", branch)
    services.assign_stage(actor=clerk, order=make_order(branch=branch, actor=clerk), stage=Stage.SHOOT, owner=busy)
    make_staff("photographer", make_branch())
    rows = {row.stage: row.owner for row in make_order(branch=branch, actor=clerk).stages.all()}
    assert rows[Stage.SHOOT] == free
    assert rows[Stage.DELIVERY] == clerk  # whoever received the customer first keeps the reception's stages
    assert rows[Stage.PRODUCTION] == clerk  # nobody retouches here: the owner answers


def test_taking_costs_the_same_queries_for_any_staff(branch, clerk, package, django_assert_max_num_queries):
    for _ in range(5):
        make_staff("photographer", branch)
    customer = make_customer()
    with django_assert_max_num_queries(20):
        services.take_order(actor=clerk, branch=branch, customer=customer, package=package)


def test_the_sale_is_told(branch, clerk, package):
    order = make_order(branch=branch, actor=clerk, package=package)
    event = Event.objects.get(thread=order.event_thread)
    assert (event.kind, event.stream, event.actor_name) == ("order.taken", f"board.{branch.pk}", "王蕾")
    assert event.facts == {"package": package.name, "price_minor": 399900}


def test_racing_sales_get_gap_free_numbers(throwaway_studio):
    branch, package = make_branch(code="RC"), make_package()
    actor = make_staff("receptionist", branch)
    customers = [make_customer() for _ in range(12)]
    failed = []

    def sell(mine: list) -> None:
        try:
            with in_studio(throwaway_studio):
                for customer in mine:
                    services.take_order(actor=actor, branch=branch, customer=customer, package=package)
        except Exception as error:  # noqa: BLE001 (shown by the assertion below)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sell, args=(customers[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    numbers = sorted(Order.objects.values_list("code", flat=True))
    assert [int(code[-4:]) for code in numbers] == list(range(1, 13))
    assert list(
        Event.objects.filter(stream=f"board.{branch.pk}").order_by("seq").values_list("seq", flat=True)
    ) == list(range(1, 13))
