"""From six hundred to forty: looks, stacks with "keep this one", comparing under one glass, recommendations, pins."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import begin
from tests.e2e.conftest import until
from tests.e2e.gallery.conftest import INCLUDED, PHOTOS, STUDIO, Choosing, ready
from tests.e2e.gallery.test_offline import OFFLINE
from tests.e2e.gallery.test_open_things import SCREENS, looked_at

STACKED = [3, 4, 5, 6]  # the first stack of clerk.triage; 4 is recommended and lies on top
COVER = 4


@pytest.fixture
def sorted_out(choosing: Choosing) -> Choosing:
    """The gallery after the studio's cull."""
    choosing.house.clerk.triage(studio=STUDIO, gallery=choosing.gallery)
    choosing.page.reload()
    ready(choosing.page)
    return choosing


def open_stack(choosing: Choosing) -> Any:
    choosing.tile(COVER).locator("a").first.tap()
    expect(choosing.page.locator("#stack[open]")).to_be_visible()
    return choosing.page.locator("#stack")


def test_looks_narrow_what_a_filter_shows_and_are_found_again(sorted_out: Choosing) -> None:
    page, third = sorted_out.page, PHOTOS // 3
    page.locator("button[data-stacks]").evaluate("button => button.click()")
    page.locator("[data-look='2']").tap()
    expect(page.locator("#grid > li").first).to_have_attribute("data-number", str(third + 1))
    expect(page.locator("#grid > li").first).to_have_attribute("aria-setsize", str(third))
    sorted_out.ring(third + 2).tap()
    page.locator("[data-filter=yes]").tap()
    expect(page.locator("#grid > li")).to_have_count(1)
    expect(page.locator("[data-look-count='2']")).to_have_text("1")
    expect(page.locator("[data-look-count='1']")).to_have_text("0")
    page.reload()
    ready(page)
    expect(page.locator("[data-look='2']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#grid > li")).to_have_count(1)


def test_one_of_a_stack_is_kept_by_one_tap_and_undone_by_one(sorted_out: Choosing) -> None:
    page = sorted_out.page
    expect(sorted_out.tile(COVER)).to_contain_text("×4")
    for hidden in (3, 5, 6):
        expect(sorted_out.tile(hidden)).to_have_count(0)
    sheet = open_stack(sorted_out)
    mark = sheet.locator(".pick").first.evaluate("button => getComputedStyle(button, '::after').maskImage")
    assert mark.startswith("url(")  # a tick, also outside the list
    sheet.locator("li[data-number='5'] > .btn").tap()
    expect(sheet).not_to_be_visible()
    expect(sorted_out.tile(5)).to_contain_text("♥1")  # it lies on top now
    sorted_out.arrived({3: "no", 4: "no", 5: "yes", 6: "no"})
    page.locator("#undo button").tap()
    sorted_out.arrived({})
    assert sorted_out.stored()["counts"] == [0, 0, 0]


def test_keeping_offline_says_its_price_and_arrives_after_a_killed_tab(sorted_out: Choosing) -> None:
    page = sorted_out.page
    page.guard.allow(*OFFLINE)
    others = list(range(11, 11 + INCLUDED))
    page.locator("button[data-stacks]").evaluate("button => button.click()")
    for number in others:
        sorted_out.house.clerk.say(studio=STUDIO, gallery=sorted_out.gallery, picks={str(number): "yes"})
    page.locator("button[data-stacks]").evaluate("button => button.click()")
    expect(page.locator("[data-count=yes]")).to_have_text(str(INCLUDED))
    sheet = open_stack(sorted_out)
    expect(sheet.locator("li[data-number='6'] > .btn")).to_contain_text("60")
    page.context.set_offline(True)
    sheet.locator("li[data-number='6'] > .btn").tap()
    expect(page.locator("#sync")).to_contain_text("4")
    page.close(run_before_unload=False)
    sorted_out.page = page.context.new_page()
    page.context.set_offline(False)
    sorted_out.page.goto(sorted_out.address)
    sorted_out.arrived({**dict.fromkeys(others, "yes"), 3: "no", 4: "no", 5: "no", 6: "yes"})


