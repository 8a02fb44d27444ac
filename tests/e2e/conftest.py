"""One running product for all browser tests, and browsers that fail a test when a page misbehaves.

The browser lives as long as this folder's tests: playwright's event loop runs in the test's thread, and Django refuses
database work there. These tests therefore do none; `clerk` acts behind the scenes in a process of its own.
"""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from infra.product import Product
from infra.seed.pictures import sample_paths, vary
from infra.stack import Stack
from tests.e2e.clerk import PASSWORD, Clerk
from tests.e2e.guards import Guard

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
CODE = "135790"
PHOTOS = 40
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 13; M2101K7AG) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36",
}
# Customers, and an operator of the platform: the fixtures with their cookies are named after them
CUSTOMERS = {"customer", "finals", "keeper", "amending", "operator"}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def axe() -> str:
    folder = os.environ.get("WEBTEST", "var/webtest")
    return (Path(folder) / "node_modules" / "axe-core" / "axe.min.js").read_text()


@dataclass
class House:
    """The running product and what was furnished in it."""

    stack: Stack
    clerk: Clerk
    story: dict[str, Any]
    pictures: list[Path]

    def console(self, path: str = "", studio: str = "xingye") -> str:
        return f"{self.stack.studio_url(studio)}/console/{path}"

    def portal(self, path: str = "", studio: str = "xingye") -> str:
        return f"{self.stack.studio_url(studio)}/{path}"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small real photographs."""
    folder, samples = tmp_path_factory.mktemp("pictures"), sample_paths()
    paths = [folder / f"DSC_{4001 + i}.jpg" for i in range(PHOTOS)]
    for i, path in enumerate(paths):
        path.write_bytes(vary(samples[i % len(samples)], i, 0.4))
    return paths


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, pictures: list[Path]) -> Iterator[House]:
    """Proxy, page workers, socket server and job worker on a database of their own, furnished."""
    home = tmp_path_factory.mktemp("e2e")
    services = {
        name: os.environ[name] for name in os.environ if name.startswith("S3_") or name in {"VALKEY_URL", "SECRET_KEY"}
    }
    env = {
        **services,
        "DATABASE_URL": fresh_database(os.environ["DATABASE_URL"]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "DEBUG": "0",
        "DEMO_PHONE_CODE": CODE,
    }
    stack = Stack(env, home, home / "static")
    product = Product(stack.product_env(), home / "log" / "manage.log")
    with ThreadPoolExecutor(1) as other:
        static = other.submit(product.collect_static, stack.static)
        product.manage("migrate_studios", "--verbosity", "0")
        static.result()
    with closing(Clerk(stack.product_env(), home / "log" / "clerk.log")) as clerk, stack:
        story = clerk.furnish(pictures=[str(path) for path in pictures])
        yield House(stack, clerk, story, pictures)


def fresh_database(url: str) -> str:
    """An empty database beside the given one; its URL."""
    name = f"{os.environ.get('YL_TEST_DB', 'yl_test')}_e2e"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    return re.sub(r"/[^/]*$", f"/{name}", url)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium, gone when the last test of this folder is done."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROME_PATH", "/usr/bin/chromium"), args=FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def guarded(browser: Any) -> Iterator[Callable[..., Any]]:
    """`guarded(**context options)` → a page in a context of its own; all are checked when the test is over."""
    guards = []

    def open_page(**options: Any) -> Any:
        context = browser.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options})
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.guard = Guard(context)
        guards.append((context, page.guard))
        return page

    yield open_page
    for context, _guard in guards:
        context.close()
    for _context, guard in guards:
        guard.check()


@pytest.fixture
def phone(guarded: Callable[..., Any]) -> Callable[..., Any]:
    """`phone()` → a page on a 390 px touch screen."""
    return lambda **options: guarded(**{**PHONE, **options})


@pytest.fixture
def desk(guarded: Callable[..., Any]) -> Callable[..., Any]:
    """`desk()` → a page on a desktop screen."""
    return lambda **options: guarded(**{**DESK, **options})


@pytest.fixture(scope="package")
def sessions(browser: Any, house: House) -> Callable[[str, str], Any]:
    """`sessions(username, studio)` → the cookies of a logged-in staff member, fetched once."""
    known: dict[tuple[str, str], Any] = {}

    def find(username: str, studio: str = "xingye") -> Any:
        if (username, studio) not in known:
            context = browser.new_context(locale="zh-CN")
            page = context.new_page()
            page.goto(house.console("login/", studio))
            log_in(page, username)
            known[username, studio] = context.storage_state()
            context.close()
        return known[username, studio]

    return find


@pytest.fixture
def staff(desk: Callable[..., Any], sessions: Callable[..., Any]) -> Callable[..., Any]:
    """`staff("wanglei")` → a desktop page of somebody who is logged in."""

    def open_page(username: str = "boss", studio: str = "xingye", **options: Any) -> Any:
        return desk(storage_state=sessions(username, studio), **options)

    return open_page


@pytest.fixture(scope="package")
def customer_session(browser: Any, house: House) -> Any:
    """The cookies of the couple whose gallery is open."""
    return portal_session(browser, house, house.story["couple"]["phone"])


@pytest.fixture(scope="package")
def finals_session(browser: Any, house: House) -> Any:
    """The cookies of the customer with retouched photographs."""
    return portal_session(browser, house, house.story["finals"]["phone"])


@pytest.fixture(scope="package")
def keeper_session(browser: Any, house: House) -> Any:
    """The cookies of the customer whose photographs are delivered."""
    return portal_session(browser, house, house.story["kept"]["phone"])


@pytest.fixture(scope="package")
def amending_session(browser: Any, house: House) -> Any:
    """The cookies of the customer who wants another photograph after retouching began."""
    return portal_session(browser, house, house.story["amended"]["phone"])


@pytest.fixture(scope="package")
def operator_session(browser: Any, house: House) -> Any:
    """The cookies of an operator of the platform."""
    house.clerk.operator(username="anna")
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{house.stack.url}/operator/login/")
    page.locator("[name=username]").fill("anna")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url("**/operator/")
    state = context.storage_state()
    context.close()
    return state


def portal_session(browser: Any, house: House, phone: str) -> Any:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(house.portal())
    enter_portal(page, phone)
    page.wait_for_url(house.portal())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def as_who(guarded: Callable[..., Any], sessions: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """`as_who("")` a stranger, `as_who("customer")`, `as_who("wanglei")` → a page that may be resized."""

    def open_page(who: str, **options: Any) -> Any:
        state = request.getfixturevalue(f"{who}_session") if who in CUSTOMERS else sessions(who) if who else None
        return guarded(**DESK, storage_state=state, **options)

    return open_page


def log_in(page: Any, username: str, password: str = PASSWORD) -> None:
    """Fill in the console's login page and send it."""
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/console/$"))


def until(page: Any, true: Callable[[], bool], seconds: float = 15) -> None:
    """Look again and again (`wait_for_function` needs eval, which our CSP forbids)."""
    for _ in range(int(seconds * 10)):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came true")


def enter_portal(page: Any, phone: str, code: str = CODE) -> None:
    """Through the customer's door: number, then code."""
    page.locator("[name=phone]").fill(phone)
    page.locator("form button.btn-primary").click()
    page.wait_for_url("**/login/code/**")
    page.locator("[name=code]").fill(code)  # six digits send themselves


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is e2e."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
