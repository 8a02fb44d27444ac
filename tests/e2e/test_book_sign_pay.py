"""The scene of the shop floor on two screens: a stranger's phone finds a Saturday, holds it, signs, pays by a wallet;
staff ask for another date, the customer takes it; at last it is cancelled, and what was promised is what goes back.
"""

import hashlib
import json
import re
import secrets
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import CODE, House, until

STUDIO = "haian"
NUMBER = f"137{secrets.randbelow(10**8):08d}"
SECONDS = 20_000  # for what the worker does meanwhile


def test_from_a_free_saturday_to_the_refund(
    house: House, phone: Callable[..., Any], staff: Callable[..., Any], tmp_path: Path
) -> None:
    made = house.clerk.shop(slug=STUDIO)
    page, desk = phone(), staff("boss", STUDIO)
    page.set_default_navigation_timeout(30_000)
    found_a_saturday(house, page, made)
    held(page)
    booking = page.url
    contract, promised = signed(page)
    deposit = paid_by_wallet(house, page)
    expect(page).to_have_url(booking)
    kept(house, page, desk, contract, tmp_path)
    expect(outbox(house, desk).filter(has_text="您的档期已确定")).to_have_count(1)
    moved(house, page, desk, booking)
    back = cancelled(page, booking, deposit, promised)
    until(page, lambda: refunds(house) == [back])
    page.locator(".panel-ink a[href$='/bill/']").tap()
    expect(page.locator("[aria-labelledby=paid-title] .rows .num")).to_have_text(f"¥{back / 100:,.2f}")


def minor(text: str) -> int:
    """¥1,199.70 → 119970"""
    whole, _dot, rest = re.sub(r"[^\d.]", "", text).partition(".")
    return int(whole) * 100 + int(rest or 0)


def found_a_saturday(house: House, page: Any, made: dict[str, Any], studio: str = STUDIO) -> None:
    """The branch's public page, the package, a Saturday some weeks ahead, its first hour; then name, number, code."""
    page.goto(house.portal("book/", studio))
    page.locator(".offer", has_text=made["name"]).locator("a.btn-primary").tap()
    page.locator(".card-head a[href*='from=']").last.tap()
    page.wait_for_url("**from=**")
    page.locator(".month td:nth-child(6) a.month-day").first.tap()
    page.wait_for_url("**#times")
    price = page.locator(".time-row .num").first.inner_text()
    page.locator(".time-row").first.tap()
    expect(page.locator(".quote-total .num")).to_have_text(price)
    page.locator("[name=name]").fill("陆汀")
    page.locator("[name=phone]").fill(NUMBER)
    page.locator("#you .btn-primary").tap()
    page.wait_for_url("**/code/**")
    page.guard.allow("status of 422")
    page.locator("[name=code]").fill("000000")
    expect(page.locator(".field-error")).to_be_visible()
    page.locator("[name=code]").fill(CODE)
    page.wait_for_url("**/bookings/**")


def held(page: Any) -> None:
    """A countdown that runs, and no other step than the contract."""
    clock = page.locator("[data-until]")
    expect(clock).to_have_text(re.compile(r"^\d{1,2}:\d\d$"))
    first = clock.inner_text()
    until(page, lambda: clock.inner_text() != first, 4)
    expect(page.locator(".stage-list .is-current")).to_have_count(1)


def signed(page: Any) -> tuple[str, dict[int, int]]:
    """Read, typed, the code from the message; the contract's address and its refund table by days."""
    page.locator(".panel-ink .btn-cream").tap()
    page.wait_for_url("**/contracts/**")
    contract = page.url
    rows = page.locator("article.contract tr", has_text="客户取消").all_inner_texts()
    told = [re.search(r"(\d+) 天以上\s+(\d+) %", row) for row in rows]
    promised = {int(found[1]): int(found[2]) for found in told if found}
    page.locator("[name=signature]").fill("陆汀")
    page.locator("#id_agreed").check()
    page.locator("button[formaction*='/code/']").tap()
    expect(page.locator("#code .notice")).to_be_visible()
    page.locator("#id_code").fill(CODE)
    page.locator("#submit").tap()
    page.wait_for_url("**/bookings/**")
    return contract, promised


