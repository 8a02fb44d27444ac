"""A contract signed with a finger on a phone: errors lose nothing, the code comes by message, the file is theirs.

The pages of a single contract are asked by axe here, because they change while it is signed.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.axe import COLOUR, EVERYTHING, begin, violations
from tests.e2e.conftest import CODE, House, enter_portal

STUDIO = "xingye"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sound(page: Any, axe: str) -> None:
    """No violation in either theme, nothing wider than the screen."""
    begin(page, axe)
    for theme, only in (("light", EVERYTHING), ("dark", COLOUR)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert violations(page, only) == []
    assert page.evaluate(WIDE) <= 0


def scribble(page: Any) -> None:
    box = page.locator("[data-signature] canvas").bounding_box()
    assert box
    for down in (0.3, 0.6):
        page.mouse.move(box["x"] + 20, box["y"] + box["height"] * down)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * (down + 0.2), steps=6)
        page.mouse.up()


def test_read_sign_by_hand_and_keep(house: House, phone: Callable[..., Any], staff: Any, axe: str) -> None:
    made = house.clerk.contract(studio=STUDIO, name="苏念安", phone="13900002688")
    page, address = phone(), house.portal(f"contracts/{made['code']}/")
    page.set_default_navigation_timeout(30_000)
    page.guard.allow("status of 422")
    page.goto(address)
    enter_portal(page, made["phone"])
    page.wait_for_url(address)
    sound(page, axe)
    page.locator("[data-signature] [value=draw]").locator("xpath=..").tap()
    scribble(page)
    drawn = page.locator("[data-strokes]").input_value()
    page.locator("button[formaction*='/code/']").tap()
    expect(page.locator("[data-strokes]")).to_have_value(drawn)  # having a code sent loses nothing
    page.locator("#id_code").fill(CODE)
    page.locator("#submit").tap()
    expect(page.locator("#agreed-error")).to_be_visible()
    expect(page.locator("[data-strokes]")).to_have_value(drawn)  # nor does a box that was not ticked
    page.locator("#id_agreed").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    expect(page.locator("svg.drawn path")).to_have_count(1)
    expect(page.locator("a[href$='/final.pdf']")).to_be_visible(timeout=20_000)  # sealed by the worker; the page heard
    desk = staff("boss")
    desk.goto(house.console(f"contracts/{made['code']}/"))
    expect(desk.locator("a[href$='/final.pdf']")).to_be_visible()
    sound(desk, axe)
