"""Staff at their desks."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, log_in


def test_staff_log_in(house: House, desk: Callable[..., Any]) -> None:
    page = desk()
    page.goto(house.console())
    expect(page).to_have_url(re.compile(r"/console/login/"))
    log_in(page, "wanglei")
    expect(page.locator("main")).to_be_visible()
