"""The main job, once from the first click to the last, in a studio that nobody prepared."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from infra.seed.pictures import sample_paths, vary
from tests.e2e.conftest import CODE, House, enter_portal, log_in, until
from tests.e2e.gallery.conftest import ready
from tests.e2e.test_console import take_order

PHOTOS, OFFLINE = 60, (11, 12, 13, 14, 15)
PASSWORD = "Kamera-2611"


@pytest.fixture
def shoot(tmp_path: Path, pictures: list[Path]) -> list[Path]:
    """Sixty real photographs, the last twenty made for this test."""
    samples, more = sample_paths(), PHOTOS - len(pictures)
    fresh = [tmp_path / f"DSC_{6001 + i}.jpg" for i in range(more)]
    for i, path in enumerate(fresh):
        path.write_bytes(vary(samples[i % len(samples)], 500 + i, 0.3))
    return [*pictures, *fresh]


def sign_up(page: Any, house: House, slug: str) -> None:
    page.goto(f"{house.stack.url}/signup/")
    steps = [
        {"name": "初见摄影"},
        {"owner_name": "周初", "owner_contact": "13800002619", "owner_username": "zhouchu", "owner_password": PASSWORD},
        {"code": CODE},
        {"slug": slug},
    ]
    targets = ("**/signup/owner/", "**/signup/code/", "**/signup/address/", "**/console/")
    for step, target in zip(steps, targets, strict=True):
        for name, text in step.items():
            page.locator(f"[name={name}]").fill(text)
        if "code" not in step:  # six digits send themselves
            page.locator("form button[type=submit].btn-primary").click()
        page.wait_for_url(target)


def hire(page: Any, console: str) -> None:
    """The owner adds a receptionist."""
    page.goto(f"{console}staff/new/")
    page.locator("[name=name]").fill("何夕")
    page.locator("[name=username]").fill("hexi")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("select[name$=-role]").first.select_option("receptionist")
    page.locator("select[name$=-branch]").first.select_option(index=1)
    page.locator("form button.btn-primary[type=submit], form button.btn-primary:not([type])").last.click()
    page.wait_for_url(re.compile(r"/console/staff/(\d+/)?$"))


def figure(page: Any, console: str, column: int) -> str:
    """A figure of the only branch this month; 1 is orders."""
    page.goto(f"{console}hq/?period=month")
    return str(page.locator(".hq-table tbody tr td").nth(column).inner_text().split()[0])


def test_from_sign_up_to_headquarters(
    house: House, desk: Callable[..., Any], phone: Callable[..., Any], shoot: list[Path]
) -> None:
    slug = f"chujian-{secrets.token_hex(3)}"
    console = house.console(studio=slug)
    owner, reception = desk(), desk(viewport={"width": 2000, "height": 900})
    sign_up(owner, house, slug)
    hire(owner, console)
    before = figure(owner, console, 1)

    reception.goto(f"{console}login/")
    log_in(reception, "hexi", PASSWORD)
    code = take_order(reception, house, "13700001234", "林初夏", studio=slug)
    reception.goto(f"{console}board/")
    expect(reception.locator("[data-live-state=on]").first).to_be_attached()
    expect(reception.locator("[data-stage-list=enquiry]")).to_contain_text("林初夏")

    owner.goto(f"{console}orders/{code}/")
    owner.locator("#order-gallery form button").click()
    owner.wait_for_url(re.compile(r"/console/galleries/[a-z0-9]+/"))
    gallery = owner.url.rstrip("/").rsplit("/", 1)[1]
    owner.locator("[data-input=files]").set_input_files(shoot)
    expect(owner.locator("[data-files] .is-ok")).to_have_count(PHOTOS, timeout=120_000)
    owner.locator("[data-dialog-open=publish]").first.click()
    owner.locator("dialog[open] button.btn-primary").click()
    expect(owner.locator("[data-dialog-open=link]")).to_be_visible()

    choose_on_the_phone(house, phone(), slug, gallery)
    expect(reception.locator("[data-stage-list=production]")).to_contain_text("林初夏")  # by itself
    assert figure(owner, console, 1) != before


def choose_on_the_phone(house: House, page: Any, slug: str, gallery: str) -> None:
    """Ten picks, five more without a network, then the signature."""

    def stored() -> int:
        return len(house.clerk.chosen(studio=slug, gallery=gallery)["values"])

    address = house.portal(f"gallery/{gallery}/", slug)
    page.guard.allow("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    page.goto(address)
    enter_portal(page, "13700001234")
    page.wait_for_url(address)
    ready(page)
    for number in range(1, 11):
        page.locator(f"[data-number='{number}'] .pick").evaluate("button => button.click()")
    until(page, lambda: stored() == 10)
    page.context.set_offline(True)
    for number in OFFLINE:
        page.locator(f"[data-number='{number}'] .pick").evaluate("button => button.click()")
    expect(page.locator("#sync")).to_contain_text("5")
    page.context.set_offline(False)
    until(page, lambda: stored() == 15)
    expect(page.locator("[data-count=yes]")).to_have_text("15")
    page.locator("#dock a.btn-primary").tap()
    page.locator("#id_signed_name").fill("林初夏")
    if page.locator("#id_accept_extra").count():
        page.locator("#id_accept_extra").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    until(page, lambda: page.locator(".thumbs li").count() >= len(OFFLINE))
