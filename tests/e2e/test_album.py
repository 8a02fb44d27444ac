"""An album on a 390 px phone: a pin and words, done, a new draft that resets one spread only, approved, printed."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal

STUDIO = "xingye"


def test_an_album_from_the_first_draft_to_the_signature(house: House, phone: Callable[..., Any], staff: Any) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=5, included=5, name="许知夏")
    house.clerk.retouch(studio=STUDIO, gallery=made["code"], numbers=[1, 2, 3], begin=True, send=False)
    pictures = [str(path) for path in house.pictures[:3]]
    files = [["01.jpg", pictures[0]], ["02.jpg", pictures[1]]]
    house.clerk.album(studio=STUDIO, gallery=made["code"], files=files, begin=True)
    desk = staff("boss")
    desk.goto(house.console(f"galleries/{made['code']}/albums/1/"))
    expect(desk.locator("[data-live-state=on]").first).to_be_visible()
    expect(desk.locator(".desk-spread")).to_have_count(2)
    page = phone()
    page.set_default_navigation_timeout(30_000)
    home = house.portal(f"gallery/{made['code']}/album/1/")
    page.goto(home)
    enter_portal(page, made["phone"])
    page.wait_for_url(home)
    expect(page.locator(".spread-tile")).to_have_count(2)
    comment_on_the_first(page)
    expect(desk.locator(".desk-spread[data-state=change]")).to_have_count(1)  # the desk heard of it
    give_back(page, home)
    told = house.clerk.album(studio=STUDIO, gallery=made["code"], files=[["01_v2.jpg", pictures[2]]])
    assert told == {"state": "proofing", "round": 2}
    expect(page.locator(".spread-tile[data-value=left]")).to_have_count(1)  # the page heard of it; 02 stays approved
    expect(page.locator(".spread-tile[data-value=approve]")).to_have_count(1)
    read_the_old_draft(page, home)
    approve(page, home)


def comment_on_the_first(page: Any) -> None:
    """A pin by a tap, words, then on to the second by a swipe's button."""
    page.locator(".spread-tile a").first.tap()
    page.wait_for_url("**/draft/1/1/")
    box = page.locator("[data-sheet]").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(page.locator("[data-pinned]")).to_be_visible()
    page.locator("[data-say] textarea").fill("这张往左一点")
    page.locator("[data-say] .btn-primary").tap()
    expect(page.locator(".spread-pins a")).to_have_count(1)
    cx = page.locator(".spread-pins a circle").get_attribute("cx")
    assert abs(float(cx.rstrip("%")) - 25) < 2
    page.locator(".spread-nav [rel=next]").tap()
    page.wait_for_url("**/draft/1/2/")


def give_back(page: Any, home: str) -> None:
    page.locator(".spread-word button[value=approve]").first.tap()
    page.wait_for_url(home)
    page.locator("form[action$='/return/'] button").tap()
    page.locator("dialog[open] .btn-primary").tap()
    expect(page.locator("form[action$='/return/']")).to_have_count(0)
    page.wait_for_timeout(1000)  # the socket


def read_the_old_draft(page: Any, home: str) -> None:
    page.goto(f"{home}draft/1/")
    expect(page.locator(".notice.t-warn")).to_be_visible()
    page.goto(f"{home}draft/1/1/")
    expect(page.locator(".spread-pins a")).to_have_count(1)
    expect(page.locator(".spread-word")).to_have_count(0)
    page.goto(home)


def approve(page: Any, home: str) -> None:
    """The changed spread, which settles what was asked of it; then the whole; then the sheet for the printer."""
    page.locator(".panel-ink a").tap()
    page.wait_for_url("**/draft/2/1/")
    expect(page.locator(".said")).to_contain_text("这张往左一点")
    page.locator(".spread-word button[value=approve]").first.tap()
    page.wait_for_url(home)
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#sign button.btn-primary").tap()
    expect(page.locator("#sign")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".panel-ink a").tap()
    page.wait_for_url("**/evidence/")
    expect(page.locator(".evidence")).to_contain_text("许知夏")
    page.emulate_media(media="print")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator(".evidence code").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
