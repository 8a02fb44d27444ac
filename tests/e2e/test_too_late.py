"""Money that comes twice, or for a date that is gone: both sides see the same sums, and are offered what to do."""

import secrets
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal, until
from tests.e2e.test_book_sign_pay import NUMBER as BOOKER
from tests.e2e.test_book_sign_pay import found_a_saturday, held, minor, signed
from tests.e2e.test_topup import look

TWICE, LATE = "liangci", "chidao"
NUMBER = f"136{secrets.randbelow(10**8):08d}"
SECONDS = 25_000  # for what the worker does meanwhile
WHOLE, CRATE = 399900, 60000


def test_a_bill_paid_twice_is_used_in_part_and_given_back(
    house: House, phone: Callable[..., Any], staff: Callable[..., Any], axe: str
) -> None:
    made = house.clerk.card_shop(slug=TWICE, phone=NUMBER)
    page, order = phone(), made["order"]
    page.set_default_navigation_timeout(30_000)
    page.goto(house.portal(f"orders/{order}/bill/", TWICE))
    enter_portal(page, NUMBER)
    page.locator("[name=route][value=stripe]").tap()
    page.wait_for_url(f"{house.stack.fakes_url}/**")
    house.clerk.twice(studio=TWICE, order=order)
    until(page, lambda: house.clerk.books(studio=TWICE, order=order)["surplus"] == WHOLE)
    page.goto(house.portal(f"orders/{order}/bill/", TWICE))
    expect(page.locator(".panel-ink")).to_contain_text("3,999")  # so much goes back, says the bill
    look(page, axe, "twice-bill")
    desk = staff("boss", TWICE)
    desk.goto(house.console("money/", TWICE))
    expect(desk.locator("[aria-labelledby=payments-title] .chip.t-warn").first).to_be_visible()
    look(desk, axe, "twice-checking")
    desk.goto(house.console(f"money/orders/{order}/", TWICE))
    expect(desk.locator("[aria-labelledby=money-title] .chip.t-warn").first).to_be_visible()
    look(desk, axe, "twice-desk")
    desk.goto(house.console(f"money/orders/{order}/charges/", TWICE))  # used for something more, agreed with them
    desk.locator("[name=name]").fill("精修加片")
    desk.locator("[name=amount]").fill("600")
    desk.locator("form .btn-primary").click()
    expect(desk.locator("[aria-labelledby=money-title]")).to_contain_text("3,399")
    desk.goto(house.console(f"money/orders/{order}/refunds/", TWICE))
    expect(desk.locator("#returnable-title")).to_be_visible()
    desk.locator("[name=amount]").fill("3399")
    desk.locator("[name=reason]").fill("重复付款")
    desk.locator("form .btn-danger, form .btn-primary").first.click()
    expect(desk.locator("[aria-labelledby=money-title]")).to_contain_text("重复付款")
    found = house.clerk.books(studio=TWICE, order=order)
    assert found["came"] == [WHOLE, WHOLE]
    assert sum(found["back"]) == WHOLE - CRATE
    assert (found["charged"], found["paid"]) == (WHOLE + CRATE, WHOLE + CRATE)
    assert (found["owed"], found["surplus"], found["faults"]) == (0, 0, [])
    page.reload()
    expect(page.locator("[aria-labelledby=paid-title]")).to_contain_text("3,399")
    look(page, axe, "twice-over")


def test_money_for_a_date_that_is_gone_comes_back_whole(
    house: House, phone: Callable[..., Any], staff: Callable[..., Any], axe: str
) -> None:
    made = house.clerk.shop(slug=LATE)
    page = phone()
    page.set_default_navigation_timeout(30_000)
    found_a_saturday(house, page, made, LATE)
    held(page)
    signed(page)
    page.locator(".panel-ink .btn-cream").tap()
    page.wait_for_url("**/bill/")
    deposit = minor(page.locator("#due-title").inner_text())
    page.locator("[name=route][value=stripe]").tap()
    page.wait_for_url(f"{house.stack.fakes_url}/**")
    order = house.clerk.gone(studio=LATE, phone=BOOKER)
    page.locator("button[value=pay]").tap()
    page.wait_for_url("**/payments/**")
    expect(page.locator("a[href$='/cancellation/']")).to_be_visible(timeout=SECONDS)  # or another date, by its side
    expect(page.locator("a[href$='/date/']")).to_be_visible()
    look(page, axe, "late-paid")
    found = house.clerk.books(studio=LATE, order=order)
    assert (found["came"], found["faults"]) == ([deposit], [])
    desk = staff("boss", LATE)
    desk.goto(house.console(f"money/orders/{order}/", LATE))
    look(desk, axe, "late-desk")
    page.locator("a[href$='/cancellation/']").tap()
    assert minor(page.locator("#back").inner_text()) == deposit
    page.locator("[name=reason]").fill("档期已没有了")
    page.locator("form .btn-danger").tap()
    page.locator("dialog .btn-danger").tap()
    page.wait_for_url("**/bookings/**")
    until(page, lambda: house.clerk.books(studio=LATE, order=order)["back"] == [deposit])
    found = house.clerk.books(studio=LATE, order=order)
    assert (found["paid"], found["owed"], found["surplus"], found["faults"]) == (0, 0, 0, [])
    look(page, axe, "late-over")
