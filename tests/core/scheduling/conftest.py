"""A branch with a photographer, a make-up artist and a room, on a Monday morning a year that has no surprises."""

import datetime as dt
from typing import Any

import pytest

from core.kernel import clock
from core.studios.models import Branch
from tests.core.scheduling.make import NOW, crew
from tests.factories import make_branch, make_customer, make_staff


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(NOW):
        yield


@pytest.fixture
def branch(db: None) -> Branch:
    make_staff("owner")
    return make_branch("南山店", code="NS")


@pytest.fixture
def clerk(branch: Branch) -> Any:
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def team(branch: Branch) -> dict[str, Any]:
    return crew(branch)


@pytest.fixture
def customer(db: None) -> Any:
    return make_customer("陈晓雨")


@pytest.fixture
def tomorrow() -> dt.date:
    return dt.date(2027, 3, 2)
