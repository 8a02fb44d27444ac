"""The customer's rounds: before and after, accept or change, give back, sign, a priced round, and nobody else's."""

import copy

import pytest

from core.orders.enums import Stage
from core.people.models import Customer
from selection.enums import GalleryState
from selection.models import Gallery
from selection.retouch.models import FinalVerdict, RoundGrant, SignOff
from selection.retouch.services import grant_round, start_retouching
from tenants.context import in_studio
from tests.factories import make_customer, make_order, make_staff
from tests.portal.doors import knock
from tests.selection.retouch.make import add_final, give_back, judge, send, submitted_gallery


def made():
    customer = make_customer("陈晓雨")
    gallery = submitted_gallery(4, (1, 2, 3), order=make_order(customer=customer, stage=Stage.SELECTION))
    boss = make_staff("owner")
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    gallery.refresh_from_db()
    return customer, gallery


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
    return "/".join(["gallery", gallery.code, "retouch", *map(str, parts)]) + "/"


def say(guest, gallery, number, value, note="", version=1):
    return guest.post(at(gallery, number, "verdict"), {"version": version, "value": value, "note": note})


def test_before_the_first_round_nothing_is_shown(guest, gallery):
    add_final(gallery, 1)
    page = text(guest.get(at(gallery)))
    assert "Your photos are being retouched" in page
    assert "proof-tile" not in page
    assert guest.get(at(gallery, 1)).status_code == 404


def test_a_gallery_that_is_not_in_retouch_has_no_such_page(guest, gallery):
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.OPEN)
    assert guest.get(at(gallery)).status_code == 404


def test_the_round_and_a_photograph_before_and_after(guest, gallery):
    send(gallery)
    page = text(guest.get(at(gallery)))
    assert "Round 1 of 2" in page
    assert page.count("proof-tile") == 3
    final = gallery.finals.get(photo__number=2)
    page = text(guest.get(at(gallery, 2)))
    assert f"/f{final.number}-1/p.webp" in page
    assert "/2-1/p.webp" in page
    assert 'type="range"' in page
    assert guest.get(at(gallery, 4)).status_code == 404


def test_the_order_page_leads_there(guest, gallery):
    send(gallery)
    page = text(guest.get(f"orders/{gallery.order.code}/"))
    assert "3 retouched photos are ready" in page
    assert at(gallery) in page


def test_a_verdict_leads_on_to_the_next_photograph(guest, gallery):
    send(gallery)
    assert say(guest, gallery, 2, "accept").headers["Location"].endswith(at(gallery, 3))
    assert say(guest, gallery, 3, "change", "瘦一点").headers["Location"].endswith(at(gallery, 1))
    assert say(guest, gallery, 1, "accept").headers["Location"].endswith(at(gallery))
    assert say(guest, gallery, 1, "").headers["Location"].endswith(at(gallery, 1))
    assert FinalVerdict.objects.count() == 2


def test_a_change_without_words_is_asked_for_them_and_kept_open(guest, gallery):
    send(gallery)
    page = text(say(guest, gallery, 1, "change"), 422)
    assert "Please say what should be changed." in page
    assert not FinalVerdict.objects.exists()


def test_a_newer_version_is_never_judged_unseen(guest, gallery):
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    page = text(say(guest, gallery, 1, "accept", version=1), 422)
    assert "A newer version of this photo has come" in page
    assert "You asked for:" in page
    assert FinalVerdict.objects.filter(final__version=2).count() == 0


def test_accept_the_rest_and_sign(guest, gallery):
    send(gallery)
    guest.post(at(gallery, "acceptance"))
    page = text(guest.get(at(gallery)))
    assert "Accept and sign" in page
    assert "field-error" in text(guest.post(at(gallery, "signature"), {"signed_name": ""}), 422)
    assert not SignOff.objects.exists()
    guest.post(at(gallery, "signature"), {"signed_name": "陈晓雨"})
    signed = SignOff.objects.get()
    assert (signed.signed_name, set(signed.evidence)) == (
        "陈晓雨",
        {"address", "agent", "language", "phone", "code_at", "sha256"},
    )
    assert "signed by 陈晓雨" in text(guest.get(at(gallery)))
    assert text(guest.get(at(gallery, 1)))


