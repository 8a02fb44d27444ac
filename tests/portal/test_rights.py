"""The customer's page of use rights: nothing ticked beforehand, signed, read, taken back, by its own people only."""

import copy

import pytest

from core.orders.enums import Stage
from selection.rights.models import Consent, ConsentRevocation
from selection.rights.selectors import offer_mark, offered
from tests.factories import make_customer, make_order
from tests.portal.doors import knock
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery
from tests.selection.rights.conftest import consent


def made():
    customer = make_customer("陈晓雨")
    return customer, submitted_gallery(4, (1, 2, 3), order=make_order(customer=customer, stage=Stage.SELECTION))


@pytest.fixture(scope="module")
def _made(once):
    return once(made)


@pytest.fixture
def customer(db, _made):
    return copy.deepcopy(_made[0])


@pytest.fixture
def gallery(db, _made):
    return copy.deepcopy(_made[1])


@pytest.fixture
def guest(inside):
    inside.client.cookies["yl_language"] = "en"
    return inside


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def at(gallery, *parts):
    return "/".join(["gallery", gallery.code, "rights", *map(str, parts)]) + "/"


def said(gallery, **more):
    seen = offer_mark(offered(gallery))
    return {
        "scope": "single", "photo": ["1", "3"], "purposes": ["album"], "term": "1", "children": "none",
        "signed_name": "陈晓雨", "seen": seen, **more,
    }  # fmt: skip


def test_nothing_is_ticked_beforehand_and_silence_is_no(guest, gallery):
    page = text(guest.get(at(gallery)))
    assert "Your photos are private" in page
    assert "which means: not agreed" in page
    assert page.count(" checked") == 1  # how to sign, and nothing else
    page = text(guest.post(at(gallery), {"signed_name": "陈晓雨"}), 422)
    assert "Please check these points" in page
    assert not Consent.objects.exists()


def test_signed_read_and_taken_back(guest, gallery):
    assert guest.post(at(gallery), said(gallery)).status_code == 302
    signed = Consent.objects.get()
    assert [n for n, _name in signed.numbers] == [1, 3]
    assert signed.evidence["agent"] is not None
    assert signed.evidence["language"] == "en"
    page = text(guest.get(at(gallery)))
    assert "2 photos may be shown" in page
    assert "data-confirm" in page
    assert guest.post(at(gallery, signed.pk, "revocation")).status_code == 302
    assert ConsentRevocation.objects.get().consent == signed
    page = text(guest.get(at(gallery)))
    assert "Your photos are private" in page
    assert "taken back by" in page


def test_single_photographs_need_a_tick_and_the_list_that_was_seen(guest, gallery):
    assert "Please tick the photos that you mean." in text(guest.post(at(gallery), said(gallery, photo=[])), 422)
    old = said(gallery)
    gallery.photos.filter(number=2).update(state="hidden")
    page = text(guest.post(at(gallery), old), 422)
    assert "Your photos have changed since you looked." in page
    assert 'value="3" checked' in page
    assert not Consent.objects.exists()


def test_somebody_else_of_the_order_may_only_take_it_back(guest, gallery, studio):
    signed = consent(main_chooser(gallery))
    partner = make_customer("林一舟")
    gallery.order.people.create(customer=partner)
    door = knock(studio, "host")
    door.client.cookies["yl_language"] = "en"
    door.enter(partner)
    page = text(door.get(at(gallery)))
    assert "The main contact of the order can allow it." in page
    assert door.post(at(gallery), said(gallery)).status_code == 422
    assert door.post(at(gallery, signed.pk, "revocation")).status_code == 302
    assert ConsentRevocation.objects.get().chooser.customer == partner


def test_a_strangers_gallery_is_not_there(guest, gallery):
    other = submitted_gallery(2, (1,))
    signed = consent(main_chooser(other))
    assert guest.get(at(other)).status_code == 404
    assert guest.post(at(other, signed.pk, "revocation")).status_code == 404
    assert guest.post(at(gallery, signed.pk, "revocation")).status_code == 404
    assert not ConsentRevocation.objects.exists()


def test_the_order_page_leads_there(guest, gallery):
    assert at(gallery) in text(guest.get(f"orders/{gallery.order.code}/"))


def test_a_consent_is_taken_back_also_after_the_archive(guest, gallery):
    signed = consent(main_chooser(gallery))
    type(gallery).objects.filter(pk=gallery.pk).update(state="archived")
    page = text(guest.get(at(gallery)))
    assert "may be shown" in page
    assert 'name="signed_name"' not in page
    assert guest.post(at(gallery), said(gallery)).status_code == 404
    assert guest.post(at(gallery, signed.pk, "revocation")).status_code == 302
    assert ConsentRevocation.objects.get().consent == signed


def test_an_archived_gallery_without_a_consent_is_not_there(guest, gallery):
    type(gallery).objects.filter(pk=gallery.pk).update(state="archived")
    assert guest.get(at(gallery)).status_code == 404
