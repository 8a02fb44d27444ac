"""Consent on the phone, the library at the desk, taken back on the phone: dead addresses. A part, then a change."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal

STUDIO = "xingye"
STATUS = "async (address) => (await fetch(address)).status"


def test_allowed_shown_and_taken_back(house: House, phone: Callable[..., Any], staff: Any) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=4, included=4, name="许愿")
    house.clerk.retouch(studio=STUDIO, gallery=made["code"], numbers=[1, 2], begin=True)
    page, rights = phone(), house.portal(f"gallery/{made['code']}/rights/")
    page.set_default_navigation_timeout(30_000)
    page.goto(rights)
    enter_portal(page, made["phone"])
    page.wait_for_url(rights)
    for name in ("scope", "purposes", "term", "children"):  # nothing is agreed to beforehand
        expect(page.locator(f"input[name={name}]:checked")).to_have_count(0)
    for name, value in (("scope", "chosen"), ("purposes", "album"), ("term", "1"), ("children", "none")):
        page.locator(f"input[name={name}][value='{value}']").check()
    page.locator("[name=signed_name]").fill("许愿")
    page.locator("#sign .btn-primary").tap()
    expect(page.locator("form[action$='/revocation/']")).to_be_visible()
    address = into_the_library(house, staff("boss"), made["code"])
    page.locator("form[action$='/revocation/'] button").tap()
    page.locator("dialog[open] .btn-danger").tap()
    expect(page.locator("form[action$='/revocation/']")).to_have_count(0)
    desk = staff("boss")
    desk.guard.allow("status of 404")
    desk.goto(house.console("galleries/library/"))
    assert desk.evaluate(STATUS, address) == 404
    expect(desk.locator(f".library img[src$='{address.rsplit('/', 2)[1]}/t.webp']")).to_have_count(0)


def into_the_library(house: House, desk: Any, code: str) -> str:
    """Photograph 1 with a tag; the address of its picture there, which works."""
    desk.goto(house.console(f"galleries/{code}/rights/"))
    desk.locator("input[name=photo][value='1']").check()
    desk.locator("input[name=kind][value=customer]").check()
    desk.locator("[name=tags]").fill("外景，逆光")
    desk.locator("#samples .btn-primary").click()
    desk.goto(house.console("galleries/library/?tag=逆光"))
    picture = desk.locator(".library img").first
    expect(picture).to_be_visible()
    desk.wait_for_function("() => document.querySelector('.library img').naturalWidth > 0")
    address = str(picture.evaluate("e => e.src"))
    assert desk.evaluate(STATUS, address) == 200
    return address


def test_a_part_is_signed_and_a_change_is_asked_for(house: House, phone: Callable[..., Any], staff: Any) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=4, included=4, name="许分")
    house.clerk.say(studio=STUDIO, gallery=made["code"], picks={"1": "yes", "2": "yes"})
    page, review = phone(), house.portal(f"gallery/{made['code']}/review/")
    page.set_default_navigation_timeout(30_000)
    page.goto(review)
    enter_portal(page, made["phone"])
    page.wait_for_url(review)
    page.locator("a[href$='/review/part/']").tap()
    page.locator("input[name=photo][value='1']").check()
    page.locator("[name=signed_name]").fill("许分")
    page.locator("#sign .btn-primary").tap()
    page.wait_for_url(review)
    expect(page.locator("#batches ~ ul li")).to_have_count(1)
    house.clerk.submit(studio=STUDIO, gallery=made["code"])
    page.locator("a[href$='/review/change/']").tap()  # the page heard of it and loaded itself anew
    page.locator("[name=reason]").fill("想换一张")
    page.locator("#ask .btn-primary").tap()
    expect(page.locator("form[action$='/withdrawal/']")).to_be_visible()
    desk = staff("boss")
    desk.goto(house.console(f"galleries/{made['code']}/reopening/"))
    desk.locator("button[formaction$='/approval/']").click()
    desk.wait_for_url(house.console(f"galleries/{made['code']}/"))
    page.goto(review)
    expect(page.locator("#submit")).to_be_visible()