def paid_by_wallet(house: House, page: Any) -> int:
    """The deposit at the provider's page by WeChat Pay; declined once, then paid, and nobody reloads anything."""
    page.locator(".panel-ink .btn-cream").tap()
    page.wait_for_url("**/bill/")
    deposit = minor(page.locator("#due-title").inner_text())
    page.locator("[name=route][value=stripe]").tap()
    page.wait_for_url(f"{house.stack.fakes_url}/**")
    assert minor(page.locator(".sum").inner_text()) == deposit
    page.locator("[value=wechat_pay]").check()
    page.locator("button[value=fail]").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.locator("[value=wechat_pay]").check()
    page.locator("button[value=pay]").tap()
    page.wait_for_url("**/payments/**")
    page.locator("main a.btn-primary[href*='/bookings/']").tap(timeout=SECONDS)
    expect(page.locator("a[href$='/calendar.ics']").first).to_be_visible(timeout=SECONDS)
    return deposit


def kept(house: House, page: Any, desk: Any, contract: str, folder: Path) -> None:
    """The sealed PDF: whole, the one of the evidence, and known by the public page; one byte changed, and it is not."""
    page.goto(contract)
    with page.expect_download() as coming:
        page.locator("a[href$='/final.pdf']").tap(timeout=SECONDS)
    body = Path(coming.value.path()).read_bytes()
    assert body.startswith(b"%PDF-")
    assert body.rstrip().endswith(b"%%EOF")
    desk.goto(house.console(f"contracts/{contract.rstrip('/').rpartition('/')[2]}/", STUDIO))
    expect(desk.locator("dd code").last).to_have_text(hashlib.sha256(body).hexdigest())
    page.locator("a[href*='/proof/']").tap()
    middle = len(body) // 2
    changed = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
    for name, held, tone in (("own.pdf", body, "t-ok"), ("changed.pdf", changed, "t-bad")):
        (folder / name).write_bytes(held)
        page.locator("[name=file]").set_input_files(folder / name)
        page.locator("form .btn-primary").tap()
        expect(page.locator(f".notice.{tone}")).to_be_visible()


def outbox(house: House, desk: Any) -> Any:
    """What was sent to the customer's number."""
    desk.goto(house.console("outbox/", STUDIO))
    return desk.locator("tbody tr", has_text=NUMBER)


def moved(house: House, page: Any, desk: Any, booking: str) -> None:
    """Staff ask for another Saturday; the phone hears of it, the customer says yes."""
    page.goto(booking)
    before = page.locator("#stand").inner_text()
    order = page.locator("a[href*='/orders/']", has_text=re.compile(r"^\w+-\d{4}-\d{4}$")).inner_text()
    desk.goto(house.console(f"orders/{order}/", STUDIO))
    desk.locator("a[href$='/proposal/']").click()
    choices = desk.locator("[name=at]")
    choices.last.check()
    desk.locator("[name=reason]").fill("摄影师当天外出，想请您换一天")
    desk.locator(".form-actions .btn-primary").click()
    expect(desk.locator("form[action*='/withdrawal/'] button")).to_be_visible()
    page.locator(".card-alert .btn-primary").tap(timeout=SECONDS)
    new = page.locator("dd.strong").inner_text()
    page.locator("button[value=yes]").tap()
    expect(page.locator("button[value=yes]")).to_have_count(0)
    page.goto(booking)
    expect(page.locator("#stand")).to_have_text(new)
    assert new != before


def cancelled(page: Any, booking: str, deposit: int, promised: dict[int, int]) -> int:
    """The sum before the tap is the contract's share of what was paid; the sum that goes back, in minor units."""
    page.goto(booking)
    page.locator("a[href$='/cancellation/']").tap()
    back = minor(page.locator("#back").inner_text())
    words = page.locator("#back + p").inner_text()
    days = int(re.search(r"(\d+) 天", words)[1])  # type: ignore[index]
    share = promised[max(least for least in promised if least <= days)]
    assert back == deposit * share // 100
    assert f"{share} %" in words
    page.locator("[name=reason]").fill("婚期推迟")
    page.locator("form .btn-danger").tap()
    page.locator("dialog .btn-danger").tap()
    page.wait_for_url(booking)
    return back


def refunds(house: House) -> list[int]:
    """What the provider has given back."""
    with urllib.request.urlopen(f"{house.stack.fakes_url}/_control/outbox", timeout=5) as answer:
        letters = json.load(answer)
    return [
        one["payload"]["data"]["object"]["amount"] for one in letters if one["payload"].get("type") == "refund.created"
    ]
