"""A card is topped up on the phone at the provider's page, and pays a bill there by a code; the desk sees all of it."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.axe import EVERYTHING, begin, violations
from tests.e2e.conftest import CODE, House, enter_portal

STUDIO = "yunting"
NUMBER = f"137{secrets.randbelow(10**8):08d}"
SECONDS = 25_000  # for what the worker does meanwhile


def test_topped_up_and_spent_on_the_phone(
    house: House, phone: Callable[..., Any], staff: Callable[..., Any], axe: str
) -> None:
    made = house.clerk.card_shop(slug=STUDIO, phone=NUMBER)
    page = phone()
    page.set_default_navigation_timeout(30_000)
    page.goto(house.portal("me/value/", STUDIO))
    enter_portal(page, NUMBER)
    expect(page.locator("#have")).to_be_visible()
    look(page, axe, "card-empty")
    page.locator("a[href*='least=100000']").tap()
    expect(page.locator("#id_agreed")).to_be_visible()
    look(page, axe, "terms")
    page.locator("#id_agreed").check()
    page.locator("[name=route][value=stripe]").tap()
    page.wait_for_url(f"{house.stack.fakes_url}/**")
    page.locator("[value=wechat_pay]").check()
    page.locator("button[value=pay]").tap()
    page.wait_for_url("**/me/value/top-ups/**")
    expect(page.locator("main .chip.t-ok")).to_be_visible(timeout=SECONDS)  # the page looks again by itself
    look(page, axe, "done")
    page.locator("main a[href$='/me/value/']").tap()
    expect(page.locator("#have + .price")).to_contain_text("1,100")
    look(page, axe, "card")
    page.goto(house.portal(f"orders/{made['order']}/bill/", STUDIO))
    look(page, axe, "bill")
    page.locator("a[href$='/bill/value/']").tap()
    expect(page.locator("#id_code")).to_be_visible()
    page.locator("button[formaction$='/code/']").tap()
    expect(page.locator("#code .notice")).to_be_visible()
    look(page, axe, "spend")
    page.locator("#id_code").fill(CODE)
    page.locator("form .btn-primary").tap()
    page.wait_for_url("**/bill/")
    expect(page.locator("[aria-labelledby=paid-title]")).to_be_visible()
    desk = staff("boss", STUDIO)
    desk.goto(house.console("money/values/", STUDIO))
    look(desk, axe, "values")
    desk.locator("a[href*='/values/top-ups/']").first.click()
    expect(desk.locator("h1")).to_be_visible()
    look(desk, axe, "top-up")


def look(page: Any, axe: str, name: str) -> None:
    """No violation on the page; pictures for people when a folder is named: both widths, both themes."""
    begin(page, axe)
    found = violations(page, EVERYTHING)
    assert not found, f"{name}: {found}"
    folder = os.environ.get("YL_SHOTS")
    if not folder:
        return
    size = page.viewport_size
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=str(Path(folder) / f"{name}-{width}-{theme}.png"), full_page=True)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
