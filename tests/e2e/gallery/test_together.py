"""Two phones at one gallery: live marks, views, privacy, the way in by PIN, and one of them offline in the middle."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import enter_portal, until
from tests.e2e.gallery.conftest import STUDIO, Choosing, ready
from tests.e2e.gallery.test_offline import OFFLINE


@pytest.fixture
def partner(choosing: Choosing, phone: Callable[..., Any]) -> Any:
    """The partner's phone, logged in by number; `.told` is what the clerk knows of them."""
    told = choosing.house.clerk.accompany(studio=STUDIO, gallery=choosing.gallery, name="林一舟")
    page = phone()
    page.goto(choosing.address)
    enter_portal(page, told["phone"])
    ready(page)
    page.told = told
    choosing.page.reload()
    ready(choosing.page)
    for each in (page, choosing.page):
        expect(each.locator(".scenes .here")).to_be_visible()  # each hears that the other is here
    return page


def mark(choosing: Choosing, number: int, page: Any) -> Any:
    return choosing.tile(number, page).locator(".tile-others")


def test_two_phones_show_each_other_and_end_equal_after_one_was_offline(choosing: Choosing, partner: Any) -> None:
    mine = choosing.page
    mine.guard.allow(*OFFLINE)
    expect(mine.locator(".scenes .here")).to_contain_text("林一舟")
    choosing.ring(1, mine).tap()
    expect(mark(choosing, 1, partner)).to_contain_text("夏♥")
    choosing.ring(1, partner).tap()
    choosing.ring(2, partner).tap()
    expect(mark(choosing, 2, mine)).to_contain_text("舟♥")
    mine.context.set_offline(True)
    for number in (3, 4):
        choosing.ring(number, mine).tap()
    for number in (4, 5):
        choosing.ring(number, partner).tap()
    expect(choosing.tile(5, partner)).to_have_attribute("data-state", "yes")
    mine.context.set_offline(False)
    expect(mark(choosing, 5, mine)).to_contain_text("舟♥", timeout=15_000)
    expect(mark(choosing, 3, partner)).to_contain_text("夏♥", timeout=15_000)
    wanted = {"许知夏": {1, 3, 4}, "林一舟": {1, 2, 4, 5}}
    until(mine, lambda: _said(choosing) == wanted)
    for page, both, me, you in ((mine, 2, 1, 2), (partner, 2, 2, 1)):
        counts = [page.locator(f"[data-together={name}]") for name in ("both", "me", "you")]
        for node, count in zip(counts, (both, me, you), strict=True):
            expect(node).to_have_text(str(count))
    mine.locator("[data-filter=both]").tap()
    expect(mine.locator("#grid .tile")).to_have_count(2)
    assert "林一舟" in (choosing.tile(1, mine).locator("img").get_attribute("alt") or "")
    choosing.open_large(1)
    expect(mine.locator(".lb-title")).to_contain_text("林一舟")


def _said(choosing: Choosing) -> dict[str, set[int]]:
    told = choosing.house.clerk.marks(studio=STUDIO, gallery=choosing.gallery)
    return {name: {int(number) for number in values} for name, values in told.items()}


def test_who_keeps_their_marks_private_vanishes_at_once(choosing: Choosing, partner: Any) -> None:
    choosing.ring(2, partner).tap()
    expect(mark(choosing, 2, choosing.page)).to_be_visible()
    partner.locator(".gallery-head details.menu summary").tap()
    partner.locator(".view-menu a").tap()
    partner.locator("[name=shares][value='0']").tap()
    expect(choosing.page.locator(".tile-others, .scenes .here, [data-together]")).to_have_count(0)
    partner.goto(choosing.address)
    ready(partner)
    choosing.ring(6, partner).tap()
    until(partner, lambda: 6 in _said(choosing).get("林一舟", set()))
    choosing.page.wait_for_timeout(800)
    expect(choosing.page.locator(".tile-others, .scenes .here")).to_have_count(0)


def test_a_viewer_comes_in_by_pin_and_only_looks(choosing: Choosing, phone: Callable[..., Any]) -> None:
    told = choosing.house.clerk.accompany(studio=STUDIO, gallery=choosing.gallery, name="外婆", role="viewer")
    choosing.pick(1)
    choosing.arrived({1: "yes"})
    page = phone()
    page.goto(choosing.address)
    page.locator("a[href$='/pin/']").tap()
    page.locator("[name=code]").fill(told["pin"])
    page.locator("[name=code]").press("Enter")
    ready(page)
    expect(page.locator(".gallery-notice")).to_contain_text("许知夏")
    expect(mark(choosing, 1, page)).to_contain_text("夏♥")
    expect(choosing.ring(2, page)).to_be_hidden()
    page.goto(choosing.house.portal("me/"))
    expect(page).to_have_url(re.compile(r"/login/\?next="))  # an account is nobody's by PIN
