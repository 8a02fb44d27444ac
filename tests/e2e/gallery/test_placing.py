"""What the photographs are used for, filled on the review of a phone, with and without scripts."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import until
from tests.e2e.gallery.conftest import Choosing, ready

STAND = "10 寸摆台"  # one is included, each further one costs ¥98


def place(page: Any, number: int) -> Any:
    return page.locator(f".place[value='{number}']")


def to_slot(choosing: Choosing, page: Any) -> None:
    choosing.pick(1, 2, 3)
    choosing.arrived(dict.fromkeys([1, 2, 3], "yes"))
    page.goto(f"{choosing.address}review/")
    card = page.locator(".use", has_text=STAND)
    card.locator("a.btn").tap()
    expect(page.locator("h1")).to_have_text(STAND)
    page.wait_for_load_state()  # its own load is not one that a tap caused


def test_a_slot_is_filled_and_its_price_is_shown_before_the_tap(choosing: Choosing) -> None:
    page = choosing.page
    to_slot(choosing, page)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    place(page, 1).tap()
    expect(place(page, 1)).to_have_attribute("aria-pressed", "true")
    expect(place(page, 2)).to_contain_text("+¥98")
    place(page, 2).tap()
    expect(place(page, 2)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".slot-total")).to_contain_text("¥98")
    assert choosing.stored()["placed"] == {STAND: [1, 2]}
    place(page, 1).tap()
    expect(page.locator(".slot-total")).to_contain_text("¥0")
    place(page, 1).tap()
    expect(page.locator(".slot-total")).to_contain_text("¥98")
    assert loads == []  # each tap changed the page in its place
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("main > a.btn-primary").tap()
    expect(page.locator(".use", has_text=STAND)).to_contain_text("2 / 1")
    expect(page.locator(".sum-total")).to_contain_text("¥98")
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#id_accept_extra").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    assert choosing.stored()["to_pay"] == [9800]


def test_a_slot_is_filled_without_scripts(choosing: Choosing, phone: Callable[..., Any]) -> None:
    to_slot(choosing, choosing.page)
    page = phone(storage_state={"cookies": choosing.page.context.cookies(), "origins": []}, java_script_enabled=False)
    page.guard.allow("request failed: csp .*js")  # modules are asked for, and without scripts refused
    page.goto(choosing.page.url)
    place(page, 3).tap()
    page.wait_for_url("**#p3")
    expect(place(page, 3)).to_have_attribute("aria-pressed", "true")
    assert choosing.stored()["placed"] == {STAND: [3]}
    place(page, 3).tap()
    page.wait_for_url("**#p3")
    expect(place(page, 3)).to_have_attribute("aria-pressed", "false")
    assert choosing.stored()["placed"] == {}


def test_taking_the_pick_back_takes_it_out_of_its_slots(choosing: Choosing) -> None:
    page = choosing.page
    to_slot(choosing, page)
    place(page, 1).tap()
    expect(place(page, 1)).to_have_attribute("aria-pressed", "true")
    choosing.house.clerk.say(studio="xingye", gallery=choosing.gallery, picks={"1": "maybe"})
    place(page, 2).tap()
    expect(place(page, 2)).to_have_attribute("aria-pressed", "true")
    expect(place(page, 1)).to_have_count(0)
    assert choosing.stored()["placed"] == {STAND: [2]}


def test_a_chip_over_the_large_photo_places_it_and_undo_takes_both_back(choosing: Choosing) -> None:
    page = choosing.page
    choosing.open_large(1)
    chip = page.locator(".lb-uses button", has_text=STAND)
    expect(chip).to_contain_text("0/1")
    chip.tap()
    expect(chip).to_have_attribute("aria-pressed", "true")
    choosing.arrived({1: "yes"})  # placing selects
    until(page, lambda: choosing.stored()["placed"] == {STAND: [1]})
    page.locator(".lightbox-acts [data-v=yes]").tap()  # not selected any more: out of its slots
    expect(chip).to_have_attribute("aria-pressed", "false")
    until(page, lambda: choosing.stored()["placed"] == {})
    page.locator(".lb-undo").tap()
    expect(chip).to_have_attribute("aria-pressed", "true")
    until(page, lambda: choosing.stored()["placed"] == {STAND: [1]})
    choosing.close()
    choosing.open_large(2)
    expect(chip).to_contain_text("+¥98")  # what the tap costs stands on it
    chip.tap()
    until(page, lambda: choosing.stored()["placed"] == {STAND: [1, 2]})
    choosing.close()
    expect(page.locator("#price")).to_contain_text("¥98")
    page.reload()
    ready(page)
    expect(page.locator("#price")).to_contain_text("¥98")


def test_placements_made_without_a_network_arrive(choosing: Choosing) -> None:
    page = choosing.page
    choosing.open_large(1)  # its modules are there
    choosing.close()
    page.guard.allow("request failed|ERR_INTERNET|WebSocket")
    page.context.set_offline(True)
    choosing.open_large(3)
    page.locator(".lb-uses button", has_text=STAND).tap()
    choosing.close()
    page.wait_for_timeout(600)
    assert choosing.stored()["placed"] == {}
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: choosing.stored()["placed"] == {STAND: [3]})
    choosing.arrived({3: "yes"})
