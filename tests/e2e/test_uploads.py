"""Photographs from a desk into a gallery that the customer may open."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import House, until


def open_desk(page: Any, house: House, code: str) -> None:
    """From the order's page to its empty gallery."""
    page.goto(house.console(f"orders/{code}/"))
    page.locator("#order-gallery form button").click()
    page.wait_for_url(re.compile(r"/console/galleries/[a-z0-9]+/"))
    expect(page.locator("[data-live-state=on]").first).to_be_attached()


def test_upload_processing_and_publication(house: House, staff: Callable[..., Any], tmp_path: Path) -> None:
    order = house.clerk.order(studio="xingye", stage="shoot", name="叶书言")
    page = staff("zhouhang")
    open_desk(page, house, order["code"])
    wrong = tmp_path / "DSC_9999.jpg"
    wrong.write_bytes(b"\xff\xd8\xff not a photograph")
    chosen = house.pictures[:6]
    page.locator("[data-input=files]").set_input_files([*chosen, wrong])
    expect(page.locator(".staff-tile")).to_have_count(6, timeout=60_000)
    expect(page.locator("#desk-work a[href*=refused]")).to_have_text("1", timeout=30_000)
    expect(page.locator("[data-files] .is-ok")).to_have_count(6, timeout=30_000)  # said when ready, not when sent
    expect(page.locator("[data-files] .is-bad")).to_contain_text("DSC_9999.jpg")
    page.locator("#wall").scroll_into_view_if_needed()
    until(page, lambda: page.locator(".staff-tile img").evaluate_all("all => all.every((one) => one.naturalWidth > 0)"))
    told = house.clerk.facts(studio="xingye", code=order["code"])["photos"]
    assert sorted(name for name, state in told if state == "ready") == sorted(path.name for path in chosen)

    adviser = staff("hejing")
    adviser.goto(page.url)
    adviser.locator("[data-dialog-open=publish]").first.click()
    adviser.locator("dialog[open] button.btn-primary").click()
    expect(adviser.locator("[data-dialog-open=link]")).to_be_visible()
    found = house.clerk.facts(studio="xingye", code=order["code"])
    assert (found["gallery"], found["stage"]) == ("open", "selection")


def test_the_same_files_again_are_not_sent_twice(house: House, staff: Callable[..., Any]) -> None:
    order = house.clerk.order(studio="xingye", stage="shoot", name="白露")
    page, sent = staff("zhouhang"), []
    open_desk(page, house, order["code"])
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    page.locator("[data-input=files]").set_input_files(house.pictures[:3])
    expect(page.locator(".staff-tile")).to_have_count(3, timeout=60_000)
    page.reload()
    page.locator("[data-input=files]").set_input_files(house.pictures[:4])
    expect(page.locator(".staff-tile")).to_have_count(4, timeout=60_000)
    assert len(sent) == 4
