import copy

import pytest

from tests.selection.delivery.make import deliver, signed_gallery


@pytest.fixture(scope="module")
def _signed(once):
    return once(signed_gallery)


@pytest.fixture
def signed(db, _signed):
    """Three of four photographs signed off, their bytes in storage."""
    return copy.deepcopy(_signed)


@pytest.fixture
def gallery(signed):
    """Delivered and prepared."""
    deliver(signed)
    return signed
