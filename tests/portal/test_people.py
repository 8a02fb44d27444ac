"""People of a gallery on the phone: in by PIN and what that opens, privacy, roles and guests by plain forms."""

import pytest

from core.people.login import COOKIE
from selection.models import Chooser, Submission
from selection.services import make_pin
from tests.factories import make_staff
from tests.portal.doors import knock
from tests.selection.couple import couple
from tests.selection.make import pick


@pytest.fixture
def together(db, studio):
    """(gallery, main chooser, partner, the partner's PIN)"""
    gallery, main, partner = couple()
    return gallery, main, partner, make_pin(actor=make_staff("manager"), chooser=partner).digits


def test_a_pin_leads_into_its_gallery_at_both_doors(door, together):
    gallery, _main, _partner, digits = together
    page = door.get(f"gallery/{gallery.code}/")
    assert page["Location"].startswith(f"{door.prefix}login/")
    assert f"{door.prefix}gallery/{gallery.code}/pin/" in door.get(page["Location"]).content.decode()
    came = door.post(f"gallery/{gallery.code}/pin/", {"code": digits})
    assert came["Location"] == f"{door.prefix}gallery/{gallery.code}/"
    assert door.get(f"gallery/{gallery.code}/").status_code == 200
    assert door.get(f"gallery/{gallery.code}/pin/")["Location"] == f"{door.prefix}gallery/{gallery.code}/"


def test_a_wrong_pin_and_an_unknown_gallery_look_alike(door, together):
    gallery, _main, _partner, digits = together
    wrong = door.post(f"gallery/{gallery.code}/pin/", {"code": f"{(int(digits) + 1) % 10**6:06d}"})
    nowhere = door.post("gallery/nothinghere/pin/", {"code": digits})
    assert (wrong.status_code, nowhere.status_code) == (422, 422)
    assert COOKIE not in door.client.cookies


@pytest.fixture
def by_pin(door, together):
    """The main chooser's own phone, in by PIN."""
    gallery, main, _partner, _digits = together
    pick(main, (1, 1, "yes"))
    digits = make_pin(actor=make_staff("manager"), chooser=main).digits
    door.post(f"gallery/{gallery.code}/pin/", {"code": digits})
    return door


def test_a_session_by_pin_opens_nothing_else(by_pin, together):
    gallery, main, _partner, _digits = together
    other, *_seats = couple()
    shut = ["", "photos/", "me/", f"orders/{gallery.order.code}/", f"gallery/{gallery.code}/retouch/"]
    for path in (*shut, f"gallery/{other.code}/"):
        assert by_pin.get(path)["Location"].startswith(f"{by_pin.prefix}login/"), path
    assert by_pin.get("login/").status_code == 200  # nobody there, so that the phone number can be typed
    assert main.customer.phone not in by_pin.get(f"gallery/{gallery.code}/people/").content.decode()


def test_submitting_and_paying_ask_for_the_phone_code(by_pin, together):
    gallery, _main, partner, _digits = together
    review = by_pin.get(f"gallery/{gallery.code}/review/").content.decode()
    assert 'id="sign"' not in review
    sent = by_pin.post(
        f"gallery/{gallery.code}/review/", {"signed_name": "陈晓雨", "extra_total_minor": "0", "accept_extra": "on"}
    )
    assert sent["Location"].startswith(f"{by_pin.prefix}login/?next=")
    for path, data in (
        (f"gallery/{gallery.code}/review/originals/", {"wanted": "1"}),
        (f"gallery/{gallery.code}/people/guests/", {"name": "x", "phone": "13911112222", "role": "co"}),
        (f"gallery/{gallery.code}/people/{partner.pk}/", {"role": "viewer"}),
    ):
        assert by_pin.post(path, data)["Location"].startswith(f"{by_pin.prefix}login/"), path
    assert not Submission.objects.exists()
    assert Chooser.objects.get(pk=partner.pk).role == "co"


def test_a_person_hides_and_shows_their_marks(studio, together):
    gallery, _main, partner, _digits = together
    mine = knock(studio, "host", partner.customer)
    for said in ("0", "1"):
        mine.post(f"gallery/{gallery.code}/people/sharing/", {"shares": said})
        assert Chooser.objects.get(pk=partner.pk).shares is (said == "1")


def test_the_main_chooser_changes_the_others_and_nobody_else_does(studio, together):
    gallery, main, partner, _digits = together
    theirs, mine = knock(studio, "host", partner.customer), knock(studio, "host", main.customer)
    guest = {"name": "外婆", "phone": "13911112222", "role": "viewer"}
    assert theirs.post(f"gallery/{gallery.code}/people/guests/", guest).status_code == 422
    theirs.post(f"gallery/{gallery.code}/people/{main.pk}/", {"role": "viewer"})
    mine.post(f"gallery/{gallery.code}/people/guests/", guest)
    mine.post(f"gallery/{gallery.code}/people/{partner.pk}/", {"role": "viewer"})
    assert list(gallery.choosers.order_by("pk").values_list("role", "is_guest")) == [
        ("main", False), ("viewer", False), ("viewer", True),
    ]  # fmt: skip
    invited = gallery.choosers.get(is_guest=True)
    mine.post(f"gallery/{gallery.code}/people/{invited.pk}/", {"dismiss": "1"})
    assert not gallery.choosers.filter(is_guest=True).exists()


def test_the_first_visit_says_who_sees_what(studio, together):
    gallery, main, partner, _digits = together
    Chooser.objects.filter(pk=partner.pk).update(opened_at=None)
    mine = knock(studio, "host", partner.customer)
    pages = [mine.get(f"gallery/{gallery.code}/").content.decode() for _ in range(2)]
    assert [f"gallery/{gallery.code}/people/" in page and "t-info" in page for page in pages] == [True, False]
    assert main.customer.name in pages[0]


def test_a_submitted_list_is_not_shown_while_its_owner_hides_their_marks(studio, together):
    from selection.services import set_sharing, submit_selection

    gallery, main, partner, _digits = together
    pick(main, (1, 3, "yes"))
    submit_selection(chooser=main, extra_total_minor=0, signed_name="陈晓雨签")
    mine = knock(studio, "host", partner.customer)
    address = f"gallery/{gallery.code}/review/"
    assert "陈晓雨签" in mine.get(address).content.decode()
    set_sharing(chooser=main, shares=False)
    hidden = mine.get(address).content.decode()
    assert "陈晓雨签" not in hidden
    assert "/3-1/" not in hidden
