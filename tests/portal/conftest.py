import pytest

from tests.factories import make_customer
from tests.portal.doors import FORMS, Door, knock


@pytest.fixture(params=FORMS)
def door(request, studio) -> Door:
    """A stranger at each of the two doors."""
    return knock(studio, request.param)


@pytest.fixture
def customer(db):
    return make_customer("陈晓雨")


@pytest.fixture
def inside(door, customer) -> Door:
    """The customer, logged in, at each of the two doors."""
    door.enter(customer)
    return door
