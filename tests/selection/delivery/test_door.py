"""The download door: whole files, ranges, refusals, the log."""

import datetime as dt
import hashlib
import io
import time
import zipfile

import pytest

from core.kernel import clock
from core.orders.models import OrderPerson
from core.people.models import Customer
from selection.delivery import addresses, services
from selection.delivery.models import Delivery, Download
from selection.delivery.parcels import parcel_for, parts_here
from selection.delivery.ranges import reply_to
from selection.delivery.selectors import files_of
from selection.enums import GalleryState
from selection.media.handing import _body
from selection.models import Gallery
from tenants.context import in_public, in_studio
from tests.factories import make_customer
from tests.selection.delivery.make import deliver, signed_gallery
from tests.selection.make import main_chooser


@pytest.fixture
def customer(gallery):
    return main_chooser(gallery).customer


@pytest.fixture
def base(gallery, customer):
    return addresses.download_base(gallery, customer.pk)


@pytest.fixture
def single(gallery, base):
    return addresses.download_url(base, "f1", files_of(gallery)[0].name)


@pytest.fixture
def pack(gallery, base):
    return addresses.download_url(base, "zf1", "照片.zip")


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_single_photograph_with_its_chinese_name(gallery, single, anonymous):
    answer = anonymous.get(single)
    got = body(answer)
    assert hashlib.md5(got).hexdigest() == files_of(gallery)[0].md5
    assert answer["Content-Disposition"].endswith("filename*=UTF-8''%E6%96%B0%E5%A8%98_1.jpg")
    assert (answer["Content-Type"], answer["Content-Length"]) == ("image/jpeg", str(len(got)))
    assert answer["Cache-Control"] == "private, no-cache, no-transform"
    assert not answer.cookies


def test_shown_in_a_page_for_a_long_press(single, anonymous):
    assert anonymous.get(f"{single}?show")["Content-Disposition"].startswith("inline;")


