"""The first screen comes from the server and stays; what it does not need comes after it, before the network dies."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import until
from tests.e2e.gallery.conftest import Choosing, ready

LATER = ("lightbox", "photoswipe", "panel", "notes", "steps", "follow", "live", "dialog", "drafts", "toast")
ASKED = "performance.getEntriesByType('resource').map(({ name, startTime }) => [name, startTime])"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventStart"


def test_the_first_tiles_stay_until_the_manifest_has_come(choosing: Choosing) -> None:
    page, held = choosing.page, list[Any]()

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/manifest/", hold)
    page.goto(choosing.address)
    until(page, lambda: bool(held))
    page.wait_for_timeout(500)
    assert page.locator("#grid img").count() == 15
    tile = page.locator("#grid .tile").nth(4)
    before = tile.bounding_box()
    held[0].continue_()
    ready(page)
    assert tile.get_attribute("data-number") == "5"
    assert _near(tile.bounding_box(), before)


def test_pictures_are_asked_for_before_the_style_sheet_is_there(choosing: Choosing) -> None:
    page, held, asked = choosing.page, list[Any](), list[str]()

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/phone.*.css", hold)
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/t.webp") else None)
    page.goto(choosing.address, wait_until="commit")
    until(page, lambda: bool(held) and len(asked) >= 15)
    held[0].continue_()
    ready(page)


def test_what_the_first_screen_does_not_need_comes_after_it(choosing: Choosing) -> None:
    page = choosing.page
    page.goto(choosing.address)
    _settled(page)
    loaded = page.evaluate(LOADED)
    early = [name for name, at in page.evaluate(ASKED) if ".js" in name and at < loaded]
    assert len(early) <= 17
    assert not [name for name in early if any(f"/{each}." in name for each in LATER)]


def test_a_phone_that_goes_offline_at_once_still_opens_everything(choosing: Choosing) -> None:
    page = choosing.page
    page.guard.allow("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    page.goto(choosing.address)
    ready(page)
    _settled(page)
    page.context.set_offline(True)
    choosing.open_large(3)
    choosing.act("yes")
    choosing.act("note")
    page.locator("#note textarea").fill("离线")
    page.locator("#note [data-dialog-close]").tap()
    choosing.close()
    page.locator("details.menu summary").tap()
    page.locator("[data-steps]").tap()
    expect(page.locator("#steps .step")).to_have_count(1)
    page.locator("#steps [data-dialog-close]").tap()
    expect(page.locator("#sync")).to_contain_text("1")
    page.context.set_offline(False)
    choosing.arrived({3: "yes"})


def _settled(page: Any) -> None:
    """All that comes later has come."""
    until(page, lambda: all(any(f"/{each}." in name for name, _ in page.evaluate(ASKED)) for each in ("steps", "live")))
    page.wait_for_load_state("networkidle")


def _near(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(abs(one[key] - other[key]) < 0.5 for key in ("x", "y", "width", "height"))
