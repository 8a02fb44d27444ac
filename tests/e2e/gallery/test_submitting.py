"""Review, sign, locked; and opened again by the studio."""

from playwright.sync_api import expect

from tests.e2e.gallery.conftest import INCLUDED, STUDIO, Choosing, ready

EXTRA = 2


def test_review_sign_lock_and_unlock(choosing: Choosing) -> None:
    page, picked = choosing.page, range(1, INCLUDED + EXTRA + 1)
    choosing.pick(*picked)
    choosing.arrived(dict.fromkeys(picked, "yes"))
    page.locator("#dock a.btn-primary").tap()
    expect(page.locator(".sum-total")).to_contain_text("¥120")
    expect(page.locator(".thumbs li")).to_have_count(INCLUDED + EXTRA)
    page.guard.allow("status of 422")
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#submit").tap()
    expect(page.locator("#accept-error")).to_be_visible()  # extras need their own yes; the name is kept
    expect(page.locator("#id_signed_name")).to_have_value("许知夏")
    page.locator("#id_accept_extra").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    expect(page.locator(".sum-total")).to_contain_text("¥120")
    assert choosing.stored()["state"] == "submitted"
    assert choosing.house.clerk.facts(studio=STUDIO, code=choosing.order)["stage"] == "production"
    page.goto(choosing.address)
    ready(page)
    expect(choosing.ring(1)).to_be_hidden()
    page.wait_for_timeout(1500)  # the socket
    choosing.house.clerk.unlock(studio=STUDIO, gallery=choosing.gallery)
    expect(choosing.ring(1)).to_be_visible()
    choosing.ring(1).tap()
    choosing.arrived(dict.fromkeys(list(picked)[1:], "yes"))


def test_a_price_that_changed_meanwhile_is_shown_and_asked_again(choosing: Choosing) -> None:
    page, picked = choosing.page, range(1, INCLUDED + 2)
    choosing.pick(*picked)
    choosing.arrived(dict.fromkeys(picked, "yes"))
    page.goto(f"{choosing.address}review/")
    page.guard.allow("status of 422")
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#id_accept_extra").check()
    choosing.house.clerk.say(studio=STUDIO, gallery=choosing.gallery, picks={"20": "yes"})
    page.wait_for_timeout(600)
    expect(page.locator("#id_signed_name")).to_have_value("许知夏")  # somebody is typing: no reload
    page.locator("#submit").tap()
    expect(page.locator(".summary-error")).to_be_visible()
    expect(page.locator(".accept")).to_contain_text("¥120")
    expect(page.locator("#id_accept_extra")).not_to_be_checked()
    assert choosing.stored()["state"] == "open"
    page.locator("#id_accept_extra").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    assert choosing.stored()["state"] == "submitted"


def test_a_refused_submission_never_sends_itself_again(choosing: Choosing) -> None:
    page, picked = choosing.page, range(1, INCLUDED + 2)
    choosing.pick(*picked)
    choosing.arrived(dict.fromkeys(picked, "yes"))
    page.goto(f"{choosing.address}review/")
    page.guard.allow("status of 422")
    page.locator("#id_signed_name").fill("许知夏")
    page.locator("#id_accept_extra").check()
    choosing.house.clerk.say(studio=STUDIO, gallery=choosing.gallery, picks={"20": "yes"})
    page.locator("#submit").tap()
    expect(page.locator(".summary-error")).to_be_visible()
    page.wait_for_timeout(1500)  # the socket
    choosing.house.clerk.say(studio=STUDIO, gallery=choosing.gallery, picks={"20": "no"})  # what was signed fits again
    expect(page.locator(".summary-error")).to_have_count(0)
    page.wait_for_timeout(1000)
    assert choosing.stored()["state"] == "open"
    expect(page.locator("#id_signed_name")).to_have_value("许知夏")


def test_submit_waits_for_the_last_taps(choosing: Choosing) -> None:
    page = choosing.page
    choosing.pick(1, 2)
    choosing.arrived({1: "yes", 2: "yes"})
    page.guard.allow("ERR_FAILED")
    page.route("**/picks/", lambda route: route.abort())
    choosing.pick(3)
    page.goto(f"{choosing.address}review/")
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.locator("#submit")).to_be_disabled()
    page.unroute("**/picks/")
    expect(page.locator(".thumbs li")).to_have_count(3, timeout=20_000)
    expect(page.locator("#submit")).to_be_enabled()


def test_links_of_the_review_lead_to_the_photograph_and_to_the_undecided(choosing: Choosing) -> None:
    page = choosing.page
    choosing.pick(1)
    choosing.open_large(2)
    choosing.act("maybe")
    choosing.close()
    choosing.arrived({1: "yes", 2: "maybe"})
    page.goto(f"{choosing.address}review/")
    page.locator("a[href$='#maybe']").tap()
    expect(page.locator("#grid [data-number]")).to_have_count(1)
    page.goto(f"{choosing.address}review/")
    page.locator("a[href$='#p1']").tap()
    expect(page.locator(".lb-title")).to_contain_text("1")


def test_signing_by_hand_survives_an_error_and_is_kept(choosing: Choosing) -> None:
    page, picked = choosing.page, range(1, INCLUDED + 2)
    choosing.pick(*picked)
    choosing.arrived(dict.fromkeys(picked, "yes"))
    page.locator("#dock a.btn-primary").tap()
    page.guard.allow("status of 422")
    page.locator("[data-signature] label", has_text="手写签名").or_(page.get_by_text("Sign by hand")).first.tap()
    box = page.locator("[data-signature] canvas").bounding_box()
    assert box
    for dy in (0.3, 0.6):  # two strokes
        page.mouse.move(box["x"] + 20, box["y"] + box["height"] * dy)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * (dy + 0.2), steps=6)
        page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] * dy, steps=6)
        page.mouse.up()
    strokes = page.locator("[data-strokes]")
    both = strokes.input_value()
    assert both.count("[") == 3
    page.locator("[data-clear]").tap()
    expect(strokes).to_have_value("")
    page.locator("[data-undo]").tap()
    expect(strokes).to_have_value(both)
    page.locator("#submit").tap()
    expect(page.locator("#accept-error")).to_be_visible()  # extras need their own yes; the drawing is kept
    expect(strokes).to_have_value(both)
    expect(page.locator("[data-signature] canvas")).to_be_visible()
    page.locator("#id_accept_extra").check()
    page.locator("#submit").tap()
    expect(page.locator("#submit")).to_have_count(0)
    page.locator("a[href$='/evidence/']").tap()
    expect(page.locator("svg.drawn path")).to_have_count(1)
