"""A customer on a phone: in by a code, the order as it moves."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import CODE, House, enter_portal


@pytest.mark.parametrize("door", ["host", "path"])
def test_login_by_code_opens_the_order(house: House, phone: Callable[..., Any], door: str) -> None:
    order = house.clerk.order(studio="xingye", stage="preparation", name="温以宁")
    page = phone()
    start = house.portal() if door == "host" else f"{house.stack.url}/s/xingye/"
    page.goto(start)
    enter_portal(page, order["phone"])
    page.wait_for_url(start)
    expect(page.locator("main")).to_contain_text(order["code"])


def test_a_wrong_code_opens_nothing(house: House, phone: Callable[..., Any]) -> None:
    order = house.clerk.order(studio="xingye", stage="preparation", name="季云舒")
    page = phone()
    page.guard.allow("status of 422")
    page.goto(house.portal())
    enter_portal(page, order["phone"], code="".join(str((int(digit) + 1) % 10) for digit in CODE))
    expect(page.locator("[name=code]")).to_be_visible()
    expect(page.locator(".field-error, .error-summary").first).to_be_visible()
    page.goto(house.portal())
    expect(page.locator("[name=phone]")).to_be_visible()


def test_order_page_moves_by_itself(house: House, phone: Callable[..., Any]) -> None:
    order = house.clerk.order(studio="xingye", stage="preparation", name="陆明澈")
    page = phone()
    page.goto(house.portal(f"orders/{order['code']}/"))
    enter_portal(page, order["phone"])
    expect(page.locator("main")).to_contain_text(order["code"])
    page.evaluate("document.body.dataset.sameDocument = 'yes'")
    before = page.locator("[data-position]").inner_text()
    expect(page.locator("[data-order]")).to_be_visible()
    page.wait_for_timeout(1000)  # the socket
    house.clerk.move(studio="xingye", code=order["code"], target="shoot")
    expect(page.locator("[data-position]")).not_to_have_text(before, use_inner_text=True)
    expect(page.locator("body")).to_have_attribute("data-same-document", "yes")


def test_somebody_elses_order_does_not_exist(house: House, phone: Callable[..., Any]) -> None:
    order = house.clerk.order(studio="xingye", stage="preparation", name="沈清和")
    page = phone()
    page.guard.allow("status of 404")
    page.goto(house.portal())
    enter_portal(page, order["phone"])
    page.wait_for_url(house.portal())
    answer = page.goto(house.portal(f"orders/{house.story['couple']['code']}/"))
    assert answer.status == 404
    answer = page.goto(house.portal(f"gallery/{house.story['couple']['gallery']}/"))
    assert answer.status == 404
