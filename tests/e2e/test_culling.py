"""Staff sort by keyboard, and the customer's gallery follows: hidden photographs are gone from the phone at once."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import House, until
from tests.e2e.gallery.conftest import Choosing, choosing  # noqa: F401 (a fixture)


@pytest.fixture
def desk_of(house: House, staff: Callable[..., Any]) -> Callable[[str], Any]:
    """`desk_of(gallery code)` → the adviser's cull page, loaded and live."""

    def open_page(code: str) -> Any:
        page = staff("boss")
        page.goto(house.console(f"galleries/{code}/culling/"))
        expect(page.locator(".cull-pane img")).to_be_visible()
        expect(page.locator("#offline")).to_be_hidden()
        return page

    return open_page


def number(page: Any) -> int:
    return int(page.locator(".cull-caption > .num").inner_text())


def saved(page: Any) -> None:
    expect(page.locator("[data-saving=saved]")).to_be_visible()


def hidden(house: House, order: str) -> list[int]:
    photos = house.clerk.facts(studio="xingye", code=order)["photos"]
    return [at for at, (_name, state) in enumerate(photos, start=1) if state == "hidden"]


def test_culling_by_keyboard_shrinks_the_customers_gallery(
    choosing: Choosing,  # noqa: F811 (a fixture)
    desk_of: Callable[[str], Any],
) -> None:
    choosing.page.guard.allow("status of 404")  # a proof that the phone asks for just when it is hidden
    choosing.pick(4)
    choosing.arrived({4: "yes"})
    desk = desk_of(choosing.gallery)
    for key in ["x", "p", "x", "x"]:  # 1 hidden, 2 kept, 3 hidden, 4 refused: the customer chose it
        desk.keyboard.press(key)
    until(desk, lambda: hidden(choosing.house, choosing.order) == [1, 3])
    expect(desk.locator(".toast.t-bad")).to_be_visible()
    until(choosing.page, lambda: choosing.tile(1).count() == choosing.tile(3).count() == 0)
    expect(choosing.tile(4)).to_have_attribute("data-state", "yes")
    desk.keyboard.press("Control+z")  # the one that was refused
    desk.keyboard.press("Control+z")
    until(desk, lambda: hidden(choosing.house, choosing.order) == [1])
    expect(choosing.tile(3)).to_be_visible()
    desk.keyboard.press("5")
    expect(desk.locator("[data-act=stars-5]")).to_have_attribute("aria-pressed", "true")
    desk.keyboard.press("c")
    expect(desk.locator(".cull-pane")).to_have_count(2)
    desk.keyboard.press("z")
    moved = desk.locator(".cull-pane img").evaluate_all("all => new Set(all.map((one) => one.style.transform)).size")
    assert moved == 1
    desk.keyboard.press("Escape")
    expect(desk.locator(".cull-pane")).to_have_count(1)
    saved(desk)
    desk.reload()
    expect(desk.locator(".cull-caption > .num")).to_have_text("1")
    expect(desk.locator("[data-act=reject]")).to_have_attribute("aria-pressed", "true")


def test_what_is_marked_offline_arrives_later_even_after_a_closed_tab(
    choosing: Choosing,  # noqa: F811 (a fixture)
    desk_of: Callable[[str], Any],
) -> None:
    desk = desk_of(choosing.gallery)
    desk.guard.allow("ERR_INTERNET_DISCONNECTED")
    saved(desk)
    desk.context.set_offline(True)
    desk.locator("[data-act=reject]").click()
    desk.locator("[data-act=reject]").click()
    expect(desk.locator("[data-retry]")).to_be_visible()
    assert hidden(choosing.house, choosing.order) == []
    other = desk.context.new_page()
    desk.close()
    desk.context.set_offline(False)
    other.goto(choosing.house.console(f"galleries/{choosing.gallery}/culling/"))
    until(other, lambda: hidden(choosing.house, choosing.order) == [1, 2])
    saved(other)


def test_a_thousand_photos_are_twenty_elements(house: House, desk_of: Callable[[str], Any]) -> None:
    made = house.clerk.shelved(studio="xingye", photos=1000, included=12, name="千张")
    desk = desk_of(made["code"])
    assert desk.locator(".strip-item").count() < 40
    desk.locator("[data-strip]").evaluate("strip => { strip.scrollLeft = strip.scrollWidth }")
    expect(desk.locator("[data-number='1000']")).to_be_visible()
    desk.locator("[data-number='1000']").click()
    assert number(desk) == 1000
    assert desk.locator(".strip-item").count() < 40


def test_a_corrected_file_takes_the_place_of_a_photo(house: House, staff: Callable[..., Any]) -> None:
    order = house.clerk.order(studio="xingye", stage="selection", name="换片")
    code = house.clerk.gallery(studio="xingye", code=order["code"], pictures=[str(house.pictures[0])], publish=True)
    page = staff("zhouhang")
    page.goto(house.console(f"galleries/{code}/"))
    page.locator(".staff-tile a").first.click()
    page.locator("[data-replace] input").set_input_files(house.pictures[7])
    expect(page.locator(".toast.t-ok")).to_be_visible(timeout=20_000)
    name = house.pictures[7].name
    until(page, lambda: [name, "ready"] in house.clerk.facts(studio="xingye", code=order["code"])["photos"], 30)
    expect(page.locator(".staff-tile .name")).to_contain_text(name)
    photos = house.clerk.facts(studio="xingye", code=order["code"])["photos"]
    assert photos == [[name, "ready"], [house.pictures[0].name, "removed"]]
