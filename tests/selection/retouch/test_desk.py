"""The staff's retouch pages: what they show, who may do what, and that a denied try changes nothing."""

import datetime as dt

import pytest
from django.urls import reverse

from core.kernel import clock, storage
from selection.addresses import media_base
from selection.enums import GalleryState
from selection.models import Gallery
from selection.retouch.addresses import final_url
from selection.retouch.enums import Doubt
from selection.retouch.models import RetouchJob, RoundGrant
from selection.retouch.selectors import figures, job_of, jobs_for, judged
from selection.retouch.services import start_retouching
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import add_final, give_back, judge, send, submitted_gallery
from tests.selection.test_desk import post, text


@pytest.fixture
def browser(gallery, retoucher, desk):
    browser = desk(retoucher)
    browser.cookies["yl_language"] = "en"
    return browser


def url(name, gallery, *args):
    return reverse(f"selection:{name}", args=[gallery.code, *args])


def staff(user):
    from core.people.staff import staff_of

    return staff_of(user)


# -- The desk ---------------------------------------------------------------------------------------------------------
def test_nothing_submitted_has_no_desk(db, gallery, browser):
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.OPEN)
    gallery.submissions.update(reopened_at=clock.now())
    assert browser.get(url("retouch", gallery)).status_code == 404


def test_the_desk_from_start_to_signature(gallery, retoucher, browser):
    page = text(browser.get(url("retouch", gallery)))
    assert ("data-uploader" in page, "Start retouching" in page) == (False, True)
    due = clock.today("Asia/Shanghai") + dt.timedelta(days=3)
    post(browser, url("retouch-start", gallery), retoucher=retoucher.pk, due_on=due.isoformat())
    assert job_of(gallery).due_on == due
    page = text(browser.get(url("retouch", gallery)))
    assert "data-uploader" in page
    assert "Round 1 of 2" in page
    answer = post(browser, url("retouch-send", gallery))
    assert answer.status_code == 302
    assert "3 photos still need a new file: 1, 2, 3" in text(browser.get(url("retouch", gallery)))
    send(gallery)
    judge(gallery, 2, "change", "<b>再瘦一点</b>")
    page = text(browser.get(url("retouch-live", gallery)))
    assert "&lt;b&gt;再瘦一点&lt;/b&gt;" in page
    assert "To change" in page


@pytest.mark.parametrize("state", [GalleryState.RETOUCHING, GalleryState.PROOFING, GalleryState.SIGNED_OFF])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_renders_in_every_state(gallery, job, manager, desk, state, language):
    add_final(gallery, 1, "wild.jpg", photo=None, version=None, doubt=Doubt.UNKNOWN)
    send(gallery)
    give_back(gallery, 1)
    Gallery.objects.filter(pk=gallery.pk).update(state=state)
    browser = desk(manager)
    browser.cookies["yl_language"] = language
    for address in (url("retouch", gallery), url("retouch-photo", gallery, 1), url("gallery", gallery)):
        assert browser.get(address).status_code == 200
    panel = browser.get(reverse("selection:order-panel", args=[gallery.order.code]))
    assert url("handover", gallery, "sidecars.zip") in text(panel)
    assert "wild.jpg" in text(browser.get(url("retouch", gallery)))


@pytest.mark.parametrize("photos", [2, 24])
def test_the_desk_costs_the_same_queries(db, desk, photos, django_assert_max_num_queries):
    gallery = submitted_gallery(photos, tuple(range(1, photos + 1)))
    boss = make_staff("owner")
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    send(gallery)
    judge(gallery, 1, "change", "x")
    browser = desk(boss)
    browser.get(url("retouch", gallery))
    with django_assert_max_num_queries(28):
        browser.get(url("retouch", gallery))


def test_a_doubtful_file_is_placed_and_discarded_from_the_page(gallery, job, browser):
    wild = add_final(gallery, 1, "wild.jpg", photo=None, version=None, doubt=Doubt.AMBIGUOUS, candidates=[2])
    assert "★ 2" in text(browser.get(url("retouch", gallery)))
    post(browser, url("final-place", gallery, wild.number), photo="nonsense")
    wild.refresh_from_db()
    assert wild.photo is None
    post(browser, url("final-place", gallery, wild.number), photo="2")
    wild.refresh_from_db()
    assert (wild.photo.number, wild.version) == (2, 1)
    post(browser, url("final-discard", gallery, wild.number))
    wild.refresh_from_db()
    assert wild.state == "removed"


def test_only_a_manager_allows_a_further_round(gallery, job, browser, manager, desk):
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    give_back(gallery, 1)
    denied = post(browser, url("retouch-grant", gallery), price="", grant_reason="x")
    assert (denied.status_code, RoundGrant.objects.count()) == (403, 0)
    assert url("retouch-grant", gallery) not in text(browser.get(url("retouch", gallery)))
    office = desk(manager)
    for wrong in ({"price": "-5", "grant_reason": "x"}, {"price": "1e3", "grant_reason": "x"}, {"price": "200"}):
        post(office, url("retouch-grant", gallery), **wrong)
    assert RoundGrant.objects.count() == 0
    post(office, url("retouch-grant", gallery), price="¥200", grant_reason="第三轮")
    grant = RoundGrant.objects.get()
    assert (grant.price_minor, grant.number, grant.is_open) == (20000, 3, True)


def test_people_without_the_craft_change_nothing(gallery, job, desk):
    add_final(gallery, 1)
    receptionist = desk(make_staff("receptionist", gallery.order.branch))
    stranger = desk(make_staff("retoucher", make_branch()))
    for name, args in [("retouch-start", ()), ("retouch-send", ()), ("retouch-stop", ()), ("retouch-assign", ())]:
        assert post(receptionist, url(name, gallery, *args), reason="x").status_code == 403
        assert post(stranger, url(name, gallery, *args), reason="x").status_code == 404
    gallery.refresh_from_db()
    assert (gallery.state, RetouchJob.objects.get().stopped_at) == (GalleryState.RETOUCHING, None)


