"""The delivery desk and its buttons."""

import datetime as dt

import pytest

from core.kernel import clock, events
from selection.delivery.models import Delivery, FileGrant, Story
from selection.enums import GalleryState
from selection.models import Gallery
from tests.factories import make_staff
from tests.selection.delivery.make import deliver


@pytest.fixture
def manager(signed, desk):
    return desk(make_staff("manager", signed.order.branch))


@pytest.fixture
def clerk(signed, desk):
    return desk(make_staff("receptionist", signed.order.branch))


def at(gallery, rest=""):
    return f"/console/galleries/{gallery.code}/delivery/{rest}"


def post(browser, path, **data):
    token = "t" * 32
    browser.cookies["yl_csrf"] = token
    return browser.post(path, data, headers={"X-CSRFToken": token})


def day(n):
    return (clock.now() + dt.timedelta(days=n)).date().isoformat()


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_deliver_from_the_desk_needs_the_check(signed, clerk):
    page = text(clerk.get(at(signed)))
    assert 'data-dialog-open="deliver"' in page
    who = make_staff("retoucher", signed.order.branch)
    post(clerk, at(signed, "handover/"), checked_by=who.pk, deliver_until=day(365))
    assert not Delivery.objects.exists()
    post(clerk, at(signed, "handover/"), checked="on", checked_by=who.pk, deliver_until=day(365), check_note="好")
    assert Delivery.objects.get().checked_by == who
    page = text(clerk.get(at(signed)))
    assert who.name in page
    assert "delivery-log" in page
    assert text(clerk.get(at(signed, "live/")))


def test_extend_archive_and_the_manager_revives(signed, clerk, manager):
    deliver(signed)
    post(clerk, at(signed, "access/"), until=day(30))
    post(clerk, at(signed, "archive/"), archive_reason="完")
    assert Gallery.objects.get(pk=signed.pk).state == GalleryState.ARCHIVED
    assert post(clerk, at(signed, "revival/"), revive_until=day(30), revive_reason="x").status_code == 403
    assert 'data-dialog-open="revive"' in text(manager.get(at(signed)))
    post(manager, at(signed, "revival/"), revive_until=day(30), revive_reason="客户要求", price="¥100")
    assert Gallery.objects.get(pk=signed.pk).state == GalleryState.DELIVERED
    kinds = set(events.Event.objects.values_list("kind", flat=True))
    assert {"delivery.extended", "gallery.archived", "gallery.revived"} <= kinds


def test_only_a_manager_hands_over_originals(signed, clerk, manager):
    deliver(signed)
    given = {"originals": "all", "grant_reason": "老客户"}
    assert post(clerk, at(signed, "grants/"), **given).status_code == 403
    post(manager, at(signed, "grants/"), **given)
    assert FileGrant.objects.get().reason == "老客户"
    assert "老客户" in text(manager.get(at(signed)))


def test_the_desk_is_not_there_before_the_signature(signed, clerk):
    Gallery.objects.filter(pk=signed.pk).update(state=GalleryState.PROOFING)
    assert clerk.get(at(signed)).status_code == 404


def test_the_desk_is_for_those_who_deliver(signed, desk):
    camera = desk(make_staff("photographer", signed.order.branch))
    for rest in ("", "live/"):
        assert camera.get(at(signed, rest)).status_code == 403
    assert "/delivery/" not in text(camera.get(f"/console/galleries/{signed.code}/"))


def test_the_story_is_written_with_ticked_photographs(signed, clerk):
    deliver(signed)
    path = f"/console/galleries/{signed.code}/story/"
    assert text(clerk.get(path)).count('name="numbers"') == 3
    text(post(clerk, path, title="", text="x"), 422)
    clerk.cookies["yl_language"] = "en"
    assert "at least one photo" in text(post(clerk, path, title="t", published="on"), 422)
    post(clerk, path, title="雾散之前", text="一\n\n二", numbers=["2", "1"], published="on")
    story = Story.objects.get()
    assert (story.numbers, story.paragraphs) == ([2, 1], ["一", "二"])