def test_what_is_compared_is_seen_through_one_glass(sorted_out: Choosing) -> None:
    page = sorted_out.page
    open_stack(sorted_out).locator("[data-compare-stack]").tap()
    glass = page.locator("#compare")
    expect(glass.locator(".cmp-pane")).to_have_count(len(STACKED))
    frame = glass.locator(".cmp-frame").first.bounding_box()
    pinch(page, frame)
    first, *rest = transforms(page)
    assert float(glass.get_attribute("data-scale") or 0) > 1.5
    assert all(each == first for each in rest)
    page.mouse.move(frame["x"] + 40, frame["y"] + 40)
    page.mouse.wheel(0, -300)
    assert len(set(transforms(page))) == 1
    assert transforms(page)[0] != first
    glass.locator(".cmp-head button").nth(3).tap()  # whole again
    expect(glass).to_have_attribute("data-scale", "1.00")
    glass.locator("[data-number='3'] [data-v=no]").tap()
    glass.locator("[data-number='5'] [data-v=yes]").tap()
    sorted_out.arrived({3: "no", 5: "yes"})
    glass.locator("[data-number='6'] .cmp-keep").tap()
    expect(glass).not_to_be_visible()
    sorted_out.arrived({3: "no", 4: "no", 5: "no", 6: "yes"})


def test_photographs_of_the_list_are_compared_by_key_and_by_tap(sorted_out: Choosing) -> None:
    page = sorted_out.page
    sorted_out.tile(1).locator("a").focus()
    page.keyboard.press("c")
    expect(page.locator(".compare-bar")).to_be_visible()
    page.wait_for_timeout(300)  # it slides in, and the list with it
    sorted_out.tile(2).locator("a").tap()
    page.locator(".compare-bar .btn").first.tap()
    expect(page.locator("#compare .cmp-pane")).to_have_count(2)
    page.locator("#compare [data-number='2'] [data-v=maybe]").focus()
    page.keyboard.press("3")
    page.keyboard.press("Escape")
    expect(page.locator("#compare")).not_to_be_visible()
    sorted_out.arrived({2: "yes"})
    expect(page.locator(".compare-bar")).to_have_count(0)


def test_recommendations_are_told_filtered_and_switched_off(sorted_out: Choosing) -> None:
    page = sorted_out.page
    page.locator("[data-filter=rec]").tap()
    count = int(page.locator("[data-count=rec]").inner_text())
    expect(page.locator("#grid > li")).to_have_count(count)
    page.locator("#grid > li a").first.tap()
    expect(page.locator(".pswp--ui-visible .lightbox-bar")).to_be_visible()
    if page.locator(".lb-lesson").count():
        page.locator(".lb-lesson button").tap()
    page.wait_for_timeout(400)
    page.locator(".lb-chip.is-gold").tap()
    page.locator("#recommended [data-mute]").tap()
    expect(page.locator(".lb-chip.is-gold")).to_be_hidden()
    sorted_out.close()
    expect(page.locator("[data-filter=rec]")).to_be_hidden()
    expect(page.locator("#grid > li .tile-tags", has_text="★")).to_have_count(0)
    page.reload()
    ready(page)
    expect(page.locator("[data-filter=rec]")).to_be_hidden()


