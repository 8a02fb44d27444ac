"""Staff at their desks: in at the door, an order taken, the house's numbers."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, log_in


def test_staff_log_in_and_out(house: House, desk: Callable[..., Any]) -> None:
    page = desk()
    page.goto(house.console("board/"))
    expect(page).to_have_url(re.compile(r"/console/login/\?next="))
    page.guard.allow("status of 422")
    page.locator("[name=username]").fill("wanglei")
    page.locator("[name=password]").fill("not-this-one")
    page.locator("form button.btn-primary").click()
    expect(page.locator(".error-summary, [role=alert]").first).to_be_visible()
    page.goto(house.console("login/"))
    log_in(page, "wanglei")
    expect(page.locator("main h1")).to_be_visible()


def take_order(page: Any, house: House, phone: str, name: str, studio: str = "xingye") -> str:
    """Through the form; the new order's code."""
    page.goto(house.console("orders/new/", studio))
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=name]").fill(name)
    page.locator("[name=package]").first.check(force=True)
    page.locator("[name=shoot_on]").fill("2027-03-20")
    page.locator("form.new-order button.btn-primary").click()
    page.wait_for_url(re.compile(r"/console/orders/[A-Z0-9]+-\d{4}-\d+/$"))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def test_receptionist_takes_an_order(house: House, staff: Callable[..., Any]) -> None:
    page = staff("wanglei")
    code = take_order(page, house, "13600001001", "许清如")
    expect(page.locator("main h1")).to_contain_text("许清如")
    assert code.startswith("NS-")
    page.goto(house.console("board/"))
    expect(page.locator("[data-stage-list=enquiry]")).to_contain_text("许清如")


def test_headquarters_counts_a_new_order(house: House, staff: Callable[..., Any]) -> None:
    boss = staff("boss")

    def figures() -> tuple[str, int]:
        """Revenue and orders of the branch this month: the first two columns."""
        boss.goto(house.console("hq/?period=month"))
        cells = boss.locator(".hq-table tbody tr", has=boss.get_by_role("rowheader", name="南山店")).locator("td")
        return cells.nth(0).inner_text().split()[0], int(cells.nth(1).inner_text().split()[0])

    revenue, orders = figures()
    take_order(staff("wanglei"), house, "13600001002", "方晓棠")
    more_revenue, more_orders = figures()
    assert more_orders == orders + 1
    assert more_revenue != revenue
