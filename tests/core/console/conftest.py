"""A branch, colleagues in their jobs, and browsers that are logged in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.models import Branch, Membership
from tenants.accounts.models import User

PASSWORD = "velvet-curtain-9"


def host_of(studio: Any) -> str:
    return f"{studio.slug}.{settings.PLATFORM_HOST}"


def browser(studio: Any, user: User | None = None) -> Client:
    """A client at the studio's host, logged in as `user`."""
    client = Client(headers={"host": host_of(studio)})
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def branch(db: None) -> Branch:
    return Branch.objects.create(name="南山店", code="NS")


@pytest.fixture
def far_branch(db: None) -> Branch:
    return Branch.objects.create(name="福田店", code="FT")


@pytest.fixture
def hire(db: None) -> Callable[..., User]:
    """`hire("manager", branch)` → a user with that job there (branch None: everywhere)."""

    def make(role: str, where: Branch | None = None, name: str = "") -> User:
        number = User.objects.count() + 1
        user = User.objects.create_user(f"{role}{number}", PASSWORD, name=name or f"{role} {number}")
        Membership.objects.create(user=user, role=role, branch=where)
        return user

    return make


@pytest.fixture
def boss(hire: Callable[..., User]) -> User:
    return hire("owner", name="王蕾")


@pytest.fixture
def manager(hire: Callable[..., User], branch: Branch) -> User:
    return hire("manager", branch, name="何静")


@pytest.fixture
def client(studio: Any, manager: User) -> Client:
    """The manager's browser."""
    return browser(studio, manager)
