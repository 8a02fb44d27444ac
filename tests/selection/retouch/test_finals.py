"""Finals come in by the originals' door, find their photograph by name, and are never guessed."""

import pytest

from core.kernel import storage
from core.kernel.errors import Refusal
from selection.enums import PhotoState, Refused
from selection.retouch.enums import Doubt
from selection.retouch.intake import FINALS
from selection.retouch.models import FinalVersion
from selection.retouch.selectors import files_of, newest_finals
from selection.retouch.services import discard_final, place_final
from selection.services import complete_uploads, sign_uploads, sweep_uploads
from tests.jobs import run_jobs
from tests.selection.make import announced, send
from tests.selection.pictures import jpeg, quarters
from tests.selection.retouch.make import add_final, rename
from tests.selection.retouch.make import send as send_round


def announce(gallery, *names):
    files = [announced(name, f"{name}-{i}".encode()) for i, name in enumerate(names)]
    return sign_uploads(actor=None, gallery=gallery, files=files, intake=FINALS)


def upload(gallery, *files):
    answers = sign_uploads(actor=None, gallery=gallery, files=[announced(*file) for file in files], intake=FINALS)
    for answer, (_name, body) in zip(answers, files, strict=True):
        assert send(answer, body) == 200
    numbers = [answer.photo for answer in answers]
    return complete_uploads(actor=None, gallery=gallery, numbers=numbers, intake=FINALS)


def finals(gallery):
    return {final.file_name: final for final in gallery.finals.select_related("photo")}


def test_a_final_travels_like_an_original_and_gets_marked_renditions(gallery, job):
    name = gallery.photos.get(number=2).file_name.replace(".jpg", "_精修.jpg")
    [told] = upload(gallery, (name, jpeg(quarters(2400, 1600))))
    assert told.status == "received"
    run_jobs()
    [final] = newest_finals(gallery)
    assert (final.photo.number, final.version, final.state, final.sent_in) == (2, 1, PhotoState.READY, None)
    proof = storage.get(f"{final.rendition_key}/p.webp")
    assert proof[8:12] == b"WEBP"
    assert proof != storage.get(f"{final.rendition_key}/t.webp")
    gallery.refresh_from_db()
    assert gallery.photo_count == 4  # a final is no photograph of the gallery
    assert gallery.stored_bytes >= final.size + final.rendition_bytes


def test_no_mark_no_final(gallery, job, monkeypatch):
    from selection import processing
    from selection.watermark import Unmarkable

    def fails(*_args):
        raise Unmarkable("x")

    monkeypatch.setattr(processing, "render", fails)
    upload(gallery, (gallery.photos.get(number=1).file_name, jpeg()))
    run_jobs()
    [final] = gallery.finals.all()
    assert (final.state, final.refusal, final.version) == (PhotoState.REFUSED, Refused.BROKEN, None)


def test_names_that_may_mean_two_wait_for_a_person(gallery, job):
    rename(gallery, _1="A.jpg", _2="B.jpg", _3="C.jpg", _4="c.JPEG")
    announce(gallery, "A-edit.jpg", "B.jpg", "B_v2.jpg", "C.jpg", "D.jpg")
    told = {name: (final.photo and final.photo.number, final.doubt) for name, final in finals(gallery).items()}
    assert told == {
        "A-edit.jpg": (1, ""),
        "B.jpg": (None, Doubt.TWINS),
        "B_v2.jpg": (None, Doubt.TWINS),
        "C.jpg": (None, Doubt.AMBIGUOUS),
        "D.jpg": (None, Doubt.UNKNOWN),
    }
    assert finals(gallery)["C.jpg"].candidates == [3]


def test_a_photograph_that_was_not_chosen_gets_no_final(gallery, job):
    rename(gallery, _4="D.jpg")
    announce(gallery, "D.jpg")
    assert finals(gallery)["D.jpg"].doubt == Doubt.UNKNOWN


def test_the_same_bytes_are_sent_once(gallery, job):
    body = jpeg()
    upload(gallery, ("DSC_9.jpg", body))
    [again] = sign_uploads(actor=None, gallery=gallery, files=[announced("x.jpg", body)], intake=FINALS)
    assert again.status == "there"
    assert gallery.finals.count() == 1


def test_a_person_places_a_doubtful_file(gallery, job):
    final = add_final(gallery, 1, "wild.jpg", photo=None, version=None, doubt=Doubt.UNKNOWN)
    add_final(gallery, 2)
    placed = place_final(actor=None, final=final, number=2)
    assert (placed.photo.number, placed.version, placed.doubt) == (2, 2, "")
    placed = place_final(actor=None, final=final, number=3)  # said wrongly: said again
    assert (placed.photo.number, placed.version) == (3, 1)
    assert [one.version for one in newest_finals(gallery)] == [1, 1]


def test_a_file_placed_while_it_is_rendered_gets_its_version(gallery, job):
    upload(gallery, ("wild.jpg", jpeg()))
    [final] = gallery.finals.all()
    place_final(actor=None, final=final, number=3)
    run_jobs()
    final.refresh_from_db()
    assert (final.photo.number, final.version, final.state) == (3, 1, PhotoState.READY)


def test_only_chosen_photographs_can_be_meant(gallery, job):
    final = add_final(gallery, 1, photo=None, version=None, doubt=Doubt.UNKNOWN)
    for number in (4, 99):
        with pytest.raises(Refusal, match="final.not_chosen"):
            place_final(actor=None, final=final, number=number)


def test_what_the_customer_has_seen_stays(gallery, job):
    send_round(gallery)
    final = newest_finals(gallery)[0]
    with pytest.raises(Refusal, match="final.sent"):
        discard_final(actor=None, final=final)
    with pytest.raises(Refusal, match="final.sent"):
        place_final(actor=None, final=final, number=2)


def test_a_discarded_file_goes_and_the_version_before_counts_again(gallery, job):
    first, second = add_final(gallery, 1), add_final(gallery, 1)
    discard_final(actor=None, final=second)
    assert newest_finals(gallery) == [first]
    with pytest.raises(Refusal, match="final.settled"):
        discard_final(actor=None, final=second)


def test_the_sweeper_frees_what_was_discarded(gallery, job):
    [told] = upload(gallery, ("wild.jpg", jpeg()))
    run_jobs()
    gallery.refresh_from_db()
    held = gallery.stored_bytes
    final = gallery.finals.get(number=told.photo)
    discard_final(actor=None, final=final)
    FinalVersion.objects.update(purge_at=job.started_at)
    assert sweep_uploads(FINALS)["purged"] == 1
    gallery.refresh_from_db()
    assert gallery.stored_bytes == held - final.size - final.rendition_bytes
    with pytest.raises(storage.Missing):
        storage.head(final.original_key)


def test_finals_are_taken_in_retouch_only(gallery, db):
    with pytest.raises(Refusal, match="gallery.locked"):
        announce(gallery, "A.jpg")
    assert not gallery.finals.exists()


def test_the_shelf_shows_every_file_once(gallery, job):
    rename(gallery, _1="A.jpg")
    add_final(gallery, 1)
    add_final(gallery, 2, photo=None, version=None, doubt=Doubt.AMBIGUOUS)
    add_final(gallery, 3, version=None, state=PhotoState.REFUSED, refusal=Refused.TRUNCATED)
    found = files_of(gallery)
    assert (len(found.by_photo), len(found.doubtful), len(found.refused)) == (1, 1, 1)
    assert next(iter(found.by_photo.values())).state == "waiting"