def test_a_zip_part_holds_the_very_files(gallery, pack, anonymous):
    answer = anonymous.get(pack)
    whole = body(answer)
    assert int(answer["Content-Length"]) == len(whole) == parts_here(gallery)[0].size
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        sums = {hashlib.md5(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert sums == {file.md5 for file in files_of(gallery)}


def test_an_interrupted_part_resumes_to_the_same_bytes(pack, anonymous):
    full = anonymous.get(pack)
    whole, tag = body(full), full["ETag"]
    begun = whole[:1234]
    rest = anonymous.get(pack, headers={"range": f"bytes={len(begun)}-", "if-range": tag})
    assert (rest.status_code, rest["Content-Range"]) == (206, f"bytes 1234-{len(whole) - 1}/{len(whole)}")
    assert begun + body(rest) == whole
    assert anonymous.get(pack, headers={"if-none-match": tag}).status_code == 304
    assert anonymous.get(pack, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    head = anonymous.head(pack)
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, str(len(whole)), "bytes")


def test_everything_is_written_down(gallery, customer, single, anonymous):
    body(anonymous.get(single, headers={"user-agent": "curl/8", "x-forwarded-for": "2001:db8::7"}))
    row = Download.objects.get()
    assert (row.customer, row.gallery, row.what, row.name) == (customer, gallery, "f1", "新娘_1.jpg")
    assert (row.first, row.wanted, row.sent, row.total) == (0, row.total, row.total, row.total)
    assert row.finished_at
    assert (row.agent, row.address) == ("curl/8", "2001:db8::7")
    anonymous.head(single)
    assert Download.objects.count() == 1


def test_a_download_that_breaks_off_is_not_finished(gallery, studio, base):
    parcel = parcel_for(gallery.code, base.split("/")[3], "zf1")
    reply = reply_to("GET", {}, total=parcel.total, etag=parcel.etag, headers={})
    log = services.begin_download(parcel=parcel, reply=reply, address=None, agent="")
    chunks = _body(studio, parcel, reply, log)
    next(chunks)
    next(chunks)
    with in_public():  # as the server does, after the middleware has left the studio
        chunks.close()
    row = Download.objects.get()
    assert row.finished_at is None
    assert 0 < row.sent < row.total


def refused(browser, url, status=404):
    before = Download.objects.count()
    answer = browser.get(url)
    assert answer.status_code == status, url
    assert Download.objects.count() == before
    return answer


def test_whatever_is_wrong_is_404(gallery, base, single, anonymous, other_studio):
    other = signed_gallery()
    deliver(other)
    token = base.split("/")[3]
    for url in [
        single.replace("/f1/", "/f4/"),  # not chosen
        single.replace("/f1/", "/o1/"),  # an original nobody gave
        single.replace("/f1/", "/zo1/"),
        single.replace("/f1/", "/zf2/"),
        single.replace("/f1/", "/f0/"),
        single.replace(token, token[:-1] + ("A" if token[-1] != "A" else "B")),
        single.replace(token, "1.zzzzzz.AAAAAAAAAAAAAAAAAAAA"),
        single.replace(gallery.code, other.code),
        single.replace(gallery.code, "nosuchcode"),
        base,
    ]:
        refused(anonymous, url)
    with in_studio(other_studio):
        foreign = signed_gallery()
        deliver(foreign)
        link = addresses.download_url(addresses.download_base(foreign, main_chooser(foreign).customer.pk), "f1", "x")
    refused(anonymous, link)


def test_an_address_of_a_stranger_opens_nothing(gallery, anonymous):
    stranger = make_customer("路人")
    refused(anonymous, addresses.download_url(addresses.download_base(gallery, stranger.pk), "f1", "x"))


def test_who_leaves_the_order_takes_nothing_more(gallery, anonymous):
    second: Customer = make_customer("林一舟")
    person = OrderPerson.objects.create(order=gallery.order, customer=second, part="partner")
    link = addresses.download_url(addresses.download_base(gallery, second.pk), "f1", "x")
    assert anonymous.get(link).status_code == 200
    person.delete()
    refused(anonymous, link)


@pytest.mark.parametrize("state", sorted(set(GalleryState) - {GalleryState.DELIVERED}))
def test_only_a_delivered_gallery_hands_out(gallery, single, pack, anonymous, state):
    Gallery.objects.filter(pk=gallery.pk).update(state=state)
    refused(anonymous, single)
    refused(anonymous, pack)


def test_an_old_link_leads_to_a_new_one(gallery, single, anonymous, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + addresses.LIFE + 60)
    answer = refused(anonymous, single, 410)
    assert f"/gallery/{gallery.code}/delivery/" in answer.content.decode()


def test_past_the_last_day_an_old_cached_link_is_dead_too(gallery, single, anonymous):
    tag = anonymous.get(single)["ETag"]
    Delivery.objects.update(until=clock.now().date().replace(year=2020))
    before = Download.objects.count()
    assert anonymous.get(single, headers={"if-none-match": tag}).status_code == 410
    assert Download.objects.count() == before


def test_archive_and_revival_change_every_address(gallery, customer, single, anonymous):
    services.archive_gallery(actor=None, gallery=gallery)
    refused(anonymous, single, 410)
    until = clock.now().date().replace(year=clock.now().year + 1)
    services.revive_gallery(actor=None, gallery=gallery, until=until, reason="x")
    refused(anonymous, single)  # the epoch is a new one
    gallery.refresh_from_db()
    link = addresses.download_url(addresses.download_base(gallery, customer.pk), "f1", "x")
    assert anonymous.get(link).status_code == 200


def test_after_the_archive_an_old_address_says_so_to_its_holder_only(gallery, customer, single, anonymous):
    forged = single.replace(".", ".1", 1)
    services.archive_gallery(actor=None, gallery=gallery)
    answer = anonymous.get(single)
    assert answer.status_code == 410
    page = answer.content.decode()
    assert f"/gallery/{gallery.code}/delivery/" in page
    assert gallery.order.branch.name in page
    assert answer["Cache-Control"] == "no-store"
    assert anonymous.get(forged).status_code == 404
    gallery.order.people.filter(customer=customer).delete()
    type(gallery.order).objects.filter(pk=gallery.order_id).update(customer=make_customer("别人"))
    assert anonymous.get(single).status_code == 404


def test_past_the_last_day_the_address_says_so(gallery, single, anonymous):
    Delivery.objects.update(until=clock.now().date() - dt.timedelta(days=2))
    assert anonymous.get(single).status_code == 410


def test_a_suspended_studio_hands_nothing_out(gallery, studio, single, anonymous):
    from tenants.services import suspend_studio

    with in_public():
        suspend_studio(studio)
    assert anonymous.get(single).status_code == 503


def test_the_number_of_queries_does_not_grow(gallery, pack, anonymous, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        body(anonymous.get(pack))


# -- The API ----------------------------------------------------------------------------------------------------------
def test_the_api_says_the_same_and_its_addresses_work(gallery, customer, phone):
    browser = phone(customer)
    told = browser.get(f"/api/galleries/{gallery.code}/delivery/").json()
    assert [row["what"] for row in told["files"]] == ["f1", "f2", "f3"]
    assert [(row["what"], row["files"]) for row in told["parts"]] == [("zf1", ["f1", "f2", "f3"])]
    for row in (*told["files"], *told["parts"]):
        assert len(body(browser.get(row["url"]))) == row["size"]


def test_the_api_is_shut_like_the_door(gallery, customer, phone):
    stranger = phone(make_customer("路人"))
    assert stranger.get(f"/api/galleries/{gallery.code}/delivery/").status_code == 404
    services.archive_gallery(actor=None, gallery=gallery)
    assert phone(customer).get(f"/api/galleries/{gallery.code}/delivery/").status_code == 404
