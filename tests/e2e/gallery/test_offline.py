"""Nothing that was tapped is ever lost: no network, a killed tab, a second tab, a second phone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import until
from tests.e2e.gallery.conftest import INCLUDED, STUDIO, Choosing, ready

OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")


def test_five_offline_picks_survive_a_killed_tab(choosing: Choosing) -> None:
    page = choosing.page
    page.guard.allow(*OFFLINE)
    page.context.set_offline(True)
    numbers = (2, 4, 6, 8, 10)
    for number in numbers:
        choosing.ring(number).tap()
    expect(page.locator("#sync")).to_contain_text("5")
    page.locator("#dock a.btn-primary").tap()
    expect(page.locator(".toast")).to_be_visible()  # and not the browser's page for lost people
    expect(page).to_have_url(choosing.address)
    page.close(run_before_unload=False)
    assert choosing.stored()["values"] == {}
    choosing.page = page.context.new_page()
    page.context.set_offline(False)
    choosing.page.goto(choosing.address)
    for number in numbers:
        expect(choosing.tile(number)).to_have_attribute("data-state", "yes")
    choosing.arrived(dict.fromkeys(numbers, "yes"))
    assert choosing.stored()["counts"] == [5, 0, 0]
    expect(choosing.page.locator("[data-count=yes]")).to_have_text("5")
    assert _left(choosing.page) == []


def test_taps_outlive_a_browser_that_dies_before_its_storage_is_on_the_disk(choosing: Choosing) -> None:
    page = choosing.page
    page.guard.allow(*OFFLINE)
    page.context.set_offline(True)
    for number in (3, 5):
        choosing.ring(number).tap()
    expect(page.locator("#sync")).to_contain_text("2")
    page.wait_for_timeout(200)
    page.evaluate("Object.keys(localStorage).forEach(key => localStorage.removeItem(key))")  # as a kill would
    page.close(run_before_unload=False)
    choosing.page = page.context.new_page()
    page.context.set_offline(False)
    choosing.page.goto(choosing.address)
    expect(choosing.tile(3)).to_have_attribute("data-state", "yes")
    choosing.arrived({3: "yes", 5: "yes"})


def test_picks_and_notes_made_offline_go_out_when_the_network_is_back(choosing: Choosing) -> None:
    page = choosing.page
    page.guard.allow(*OFFLINE)
    choosing.open_large(1)
    choosing.act("note")
    page.locator("#note [data-note-cancel]").tap()
    page.context.set_offline(True)
    choosing.act("maybe")
    choosing.act("note")
    page.locator("#note textarea").fill("离线写的")
    page.locator("#note [value=save]").tap()
    choosing.act("yes")
    choosing.close()
    expect(page.locator("#sync")).to_contain_text("2")
    page.context.set_offline(False)
    choosing.arrived({1: "yes"})
    until(page, lambda: choosing.stored()["notes"] == {"1": "离线写的"})
    expect(page.locator("#sync")).not_to_have_class("is-waiting")


def test_two_tabs_lose_nothing(choosing: Choosing) -> None:
    first, second = choosing.page, choosing.page.context.new_page()
    first.guard.allow(*OFFLINE)
    second.goto(choosing.address)
    ready(second)
    first.context.set_offline(True)
    choosing.ring(1, first).tap()
    choosing.ring(2, second).tap()
    choosing.ring(3, first).tap()
    expect(choosing.tile(3, second)).to_have_attribute("data-state", "yes")  # heard from the other tab
    first.context.set_offline(False)
    choosing.arrived(dict.fromkeys((1, 2, 3), "yes"))
    assert _left(first) == []


def test_another_phone_shows_up_live(choosing: Choosing, phone: Callable[..., Any]) -> None:
    other = choosing.another_phone(phone)
    choosing.page.wait_for_timeout(1500)  # both sockets
    choosing.ring(7, other).tap()
    expect(choosing.tile(7)).to_have_attribute("data-state", "yes")
    expect(choosing.page.locator("[data-count=yes]")).to_have_text("1")


def test_what_the_server_does_not_take_goes_back_and_says_why(choosing: Choosing) -> None:
    page = choosing.page
    page.guard.allow(*OFFLINE)
    choosing.pick(*range(1, INCLUDED + 1))
    choosing.arrived(dict.fromkeys(range(1, INCLUDED + 1), "yes"))
    page.context.set_offline(True)
    choosing.ring(9).tap()
    choosing.house.clerk.submit(studio=STUDIO, gallery=choosing.gallery)
    page.context.set_offline(False)
    expect(choosing.tile(9)).not_to_have_attribute("data-state", "yes")
    expect(page.locator(".gallery-notice")).to_be_visible()  # the page of a submitted selection
    choosing.arrived(dict.fromkeys(range(1, INCLUDED + 1), "yes"))
    assert _left(page) == []


def _left(page: Any) -> list[str]:
    """What still waits in the phone's outbox."""
    until(page, lambda: page.evaluate("Object.keys(localStorage).filter((key) => /^yl:(pick|note):/.test(key))") == [])
    return []
