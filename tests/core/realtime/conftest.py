"""Two studios with real commits, for tests whose sockets read from other threads."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from core.realtime import sockets
from tests.core.realtime.people import House, furnish, opened_studio


@pytest.fixture(scope="module")
def houses(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[House]]:
    """Two furnished throw-away studios; primary keys overlap."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        yield [furnish(stack.enter_context(opened_studio(name))) for name in ("光影", "湖畔")]


@pytest.fixture
def house(houses: list[House]) -> House:
    return houses[0]


@pytest.fixture
def other(houses: list[House]) -> House:
    return houses[1]


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats and re-checks every moment."""
    monkeypatch.setattr("core.realtime.hub.BEAT", 0.2)
    monkeypatch.setattr(sockets, "RECHECK", 0.2)
