"""Photographs handed over at the desk and taken home on a phone: one, all, and all again after the line broke."""

import hashlib
import http.client
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.e2e.conftest import House, enter_portal, until

STUDIO = "xingye"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; M2101K7AG) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/120.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50"
)


def fetch(url: str, most: int | None = None, **headers: str) -> tuple[int, bytes, Any]:
    """As a download manager would, past the browser; `most`: the line breaks after so many bytes."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
    connection.request("GET", parts.path, headers={"Host": parts.netloc, **headers})
    try:
        with connection.getresponse() as answer:
            return answer.status, answer.read(most), answer.headers
    finally:
        connection.close()


def test_delivered_at_the_desk_and_taken_home_on_the_phone(
    house: House, phone: Callable[..., Any], staff: Any, tmp_path: Path
) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=4, included=4, name="江念真")
    pictures = [str(path) for path in house.pictures[:3]]
    total = house.clerk.signed(studio=STUDIO, gallery=made["code"], numbers=[1, 2, 3], pictures=pictures)
    desk = staff("boss")
    desk.goto(house.console(f"galleries/{made['code']}/delivery/"))
    desk.locator("[data-dialog-open=deliver]").click()
    desk.locator("dialog[open] input[name=checked]").check()
    desk.locator("dialog[open] .btn-primary").click()
    expect(desk.locator("#delivery-access")).to_contain_text("陈思远")

    page = phone()
    url = house.portal(f"gallery/{made['code']}/delivery/")
    page.goto(url)
    enter_portal(page, made["phone"])
    page.wait_for_url(url)
    pack = page.locator(".pack-rows a").first
    expect(pack).to_be_visible(timeout=30_000)  # prepared by the worker, shown by itself
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as whole:
        pack.tap()
    path = tmp_path / "whole.zip"
    whole.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert sum(info.file_size for info in archive.infolist()) == total
    assert whole.value.suggested_filename.endswith(".zip")
    broken_and_resumed(str(pack.evaluate("a => a.href")), path.read_bytes())
    single(page, tmp_path)
    expect(desk.locator("#delivery-log tbody tr").nth(3)).to_be_visible(
        timeout=15_000
    )  # whole, broken, resumed, single
    expect(desk.locator("#delivery-log")).to_contain_text("江念真")


def broken_and_resumed(url: str, whole: bytes) -> None:
    status, begun, headers = fetch(url, most=len(whole) // 3)
    assert status == 200
    told = {"Range": f"bytes={len(begun)}-", "If-Range": headers["ETag"]}
    status, rest, _headers = fetch(url, **told)
    assert (status, hashlib.md5(begun + rest).digest()) == (206, hashlib.md5(whole).digest())
    assert fetch(url.replace("/zf1/", "/zo1/"))[0] == 404


def single(page: Any, folder: Path) -> None:
    page.locator(".keep-grid a").first.tap()
    image = page.locator(".keep-large")
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)
    with page.expect_download() as one:
        page.locator("a.btn-primary").tap()
    assert one.value.suggested_filename == "新娘_1.jpg"
    one.value.save_as(folder / "one.jpg")
    assert (folder / "one.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_wechat_shows_the_way_to_the_browser(house: House, phone: Callable[..., Any]) -> None:
    made = house.clerk.shelved(studio=STUDIO, photos=2, included=2, name="季如初")
    pictures = [str(house.pictures[3])]
    house.clerk.signed(studio=STUDIO, gallery=made["code"], numbers=[1], pictures=pictures, handed=True)
    page = phone(user_agent=WECHAT)
    url = house.portal(f"gallery/{made['code']}/delivery/")
    page.goto(url)
    enter_portal(page, made["phone"])
    page.wait_for_url(url)
    page.locator(".pack-rows a").first.tap()
    expect(page.locator("dialog#browser-guide[open]")).to_be_visible()
    page.locator("dialog[open] [data-dialog-close]").last.tap()
    page.locator(".keep-grid a").first.tap()
    expect(page.locator(".keep-large")).to_be_visible()
    until(page, lambda: page.evaluate("document.querySelector('.keep-large').naturalWidth") > 300)
