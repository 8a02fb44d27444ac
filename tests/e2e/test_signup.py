"""A stranger opens a studio, also without JavaScript."""

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import CODE, House


def _type_code(page: Any, *, scripts: bool = True) -> None:
    """A wrong one first. With JavaScript six digits send themselves."""
    for code in ("000000", CODE):
        page.locator("[name=code]").fill(code)
        if not scripts:
            page.locator("form button[type=submit].btn-primary").click()
        if code != CODE:
            expect(page.locator(".field-error")).to_be_visible()


@pytest.mark.parametrize("scripts", [False, True], ids=["no JavaScript", "JavaScript"])
def test_sign_up_leads_into_the_console(house: House, desk: Callable[..., Any], *, scripts: bool) -> None:
    page, slug = desk(java_script_enabled=scripts), f"muyu-{secrets.token_hex(3)}"
    page.guard.allow("status of 422")  # the wrong code
    if not scripts:
        page.guard.allow(r"request failed: csp .*\.js")  # Chromium's way of not loading scripts
    page.goto(house.stack.url)
    page.locator("a[href='/signup/']").first.click()
    page.locator("[name=name]").fill("木屿摄影")
    page.locator("[name=branch_name]").fill("解放路")
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url("**/signup/owner/")
    page.locator("[name=owner_name]").fill("梁木")
    page.locator("[name=owner_contact]").fill("13800138000")
    page.locator("[name=owner_username]").fill("liangmu")
    page.locator("[name=owner_password]").fill("Kamera-2611")
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url("**/signup/code/")
    _type_code(page, scripts=scripts)
    page.wait_for_url("**/signup/address/")
    page.locator("[name=slug]").fill(slug)
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url(f"{house.stack.studio_url(slug)}/console/")
    expect(page.locator("main h1").first).to_be_visible()
    made = house.clerk.studio(slug=slug)
    page.go_back()
    expect(page.locator(f"a[href='{house.stack.studio_url(slug)}/console/']")).to_be_visible()
    assert made == {"name": "木屿摄影", "users": ["liangmu"], "branches": ["解放路"], "stages": 8, "packages": 2}


def test_a_taken_address_is_told_while_typing(house: House, desk: Callable[..., Any]) -> None:
    page = desk()
    page.guard.allow("status of 422")  # the wrong code
    page.goto(f"{house.stack.url}/signup/")
    page.locator("[name=name]").fill("第二家星野")
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url("**/signup/owner/")
    page.locator("[name=owner_name]").fill("梁木")
    page.locator("[name=owner_contact]").fill("13800138000")
    page.locator("[name=owner_username]").fill("liangmu")
    page.locator("[name=owner_password]").fill("Kamera-2611")
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url("**/signup/code/")
    _type_code(page)
    page.wait_for_url("**/signup/address/")
    page.locator("[name=slug]").fill("xingye")
    expect(page.locator("[data-free]")).to_be_visible()
    expect(page.locator("[data-verdict]")).not_to_be_empty()
    expect(page).to_have_url(re.compile("/signup/address/"))
