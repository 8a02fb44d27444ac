"""A studio leaves with its data: export, a support visit that the owner ends, erasing, restoring, comparing."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, House, log_in, until

WORKS = 60  # seconds that the job worker may need for an export or an erasure


def press(page: Any, verb: str, **fields: str) -> None:
    """A verb's form on the operators' page of a studio."""
    form = page.locator(f"form[action$='/life/{verb}/']").first
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("input[type=submit], button").first.click()
    page.wait_for_load_state()


def export(page: Any, home: str, folder: Path) -> Path:
    """Ask for everything, wait for the archive, take it away."""
    page.goto(f"{home}studio/export/")
    page.locator("[name=with_files]").check()
    page.locator("main form .btn-primary").first.click()
    link = page.locator("a[href$='/download/']")
    until(page, lambda: page.reload() is not None and link.count() > 0, WORKS)
    with page.expect_download() as download:
        link.first.click()
    path = folder / "archive.zip"
    download.value.save_as(path)
    return path


def test_export_a_visit_erase_and_restore(house: House, desk: Callable[..., Any], tmp_path: Path) -> None:
    slug = f"shiguang-{secrets.token_hex(3)}"
    username, operator = house.clerk.guest_studio(slug=slug), f"anna-{slug[-6:]}"
    house.clerk.operator(username=operator)
    home, others = house.console(studio=slug), house.clerk.picture(studio="qingtang")

    # an operator asks to come in; the owner is told on every page
    anna, boss = desk(), desk()
    boss.goto(f"{home}login/")
    log_in(boss, username)
    anna.goto(f"{house.stack.url}/operator/platform/studios/?q={slug}")
    anna.locator("[name=username]").fill(operator)
    anna.locator("[name=password]").fill(PASSWORD)
    anna.locator("input[type=submit]").click()
    anna.get_by_role("link", name="拾光小筑").click()
    life = anna.url
    press(anna, "visit", reason="The board stands still")
    boss.goto(home)
    until(boss, lambda: boss.reload() is not None and boss.locator(".banner a[href$='/studio/visits/']").count() > 0)
    press(anna, "enter")
    anna.locator("a.button[href*='/enter/']").click()
    anna.wait_for_url(f"{home}**")
    expect(anna.locator(".banner.t-warn")).to_contain_text(operator)

    # they look; what they try to change is refused, and the owner reads both
    anna.goto(f"{home}customers/new/")
    anna.guard.allow(r"403")
    anna.locator("[name=name]").fill("不该有")
    anna.locator("main form .btn-primary").first.click()
    expect(anna.locator("main h1")).to_be_visible()
    boss.locator(".banner a[href$='/studio/visits/']").click()
    boss.locator("main details summary").first.click()
    log = boss.locator("main details li")
    expect(log.filter(has_text="GET").filter(has_text="/console/customers/new/").first).to_be_visible()
    expect(log.filter(has_text="POST").filter(has_text="/console/customers/new/")).to_have_count(1)
    boss.locator("form[action$='/end/'] button").click()
    anna.goto(f"{home}board/")
    anna.wait_for_url("**/console/login/**")

    # everything goes along, and then away
    archive = export(boss, home, tmp_path)
    before = house.clerk.picture(studio=slug)
    anna.goto(life)
    press(anna, "suspend", reason="The owner asked for it")
    press(anna, "erase", typed=slug)
    until(anna, lambda: anna.goto(life) is not None and "/erasurecertificate/" in anna.url, WORKS)
    assert house.clerk.studio(slug=slug) is None
    assert house.clerk.certificate(slug=slug)["files"] >= 3

    # from the file it is the same studio again, and nobody else noticed anything
    house.clerk.restore(path=str(archive), slug=slug)
    after = house.clerk.picture(studio=slug)
    assert {name for name in before if before[name] != after[name]} == set()
    assert house.clerk.picture(studio="qingtang") == others
    boss.goto(f"{home}login/")
    log_in(boss, username)
    boss.goto(f"{home}board/")
    expect(boss.locator("main h1")).to_be_visible()
