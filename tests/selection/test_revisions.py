"""A corrected file in a photograph's place: number, picks and notes stay; the old file waits, then goes."""

import datetime as dt

import pytest

from core.kernel import clock, storage
from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection import services
from selection.culling.services import Mark, set_marks
from selection.enums import GalleryState, PhotoState, Refused
from selection.models import Photo, PhotoFacts, Pick
from selection.selectors import media_url
from tests.factories import make_staff
from tests.jobs import run_jobs
from tests.selection import pictures
from tests.selection.make import announced, main_chooser, make_gallery, pick, send, upload
from tests.selection.test_media import body

OLD = pictures.jpeg()
NEW = pictures.jpeg(pictures.quarters(900, 1300))


@pytest.fixture
def gallery(db):
    """One real photograph, picked and noted."""
    gallery = make_gallery(state=GalleryState.DRAFT)
    upload(gallery, ("DSC_1.jpg", OLD))
    run_jobs()
    gallery.refresh_from_db()
    gallery.state = GalleryState.OPEN
    gallery.save()
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"))
    services.save_note(chooser=chooser, number=1, text="去痘", tags=[], device="phone", op=1)
    return gallery


def replace(gallery, name="DSC_1b.jpg", content=NEW, number=1, run=True):
    actor = gallery.order.owner
    [answer] = services.sign_uploads(actor=actor, gallery=gallery, files=[announced(name, content)], replaces=number)
    if answer.status != "send":
        return answer
    assert send(answer, content) == 200
    services.complete_uploads(actor=actor, gallery=gallery, numbers=[answer.photo])
    if run:
        run_jobs()
    gallery.refresh_from_db()
    return answer


def held(photo):
    return storage.get(photo.original_key)


def test_the_new_file_takes_the_place_and_everything_else_stays(gallery, anonymous):
    before = Photo.objects.get(number=1)
    old_address = media_url(gallery, before)
    likeness = before.facts.likeness
    replace(gallery)
    photo = Photo.objects.get(number=1)
    assert (photo.pk, photo.file_name, photo.rendition_rev) == (before.pk, "DSC_1b.jpg", 2)
    assert (photo.width, photo.height) == (900, 1300)
    assert held(photo) == NEW
    assert Pick.objects.get().photo_id == photo.pk
    assert photo.notes.get().text == "去痘"
    assert (main_chooser(gallery).yes, gallery.photo_count) == (1, 1)
    assert photo.facts.likeness != likeness
    assert anonymous.get(old_address).status_code == 404
    assert body(anonymous.get(media_url(gallery, photo)))[:4] == b"RIFF"
    told = Event.objects.get(kind="photo.replaced").facts
    assert told == {"photo": 1, "file_name": "DSC_1b.jpg", "former_name": "DSC_1.jpg"}
    assert not Event.objects.filter(kind="photo.ready", facts__photo=2).exists()


def test_the_old_file_waits_in_the_bin_and_is_purged_in_its_time(gallery):
    before = gallery.stored_bytes
    replace(gallery)
    old = Photo.objects.get(replaces__isnull=False)
    assert (old.state, old.file_name, held(old)) == (PhotoState.REMOVED, "DSC_1.jpg", OLD)
    assert services.sweep_uploads()["purged"] == 0
    with clock.at(clock.now() + dt.timedelta(days=8)):
        assert services.sweep_uploads()["purged"] == 1
    assert not Photo.objects.filter(pk=old.pk).exists()
    with pytest.raises(storage.Missing):
        storage.get(old.original_key)
    photo = Photo.objects.get(number=1)
    assert held(photo) == NEW
    gallery.refresh_from_db()
    assert gallery.stored_bytes == photo.size + photo.rendition_bytes
    assert before > 0


def test_bringing_the_old_file_back_exchanges_them_again(gallery):
    replace(gallery)
    photo = Photo.objects.get(number=1)
    new_facts = photo.facts.likeness
    services.restore_photo(actor=gallery.order.owner, photo=Photo.objects.get(replaces=photo))
    photo = Photo.objects.get(number=1)
    assert (photo.file_name, held(photo), photo.rendition_rev) == ("DSC_1.jpg", OLD, 3)
    assert photo.facts.likeness != new_facts
    bin_ = Photo.objects.get(replaces=photo)
    assert (bin_.file_name, bin_.state, held(bin_)) == ("DSC_1b.jpg", PhotoState.REMOVED, NEW)
    assert PhotoFacts.objects.count() == 2
    gallery.refresh_from_db()
    assert gallery.stored_bytes == sum(each.size + each.rendition_bytes for each in (photo, bin_))


