"""A customer's phone on a gallery of their own, and what PostgreSQL says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal, until

STUDIO = "xingye"
PHOTOS, INCLUDED = 30, 6  # an extra photo costs ¥60


@dataclass
class Choosing:
    """One customer, their phone's page and their gallery."""

    house: House
    page: Any
    gallery: str
    order: str
    phone: str

    @property
    def address(self) -> str:
        return self.house.portal(f"gallery/{self.gallery}/")

    def ring(self, number: int, page: Any = None) -> Any:
        return (page or self.page).locator(f"[data-number='{number}'] .pick")

    def tile(self, number: int, page: Any = None) -> Any:
        return (page or self.page).locator(f"[data-number='{number}']")

    def pick(self, *numbers: int) -> None:
        """As fast as a finger cannot be."""
        for number in numbers:
            self.ring(number).evaluate("button => button.click()")

    def open_large(self, number: int) -> None:
        """Open a photograph; the lesson of the gestures, shown once, is put away."""
        self.tile(number).locator("a").tap()
        expect(self.page.locator(".pswp--ui-visible .lightbox-bar")).to_be_visible()
        if self.page.locator(".lb-lesson").count():
            self.page.locator(".lb-lesson button").tap()
        self.page.wait_for_timeout(400)  # the photograph grows from its tile

    def act(self, what: str) -> None:
        self.page.locator(f".lightbox-acts [data-v={what}]").tap()

    def close(self) -> None:
        self.page.locator(".lb-round").tap()
        expect(self.page.locator(".pswp")).to_have_count(0)

    def stored(self) -> dict[str, Any]:
        return dict(self.house.clerk.chosen(studio=STUDIO, gallery=self.gallery))

    def arrived(self, values: dict[int, str]) -> None:
        """Wait until PostgreSQL holds exactly these picks."""
        wanted = {str(number): value for number, value in values.items()}
        until(self.page, lambda: self.stored()["values"] == wanted)

    def another_phone(self, phone: Callable[..., Any]) -> Any:
        """The same customer on a second device."""
        page = phone(storage_state={"cookies": self.page.context.cookies(), "origins": []})
        page.goto(self.address)
        ready(page)
        return page


def ready(page: Any) -> None:
    """The scripts have taken over."""
    expect(page.locator("#grid.is-windowed")).to_be_visible()


def swipe(page: Any, start: tuple[int, int], end: tuple[int, int], steps: int = 7) -> None:
    """A thumb moves over the glass."""
    touch = page.context.new_cdp_session(page)
    points = [
        {"x": start[0] + (end[0] - start[0]) * i / steps, "y": start[1] + (end[1] - start[1]) * i / steps}
        for i in range(steps + 1)
    ]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        page.wait_for_timeout(16)
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()
    page.wait_for_timeout(700)


@pytest.fixture
def choosing(house: House, phone: Callable[..., Any]) -> Choosing:
    made = house.clerk.shelved(studio=STUDIO, photos=PHOTOS, included=INCLUDED, name="许知夏")
    page = phone()
    page.set_default_navigation_timeout(30_000)  # the first page of a fresh server
    page.goto(house.portal(f"gallery/{made['code']}/"))
    enter_portal(page, made["phone"])
    page.wait_for_url(f"**/gallery/{made['code']}/")
    ready(page)
    return Choosing(house, page, made["code"], made["order"], made["phone"])