def test_pins_set_without_a_network_arrive_with_it(sorted_out: Choosing) -> None:
    page = sorted_out.page
    page.guard.allow(*OFFLINE)
    sorted_out.open_large(1)
    page.wait_for_timeout(600)
    sorted_out.act("note")
    page.locator("#note [data-note-cancel]").tap()
    page.context.set_offline(True)
    sorted_out.act("note")
    page.wait_for_timeout(600)  # the sheet rises
    box = page.locator(".pin-stage").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    page.locator("#note .pin-list select").select_option("skin")
    page.locator("#note .pin-list input").fill("左脸颊")
    page.locator("[data-pin-add]").tap()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    page.locator("[data-pin-moves] [value=ArrowDown]").tap()
    page.locator("#note [value=save]").tap()
    expect(page.locator("#note .pin-list li").nth(1).locator(".field-error")).to_be_visible()  # it says nothing yet
    page.locator("#note .pin-list select").nth(1).select_option("eyes")
    page.locator("#note [value=save]").tap()
    page.context.set_offline(False)
    until(page, lambda: "1" in sorted_out.house.clerk.pins(studio=STUDIO, gallery=sorted_out.gallery))
    first, second = sorted_out.house.clerk.pins(studio=STUDIO, gallery=sorted_out.gallery)["1"]
    assert abs(first["x"] - 250) < 12
    assert (first["tag"], first["text"], first["rev"]) == ("skin", "左脸颊", 1)
    assert (second["x"], second["y"]) == (450, 510)
    sorted_out.act("note")
    expect(page.locator("#note .pin-mark")).to_have_count(2)
    page.locator("#note .pin-list li").nth(0).locator("button").tap()
    page.locator("#note [value=save]").tap()
    until(page, lambda: len(sorted_out.house.clerk.pins(studio=STUDIO, gallery=sorted_out.gallery)["1"]) == 1)


def test_an_answer_leads_to_the_next_photograph_when_that_is_wanted(sorted_out: Choosing) -> None:
    page = sorted_out.page
    sorted_out.open_large(1)
    page.locator(".lb-chip[aria-pressed]").tap()
    for answer in ("yes", "no", "maybe"):
        sorted_out.act(answer)
        page.wait_for_timeout(700)
    sorted_out.arrived({1: "yes", 2: "no", 3: "maybe"})


def test_the_steps_of_an_earlier_visit_can_be_taken_back(sorted_out: Choosing) -> None:
    page = sorted_out.page
    sorted_out.ring(1).tap()
    open_stack(sorted_out).locator("li[data-number='3'] > .btn").tap()
    sorted_out.arrived({1: "yes", 3: "yes", 4: "no", 5: "no", 6: "no"})
    page.wait_for_timeout(700)
    page.reload()
    ready(page)
    page.locator("details.menu summary").tap()
    page.locator("[data-steps]").tap()
    expect(page.locator("#steps .step")).to_have_count(2)
    page.locator("#steps .step button").first.tap()
    sorted_out.arrived({1: "yes"})


@pytest.mark.parametrize("screen", SCREENS)
def test_everything_that_opens_is_in_order(sorted_out: Choosing, axe: str, screen: str) -> None:
    page, (width, height) = sorted_out.page, SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    begin(page, axe)
    found = looked_at(page, "grid", within=".gallery-head")
    open_stack(sorted_out)
    found += looked_at(page, "stack", "#stack", within="#stack")
    page.locator("[data-compare-stack]").tap()
    expect(page.locator("#compare[open]")).to_be_visible()
    found += looked_at(page, "compare", "#compare", ".cmp-head > *", ".cmp-acts > *", ".cmp-keep", within="#compare")
    page.keyboard.press("Escape")
    expect(page.locator("#compare")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#stack")).to_be_hidden()
    page.locator("details.menu summary").tap()
    page.locator("[data-use=recommended]").tap()
    found += looked_at(page, "recommended", "#recommended", within="#recommended")
    page.keyboard.press("Escape")
    expect(page.locator("#recommended")).to_be_hidden()
    sorted_out.tile(1).locator("a").focus()
    page.keyboard.press("n")
    expect(page.locator("#note[open]")).to_be_visible()
    page.locator("[data-pin-add]").tap()
    found += looked_at(page, "pins", "#note", within="#note")
    page.keyboard.press("Escape")
    expect(page.locator("#note")).to_be_hidden()
    page.locator("details.menu summary").tap()
    page.locator("[data-use=comparing]").tap()
    found += looked_at(page, "comparing", ".compare-bar", within="#dock")
    assert not found, "\n".join(["", *found])


def transforms(page: Any) -> list[str]:
    return list(page.locator("#compare img").evaluate_all("images => images.map((image) => image.style.transform)"))


def pinch(page: Any, box: dict[str, float]) -> None:
    """Two fingers move apart."""
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def points(apart: float) -> list[dict[str, float]]:
        return [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points(20)})
    for apart in (30, 40, 50, 60):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points(apart)})
        page.wait_for_timeout(30)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()
