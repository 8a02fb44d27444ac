"""The selection desk in the branch: a large screen and the customer's phone on one live page."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import House, until
from tests.e2e.gallery.conftest import Choosing, choosing  # noqa: F401 (a fixture)


@pytest.fixture
def screen(choosing: Choosing, house: House, staff: Callable[..., Any]) -> Any:  # noqa: F811
    """The adviser's desk for the customer's gallery, loaded and live."""
    page = staff("hejing", viewport={"width": 1440, "height": 900})
    page.goto(house.console(f"galleries/{choosing.gallery}/selection-desk/"))
    expect(page.locator(".cull-pane img")).to_be_visible()
    expect(page.locator("#offline")).to_be_hidden()
    return page


def stands(screen: Any, number: int) -> None:
    expect(screen.locator(".sit-caption > .num")).to_have_text(str(number))


def test_the_adviser_shows_and_the_customer_decides(choosing: Choosing, screen: Any) -> None:  # noqa: F811
    phone = choosing.page
    screen.keyboard.press("ArrowRight")
    stands(screen, 2)
    screen.keyboard.press("h")  # sits down and holds up the second
    bar = phone.locator("#sitting")
    expect(bar).to_contain_text("何静")
    expect(bar).to_contain_text("2")
    expect(screen.locator("[data-phones]")).to_contain_text("许知夏")
    bar.locator(".sit-follow").tap()
    expect(phone.locator(".pswp .lb-title")).to_contain_text("2")
    if phone.locator(".lb-lesson").count():
        phone.locator(".lb-lesson button").tap()
    choosing.act("yes")
    tapped = time.monotonic()
    expect(screen.locator(".cull-pane[data-value=yes]")).to_be_visible(timeout=3000)
    assert time.monotonic() - tapped < 3  # the real figure is measured by tests/bench
    expect(screen.locator("[data-picked]")).to_have_text("1")
    choosing.arrived({2: "yes"})
    for key in "1234567890 ":  # no key of the desk chooses
        screen.keyboard.press(key)
    screen.keyboard.press("ArrowRight")
    screen.keyboard.press("h")
    expect(phone.locator(".lb-title")).to_contain_text("3")  # it follows
    choosing.arrived({2: "yes"})


def test_a_phone_that_was_offline_catches_up(choosing: Choosing, screen: Any) -> None:  # noqa: F811
    phone = choosing.page
    phone.guard.allow("ERR_INTERNET_DISCONNECTED")
    screen.keyboard.press("h")
    phone.locator("#sitting .sit-follow").tap()
    expect(phone.locator(".pswp .lb-title")).to_contain_text("1")
    if phone.locator(".lb-lesson").count():
        phone.locator(".lb-lesson button").tap()
    phone.context.set_offline(True)
    choosing.act("maybe")
    screen.keyboard.press("ArrowRight")
    screen.keyboard.press("c")
    expect(screen.locator(".cull-pane")).to_have_count(2)
    screen.keyboard.press("h")
    expect(screen.locator("[data-held]")).to_contain_text("2, 3")
    assert choosing.stored()["values"] == {}
    phone.context.set_offline(False)
    choosing.arrived({1: "maybe"})
    expect(phone.locator("#sitting")).to_contain_text("2, 3", timeout=15_000)
    expect(phone.locator(".lb-title")).to_contain_text("2", timeout=15_000)
    choosing.act("yes")
    expect(screen.locator(".cull-pane[data-number='2'][data-value=yes]")).to_be_visible()
    expect(screen.locator(".cull-pane[data-number='3'][data-value='']")).to_be_visible()


def test_the_customer_may_decline_and_the_adviser_may_end(choosing: Choosing, screen: Any) -> None:  # noqa: F811
    phone = choosing.page
    screen.locator("[data-begin]").click()
    expect(phone.locator("#sitting")).to_contain_text("何静")
    phone.locator("#sitting .sit-mute").tap()
    expect(phone.locator("#sitting.is-muted")).to_be_visible()
    screen.keyboard.press("h")
    expect(screen.locator("[data-act=show]")).to_have_attribute("aria-pressed", "true")
    expect(phone.locator(".pswp")).to_have_count(0)
    phone.locator("#sitting .btn").tap()
    expect(phone.locator("#sitting")).to_contain_text("1")
    late = choosing.another_phone(lambda **told: phone.context.browser.new_context(**told).new_page())
    expect(late.locator("#sitting")).to_contain_text("1")  # joined late, and sees it
    late.context.close()
    screen.locator("[data-end]").click()
    expect(phone.locator("#sitting")).to_have_count(0)


def test_the_large_screen_shows_nothing_of_the_office(choosing: Choosing, screen: Any) -> None:  # noqa: F811
    screen.keyboard.press("f")
    expect(screen.locator("body.is-presenting")).to_be_visible()
    for hidden in (".side", ".page-head", ".sit-lead", ".sit-suggest"):
        expect(screen.locator(hidden)).to_be_hidden()
    expect(screen.locator(".cull-pane img")).to_be_visible()
    assert "DSC_" not in screen.locator("main").inner_text()
    screen.keyboard.press("Escape")
    until(screen, lambda: screen.locator(".page-head").is_visible())
