"""Photographs come in: signed, sent straight to storage, believed only when storage says so."""

import datetime as dt
from dataclasses import replace

import pytest

from billing import selectors as billing
from core.kernel import clock, storage
from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection import services
from selection.enums import GalleryState, PhotoState, Refused
from selection.models import Gallery, Photo
from tests.jobs import run_jobs
from tests.jobs import waiting_jobs as all_waiting_jobs
from tests.selection.make import announced, make_gallery, send, upload
from tests.selection.pictures import jpeg, quarters

BODY = b"\xff\xd8\xff" + b"x" * 5000


def waiting_jobs():
    """Those of photographs: a new order's books have jobs of their own."""
    return [job for job in all_waiting_jobs() if job[0].startswith("selection.")]


@pytest.fixture
def gallery(db):
    return make_gallery(state=GalleryState.DRAFT)


@pytest.fixture
def actor(gallery):
    return gallery.order.owner


@pytest.fixture
def sign(gallery, actor):
    return lambda *files: services.sign_uploads(actor=actor, gallery=gallery, files=files)


@pytest.fixture
def complete(gallery, actor):
    return lambda *numbers: services.complete_uploads(actor=actor, gallery=gallery, numbers=numbers)


def bytes_of(gallery):
    gallery.refresh_from_db()
    return gallery.stored_bytes