def test_give_back_with_wishes_says_when_it_is_the_last_round(guest, gallery):
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    judge(gallery, 1, "change", "发丝乱")
    page = text(guest.get(at(gallery)))
    assert "This is the last round of your package." in page
    assert "发丝乱" in page
    guest.post(at(gallery, "return"))
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.RETOUCHING
    assert "With the retoucher" in text(guest.get(at(gallery)))


@pytest.fixture
def offered(gallery):
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    give_back(gallery, 1)
    boss = gallery.retouch_jobs.get().retoucher
    grant_round(actor=boss, gallery=gallery, price_minor=20000, reason="第三轮")
    return gallery


def test_the_price_stands_there_before_the_yes(guest, offered):
    page = text(guest.get(at(offered)))
    assert "¥200" in page
    assert "第三轮" in page
    assert "costs" in text(guest.get(f"orders/{offered.order.code}/"))
    guest.post(at(offered, "offer"), {"answer": "agree", "price_minor": "100", "agreed_name": "陈晓雨"})
    assert RoundGrant.objects.get().agreed_at is None
    assert text(guest.post(at(offered, "offer"), {"answer": "agree", "price_minor": "20000"}), 422)
    guest.post(at(offered, "offer"), {"answer": "agree", "price_minor": "20000", "agreed_name": "陈晓雨"})
    assert RoundGrant.objects.get().agreed_name == "陈晓雨"


def test_no_is_an_answer_too(guest, offered):
    guest.post(at(offered, "offer"), {"answer": "decline"})
    offered.refresh_from_db()
    assert offered.state == GalleryState.PROOFING
    assert RoundGrant.objects.get().declined_at is not None


def test_a_partner_judges_but_does_not_end_the_round(guest, gallery, studio, door):
    send(gallery)
    partner = make_customer("林一舟")
    gallery.order.people.create(customer=partner, part="groom")
    other = knock(studio, door.form, partner)
    other.client.cookies["yl_language"] = "en"
    other.post(at(gallery, 1, "verdict"), {"version": 1, "value": "change", "note": "不要修"})
    other.post(at(gallery, "acceptance"))
    assert "The main contact of the order ends the round." in text(other.get(at(gallery)))
    other.post(at(gallery, "signature"), {"signed_name": "林一舟"})
    assert not SignOff.objects.exists()
    assert "不要修" in text(guest.get(at(gallery, 1)))
    judge(gallery, 1, "change", "只有我看见")
    assert "只有我看见" not in text(other.get(at(gallery, 1)))


def test_strangers_see_and_change_nothing(gallery, studio, door, other_studio):
    send(gallery)
    stranger = knock(studio, door.form, make_customer())
    with in_studio(other_studio):
        foreign = knock(other_studio, door.form, make_customer())
    for who in (stranger, foreign):
        for path in (at(gallery), at(gallery, 1)):
            assert who.get(path).status_code == 404
        for path in (at(gallery, 1, "verdict"), at(gallery, "acceptance"), at(gallery, "signature")):
            assert who.post(path, {"version": 1, "value": "accept", "signed_name": "x"}).status_code == 404
    assert not FinalVerdict.objects.exists()
    assert Customer.objects.exists()


@pytest.mark.parametrize("photos", [2, 20])
def test_the_page_costs_the_same_queries(db, studio, photos, django_assert_max_num_queries):
    gallery = submitted_gallery(photos, tuple(range(1, photos + 1)))
    boss = make_staff("owner")
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    send(gallery)
    guest = knock(studio, "host", gallery.order.customer)
    guest.get(at(gallery))
    for path in (at(gallery), at(gallery, 1)):
        with django_assert_max_num_queries(24):
            guest.get(path)


@pytest.mark.parametrize(
    ("state", "leads"), [("submitted", False), ("retouching", False), ("proofing", True), ("signed_off", True)]
)
def test_the_gallery_says_how_far_it_is(guest, gallery, state, leads):
    send(gallery)
    Gallery.objects.filter(pk=gallery.pk).update(state=state)
    page = text(guest.get(f"gallery/{gallery.code}/"))
    assert ("Retouching has begun" in page) == (state != "submitted")
    assert (at(gallery) in page) == leads
    assert "data-locked" in page
