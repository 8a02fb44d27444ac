"""The boss opens Stripe for the studio: out to the provider's pages, home again, and its notice comes by itself."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House


def test_the_boss_opens_stripe(house: House, staff: Callable[..., Any]) -> None:
    page = staff("boss")
    page.goto(house.console("pay-routes/"))
    page.locator("form[action$='stripe/account/'] button").click()
    page.wait_for_url(re.compile(re.escape(house.stack.fakes_url)))  # the page's policy lets the form lead there
    page.locator("button[value=submit]").click()
    page.wait_for_url(re.compile(r"/console/pay-routes/$"))
    expect(page.locator(".package").first).to_contain_text("acct_")
    expect(page.locator(".package .chip.t-ok").first).to_be_visible()
    for _look in range(20):  # the worker applies it within a second or two
        page.reload()
        if page.locator("tbody .chip.t-ok").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("tbody tr").first).to_contain_text("Stripe")
    expect(page.locator("tbody .chip.t-ok").first).to_be_visible()
