"""What to swap out, in one line under the gallery's price while something is extra."""

import pytest

from selection.services import mute_suggestions
from tests.factories import make_customer
from tests.portal.doors import knock
from tests.selection.make import main_chooser, make_gallery, pick


@pytest.fixture
def gallery(db):
    return make_gallery(12, included=2, extra_photo_minor=6000)


@pytest.fixture
def guest(studio, gallery):
    door = knock(studio, "host")
    door.enter(main_chooser(gallery).customer)
    door.client.cookies["yl_language"] = "en"
    return door


def line(guest, gallery):
    response = guest.get(f"gallery/{gallery.code}/swaps/")
    assert response.status_code == 200
    return response.content.decode()


def test_only_what_is_extra_is_named(guest, gallery):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    assert line(guest, gallery) == ""
    pick(chooser, (3, 5, "yes"), (4, 4, "yes"))
    assert line(guest, gallery) == "Nothing extra without: 4, 5"
    assert "without: 4, 5</a>" in guest.get(f"gallery/{gallery.code}/").content.decode()
    pick(chooser, *[(op, op, "yes") for op in range(6, 13)])
    assert line(guest, gallery).endswith(" …")


def test_who_wants_no_suggestions_is_told_nothing(guest, gallery):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    mute_suggestions(chooser=chooser, muted=True)
    assert line(guest, gallery) == ""
    page = guest.get(f"gallery/{gallery.code}/").content.decode()
    assert "Nothing extra without" not in page
    assert 'id="swap"' in page


def test_once_submitted_there_is_nothing_to_swap(guest, gallery):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    type(gallery).objects.filter(pk=gallery.pk).update(state="submitted")
    assert line(guest, gallery) == ""


def test_a_stranger_is_not_told(studio, gallery):
    door = knock(studio, "host")
    door.enter(make_customer())
    assert door.get(f"gallery/{gallery.code}/swaps/").status_code == 404
