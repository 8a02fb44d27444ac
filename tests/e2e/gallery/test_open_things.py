"""What lies over a page when it is open: photograph, note, steps, view menu, questions. No accessibility violation."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import COLOUR, EVERYTHING, begin, violations
from tests.e2e.conftest import House
from tests.e2e.gallery.conftest import INCLUDED, Choosing

SCREENS = {"upright": (390, 844), "sideways": (844, 390), "narrow": (320, 640)}
CLIPPED = """
(selectors) => selectors.flatMap((selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.checkVisibility())
  .map((node) => node.getBoundingClientRect())
  .filter((box) => box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
  .map((box) => `${selector} ${JSON.stringify(box)}`))
"""


def looked_at(page: Any, what: str, *whole: str, within: str = "html") -> list[str]:
    """Everything wrong with the page as it is, in both themes; `whole` must be on the screen with all of it."""
    found = [f"{what}: clipped {each}" for each in page.evaluate(CLIPPED, list(whole))]
    for theme, only in (("light", EVERYTHING), ("dark", COLOUR)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{what}, {theme}: {each}" for each in violations(page, only, within)]
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_the_large_photograph_and_what_opens_over_it(choosing: Choosing, axe: str, screen: str) -> None:
    page, (width, height) = choosing.page, SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    choosing.pick(*range(1, INCLUDED + 1))
    begin(page, axe)
    choosing.tile(1).locator("a").tap()
    expect(page.locator(".lb-lesson")).to_be_visible()
    found = looked_at(page, "lesson", ".lb-lesson > div")
    page.locator(".lb-lesson button").tap()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    found += looked_at(page, "photograph", ".lb-head > *", ".lightbox-acts > *", ".lightbox-price")
    choosing.act("note")
    expect(page.locator("#note")).to_be_visible()
    found += looked_at(page, "note", "#note", "#note .dialog-actions > *")
    page.locator("#note .chip-check").first.tap()
    page.locator("#note [value=save]").tap()
    expect(page.locator(".toast")).to_be_visible()
    found += looked_at(page, "note saved", ".toast")
    choosing.close()
    page.locator("details.menu summary").tap()
    found += looked_at(page, "view menu", ".view-menu", within=".gallery-head")  # it may cover half a ring
    page.locator("[data-steps]").tap()
    expect(page.locator("#steps .step")).to_have_count(INCLUDED)
    found += looked_at(page, "steps", "#steps")
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("width", [390, 1280])
def test_questions_at_the_gallery_desk(house: House, as_who: Callable[..., Any], axe: str, width: int) -> None:
    page = as_who("boss")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(house.console(f"galleries/{house.story['couple']['gallery']}/"))
    begin(page, axe)
    found = []
    page.locator("[data-dialog-open=link]").first.click()
    found += looked_at(page, "link", "dialog[open]")
    page.keyboard.press("Escape")
    page.locator("form[data-confirm]").first.evaluate("form => form.requestSubmit()")
    expect(page.locator("#confirm-title")).to_be_visible()
    found += looked_at(page, "question", "dialog[open]")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert not found, "\n".join(["", *found])
