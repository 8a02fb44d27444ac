"""The timeline: a drag asks before it moves, the same by form; a colleague's calendar follows by itself."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, until

FORM = "dialog#form-dialog[open]"


def drag(page: Any, bar: Any, hours: float) -> None:
    """By mouse along the row; half an hour is 40 px wide."""
    box = bar.bounding_box()
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (0.2, 0.6, 1.0):
        page.mouse.move(x + hours * 80 * part, y, steps=4)
    page.mouse.up()


def place(page: Any) -> float:
    """Where the shoot's bar begins; nowhere (-1) while the calendar draws it again."""
    box = page.locator(".ec-event", has_text="苏念").first.bounding_box()
    return float(box["x"]) if box else -1.0


def test_a_drag_asks_and_the_colleague_sees_it(house: House, staff: Callable[..., Any]) -> None:
    made = house.clerk.book(studio="xingye", days=4)
    here, there = staff("wanglei", viewport={"width": 1600, "height": 900}), staff("linhui")
    for page in (here, there):
        page.goto(house.console(f"calendar/?day={made['day']}"))
        expect(page.locator("[data-live-state=on]").first).to_be_attached()
        expect(page.locator(".ec-event", has_text="苏念").first).to_be_visible()
    there.evaluate("document.body.dataset.sameDocument = 'yes'")
    bar = here.locator(".ec-event", has_text="苏念").first
    left = place(here)
    drag(here, bar, 2)
    expect(here.locator(f"{FORM} input[name=start]")).to_have_value(f"{made['day']}T12:00")
    here.keyboard.press("Escape")
    until(here, lambda: abs(place(here) - left) < 3)
    assert house.clerk.date(studio="xingye", code=made["code"])["at"] == "10:00"
    drag(here, here.locator(".ec-event", has_text="苏念").first, 3)
    expect(here.locator(f"{FORM} input[name=start]")).to_have_value(f"{made['day']}T13:00")
    before = place(there)
    here.locator(f"{FORM} button.btn-primary").click()
    here.wait_for_url("**/dates/*/")
    assert house.clerk.date(studio="xingye", code=made["code"])["at"] == "13:00"
    until(there, lambda: place(there) > before + 100)
    expect(there.locator("body")).to_have_attribute("data-same-document", "yes")


def test_the_phone_has_an_agenda_and_no_timeline(house: House, staff: Callable[..., Any]) -> None:
    made = house.clerk.book(studio="xingye", days=5)
    page = staff("wanglei", viewport={"width": 390, "height": 844})
    page.goto(house.console(f"calendar/?day={made['day']}"))
    page.locator(".agenda a", has_text="苏念").click()
    expect(page.locator(FORM)).to_contain_text("10:00–12:00")
    page.locator(f"{FORM} a[href$='/time/']").click()
    expect(page.locator("input[name=start]")).to_have_value(f"{made['day']}T10:00")
    page.locator(".cal-offer a").last.click()
    page.locator("#plan button.btn-primary").click()
    page.wait_for_url("**/dates/*/")
    assert house.clerk.date(studio="xingye", code=made["code"])["state"] == "confirmed"
    assert page.evaluate("typeof EventCalendar") == "undefined"
