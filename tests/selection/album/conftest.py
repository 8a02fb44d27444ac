"""A submitted selection of three photographs, and its album begun."""

import pytest

from selection.album.services import start_album
from tests.factories import make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery


@pytest.fixture
def gallery(db):
    return submitted_gallery(5, (1, 2, 3, 4))


@pytest.fixture
def designer(gallery):
    return make_staff("album_designer", gallery.order.branch)


@pytest.fixture
def manager(gallery):
    return make_staff("manager", gallery.order.branch)


@pytest.fixture
def main(gallery):
    return main_chooser(gallery)


@pytest.fixture
def album(gallery, designer):
    return start_album(actor=designer, gallery=gallery, name="水晶相册", designer=designer)
