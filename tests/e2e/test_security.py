"""Somebody is invited by link, joins, makes a passkey with the browser's own authenticator, then an app as well."""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import pyotp
from playwright.sync_api import expect

from tests.e2e.clerk import PASSWORD as HOUSE_PASSWORD
from tests.e2e.conftest import CODE, House, log_in

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PASSWORD = "velvet-curtain-9"


def with_authenticator(page: Any) -> Any:
    """Chromium's virtual authenticator in this page's browser context; its credentials can be asked for."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return lambda: devtools.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]


def leave(page: Any) -> None:
    page.locator(".side .who summary").click()
    page.locator(".side [data-logout] button").click()
    page.wait_for_url("**/console/login/")


def test_invited_colleague_joins_with_passkey_and_app(
    house: House, staff: Callable[..., Any], desk: Callable[..., Any]
) -> None:
    boss, page, name = staff("boss"), desk(), f"lin{secrets.token_hex(3)}"
    boss.goto(house.console("staff/invitations/new/"))
    boss.locator("[name=name]").fill("林一")
    boss.locator("[name=jobs-0-role]").select_option("photographer")
    boss.locator("[name=jobs-0-branch]").select_option(index=1)
    boss.locator("main form .btn-primary").click()
    link = boss.locator("#invitation-link").input_value()

    keys = with_authenticator(page)
    page.goto(link)
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form button.btn-primary").click()
    page.wait_for_url(house.console("security/"))

    # a lost tablet with the board on it: its login is ended, the board goes and the login page comes
    tablet = desk()
    tablet.goto(house.console("login/"))
    log_in(tablet, name, PASSWORD)
    tablet.goto(house.console("board/"))
    expect(tablet.locator("[data-live-state=on]").first).to_be_attached()
    page.reload()
    page.locator("form[action$='/logins/others/'] button").click()
    page.locator("dialog[open] button.btn-danger, dialog[open] button.btn-primary").first.click()
    tablet.wait_for_url("**/console/login/**")

    page.locator("form[data-passkey=create] button").click()
    expect(page.locator("#codes")).to_have_value(re.compile(r"^([a-z2-7]{4}-){3}[a-z2-7]{4}\n"))
    assert [key["rpId"] for key in keys()] == ["xingye.localhost"]

    leave(page)
    page.locator("form[data-passkey=get] button").click()
    page.wait_for_url(house.console())

    page.goto(house.console("security/"))
    page.locator("form[action$='/app/new/'] button").click()
    app = pyotp.TOTP(page.locator("#secret").input_value().replace(" ", ""))
    page.locator("[name=code]").fill(app.at(time.time() - 30))
    page.locator("main form .btn-primary").click()
    page.wait_for_url(house.console("security/"))

    leave(page)
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) button.btn-primary").click()
    page.wait_for_url("**/login/second/")
    page.guard.allow("status of 422")
    page.locator("[name=code]").fill("000000")
    page.locator("form:has([name=code]) button.btn-primary").click()
    page.locator("[name=code][aria-invalid=true]").wait_for()
    page.locator("[name=code]").fill(app.now())
    page.locator("form:has([name=code]) button.btn-primary").click()
    page.wait_for_url(house.console())


def test_an_operator_makes_a_passkey_at_the_platforms_host_and_logs_in_with_it(
    house: House, desk: Callable[..., Any]
) -> None:
    page, name, base = desk(), f"op{secrets.token_hex(3)}", f"{house.stack.url}/operator/"
    house.clerk.operator(username=name)
    keys = with_authenticator(page)
    page.goto(f"{base}login/?next=/operator/security/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(HOUSE_PASSWORD)
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url(f"{base}security/")
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert [key["rpId"] for key in keys()] == ["localhost"]
    page.locator("#logout-form button").click()
    page.goto(f"{base}login/")
    page.locator("form[data-passkey=get] button").click()
    page.wait_for_url(base)
    expect(page.locator(".loglines li").first).to_contain_text(name)


def test_a_forgotten_password_on_the_phone(
    house: House, staff: Callable[..., Any], desk: Callable[..., Any], phone: Callable[..., Any]
) -> None:
    boss, name, number = staff("boss"), f"fang{secrets.token_hex(3)}", f"139{secrets.randbelow(10**8):08d}"
    boss.goto(house.console("staff/invitations/new/"))
    boss.locator("[name=name]").fill("方晴")
    boss.locator("[name=phone]").fill(number)
    boss.locator("[name=jobs-0-role]").select_option("photographer")
    boss.locator("[name=jobs-0-branch]").select_option(index=1)
    boss.locator("main form .btn-primary").click()
    joined = desk()
    joined.goto(boss.locator("#invitation-link").input_value())
    joined.locator("[name=username]").fill(name)
    joined.locator("[name=password]").fill(PASSWORD)
    joined.locator("form button.btn-primary").click()
    joined.wait_for_url(house.console("security/"))

    page, fresh = phone(), "copper-lantern-4"
    page.goto(house.console("login/"))
    page.locator("a[href$='/login/forgotten/']").click()
    page.locator("[name=address]").fill(number)
    page.locator("form button.btn-primary").click()
    page.wait_for_url("**/forgotten/code/")
    page.locator("[name=code]").press_sequentially(CODE)  # six digits send themselves
    page.wait_for_url("**/forgotten/password/")
    expect(page.locator("main")).to_contain_text(name)
    page.locator("input[name=password]").fill(fresh)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("form button.btn-primary").click()
    page.wait_for_url("**/console/login/")
    log_in(page, name, fresh)
    page.wait_for_url(house.console(""))
    joined.goto(house.console("security/"))
    joined.wait_for_url("**/console/login/**")
