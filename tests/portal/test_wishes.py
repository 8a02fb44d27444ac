"""Wishes and plan on the phone and at the desk."""

import pytest

from core.booking.models import Brief, ShootingPlan
from core.booking.services.plans import digest_of
from core.orders.enums import Stage
from tests.core.booking.conftest import sent_plan
from tests.core.console.conftest import browser
from tests.factories import make_branch, make_customer, make_order, make_staff
from tests.portal.doors import knock
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery
from tests.selection.rights.conftest import consent, take_in


@pytest.fixture
def clerk(db):
    make_staff("owner")
    return make_staff("receptionist", make_branch("南山店", code="NS"), name="王蕾")


@pytest.fixture
def order(clerk, customer):
    branch = clerk.memberships.get().branch
    return make_order(branch, clerk, stage=Stage.PREPARATION, customer=customer, title="陈晓雨")


@pytest.fixture
def guest(inside):
    inside.client.cookies["yl_language"] = "en"
    return inside


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_wishes_are_sent_changed_and_found_again(guest, order):
    page = text(guest.get(f"orders/{order.code}/wishes/"))
    assert page.count("style-pic") >= 8
    assert " checked" not in page
    said = {"styles": ["forest", "film"], "colours": ["white"], "taboos": "不要鲜花", "seen": "0"}
    assert guest.post(f"orders/{order.code}/wishes/", said).status_code == 302
    page = text(guest.get(f"orders/{order.code}/wishes/"))
    assert page.count(" checked") == 3
    assert "不要鲜花" in page
    assert "Send again" in page
    assert "Wishes for the shoot" in text(guest.get(f"orders/{order.code}/"))


def test_what_was_typed_survives_errors_and_the_other_person(guest, order):
    page = text(guest.post(f"orders/{order.code}/wishes/", {"wishes": "海边日落", "seen": "0"}), 422)
    assert "Please tick at least one look." in page
    assert "海边日落" in page
    assert not Brief.objects.exists()
    guest.post(f"orders/{order.code}/wishes/", {"styles": "oil", "seen": "0"})
    page = text(guest.post(f"orders/{order.code}/wishes/", {"styles": "film", "wishes": "海边日落", "seen": "0"}), 422)
    assert "Somebody of you" in page
    assert 'name="seen" value="1"' in page
    assert Brief.objects.get().styles == ["oil"]


def test_the_plan_is_read_confirmed_and_asked_about_on_the_home_page(guest, order, clerk):
    assert "not written yet" in text(guest.get(f"orders/{order.code}/plan/"))
    plan = sent_plan(order, clerk)
    assert "Your shooting plan is ready" in text(guest.get())
    page = text(guest.get(f"orders/{order.code}/plan/"))
    assert "轻纱 A12" in page
    assert digest_of(plan) in page
    assert guest.post(f"orders/{order.code}/plan/1/confirmation/", {"digest": "0" * 64}).status_code == 302
    assert ShootingPlan.objects.get().state == "sent"
    guest.post(f"orders/{order.code}/plan/1/confirmation/", {"digest": digest_of(plan)})
    assert ShootingPlan.objects.get().state == "confirmed"
    assert "You have confirmed this plan" in text(guest.get(f"orders/{order.code}/plan/"))


def test_the_plan_is_sent_back_with_words_only(guest, order, clerk):
    sent_plan(order, clerk)
    text(guest.post(f"orders/{order.code}/plan/1/return/", {"answer": ""}), 422)
    assert guest.post(f"orders/{order.code}/plan/1/return/", {"answer": "想要红色"}).status_code == 302
    assert ShootingPlan.objects.get().answer == "想要红色"
    assert "想要红色" in text(guest.get(f"orders/{order.code}/plan/"))


def test_somebody_elses_order_does_not_exist(studio, order, clerk):
    sent_plan(order, clerk)
    stranger = knock(studio, "host", make_customer("邻居"))
    for path in ("wishes/", "plan/"):
        assert stranger.get(f"orders/{order.code}/{path}").status_code == 404
    assert stranger.post(f"orders/{order.code}/plan/1/confirmation/").status_code == 404
    assert ShootingPlan.objects.get().state == "sent"


def test_only_pictures_with_consent_for_the_website_are_offered(guest, studio, order, clerk, settings):
    settings.MEDIA_ACCEL = True
    galleries = [submitted_gallery(4, (1, 2, 3)) for _ in range(2)]
    found = []
    for gallery, purposes in zip(galleries, (["online"], ["album", "store"]), strict=True):
        consent(main_chooser(gallery), purposes=purposes)
        found.append(take_in(make_staff("photographer", gallery.order.branch), gallery, 1)[0].code)
    page = text(guest.get(f"orders/{order.code}/wishes/"))
    assert found[0] in page
    assert found[1] not in page
    stranger = knock(studio, "host")
    assert stranger.get(f"m/works/{found[0]}/t.webp").status_code == 200
    assert stranger.get(f"m/works/{found[1]}/t.webp").status_code == 404
    said = {"styles": "forest", "pictures": found[1], "seen": "0"}
    text(guest.post(f"orders/{order.code}/wishes/", said), 422)
    guest.post(f"orders/{order.code}/wishes/", {**said, "pictures": found[0]})
    assert Brief.objects.get().pictures == [found[0]]


def test_the_desk_writes_sends_and_prints(studio, guest, order, clerk):
    guest.post(f"orders/{order.code}/wishes/", {"styles": ["forest"], "taboos": "不要鲜花", "seen": "0"})
    desk = browser(studio, clerk)
    desk.cookies["yl_language"] = "en"
    panel, page = (f"/console/booking/orders/{order.code}/{part}/" for part in ("panel", "plan"))
    assert "Misty forest" in text(desk.get(panel))
    shown = text(desk.get(page))
    assert "不要鲜花" in shown
    assert 'value="Look 1"' in shown
    row = {"title": "主纱", "style": "forest", "scene": "仙湖", "gown": "A12", "makeup": "清透", "photo": "逆光"}
    sent = {"version": "0", "rev": "0", "note": "带戒指", "looks-TOTAL_FORMS": "1", "looks-INITIAL_FORMS": "0"}
    sent |= {f"looks-0-{name}": value for name, value in row.items()}
    assert desk.post(page, {**sent, "send": "1"}).status_code == 302
    plan = ShootingPlan.objects.get()
    assert (plan.state, plan.note, plan.brief_rev) == ("sent", "带戒指", 1)
    assert "Somebody else has changed this plan" in text(desk.post(page, {**sent, "save": "1"}), 422)
    assert "With the customer" in text(desk.get(panel))
    guest.post(f"orders/{order.code}/plan/1/confirmation/", {"digest": digest_of(plan)})
    sheet = text(desk.get(f"/console/orders/{order.code}/sheet/"))
    assert "A12" in sheet
    assert "confirmed by 陈晓雨" in sheet
    guest.post(f"orders/{order.code}/wishes/", {"styles": ["film"], "seen": "1"})
    assert "sent other wishes after this plan" in text(desk.get(panel))


def test_who_only_looks_writes_no_plan(studio, order, clerk):
    looker = browser(studio, make_staff("assistant", order.branch))
    assert looker.get(f"/console/booking/orders/{order.code}/panel/").status_code == 200
    assert looker.get(f"/console/booking/orders/{order.code}/plan/").status_code == 403