def test_a_photograph_travels_to_ready(gallery):
    [done] = upload(gallery, ("DSC_1.jpg", jpeg(quarters(2000, 1500))))
    assert (done.status, waiting_jobs()[0][0]) == ("received", "selection.process_photo")
    assert [name for name in run_jobs() if name.startswith("selection.")] == ["selection.process_photo"]
    photo = Photo.objects.get(gallery=gallery, number=done.photo)
    assert (photo.state, photo.rendition_rev, photo.width, photo.height) == (PhotoState.READY, 1, 2000, 1500)
    assert photo.original_key.startswith(storage.key("o"))
    made = [storage.head(f"{photo.rendition_key}/{size}.webp") for size in "tp"]
    assert {one.content_type for one in made} == {"image/webp"}
    assert photo.rendition_bytes == sum(one.size for one in made)
    gallery.refresh_from_db()
    assert (gallery.photo_count, gallery.stored_bytes) == (1, photo.size + photo.rendition_bytes)
    kinds = list(Event.objects.filter(stream=gallery.event_stream).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["photos.received", "photo.ready"]


def test_answers_come_in_order_with_a_reason_each(sign):
    answers = sign(
        announced("a.jpg", BODY),
        announced("a.txt", b"text"),
        announced("b.jpg", b"big", size=101 * 1024 * 1024),
        announced("empty.jpg", b""),
        announced("copy of a.jpg", BODY),
        announced("c.heic", b"ftypheic"),
        announced("odd.jpg", b"odd", md5="no"),
    )
    assert [(a.name, a.status, a.code) for a in answers] == [
        ("a.jpg", "send", ""),
        ("a.txt", "refused", Refused.NOT_AN_IMAGE),
        ("b.jpg", "refused", Refused.TOO_LARGE),
        ("empty.jpg", "refused", Refused.TRUNCATED),
        ("copy of a.jpg", "refused", Refused.DUPLICATE),
        ("c.heic", "send", ""),
        ("odd.jpg", "refused", Refused.TRUNCATED),
    ]
    assert [a.photo for a in answers if a.photo] == [1, 2]
    assert answers[5].headers["Content-Type"] == "image/heic"


def test_a_folder_dropped_again_sends_only_what_is_missing(gallery, sign):
    upload(gallery, ("a.jpg", BODY))
    sign(announced("b.jpg", BODY + b"b"))  # announced, then the tab was closed
    numbers = Photo.objects.count()
    again = sign(announced("a.jpg", BODY), announced("b.jpg", BODY + b"b"), announced("c.jpg", BODY + b"c"))
    assert [(a.status, a.photo) for a in again] == [("there", 1), ("send", 2), ("send", 3)]
    assert Photo.objects.count() == numbers + 1
    assert send(again[1], BODY + b"b") == 200


def test_the_signature_takes_only_the_announced_bytes(gallery, sign, complete):
    [answer] = sign(announced("a.jpg", BODY))
    assert send(answer, BODY + b"!") == 403
    assert send(answer, BODY[::-1]) == 400
    assert send(replace(answer, headers={**answer.headers, "Content-Type": "text/html"}), BODY) == 403
    assert complete(answer.photo)[0].status == "missing"
    assert Photo.objects.get().state == PhotoState.PENDING


def test_other_bytes_in_storage_are_refused_whatever_the_browser_says(gallery, sign, complete):
    [answer] = sign(announced("a.jpg", BODY))
    photo = Photo.objects.get()
    storage.put(photo.original_key, b"something else", content_type="image/jpeg")
    assert (complete(answer.photo)[0].status, complete(answer.photo)[0].code) == ("refused", Refused.CHANGED)
    assert (bytes_of(gallery), waiting_jobs()) == (0, [])
    assert Event.objects.get(kind="photo.refused").facts["code"] == Refused.CHANGED


def test_completing_twice_or_too_early_is_harmless(gallery, sign, complete):
    [answer] = sign(announced("a.jpg", BODY))
    assert complete(answer.photo)[0].status == "missing"
    send(answer, BODY)
    assert [complete(answer.photo)[0].status for _ in range(2)] == ["received", "received"]
    assert complete(99)[0].status == "missing"
    assert len(waiting_jobs()) == 1


def limit(monkeypatch, storage_bytes):
    monkeypatch.setattr(billing, "TRIAL", replace(billing.TRIAL, storage_bytes=storage_bytes))


def test_the_plan_is_checked_before_signing_and_counts_what_is_announced(gallery, sign, monkeypatch):
    limit(monkeypatch, 12_000)
    files = [announced(f"{n}.jpg", BODY + bytes([n])) for n in range(3)]
    assert [a.status for a in sign(*files)] == ["send", "send", "refused"]
    assert sign(files[2])[0].code == Refused.QUOTA
    assert bytes_of(gallery) == 2 * (len(BODY) + 1)
    other = make_gallery(state=GalleryState.DRAFT)
    [answer] = services.sign_uploads(actor=None, gallery=other, files=[files[2]])
    assert (answer.code, Photo.objects.count()) == (Refused.QUOTA, 2)


@pytest.mark.parametrize("state", [GalleryState.SUBMITTED, GalleryState.ARCHIVED])
def test_a_locked_gallery_takes_nothing(gallery, sign, state):
    Gallery.objects.filter(pk=gallery.pk).update(state=state)
    with pytest.raises(Refusal, match="gallery.locked"):
        sign(announced("a.jpg", BODY))
    assert not Photo.objects.exists()


def test_a_batch_is_bounded(sign):
    with pytest.raises(Refusal, match="uploads.too_many"):
        sign(*[announced(f"{n}.jpg", b"x") for n in range(501)])


def test_a_batch_costs_few_queries(gallery, sign, django_assert_max_num_queries):
    sign(announced("first.jpg", b"first"))
    with django_assert_max_num_queries(12):
        sign(*[announced(f"{n}.jpg", f"{n}".encode()) for n in range(1, 201)])
    assert Photo.objects.count() == 201


def later(**delta):
    return clock.at(clock.now() + dt.timedelta(**delta))


def test_the_sweeper_adopts_what_arrived_and_refuses_what_did_not(gallery, sign):
    arrived, _lost, _fresh = sign(*[announced(f"{n}.jpg", BODY + bytes([n])) for n in range(3)])
    send(arrived, BODY + bytes([0]))
    Photo.objects.filter(number=3).update(expires_at=clock.now() + dt.timedelta(days=9))
    assert services.sweep_uploads()["adopted"] == 0
    with later(hours=25):
        assert services.sweep_uploads() == {"adopted": 1, "refused": 1, "queued": 0, "purged": 1}
    states = dict(Photo.objects.values_list("number", "state"))
    assert states == {1: PhotoState.RECEIVED, 2: PhotoState.REFUSED, 3: PhotoState.PENDING}
    assert Photo.objects.get(number=2).refusal == Refused.EXPIRED
    assert len(waiting_jobs()) == 1


def test_the_sweeper_queues_again_what_waits_too_long(gallery):
    upload(gallery, ("a.jpg", jpeg()))
    run_nothing = waiting_jobs()
    with later(hours=1):
        assert services.sweep_uploads()["queued"] == 1
    assert waiting_jobs() == run_nothing  # it waits already: once is enough
    run_jobs()
    assert Photo.objects.get().state == PhotoState.READY


def test_the_sweeper_deletes_the_bytes_of_refused_and_removed(gallery, actor):
    upload(gallery, ("bad.jpg", b"\xff\xd8\xffno picture"), ("good.jpg", jpeg()))
    run_jobs()
    bad, good = Photo.objects.order_by("number")
    services.remove_photo(actor=actor, photo=good)
    with later(minutes=1):
        assert services.sweep_uploads()["purged"] == 1
    with pytest.raises(storage.Missing):
        storage.head(bad.original_key)
    assert storage.head(good.original_key)
    with later(days=8):
        assert services.sweep_uploads()["purged"] == 1
    for name in (good.original_key, f"{good.rendition_key}/t.webp", f"{good.rendition_key}/p.webp"):
        with pytest.raises(storage.Missing):
            storage.head(name)
    assert list(Photo.objects.values_list("state", flat=True)) == [PhotoState.REFUSED]
    assert bytes_of(gallery) == 0


def test_a_refused_file_may_be_tried_again(gallery, sign):
    upload(gallery, ("bad.jpg", b"\xff\xd8\xffno picture"))
    run_jobs()
    with later(minutes=1):
        services.sweep_uploads()
    assert sign(announced("bad.jpg", b"\xff\xd8\xffno picture"))[0].status == "send"
    assert list(Photo.objects.values_list("state", flat=True)) == [PhotoState.PENDING]
