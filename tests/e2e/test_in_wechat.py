"""A deposit is paid inside WeChat: who pays is asked in silence, the sheet is closed once, opened again, and paid."""

import json
import secrets
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, House, enter_portal
from tests.e2e.test_topup import look

STUDIO = "wenxi"
NUMBER = f"138{secrets.randbelow(10**8):08d}"
SECONDS = 25_000  # for what the worker does meanwhile
AGENT = f"{PHONE['user_agent']} MicroMessenger/8.0.50"
# What WeChat's own browser brings along; what the person does there is decided by the test
BRIDGE = """
if (!sessionStorage.plain)
  window.WeixinJSBridge = { invoke: (name, told, done) => window.wechatSheet(name, told).then(done) };
"""


def test_a_deposit_is_paid_in_wechats_sheet(
    house: House, phone: Callable[..., Any], staff: Callable[..., Any], axe: str
) -> None:
    made = house.clerk.card_shop(slug=STUDIO, phone=NUMBER, wallets=True)
    page, presses = phone(user_agent=AGENT), ["away", "pay"]
    page.set_default_navigation_timeout(30_000)

    def sheet(name: str, told: dict[str, str]) -> Any:
        assert name == "getBrandWCPayRequest"
        where = f"{house.stack.fakes_url}/wxbridge?{urlencode(told)}"
        with urllib.request.urlopen(where, data=f"act={presses.pop(0)}".encode(), timeout=5) as answer:
            return json.load(answer)

    page.expose_function("wechatSheet", sheet)
    page.add_init_script(BRIDGE)
    page.goto(house.portal(f"orders/{made['order']}/bill/", STUDIO))
    enter_portal(page, NUMBER)
    page.locator("[name=route][value=wechat]").tap()
    page.wait_for_url("**/payments/**?end=cancel")  # by way of WeChat's page and back, without another tap
    expect(page.locator(".notice.t-warn")).to_be_visible()
    look(page, axe, "wechat-closed")
    assert presses == ["pay"], "the sheet opens by itself once"
    page.locator("[data-bridge]").tap()
    expect(page.locator("main .chip.t-ok")).to_be_visible(timeout=SECONDS)
    assert not presses
    look(page, axe, "wechat-paid")
    page.evaluate("sessionStorage.setItem('plain', '1')")  # as somebody looks at the demo: no sheet, but its stand-in
    page.goto(house.portal("me/value/top-ups/?least=100000", STUDIO))
    page.locator("#id_agreed").check()
    page.locator("[name=route][value=wechat]").tap()
    page.wait_for_url(f"{house.stack.fakes_url}/wxbridge**")
    page.locator("button[value=pay]").tap()
    page.wait_for_url("**/me/value/top-ups/**")
    expect(page.locator("main .chip.t-ok")).to_be_visible(timeout=SECONDS)  # the page looks again by itself
    desk = staff("boss", STUDIO)
    desk.goto(house.console("pay-routes/wechat/keys/", STUDIO))
    expect(desk.locator("[name=app_secret]")).to_be_visible()
    look(desk, axe, "wechat-keys")
