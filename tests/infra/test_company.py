"""The demo's couple: both have marks, her mother looks on, and the PINs that are printed open the gallery."""

import pytest

from infra.seed.company import bring_company, pins_of
from selection.manifest import manifest
from selection.services import enter_by_pin
from tests.factories import make_staff
from tests.selection.couple import couple

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("studio")]


def test_the_couple_has_company():
    gallery, main, partner = couple(30)
    bring_company(gallery, main, list(range(1, 31)), make_staff("manager"))
    gallery.refresh_from_db()
    seen = manifest(gallery, main)["others"]
    assert [(one["name"], bool(one["y"]), bool(one["m"])) for one in seen] == [("林一舟", True, True)]
    pins = pins_of(gallery)
    assert [(one["name"], one["role"]) for one in pins] == [("林一舟", "co"), ("妈妈", "viewer")]
    seat, _token = enter_by_pin(code=gallery.code, pin=pins[0]["pin"], device="", address="2001:db8::5e:ed")
    assert seat.pk == partner.pk
