"""A branch with its people, and the eight stages as an opened studio has them."""

from typing import Any

import pytest

from core.studios.models import Branch
from tests.factories import furnish_stages, make_branch, make_package, make_staff


@pytest.fixture
def branch(db: None) -> Branch:
    furnish_stages()
    return make_branch("南山店", code="NS")


@pytest.fixture
def clerk(branch: Branch) -> Any:
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def package(db: None) -> Any:
    return make_package()
