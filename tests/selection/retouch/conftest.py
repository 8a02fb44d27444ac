"""A submitted selection of three photographs, and one in retouch."""

import copy

import pytest

from core.kernel import clock
from selection.retouch.services import start_retouching
from tests.factories import make_staff
from tests.selection.retouch.make import submitted_gallery


@pytest.fixture(scope="module")
def _submitted(once):
    return once(lambda: submitted_gallery(4, (1, 2, 3)))


@pytest.fixture
def gallery(db, _submitted):
    """Four photographs, 1–3 submitted; the contract has two rounds."""
    return copy.deepcopy(_submitted)


@pytest.fixture
def retoucher(gallery):
    return make_staff("retoucher", gallery.order.branch)


@pytest.fixture
def manager(gallery):
    return make_staff("manager", gallery.order.branch)


@pytest.fixture
def job(gallery, retoucher):
    due = clock.today(gallery.order.branch.timezone)
    job = start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=due)
    gallery.refresh_from_db()
    return job
