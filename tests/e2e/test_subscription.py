"""A studio's life with us: sign-up, trial, payment, a limit, growth, a failing card, read-only, and back to normal."""

import secrets
from collections.abc import Callable
from typing import Any

import requests
from playwright.sync_api import expect

from tests.e2e.conftest import CODE, House, until


def sign_up(house: House, page: Any, slug: str) -> None:
    page.goto(f"{house.stack.url}/signup/")
    page.locator("[name=name]").fill("木屿摄影")
    page.locator("[name=branch_name]").fill("解放路")
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url("**/signup/owner/")
    page.locator("[name=owner_name]").fill("梁木")
    page.locator("[name=owner_contact]").fill("13800002611")
    page.locator("[name=owner_username]").fill("liangmu")
    page.locator("[name=owner_password]").fill("Kamera-2611")
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url("**/signup/code/")
    page.locator("[name=code]").fill(CODE)  # six digits send themselves
    page.wait_for_url("**/signup/address/")
    page.locator("[name=slug]").fill(slug)
    page.locator("form button[type=submit].btn-primary").click()
    page.wait_for_url(f"{house.stack.studio_url(slug)}/console/")


def test_from_the_trial_to_read_only_and_back(house: House, desk: Callable[..., Any]) -> None:
    page, slug = desk(), f"muyu-{secrets.token_hex(3)}"
    house.clerk.catalogue()
    sign_up(house, page, slug)
    home = house.console(studio=slug)

    def stripe(path: str, **told: Any) -> None:
        requests.post(f"{house.stack.fakes_url}/_control/{path}", json=told, timeout=10).raise_for_status()

    def stands(standing: str) -> None:
        until(page, lambda: house.clerk.subscription(studio=slug)["standing"] == standing)

    def new_branch() -> None:
        page.goto(f"{home}branches/new/")
        page.locator("[name=name]").fill("人民路")
        page.locator("form.form button.btn-primary").click()

    # the trial is told, and paid on Stripe's page
    expect(page.locator(".banner.t-info")).to_contain_text("14")
    page.goto(f"{home}subscription/plans/solo/month/")
    page.locator("button[name=pay][value=card]").click()
    page.wait_for_url(f"{house.stack.fakes_url}/c/pay/**")
    page.locator("button[value=pay]").click()
    page.wait_for_url(f"{home}subscription/")
    assert house.clerk.subscription(studio=slug)["plan"] == "solo"

    # one branch is what the plan has; the refusal leads to the plans, the larger one counts at once
    page.guard.allow(r"422")
    new_branch()
    page.locator("main form a[href='/console/subscription/plans/']").first.click()
    page.locator("a[href$='/plans/chain/month/']").click()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"{home}subscription/")
    new_branch()
    page.wait_for_url(f"{home}branches/")

    # the card fails: reminders, then staff only read
    stripe("card", customer=house.clerk.subscription(studio=slug)["customer"], card="bad")
    stripe("advance", days=15)
    stands("past_due")
    page.wait_for_timeout(2500)  # each page worker remembers a studio for two seconds
    page.goto(home)
    expect(page.locator(".banner.t-warn")).to_be_visible()
    assert house.clerk.review(studio=slug) == ["plan_payment_due"]
    assert house.clerk.review(studio=slug, days=4) == ["plan_payment_due"] * 2
    stripe("advance", days=20)
    stands("read_only")
    assert house.clerk.review(studio=slug)[2:] == ["plan_read_only"]
    page.wait_for_timeout(2500)  # each page worker remembers a studio for two seconds
    page.guard.allow(r"403")
    new_branch()
    expect(page.locator(".banner.t-bad")).to_be_visible()
    expect(page.locator("main h1")).to_be_visible()

    # paid: everything goes on
    page.goto(f"{home}subscription/")
    page.locator(f"a[href^='{house.stack.fakes_url}/i/']").first.click()
    page.locator("button[value=pay]").click()
    stands("active")
    page.goto(home)
    until(page, lambda: page.reload() is not None and not page.locator(".banner").count())
