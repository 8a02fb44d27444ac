"""Every test of money ends with books that add up."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.finance.models import Account
from core.finance.services import online
from tests.core.finance.books import Provider, assert_books, make_account
from tests.factories import make_staff


@pytest.fixture(autouse=True)
def _books_add_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """The invariant of the ledger, looked at after every test here."""
    yield
    if "db" in request.fixturenames:
        for account in Account.objects.all():
            assert_books(account)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    found = Provider()
    monkeypatch.setattr(online, "gateway", found)
    return found


@pytest.fixture
def account(db: None) -> Account:
    return make_account()


@pytest.fixture
def clerk(account: Account) -> Any:
    return make_staff("receptionist", account.branch, name="王蕾")


@pytest.fixture
def manager(account: Account) -> Any:
    return make_staff("manager", account.branch, name="林慧")
