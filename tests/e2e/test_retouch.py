"""A retouch round refused and accepted on a phone, the desk beside it, and finals dropped by the retoucher."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal, until

STUDIO = "xingye"


def state(house: House, order: str) -> str:
    return str(house.clerk.facts(studio=STUDIO, code=order)["gallery"])


def test_one_round_refused_and_the_next_accepted(house: House, phone: Callable[..., Any], staff: Any) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=5, included=5, name="许知夏")
    assert house.clerk.retouch(studio=STUDIO, gallery=made["code"], numbers=[1, 2, 3], begin=True) == 1
    desk = staff("boss")
    desk.goto(house.console(f"galleries/{made['code']}/retouch/"))
    expect(desk.locator("[data-live-state=on]").first).to_be_visible()
    page = phone()
    page.set_default_navigation_timeout(30_000)
    round_url = house.portal(f"gallery/{made['code']}/retouch/")
    page.goto(round_url)
    enter_portal(page, made["phone"])
    page.wait_for_url(round_url)
    expect(page.locator(".proof-tile")).to_have_count(3)
    refuse(page)
    expect(desk.locator(".shelf[data-state=change]")).to_have_count(1)  # the desk heard of it
    page.wait_for_url(round_url)
    page.locator("form[action$='/return/'] button").tap()
    page.locator("dialog[open] .btn-primary").tap()
    expect(page.locator("form[action$='/return/']")).to_have_count(0)
    assert state(house, made["order"]) == "retouching"
    page.wait_for_timeout(1000)  # the socket
    assert house.clerk.retouch(studio=STUDIO, gallery=made["code"], numbers=[2]) == 2
    expect(page.locator(".proof-tile[data-value=left]")).to_have_count(1)  # the page heard of it
    accept(page, made["order"], house)


def refuse(page: Any) -> None:
    """Photograph 1 is fine; 2 is not, and that needs words; 3 is fine."""
    page.locator(".panel-ink a").tap()
    compare, cut = page.locator(".compare"), "e => e.style.getPropertyValue('--cut')"
    page.locator(".compare input").focus()
    page.keyboard.press("Home")
    assert compare.evaluate(cut) == "0%"
    hold = page.locator(".compare button")
    hold.focus()
    page.keyboard.down("Space")
    expect(hold).to_have_attribute("aria-pressed", "true")
    page.keyboard.up("Space")
    expect(hold).to_have_attribute("aria-pressed", "false")
    page.locator(".verdict button[value=accept]").tap()
    page.wait_for_url("**/retouch/2/")
    page.locator(".verdict summary").tap()
    page.locator(".verdict textarea").fill("再瘦一点")
    page.locator(".verdict button[value=change]").tap()
    page.wait_for_url("**/retouch/3/")
    page.locator(".verdict button[value=accept]").tap()


def accept(page: Any, order: str, house: House) -> None:
    """The new version, then the signature."""
    page.locator(".panel-ink a").tap()
    page.wait_for_url("**/retouch/2/")
    expect(page.locator(".notice.t-info")).to_contain_text("再瘦一点")
    page.locator(".verdict button[value=accept]").tap()
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#sign button.btn-primary").tap()
    expect(page.locator("#sign")).to_have_count(0)
    assert state(house, order) == "signed_off"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dropped_finals_find_their_photograph_or_wait_for_a_person(house: House, staff: Any, tmp_path: Any) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=3, included=3, name="宋知微")
    house.clerk.retouch(studio=STUDIO, gallery=made["code"], numbers=[1, 2], begin=True, send=False)
    names = [name for name, _state in house.clerk.facts(studio=STUDIO, code=made["order"])["photos"]]
    first, wild = tmp_path / names[0].replace(".jpg", "_精修.jpg"), tmp_path / "wild.jpg"
    first.write_bytes(house.pictures[0].read_bytes())
    wild.write_bytes(house.pictures[1].read_bytes())
    page = staff("boss")
    page.goto(house.console(f"galleries/{made['code']}/retouch/"))
    page.locator("[data-input=files]").set_input_files([str(first), str(wild)])
    expect(page.locator(".shelf[data-state=waiting]")).to_have_count(1, timeout=30_000)
    expect(page.locator("#retouch-doubtful .doubt img")).to_be_visible(timeout=30_000)
    page.locator("#retouch-doubtful select").select_option("2")
    page.locator("#retouch-doubtful form .btn").first.click()
    expect(page.locator(".shelf[data-state=waiting]")).to_have_count(2)
    page.locator("form[action$='/rounds/'] button").click()
    page.locator("dialog[open] .btn-primary").click()
    until(page, lambda: state(house, made["order"]) == "proofing")
