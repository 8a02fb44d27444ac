"""The pay providers' fakes by themselves: their pages, their memory, who sends what, and real keys that win."""

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from django.conf import settings

from billing import gateway
from billing.selectors import accounts_of
from infra.fakes import daemon
from infra.fakes.app import STRIPE_KEY
from infra.fakes.forms import read_form
from infra.fakes.post import Post
from infra.fakes.store import Store
from infra.seed.pay import join_platform
from infra.stack import Stack
from tests.billing.test_gateway import ROUTES, begin
from tests.billing.test_gateway import request as request_of


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(("act", "state"), [("pay", "paid"), ("fail", "pending"), ("away", "pending")])
def test_the_payers_buttons(pay_fake: Any, studio: Any, route: str, act: str, state: str) -> None:
    reference = f"{act}-{route}"
    started = begin(pay_fake, studio, route, reference)
    page = pay_fake.open(started.url)
    assert all(f'value="{one}"' in page.text for one in ("pay", "fail", "away"))
    done = requests.post(page.url, data={"act": act, "method": "alipay"}, allow_redirects=False, timeout=10)
    assert gateway.fetch(studio, route, reference, started.provider_ref).state == state
    if route != "wechat":  # a QR leads nowhere: the shop's own page waits
        back = {"pay": "http://shop/paid", "away": "http://shop/back"}.get(act)
        assert done.headers.get("Location") == back
    if act == "pay":
        assert requests.post(page.url, data={"act": "pay"}, allow_redirects=False, timeout=10).status_code == 200


def test_memory_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "fakes.sqlite"
    for known, status in ((None, "open"), ("open", "complete"), ("complete", "complete")):
        with closing(Store(path)) as store:
            assert (store.get("session", "cs_1") or {}).get("status") == known
            store.put("session", {"id": "cs_1", "status": status})


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a=1&b[c][0][d]=2&b[c][1][d]=3", {"a": "1", "b": {"c": [{"d": "2"}, {"d": "3"}]}}),
        ("expand[]=x&expand[]=y", {"expand": ["x", "y"]}),
        ("name=%E5%AE%9A%E9%87%91+A", {"name": "定金 A"}),
        ("", {}),
    ],
)
def test_stripes_way_of_writing_forms(body: str, found: dict[str, Any]) -> None:
    assert read_form(body) == found


def test_letters_are_brought_again_until_they_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(500 if len(seen) == 1 else 200)
            self.end_headers()
            if len(seen) == 2:
                taken.set()

        def log_message(self, *_args: Any) -> None:
            pass

    taken = threading.Event()
    monkeypatch.setattr("infra.fakes.post.PAUSES", (0.01, 0.01))
    with HTTPServer(("127.0.0.1", 0), Shop) as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        post = Post(Store(), deliver=True)
        post.signers["x"] = lambda payload: ({}, payload["text"])
        post.send("x", f"http://127.0.0.1:{shop.server_port}/", {"text": "paid"})
        assert taken.wait(20)
        shop.shutdown()
    assert seen == ["paid", "paid"]


def test_real_keys_in_the_environment_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    site = "http://localhost:1"
    made = daemon.leading_env({"SECRET_KEY": "s"}, site)
    assert (made["STRIPE_SECRET_KEY"], made["STRIPE_API_BASE"]) == (STRIPE_KEY, site)
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_real")
    monkeypatch.setenv("ALIPAY_GATEWAY", "https://openapi.alipay.com/gateway.do")
    real = daemon.leading_env({"SECRET_KEY": "s"}, site)
    assert not [name for name in real if name.startswith("STRIPE_")], "nothing of Stripe's is overruled"
    assert "ALIPAY_GATEWAY" not in real
    assert real["WECHAT_API_BASE"] == site
    stack = Stack({"S3_ENDPOINT_URL": "http://127.0.0.1:1"}, tmp_path, tmp_path / "static")
    assert "fakes" in {one.name for one in stack.daemons()}
    assert "STRIPE_SECRET_KEY" not in stack.product_env()


def test_the_demos_platform_is_a_service_provider_that_its_fakes_know(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = "http://localhost:1"
    made = daemon.leading_env({"SECRET_KEY": "s"}, site, tmp_path / "new")
    names = {f"WECHAT_SP_{name.upper()}" for name in settings.WECHAT_SP} | {"WECHAT_SP_APP_SECRET"}
    assert names <= {name for name, value in made.items() if value and "\n" not in value}
    assert daemon.leading_env({"SECRET_KEY": "s"}, site, tmp_path / "new") == made, "the same at every start"
    with closing(Store(tmp_path / "new" / "fakes.sqlite")) as store:
        assert "subs" in (store.get("merchant", made["WECHAT_SP_MCHID"]) or {})
    monkeypatch.setenv("WECHAT_SP_MCHID", "1900000001")
    assert not names & daemon.leading_env({"SECRET_KEY": "s"}, site, tmp_path / "new").keys()


def test_a_demo_studio_joins_it(pay_fake: Any, studio: Any, settings: Any) -> None:
    keys = pay_fake.control("merchants/wechat-provider")
    settings.WECHAT_SP_APP_SECRET = keys.pop("app_secret")
    settings.WECHAT_SP = keys
    said: list[str] = []
    join_platform(studio, None, said.append)
    account = accounts_of(studio)["wechat"]
    assert (account.is_by_partner, account.is_on, said) == (
        True,
        True,
        [f"  {studio.name}: WeChat Pay under the platform"],
    )
    assert gateway.payer_app(studio) == keys["appid"]


def test_the_sheets_stand_in_pays_fails_and_is_closed(pay_fake: Any, studio: Any) -> None:
    pay_fake.connect(studio, "wechat")
    for act, end, state in (("away", "cancel", "pending"), ("fail", "fail", "pending"), ("pay", "ok", "paid")):
        asked = request_of(f"sheet-{act}", method="jsapi", openid="oPayer")
        told = gateway.start(studio, "wechat", asked).params
        there = f"{pay_fake.url}/wxbridge?{urlencode({**told, 'back': 'http://shop/there'})}"
        assert f'value="{act}"' in pay_fake.open(there).text
        done = requests.post(there, data={"act": act}, allow_redirects=False, timeout=10)
        assert done.headers["Location"] == f"http://shop/there?end={end}"
        assert gateway.fetch(studio, "wechat", f"sheet-{act}").state == state
