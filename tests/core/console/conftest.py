"""A branch, colleagues in their jobs, and browsers that are logged in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.studios.models import Branch
from tenants.context import in_studio
from tests.factories import make_branch, make_order, make_staff

JSON = {"accept": "application/json"}


def browser(studio: Any, user: Any = None) -> Client:
    """A client at the studio's host, logged in as `user`."""
    client = Client(headers={"host": f"{studio.slug}.{settings.PLATFORM_HOST}"})
    if user is not None:
        client.force_login(user)
    client.get("/brand.css")  # the studio is found and remembered: query counts are those of the pages
    return client


@pytest.fixture
def branch(db: None) -> Branch:
    make_staff("owner")  # a studio is never without its boss
    return make_branch("南山店", code="NS")


@pytest.fixture
def far_branch(branch: Branch) -> Branch:
    return make_branch("福田店", code="FT")


@pytest.fixture
def manager(branch: Branch) -> Any:
    return make_staff("manager", branch, name="何静")


@pytest.fixture
def client(studio: Any, manager: Any) -> Client:
    """The manager's browser."""
    return browser(studio, manager)


@pytest.fixture
def as_role(studio: Any, branch: Branch) -> Callable[[str], Client]:
    """`as_role("assistant")` → the browser of somebody with that job in the branch."""
    return lambda role: browser(studio, make_staff(role, branch))


@pytest.fixture
def order(branch: Branch, manager: Any) -> Any:
    """An order in preparation."""
    return make_order(branch, manager, stage="preparation", title="陈晓雨 & 林一舟")


@pytest.fixture
def far_order(far_branch: Branch) -> Any:
    """An order of a branch whose board the manager does not see."""
    return make_order(far_branch)


@pytest.fixture
def foreign_order(other_studio: Any) -> Any:
    """An order of another studio, deep enough in its series that its key and number cannot be ours."""
    with in_studio(other_studio):
        make_staff("owner")
        foreign = make_branch("外店", code="ZZ")
        return [make_order(foreign) for _ in range(3)][-1]
