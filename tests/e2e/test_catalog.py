"""The long package form and the price of an order, in a browser."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House


def test_the_price_is_worked_out_while_the_order_is_typed(house: House, staff: Callable[..., Any]) -> None:
    page = staff("wanglei")
    page.goto(house.console("orders/new/"))
    page.locator("label.package", has_text="晨雾森林").locator("input").check(force=True)
    expect(page.locator("[data-total]")).to_have_text("¥7,999")
    page.locator("[name=shoot_on]").fill("2027-03-20")  # a Saturday
    page.locator("[name=shoot_on]").press("Tab")
    expect(page.locator("#priced .quote")).to_contain_text("周末快拍")
    page.locator(".addon input").first.fill("1")
    page.locator("[name=coupon]").fill("new300")
    page.locator("[name=coupon]").press("Tab")
    expect(page.locator("[data-total]")).to_have_text("¥6,779.20")
    page.locator("[name=price]").fill("6500")
    expect(page.locator("[data-total]")).to_have_text("¥6,500")


def test_standard_terms_preview_and_publishing(house: House, staff: Callable[..., Any]) -> None:
    page = staff("boss")
    page.goto(house.console("packages/new/"))
    page.locator("[name=kind]").select_option("children")
    page.locator("[hx-post$='standard/']").click()
    page.locator("dialog[open] .btn-primary").click()
    expect(page.locator("[name=deposit_percent]")).to_have_value("50")
    rows = page.locator("[data-rows=blocks] [data-row]:visible")
    count = rows.count()
    page.locator("[data-rows=blocks] [data-add-row]").click()
    expect(rows).to_have_count(count + 1)
    fields = {"name": "百日", "price_minor": "1680", "extra_photo_minor": "35", "photos_taken": "80"}
    for name, value in (fields | {"retouched_included": "15"}).items():
        page.locator(f"#package-form [name={name}]").fill(value)
    expect(page.locator("#preview-body .offer")).to_contain_text("百日")
    expect(page.locator("#preview-body .sample")).to_have_count(3)
    page.locator("[name=then][value=publish]").click()
    page.wait_for_url(re.compile("/publication/$"))
    expect(page.locator(".offer")).to_contain_text("¥1,680")
    page.locator("[name=accepted]").check()  # the second branch has nobody who could take the pictures
    page.locator("form.dock .btn-primary").click()
    expect(page.locator(".packages")).to_contain_text("百日")
