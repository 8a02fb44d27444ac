"""The pay providers' fakes by themselves: their pages, their memory, who sends what, and real keys that win."""

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from billing import gateway
from infra.fakes import daemon
from infra.fakes.app import STRIPE_KEY
from infra.fakes.forms import read_form
from infra.fakes.post import Post
from infra.fakes.store import Store
from infra.stack import Stack
from tests.billing.test_gateway import ROUTES, begin


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
