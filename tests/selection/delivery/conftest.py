import pytest

from tests.selection.delivery.make import deliver, signed_gallery


@pytest.fixture
def signed(db):
    """Three of four photographs signed off, their bytes in storage."""
    return signed_gallery()


@pytest.fixture
def gallery(signed):
    """Delivered and prepared."""
    deliver(signed)
    return signed
