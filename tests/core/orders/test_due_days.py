"""Instalments of older orders get their day by their rule once what they wait for has happened."""

import datetime as dt

from core.finance.models import Instalment
from core.finance.selectors import arrears
from core.kernel import clock
from core.orders import jobs
from core.orders.enums import Stage
from core.orders.models import Order
from core.orders.services import date_instalments, move_order
from core.people.staff import staff_of
from tests.core.finance.books import assert_books, make_account
from tests.factories import make_staff


def older(account, **fields):
    """As books were opened for orders that were there before: nothing has a day."""
    order = Order.objects.get(account=account)
    move_order(actor=make_staff("owner"), order=order, target=Stage.SIGNING)
    Order.objects.filter(pk=order.pk).update(**fields)
    Instalment.objects.filter(account=account).update(due_on=None)
    return Order.objects.select_related("account__branch", "branch").get(pk=order.pk)


def test_what_has_happened_is_due_and_the_rest_waits(db):
    account, boss = make_account(), make_staff("owner")
    older(account)
    assert arrears(staff_of(boss)) == []
    with clock.at(clock.now() + dt.timedelta(days=3)):
        jobs.date_all_instalments()
        jobs.date_all_instalments()
        found = arrears(staff_of(boss))
    assert [(one.account, one.due_minor) for one in found] == [(account, 120000)]
    assert [one.due_on is None for one in account.instalments.order_by("number")] == [False, True, True]
    assert_books(account)


def test_a_day_by_the_shoot_follows_its_rule(db):
    account = make_account(schedule=[{"when": "date", "percent": 100, "days": -7}])
    today = clock.today(account.branch.timezone)
    order = older(account, shoot_on=today + dt.timedelta(days=30))
    assert date_instalments(order=order) == 1
    assert account.instalments.get().due_on == today + dt.timedelta(days=23)
    assert date_instalments(order=order) == 0
