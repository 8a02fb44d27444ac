"""The fakes of the pay providers for tests: one server for the session, on a free port, spoken to over real HTTP.

Nothing is delivered by itself: `notices()` gives what the providers would send, freshly signed, and `deliver` posts it
to the product's hooks in the order, and as often, as the test wants.
"""

import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import requests
import uvicorn
from django.conf import settings as django_settings
from django.test import Client

from billing.enums import PayRoute
from billing.models import MerchantAccount
from billing.services import check_account, save_keys
from infra.fakes.app import Setting, make_app, product_env
from tenants.context import in_public

SECRET, WAIT = "whsec_of_the_tests", 20.0


class PayFake:
    """The running server. `letter` counts what was sent before this test."""

    def __init__(self) -> None:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hook = f"{django_settings.PLATFORM_URL}/hooks/stripe/connect"
        app = make_app(Setting(site=self.url, stripe_hook=hook, secret=SECRET, deliver=False))
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", access_log=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]}, daemon=True)
        self.thread.start()
        until = time.monotonic() + WAIT
        while not self.server.started:
            assert time.monotonic() < until, "the fakes did not start"
            time.sleep(0.01)
        self.first = 0
        self.merchants: dict[tuple[str, str], dict[str, str]] = {}

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(WAIT)

    def env(self) -> dict[str, Any]:
        """Settings that lead the product here."""
        found: dict[str, Any] = product_env(self.url, SECRET)
        return found | {"STRIPE_CONNECT_SECRETS": [SECRET], "STRIPE_WEBHOOK_SECRETS": [SECRET], "PAY_PAGES": [self.url]}

    def control(self, path: str, **told: Any) -> Any:
        answer = requests.post(f"{self.url}/_control/{path}", json=told, timeout=WAIT)
        answer.raise_for_status()
        return answer.json()

    def connect(self, studio: Any, route: str = "stripe") -> MerchantAccount:
        """An open merchant account of the studio on this route, set up by the product's own verbs."""
        if route == PayRoute.STRIPE:
            from billing.services import connect_stripe

            account = connect_stripe(actor=None, studio=studio, country="HK", email="")
            self.control(f"onboard/{account.external}")
            return check_account(studio=studio, route=route)
        return save_keys(actor=None, studio=studio, route=route, values=self.keys(studio, route))

    def keys(self, studio: Any, route: str) -> dict[str, str]:
        """Keys of a merchant, made once a session: RSA pairs take a while."""
        if (studio.slug, route) not in self.merchants:
            self.merchants[studio.slug, route] = self.control(f"merchants/{route}")
        return self.merchants[studio.slug, route]

    def open(self, url: str) -> requests.Response:
        """What the payer's browser does first; Alipay makes its trade then."""
        return requests.get(url, timeout=WAIT)

    def pay(self, ref: str, **told: Any) -> None:
        """The payer pays. `ref`: PayStart.provider_ref."""
        self.control("pay", ref=ref, **told)

    def press(self, url: str, **form: str) -> None:
        """A button of a hosted page, pressed; where it leads is not followed."""
        requests.post(url, data=form, timeout=WAIT, allow_redirects=False).raise_for_status()

    def notices(self) -> list[dict[str, Any]]:
        """Letters of this test, oldest first."""
        answer = requests.get(f"{self.url}/_control/outbox", params={"since": self.first}, timeout=WAIT)
        found: list[dict[str, Any]] = answer.json()
        return found

    def begin(self) -> None:
        """What other tests were told is over, and so is the time they let pass."""
        self.control("today")
        self.first = requests.get(f"{self.url}/_control/letters", timeout=WAIT).json()

    @staticmethod
    def deliver(letter: dict[str, Any], **changed: Any) -> Any:
        """Post a letter to the product's hook as the provider would; `headers` and `body` may be changed."""
        sent = {**letter, **changed}
        kind = sent["headers"].get("Content-Type", "application/json")
        extra = {name: value for name, value in sent["headers"].items() if name != "Content-Type"}
        client = Client(headers={"host": django_settings.PLATFORM_HOST, **extra})
        with in_public():
            return client.post(urlsplit(sent["url"]).path, data=sent["body"].encode(), content_type=kind)
