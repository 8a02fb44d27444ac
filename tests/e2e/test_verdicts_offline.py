"""What is said of a final without a connection is kept on the phone and arrives later, once."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal

STUDIO = "xingye"


def test_a_wish_typed_offline_survives_a_closed_tab_and_is_sent_once(house: House, phone: Callable[..., Any]) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=4, included=4, name="许知夏")
    house.clerk.retouch(studio=STUDIO, gallery=made["code"], numbers=[1, 2, 3], begin=True)
    page = phone()
    page.guard.allow("ERR_INTERNET_DISCONNECTED")
    page.set_default_navigation_timeout(30_000)
    round_url = house.portal(f"gallery/{made['code']}/retouch/")
    page.goto(f"{round_url}2/")
    enter_portal(page, made["phone"])
    page.wait_for_url(f"{round_url}2/")
    page.locator(".verdict summary").tap()
    page.context.set_offline(True)
    page.locator(".verdict textarea").fill("脸再瘦一点")
    page.locator(".verdict button[value=change]").tap()
    expect(page.locator("#unsent")).to_be_visible()
    expect(page.locator(".verdict textarea")).to_have_value("脸再瘦一点")
    other = page.context.new_page()
    page.close()  # the tab is killed before the network is back
    page.context.set_offline(False)
    other.goto(round_url)
    expect(other.locator(".proof-tile[data-value=change]")).to_have_count(1)
    expect(other.locator("#unsent")).to_be_hidden()
    other.reload()  # as the server has it
    expect(other.locator(".proof-tile[data-value=change]")).to_have_count(1)
    expect(other.locator(".proof-tile[data-value=left]")).to_have_count(2)
    other.goto(f"{round_url}2/")
    expect(other.locator(".verdict textarea")).to_have_value("脸再瘦一点")
    other.goto(f"{round_url}3/")
    other.locator(".verdict button[value=accept]").tap()  # online it goes on to the next, as without a script
    other.wait_for_url(f"{round_url}1/")
