"""A submitted selection of three photographs, and its album begun."""

import copy

import pytest

from selection.album.services import start_album
from tests.factories import make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery


@pytest.fixture(scope="module")
def _made(once):
    """(gallery, designer)"""

    def make():
        gallery = submitted_gallery(5, (1, 2, 3, 4))
        return gallery, make_staff("album_designer", gallery.order.branch)

    return once(make)


@pytest.fixture
def gallery(db, _made):
    return copy.deepcopy(_made[0])


@pytest.fixture
def designer(db, _made):
    return copy.deepcopy(_made[1])


@pytest.fixture
def manager(gallery):
    return make_staff("manager", gallery.order.branch)


@pytest.fixture
def main(gallery):
    return main_chooser(gallery)


@pytest.fixture
def album(gallery, designer):
    return start_album(actor=designer, gallery=gallery, name="水晶相册", designer=designer)
