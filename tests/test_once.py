"""Rows that a module makes once are the same for each of its tests, whatever the test before did to them."""

import copy

import pytest

from core.studios.models import Branch
from tenants.context import in_studio
from tests.factories import make_branch


@pytest.fixture(scope="module")
def _made(once):
    return once(lambda: make_branch("南山店", code="NS"))


@pytest.fixture
def branch(db, _made):
    return copy.deepcopy(_made)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_changes_is_undone(branch, turn):
    assert branch.name == "南山店"
    assert not Branch.objects.filter(code="FT").exists()
    branch.name = f"第 {turn} 次"
    branch.save()
    make_branch(code="FT")


def test_they_can_be_gone_for_one(branch, other_studio):
    Branch.objects.filter(pk=branch.pk).delete()
    assert not Branch.objects.filter(code="NS").exists()
    with in_studio(other_studio):
        assert not Branch.objects.filter(code="NS").exists()


def test_and_are_there_for_the_next(branch):
    assert Branch.objects.get(code="NS").name == branch.name == "南山店"
