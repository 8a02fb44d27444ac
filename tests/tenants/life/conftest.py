"""Two studios with real commits: one lives, the other must not notice."""

import pytest

from tests.tenants.life.make import furnish, picture_of, wipe


@pytest.fixture
def pair(open_throwaway, settings):
    settings.RESTORE_SETTLE_SECONDS = 0
    one, other = open_throwaway(), open_throwaway()
    for studio, word in ((one, "甲"), (other, "乙")):
        furnish(studio, word)
    yield one, other
    for studio in (one, other):
        wipe(studio)


@pytest.fixture
def one(pair):
    return pair[0]


@pytest.fixture
def untouched(pair):
    """The other studio's rows and files are the same at the end."""
    before = picture_of(pair[1])
    yield pair[1]
    assert picture_of(pair[1]) == before
