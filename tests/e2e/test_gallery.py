"""Choosing on a phone: every way to pick, the price before the tap, nothing lost offline, submit and unlock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal

INCLUDED = 12  # of the clerk's package; an extra photo costs ¥60


@dataclass
class Choosing:
    """A customer's phone on a gallery of sixteen photographs of their own."""

    house: House
    page: Any
    gallery: str
    order: dict[str, Any]

    def ring(self, number: int) -> Any:
        return self.page.locator(f"[data-number='{number}'] .pick")

    def stored(self) -> dict[str, Any]:
        return dict(self.house.clerk.chosen(studio="xingye", gallery=self.gallery))

    def arrived(self, values: dict[str, str]) -> None:
        """Wait until PostgreSQL holds exactly these picks."""
        end = time.monotonic() + 15
        while self.stored()["values"] != values and time.monotonic() < end:
            time.sleep(0.2)
        assert self.stored()["values"] == values


@pytest.fixture
def choosing(house: House, phone: Callable[..., Any]) -> Choosing:
    order = house.clerk.order(studio="xingye", stage="selection", name="许知夏")
    pictures = [str(path) for path in house.pictures[:16]]
    code = house.clerk.gallery(studio="xingye", code=order["code"], pictures=pictures, publish=True)
    page = phone()
    page.goto(house.portal(f"gallery/{code}/"))
    enter_portal(page, order["phone"])
    page.wait_for_url(f"**/gallery/{code}/")
    expect(page.locator("#grid.is-windowed")).to_be_visible()
    return Choosing(house, page, code, order)


def test_ring_lightbox_swipe_and_keys_all_pick(choosing: Choosing) -> None:
    page = choosing.page
    choosing.ring(1).tap()
    page.locator("[data-number='2'] > a").tap()
    page.locator(".lightbox-acts [data-v=maybe]").tap()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    swipe_up(page)
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    choosing.arrived({"1": "yes", "2": "maybe", "3": "yes", "4": "yes"})
    assert choosing.stored()["counts"] == [3, 1, 0]


def swipe_up(page: Any) -> None:
    """A thumb moves up the photograph."""
    touch = page.context.new_cdp_session(page)
    points = [{"x": 195, "y": y} for y in (460, 420, 360, 300, 240)]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        page.wait_for_timeout(16)
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(500)


def test_a_burst_of_taps_is_at_most_two_requests_and_undo_takes_one_back(choosing: Choosing) -> None:
    posts = []
    choosing.page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    for number in range(1, 10):
        choosing.ring(number).evaluate("button => button.click()")
    choosing.arrived({str(number): "yes" for number in range(1, 10)})
    assert len(posts) <= 2
    choosing.page.locator(".toast button").first.tap()
    choosing.arrived({str(number): "yes" for number in range(1, 9)})


def test_the_price_of_an_extra_photo_stands_there_before_the_tap(choosing: Choosing) -> None:
    page = choosing.page
    expect(page.locator("[data-price]")).to_contain_text("60")
    for number in range(1, INCLUDED + 1):
        choosing.ring(number).evaluate("button => button.click()")
    expect(page.locator("[data-price]")).to_contain_text("+¥60")
    expect(choosing.ring(13)).to_have_attribute("aria-label", "选照片 13，加 ¥60")
    page.locator("[data-number='13'] > a").tap()
    expect(page.locator(".lightbox-price strong")).to_contain_text("+¥60")
    page.locator(".lightbox-acts [data-v=yes]").tap()
    expect(page.locator(".lightbox-price")).to_contain_text("¥60")
    page.keyboard.press("Escape")
    expect(page.locator("#counter")).to_have_class("counter is-over")


def test_five_offline_picks_survive_a_killed_tab(choosing: Choosing) -> None:
    page = choosing.page
    page.guard.allow("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    page.context.set_offline(True)
    for number in (2, 4, 6, 8, 10):
        choosing.ring(number).tap()
    expect(page.locator("#sync")).to_contain_text("5")
    page.close(run_before_unload=False)
    assert choosing.stored()["values"] == {}
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(choosing.house.portal(f"gallery/{choosing.gallery}/"))
    expect(again.locator("[data-number='2']")).to_have_attribute("data-state", "yes")
    choosing.arrived({"2": "yes", "4": "yes", "6": "yes", "8": "yes", "10": "yes"})
    assert choosing.stored()["counts"] == [5, 0, 0]


def test_a_note_reaches_the_studio(choosing: Choosing) -> None:
    page = choosing.page
    page.locator("[data-number='5'] > a").tap()
    page.locator(".lightbox-acts [data-v=note]").tap()
    page.locator("#note textarea").fill("请把背景的人去掉")
    page.locator("#note .btn-primary").tap()
    end = time.monotonic() + 10
    while "5" not in choosing.stored()["notes"] and time.monotonic() < end:
        time.sleep(0.2)
    assert choosing.stored()["notes"] == {"5": "请把背景的人去掉"}


def test_submit_locks_and_the_studio_opens_it_again(choosing: Choosing) -> None:
    page = choosing.page
    for number in range(1, INCLUDED + 3):
        choosing.ring(number).evaluate("button => button.click()")
    choosing.arrived({str(number): "yes" for number in range(1, INCLUDED + 3)})
    page.locator("#dock a.btn-primary").tap()
    expect(page.locator("main")).to_contain_text("¥120")
    page.guard.allow("status of 422")
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#submit").tap()
    expect(page.locator("#accept-error")).to_be_visible()  # extras need their own yes; the name is kept
    expect(page.locator("#id_signed_name")).to_have_value("许知夏")
    page.locator("#id_accept_extra").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    assert choosing.stored()["state"] == "submitted"
    assert choosing.house.clerk.facts(studio="xingye", code=choosing.order["code"])["stage"] == "production"
    page.goto(choosing.house.portal(f"gallery/{choosing.gallery}/"))
    expect(page.locator("#grid.is-windowed")).to_be_visible()
    expect(choosing.ring(1)).to_be_hidden()
    page.wait_for_timeout(1000)  # the socket
    choosing.house.clerk.unlock(studio="xingye", gallery=choosing.gallery)
    expect(choosing.ring(1)).to_be_visible()
    assert choosing.stored()["state"] == "open"
