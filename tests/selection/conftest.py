"""Browsers at the studio's host: a customer with their cookie, a staff member with a session, both with CSRF."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.kernel import clock
from core.people.login import COOKIE, SESSION_LIFE
from core.people.models import Customer, CustomerSession
from core.people.selectors import token_hash


class Browser(Client):
    """A client that sends JSON with its CSRF token, as our scripts do."""

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        token = "t" * 32
        self.cookies[settings.CSRF_COOKIE_NAME] = token
        return self.generic(
            method,
            path,
            json.dumps(data) if data is not None else "",
            content_type="application/json",
            headers={"X-CSRFToken": token, **headers},
        )


def host_of(studio: Any) -> str:
    return f"{studio.slug}.{settings.PLATFORM_HOST}"


@pytest.fixture
def anonymous(studio: Any) -> Browser:
    return Browser(enforce_csrf_checks=True, headers={"host": host_of(studio)})


@pytest.fixture
def phone(studio: Any) -> Callable[[Customer], Browser]:
    """`phone(customer)` → their browser."""

    def make(customer: Customer) -> Browser:
        token = f"token-{customer.pk}"
        CustomerSession.objects.get_or_create(
            token_hash=token_hash(token),
            defaults={"customer": customer, "expires_at": clock.now() + SESSION_LIFE, "seen_at": clock.now()},
        )
        browser = Browser(enforce_csrf_checks=True, headers={"host": host_of(studio)})
        browser.cookies[COOKIE] = token
        return browser

    return make


@pytest.fixture
def desk(studio: Any) -> Callable[[Any], Browser]:
    """`desk(user)` → the staff member's browser."""

    def make(user: Any) -> Browser:
        browser = Browser(enforce_csrf_checks=True, headers={"host": host_of(studio)})
        browser.force_login(user)
        return browser

    return make