# -- Finals' addresses ------------------------------------------------------------------------------------------------
def test_an_unsent_final_is_for_staff_only(gallery, job, browser, phone, anonymous, settings):
    settings.MEDIA_ACCEL = True
    final, customer = add_final(gallery, 1), phone(gallery.order.customer)
    address = final_url(media_base(gallery), final, "p")
    assert browser.get(address).status_code == 200
    assert (customer.get(address).status_code, anonymous.get(address).status_code) == (404, 404)
    send(gallery, 2, 3)
    answer = customer.get(address)
    assert answer.status_code == 200
    assert f"{final.rendition_key}/p.webp" in answer["X-Accel-Redirect"]


def test_a_finals_address_dies_with_the_gallery(gallery, job, phone, settings):
    settings.MEDIA_ACCEL = True
    send(gallery)
    customer, final = phone(gallery.order.customer), gallery.finals.get(photo__number=1)
    address = final_url(media_base(gallery), final)
    for changes in ({"state": GalleryState.ARCHIVED}, {"state": GalleryState.OPEN}, {"media_epoch": 9}):
        Gallery.objects.filter(pk=gallery.pk).update(**changes)
        assert customer.get(address).status_code == 404
        Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.PROOFING, media_epoch=gallery.media_epoch)
    assert customer.get(address).status_code == 200
    assert customer.get(address.replace(f"/f{final.number}-", f"/{final.number}-")).status_code == 404
    assert storage.key("f") not in address


# -- The API of the uploader ------------------------------------------------------------------------------------------
def test_the_uploader_of_finals_has_its_own_door(gallery, job, browser, desk):
    path = reverse("selection-api:finals-sign", args=[gallery.code])
    files = {"files": [{"name": gallery.photos.get(number=2).file_name, "size": 9, "md5": "0" * 32}]}
    answer = browser.send("POST", path, files)
    assert (answer.status_code, answer.json()["files"][0]["status"]) == (200, "send")
    assert gallery.finals.get().photo.number == 2
    photographer = desk(make_staff("photographer", gallery.order.branch))
    assert photographer.send("POST", path, files).status_code == 403
    done = reverse("selection-api:finals-complete", args=[gallery.code])
    told = browser.send("POST", done, {"photos": [answer.json()["files"][0]["photo"]]}).json()
    assert told["photos"][0]["status"] == "missing"


# -- The work list and its figures ------------------------------------------------------------------------------------
@pytest.fixture
def worked(gallery, job):
    """Round one: two of three accepted; round two: all."""
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    from selection.retouch.services import accept_rest, sign_off

    accept_rest(chooser=main_chooser(gallery))
    sign_off(chooser=main_chooser(gallery), signed_name="陈晓雨")
    return gallery


def test_figures_by_hand(worked, retoucher, manager):
    today = clock.today("Asia/Shanghai")
    [line] = figures(staff(retoucher), today)
    assert (line.name, line.first_judged, line.first_accepted, line.percent) == (retoucher.name, 3, 2, 67)
    assert (line.rounds, line.changes, line.open_jobs, line.late_jobs) == (2, 1, 0, 0)
    assert figures(staff(manager), today) == [line]


def test_the_list_counts_what_stands_now(gallery, job):
    send(gallery)
    judge(gallery, 1, "change", "x")
    judge(gallery, 2, "accept")
    partner = gallery.choosers.create(customer=make_customer())
    judge(gallery, 3, "accept", chooser=partner)
    assert judged([gallery.pk]) == {gallery.pk: {"change": 1, "accept": 1}}


def test_late_jobs_are_counted(gallery, job, retoucher):
    RetouchJob.objects.update(due_on=dt.date(2026, 1, 1))
    [line] = figures(staff(retoucher), clock.today("Asia/Shanghai"))
    assert (line.open_jobs, line.late_jobs, line.percent) == (1, 1, None)


def test_everybody_sees_their_own_and_managers_their_branch(gallery, job, retoucher, manager, desk):
    other = make_staff("retoucher", gallery.order.branch)
    foreign = make_staff("manager", make_branch())
    assert list(jobs_for(staff(retoucher))) == list(jobs_for(staff(manager))) == [job]
    assert not jobs_for(staff(other)).exists()
    assert not jobs_for(staff(foreign)).exists()
    browser = desk(other)
    assert gallery.title not in text(browser.get(reverse("selection:retouch-list")))


def test_the_list_shows_what_nobody_has_begun_and_what_is_signed(gallery, browser, retoucher):
    listed = reverse("selection:retouch-list")
    assert gallery.title in text(browser.get(listed))
    start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=dt.date(2030, 1, 1))
    page = text(browser.get(listed))
    assert ("Nobody has begun" in page, gallery.title in page) == (False, True)
    assert gallery.title not in text(browser.get(f"{listed}?show=done"))
    Gallery.objects.filter(pk=gallery.pk).update(state=GalleryState.SIGNED_OFF)
    assert gallery.title in text(browser.get(f"{listed}?show=done"))


def test_a_folder_of_strange_names_stays_a_short_page(gallery, job, browser):
    for i in range(33):
        add_final(gallery, 1, f"x{i}.jpg", photo=None, version=None, doubt=Doubt.UNKNOWN)
    page = text(browser.get(url("retouch", gallery)))
    assert page.count('class="doubt"') == 30
    assert "More files wait" in page
