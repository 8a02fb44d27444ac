"""A studio's customers and orders as an owner reads them in a spreadsheet: words instead of numbers and codes."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.kernel.money import exponent
from core.orders.models import Order
from core.people.models import Customer

Sheet = tuple[str, Iterator[list[Any]]]
STEP = 500


def sheets(zone: str) -> list[Sheet]:
    """(name of the file, its lines), the first line names the columns. Inside the studio; `zone`: customers' days.

    Of the orders the day counts where their branch is.
    """
    return [(_("customers"), _customers(ZoneInfo(zone))), (_("orders"), _orders())]


def _customers(zone: dt.tzinfo) -> Iterator[list[Any]]:
    yield [
        _("Name"), _("Phone"), _("WeChat"), _("Birthday"), _("City"), _("Source channel"), _("Tags"), _("Note"),
        _("Since"),
    ]  # fmt: skip
    for one in Customer.objects.order_by("pk").iterator(STEP):
        yield [
            one.name, one.phone, one.wechat, one.birthday or "", one.city, one.get_source_display(),
            " ".join(one.tags), one.note, _local(one.created_at, zone),
        ]  # fmt: skip


def _orders() -> Iterator[list[Any]]:
    yield [
        _("Order number"), _("Title"), _("Customer"), _("Phone"), _("Package"), _("Branch"), _("Stage"), _("State"),
        _("Taken at"), _("Shoot date"), _("Promised delivery"), _("Currency"), _("Price"), _("Total"), _("Paid"),
        _("Note"),
    ]  # fmt: skip
    rows = Order.objects.select_related("customer", "package", "branch", "account").order_by("pk")
    for order in rows.iterator(STEP):
        account, money = order.account, order.currency
        total = account.charged_minor if account else order.price_minor
        paid = account.received_minor - account.returned_minor if account else 0
        yield [
            order.code, order.title, order.customer.name, order.customer.phone, order.package.name, order.branch.name,
            order.get_stage_display(), order.get_state_display(),
            _local(order.taken_at, ZoneInfo(order.branch.timezone)), order.shoot_on or "", order.promised_on or "",
            money, _amount(order.price_minor, money), _amount(total, money), _amount(paid, money), order.note,
        ]  # fmt: skip


def _amount(minor: int, currency: str) -> str:
    places = exponent(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f}"


def _local(at: dt.datetime, zone: dt.tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
