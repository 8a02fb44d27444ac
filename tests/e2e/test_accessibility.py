"""Every page × language × theme × width: no accessibility violation, nothing wider than the screen.

Everything is asked of Chinese at both widths; the dark theme is asked about colours at both widths, the other
languages about words, on the phone. What is left out cannot differ: a language changes words and no colour, and a
missing or wrong word is as missing on the phone. All twelve guises of each page took half of the whole test run.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.axe import COLOUR, EVERYTHING, STILL, WORDS, violations
from tests.e2e.conftest import CUSTOMERS, House
from tests.e2e.guards import Guard
from tests.e2e.pages import PAGES, Page

LANGUAGES = ["zh-hans", "zh-hant", "en"]
THOROUGH = "zh-hans"
FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"  # what one page kept is not the next one's
NARROW = 320  # the narrowest phone, and a phone at 120 % text
SMALL = """() => [...document.querySelectorAll("body:is(.console, .platform) .btn:not(.visually-hidden)")]
  .filter((button) => button.offsetHeight && button.offsetHeight < 44)
  .map((button) => `${button.offsetHeight} px: ${button.textContent.trim()}`)"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def seats(browser: Any, house: House, sessions: Callable[..., Any], axe: str, request: pytest.FixtureRequest) -> Any:
    """`seats(who)` → the one page of this person, kept: its scripts and styles come from the cache, axe is in it.

    A browser context, a process and a cold cache for every page were a sixth of this module's processor time.
    """
    open_pages: dict[str, Any] = {}

    def find(who: str) -> Any:
        if who not in open_pages:
            state = request.getfixturevalue(f"{who}_session") if who in CUSTOMERS else sessions(who) if who else None
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", storage_state=state)
            context.set_default_timeout(10_000)
            guard = Guard(context)
            context.add_init_script(f"({STILL})();{axe}")
            page = open_pages[who] = context.new_page()
            page.guard = guard
            page.guard.allow("status of 404")
        return open_pages[who]

    yield find
    for page in open_pages.values():
        page.context.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_accessible(page: Page, house: House, seats: Callable[[str], Any]) -> None:
    browser_page = seats(page.who)
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for where, what in _look(browser_page, page.address(house), language):
            found.setdefault(what, []).append(where)
    browser_page.evaluate(FORGET)
    browser_page.guard.check()
    assert not found, "\n".join(["", *(f"{what} [{', '.join(where)}]" for what, where in found.items())])


def _look(page: Any, address: str, language: str) -> list[tuple[str, str]]:
    """One load, two widths; (where, what) of every violation."""
    root = "{0.scheme}://{0.netloc}/".format(urlsplit(address))  # not this page's own path: the next page is asked too
    page.context.add_cookies([{"name": "yl_language", "value": language, "url": root}])
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    assert page.locator("html").get_attribute("lang").lower() == language
    found = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for theme, only in _questions(language, width):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [(f"{language} {width} {theme}", what) for what in violations(page, only)]
        if (excess := page.evaluate(WIDE)) > 0:
            found.append((f"{language} {width}", f"{excess} px wider than the screen"))
    return [*found, *(_by_thumb(page) if language == THOROUGH else [])]


def _by_thumb(page: Any) -> list[tuple[str, str]]:
    """On a narrow phone nothing lies beside the screen, and at the desk too a thumb hits every button."""
    page.set_viewport_size({"width": NARROW, "height": 844})
    excess = _settled_excess(page)
    wide = [(str(NARROW), f"{excess} px wider than the screen")] if excess > 0 else []
    return wide + [(str(NARROW), f"too small for a thumb: {button}") for button in page.evaluate(SMALL)]


def _settled_excess(page: Any) -> int:
    """How much is wider than the screen once a grid that counts its columns in JavaScript has counted them anew."""
    for _ in range(20):
        if (excess := int(page.evaluate(WIDE))) <= 0:
            return 0
        page.wait_for_timeout(100)
    return excess


def _questions(language: str, width: int) -> list[tuple[str, dict[str, Any]]]:
    """(theme, rules) to ask of a page in this language and width."""
    if language == THOROUGH:
        return [("light", EVERYTHING), ("dark", COLOUR)]
    return [("light", WORDS)] if width == 390 else []
