"""Two phones and the desk's large screen choose 40 of 600 together; one phone is offline in the middle; they submit."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal, until
from tests.e2e.gallery.conftest import STUDIO, Choosing, ready
from tests.e2e.gallery.test_offline import OFFLINE

PHOTOS, WANTED = 600, 40


def test_two_phones_and_the_desk_choose_forty_of_six_hundred(
    house: House, phone: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=PHOTOS, included=WANTED, name="许知夏")
    told = house.clerk.accompany(studio=STUDIO, gallery=made["code"], name="林一舟")
    bride, groom = phone(), phone()
    choosing = Choosing(house, bride, made["code"], made["order"], made["phone"])
    for page, number in ((bride, made["phone"]), (groom, told["phone"])):
        page.guard.allow(*OFFLINE)
        page.goto(choosing.address)
        enter_portal(page, number)
        ready(page)
    screen = staff("hejing", viewport={"width": 1440, "height": 900})
    screen.goto(house.console(f"galleries/{made['code']}/selection-desk/"))
    expect(screen.locator(".cull-pane img")).to_be_visible()

    walk(bride, 18)
    expect(screen.locator("[data-picked]")).to_have_text("18")
    groom.context.set_offline(True)
    walk(groom, 15)
    assert said(choosing, "林一舟") == set()
    groom.context.set_offline(False)
    until(groom, lambda: len(said(choosing, "林一舟")) == 15)
    bride.evaluate("scrollTo(0, 0)")
    expect(bride.locator("[data-filter=both]")).to_be_visible(timeout=15_000)
    agreed = said(choosing, "许知夏") & said(choosing, "林一舟")
    assert agreed
    expect(bride.locator("[data-together=both]")).to_have_text(str(len(agreed)), timeout=15_000)

    held = next(number for number in range(1, PHOTOS) if number not in said(choosing, "许知夏"))
    for _ in range(held - 1):
        screen.keyboard.press("ArrowRight")
    expect(screen.locator(".sit-caption > .num")).to_have_text(str(held))
    screen.keyboard.press("h")  # the adviser holds it up, the customer decides
    bride.locator("#sitting .sit-follow").tap()
    expect(bride.locator(".pswp .lb-title")).to_contain_text(str(held))
    if bride.locator(".lb-lesson").count():
        bride.locator(".lb-lesson button").tap()
    bride.wait_for_timeout(400)
    choosing.act("yes")
    expect(screen.locator(f".cull-pane[data-number='{held}'][data-value=yes]")).to_be_visible()
    expect(screen.locator("[data-picked]")).to_have_text("19")
    screen.locator("[data-end]").click()
    choosing.close()

    walk(bride, 21)
    until(bride, lambda: choosing.stored()["counts"][0] == WANTED)
    bride.locator("#dock a.btn-primary").tap()
    expect(bride.locator(".thumbs li")).to_have_count(WANTED)
    bride.locator("#id_signed_name").fill("许知夏")
    bride.locator("#submit").tap()
    expect(bride.locator("#submit")).to_have_count(0)
    assert choosing.stored()["state"] == "submitted"
    expect(groom.locator("#grid[data-locked]")).to_be_visible(timeout=15_000)
    assert house.clerk.facts(studio=STUDIO, code=made["order"])["stage"] == "production"


def walk(page: Any, wanted: int) -> None:
    """Scroll on and tap rings of photographs in sight that this person has not chosen, three a screen, by finger."""
    for _ in range(wanted):
        taken = 0
        free = page.locator("#grid .tile[data-state=none] .pick")
        boxes = [box for i in range(free.count()) if (box := free.nth(i).bounding_box()) and 180 < box["y"] < 640]
        for box in boxes[: min(3, wanted)]:
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            taken += 1
        wanted -= taken
        if not wanted:
            return
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(350)


def said(choosing: Choosing, name: str) -> set[int]:
    told = choosing.house.clerk.marks(studio=STUDIO, gallery=choosing.gallery)
    return {int(number) for number, value in told.get(name, {}).items() if value == "yes"}
