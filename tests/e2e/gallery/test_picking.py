"""Every way to say something of a photograph, and the price before the tap that causes it."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import until
from tests.e2e.gallery.conftest import INCLUDED, Choosing, swipe

UP = ((195, 430), (195, 240))
LEFT = ((320, 400), (60, 400))
DOWN = ((195, 260), (195, 620))


def test_ring_buttons_swipe_and_keys_all_pick(choosing: Choosing) -> None:
    page = choosing.page
    choosing.ring(1).tap()
    expect(choosing.ring(1)).to_have_attribute("aria-pressed", "true")
    choosing.open_large(2)
    choosing.act("maybe")
    swipe(page, *LEFT)
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    swipe(page, *UP)
    expect(page.locator(".lb-title strong")).to_contain_text("5")  # selected and gone on
    choosing.act("no")
    swipe(page, *DOWN)
    expect(page.locator(".pswp")).to_have_count(0)
    choosing.arrived({1: "yes", 2: "maybe", 3: "yes", 4: "yes", 5: "no"})
    assert choosing.stored()["counts"] == [3, 1, 1]


def test_keyboard_alone_walks_picks_and_takes_back(choosing: Choosing) -> None:
    page = choosing.page
    page.evaluate("localStorage.setItem('yl:gestures-seen', '1')")
    choosing.tile(1).locator("a").focus()
    for key in ("Space", "ArrowRight", "2", "ArrowDown", "1", "ArrowDown", "ArrowLeft", "3"):
        page.keyboard.press(key)
    choosing.arrived({1: "yes", 2: "maybe", 5: "no", 7: "yes"})
    page.keyboard.press("Control+z")
    choosing.arrived({1: "yes", 2: "maybe", 5: "no"})
    page.keyboard.press("Enter")
    expect(page.locator(".pswp--ui-visible")).to_be_visible()
    page.wait_for_timeout(600)  # PhotoSwipe does not close while it is opening
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[data-number]').dataset.number") == "8"


def test_undo_takes_the_last_step_back_and_the_list_any_of_them(choosing: Choosing) -> None:
    page = choosing.page
    choosing.pick(1, 2, 3)
    page.locator("#undo button").tap()
    choosing.arrived({1: "yes", 2: "yes"})
    page.locator("details.menu summary").tap()
    page.locator("[data-steps]").tap()
    page.locator("#steps-list button").last.tap()  # the oldest
    choosing.arrived({2: "yes"})
    expect(page.locator("#steps-list li")).to_have_count(1)


def test_back_button_closes_the_photograph_only(choosing: Choosing) -> None:
    page = choosing.page
    choosing.open_large(4)
    page.go_back()
    expect(page.locator(".pswp")).to_have_count(0)
    assert page.url == choosing.address
    expect(page.locator("#grid")).to_be_visible()


def test_the_price_of_an_extra_photo_stands_there_before_the_tap(choosing: Choosing) -> None:
    page = choosing.page
    expect(page.locator("#price")).to_contain_text("¥60")
    expect(choosing.ring(INCLUDED + 1)).not_to_have_attribute("data-price", "+¥60")
    choosing.pick(*range(1, INCLUDED + 1))
    expect(page.locator("#price")).to_contain_text("+¥60")
    expect(choosing.ring(INCLUDED + 1)).to_have_attribute("data-price", "+¥60")
    expect(choosing.ring(INCLUDED + 1)).to_have_accessible_name("选照片 7，加 ¥60")
    choosing.open_large(INCLUDED + 1)
    expect(page.locator(".lightbox-price strong")).to_contain_text("¥60")
    expect(page.locator(".lightbox-acts [data-v=yes]")).to_contain_text("+¥60")
    choosing.act("yes")
    expect(page.locator(".lightbox-price")).to_contain_text("¥60")
    choosing.close()
    expect(page.locator("#price")).to_contain_text("¥60 = ¥60")
    choosing.pick(1)  # one taken back: all is included again, the next one costs again
    expect(page.locator("#price")).to_contain_text("+¥60")


def test_a_burst_of_twelve_taps_is_at_most_two_requests(choosing: Choosing) -> None:
    posts = []
    choosing.page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    begun = time.monotonic()
    for number in range(1, 13):
        choosing.pick(number)
        choosing.page.wait_for_timeout(60)
    seconds = time.monotonic() - begun  # less than one, but on a machine that does other things as well
    choosing.arrived(dict.fromkeys(range(1, 13), "yes"))
    assert len(posts) <= 2 + int(seconds)


def test_a_filter_keeps_its_list_still_while_one_chooses(choosing: Choosing) -> None:
    page = choosing.page
    choosing.pick(1, 2)
    page.locator("[data-filter=yes]").tap()
    expect(page.locator("#grid [data-number]")).to_have_count(2)
    choosing.pick(1)
    expect(page.locator("#grid [data-number]")).to_have_count(2)
    page.locator("[data-filter=yes]").tap()
    expect(page.locator("#grid [data-number]")).to_have_count(1)
    page.locator("[data-filter=noted]").tap()
    expect(page.locator("#empty")).to_be_visible()


def test_density_and_fit_are_kept(choosing: Choosing) -> None:
    page = choosing.page
    page.locator("details.menu summary").tap()
    page.locator("[data-cols='2']").tap()
    page.locator("details.menu summary").tap()
    page.locator("button[data-fit=contain]").tap()
    page.reload()
    expect(page.locator("#grid")).to_have_attribute("data-cols", "2")
    expect(page.locator("#grid")).to_have_attribute("data-fit", "contain")


def test_a_note_reaches_the_studio_and_comes_back(choosing: Choosing, phone: Callable[..., Any]) -> None:
    page = choosing.page
    choosing.open_large(5)
    choosing.act("note")
    page.locator(".chip-check").nth(1).tap()
    page.locator("#note textarea").fill("请把背景的人去掉")
    page.locator("#note [value=save]").tap()
    until(page, lambda: choosing.stored()["notes"] == {"5": "请把背景的人去掉"})
    choosing.close()
    expect(choosing.tile(5)).to_have_attribute("data-noted", "")
    other = choosing.another_phone(phone)
    other.evaluate("localStorage.setItem('yl:gestures-seen', '1')")
    choosing.tile(5, other).locator("a").tap()
    other.locator(".lightbox-acts [data-v=note]").tap()
    expect(other.locator("#note textarea")).to_have_value("请把背景的人去掉")
    expect(other.locator("#note input[value=spots]")).to_be_checked()


def test_a_note_closed_by_a_slip_is_still_there(choosing: Choosing) -> None:
    page = choosing.page
    choosing.open_large(3)
    choosing.act("note")
    page.locator("#note textarea").fill("眼镜反光")
    page.locator("#note [data-dialog-close]").tap()
    choosing.act("note")
    expect(page.locator("#note textarea")).to_have_value("眼镜反光")
    page.locator("#note [data-note-cancel]").tap()
    choosing.act("note")
    expect(page.locator("#note textarea")).to_have_value("")


def test_over_the_package_the_bar_says_what_to_swap_out(choosing: Choosing) -> None:
    page = choosing.page
    choosing.pick(*range(1, INCLUDED + 1))
    expect(page.locator("#swap")).to_be_hidden()
    choosing.pick(INCLUDED + 1)
    expect(page.locator("#swap")).to_contain_text(str(INCLUDED + 1))
    choosing.pick(INCLUDED + 1)
    expect(page.locator("#swap")).to_be_hidden()
