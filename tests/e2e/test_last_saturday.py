"""Two phones want the same Saturday at one moment: one has it, the other is shown what is near, nothing is lost."""

import re
import secrets
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import CODE, House

STUDIO = "xingye"


def test_one_of_two_phones_has_the_last_saturday(house: House, phone: Callable[..., Any]) -> None:
    made = house.clerk.bookable(studio=STUDIO)
    numbers = [f"139{secrets.randbelow(10**8):08d}" for _ in range(2)]
    pages = [asked(house, phone(), made, number, name) for number, name in zip(numbers, ("陆遥", "沈清"), strict=True)]
    for page in pages:  # six digits send themselves: both are on their way before either is waited for
        page.locator("[name=code]").fill(CODE)
    for page in pages:
        page.wait_for_url(lambda url: "/bookings/" in url or (url.endswith("/") and "/code/" not in url))
    won = [page for page in pages if "/bookings/" in page.url]
    lost = [page for page in pages if "/book/draft/" in page.url]
    assert (len(won), len(lost)) == (1, 1), [page.url for page in pages]
    expect(won[0].locator("[data-until]")).to_have_text(re.compile(r"^\d{1,2}:\d\d$"))
    expect(won[0].locator("a[href*='/contracts/']").first).to_be_visible()
    expect(lost[0].locator(".time-pick")).to_have_count(3)
    name = "陆遥" if lost[0] is pages[0] else "沈清"
    expect(lost[0].locator("dd", has_text=name)).to_be_visible()
    lost[0].locator(".time-pick").last.tap()
    lost[0].wait_for_url("**/bookings/**")
    won[0].go_back()  # the back button leads into no second hold
    won[0].goto(house.portal("bookings/"))
    expect(won[0].locator(".link-rows li")).to_have_count(1)
    states = [house.clerk.booking(studio=STUDIO, phone=number)["states"] for number in numbers]
    assert states == [["held"], ["held"]]


def asked(house: House, page: Any, made: dict[str, Any], number: str, name: str) -> Any:
    """From the free dates to the code page, everything typed."""
    page.set_default_navigation_timeout(30_000)
    page.goto(house.portal(f"book/{made['branch']}/{made['package']}/?from={made['day']}&day={made['day']}"))
    page.locator(".time-row").first.tap()
    page.locator("[name=name]").fill(name)
    page.locator("[name=phone]").fill(number)
    page.locator("#you .btn-primary").tap()
    page.wait_for_url("**/code/**")
    return page