def test_the_old_one_stays_until_the_new_one_is_ready(gallery):
    replace(gallery, run=False)
    photo = Photo.objects.get(number=1)
    assert (photo.file_name, photo.state, photo.rendition_rev) == ("DSC_1.jpg", PhotoState.READY, 1)


def test_a_broken_file_leaves_the_old_one(gallery):
    replace(gallery, content=NEW[:-800])
    assert held(Photo.objects.get(number=1)) == OLD
    carrier = Photo.objects.get(replaces__isnull=False)
    assert (carrier.state, carrier.refusal) == (PhotoState.REFUSED, Refused.TRUNCATED)


def test_bytes_that_the_gallery_holds_are_refused(gallery):
    upload(gallery, ("DSC_2.jpg", NEW))
    run_jobs()
    assert replace(gallery).code == Refused.DUPLICATE
    assert replace(gallery, content=OLD).code == Refused.DUPLICATE


def test_a_second_try_goes_on_with_the_same_row(gallery):
    first, again = (
        services.sign_uploads(
            actor=gallery.order.owner, gallery=gallery, files=[announced("DSC_1b.jpg", NEW)], replaces=1
        )[0]
        for _ in range(2)
    )
    assert (first.status, again.status, first.photo) == ("send", "send", again.photo)


def test_nothing_to_replace_is_refused(gallery):
    with pytest.raises(Refusal, match=r"photo\.settled"):
        replace(gallery, number=9)
    assert Photo.objects.count() == 1


def test_a_target_that_went_meanwhile_refuses_the_file(gallery):
    replace(gallery, run=False)
    services.withdraw_gallery(actor=gallery.order.owner, gallery=gallery)
    services.remove_photo(actor=gallery.order.owner, photo=Photo.objects.get(number=1))
    run_jobs()
    carrier = Photo.objects.get(replaces__isnull=False)
    assert (carrier.state, carrier.refusal) == (PhotoState.REFUSED, Refused.NO_TARGET)
    services.sweep_uploads()
    gallery.refresh_from_db()
    photo = Photo.objects.get(number=1)
    assert (held(photo), gallery.stored_bytes) == (OLD, photo.size + photo.rendition_bytes)
    carrier.refresh_from_db()
    with pytest.raises(storage.Missing):
        storage.get(f"{carrier.rendition_key}/t.webp")


def test_a_purged_photo_takes_its_old_files_with_it(gallery):
    replace(gallery)
    old = Photo.objects.get(replaces__isnull=False)
    services.withdraw_gallery(actor=gallery.order.owner, gallery=gallery)
    services.remove_photo(actor=gallery.order.owner, photo=Photo.objects.get(number=1))
    Photo.objects.filter(pk=old.pk).update(purge_at=clock.now() + dt.timedelta(days=30))
    with clock.at(clock.now() + dt.timedelta(days=8)):
        services.sweep_uploads()
    assert not Photo.objects.exists()
    with pytest.raises(storage.Missing):
        storage.get(old.original_key)
    gallery.refresh_from_db()
    assert gallery.stored_bytes == 0


def test_a_hidden_photo_stays_hidden(gallery):
    pick(main_chooser(gallery), (2, 1, ""))
    set_marks(actor=None, gallery=gallery, marks=[Mark(1, flag="reject")])
    replace(gallery)
    photo = Photo.objects.get(number=1)
    assert (photo.state, held(photo)) == (PhotoState.HIDDEN, NEW)


def test_the_api_takes_one_file_for_one_photo(gallery, desk):
    browser = desk(make_staff("photographer", gallery.order.branch))
    from django.urls import reverse

    path = reverse("selection-api:uploads-sign", args=[gallery.code])
    one = announced("DSC_1b.jpg", NEW)
    file = {"name": one.name, "size": one.size, "md5": one.md5}
    told = browser.send("post", path, {"files": [file], "replaces": 1}).json()
    assert told["files"][0]["status"] == "send"
    two = browser.send("post", path, {"files": [file, {**file, "md5": "0" * 32}], "replaces": 1})
    assert two.status_code == 409
