"""Pins on a note: what is taken, what the database itself refuses, and where staff and retouchers find them."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from core.kernel.errors import Refusal
from selection.desk import near
from selection.models import PhotoNote
from selection.pins import pins_of
from selection.retouch.handover import handover_of, numbers_text, sidecar_files, table_csv
from selection.selectors import notes_of
from selection.services import save_note
from tests.selection.make import main_chooser, make_gallery
from tests.selection.retouch.make import submit

PIN = {"x": 412, "y": 300, "tag": "skin", "text": "左脸颊", "rev": 1}


@pytest.fixture
def gallery(db):
    return make_gallery(6, included=2)


@pytest.fixture
def mine(gallery, phone):
    return phone(gallery.order.customer)


def url(name, gallery, *args):
    return reverse(f"selection-api:{name}", args=[gallery.code, *args])


def note(gallery, pins, *, op=1, text="", number=1):
    chooser = main_chooser(gallery)
    return save_note(chooser=chooser, number=number, text=text, tags=[], pins=pins, device="phone", op=op)


def test_pins_are_kept_in_order_with_the_revision_on_which_they_were_set(gallery):
    gallery.photos.filter(number=1).update(rendition_rev=3)
    saved = note(gallery, [PIN, {"x": 0, "y": 1000, "tag": "", "text": " x "}, {**PIN, "rev": 9}])
    assert [pin["rev"] for pin in saved.pins] == [1, 3, 3]  # never later than the file that is there
    assert saved.pinned[1].text == "x"
    assert [pin.number for pin in saved.pinned] == [1, 2, 3]


def test_a_note_of_pins_alone_counts_and_is_taken_back_with_them(gallery):
    note(gallery, [PIN])
    assert notes_of(main_chooser(gallery)).count() == 1
    note(gallery, None, op=2, text="去痘")  # an older page: pins stay
    assert PhotoNote.objects.get().pins == [PIN]
    note(gallery, [], op=3)
    assert notes_of(main_chooser(gallery)).count() == 0


def test_a_replayed_op_changes_nothing(gallery):
    note(gallery, [PIN], op=5)
    assert note(gallery, [], op=5) is None
    assert PhotoNote.objects.get().pins == [PIN]


@pytest.mark.parametrize(
    "pins",
    [[PIN] * 6, [{**PIN, "x": 1001}], [{**PIN, "y": -1}], [{**PIN, "tag": "nonsense"}], [{**PIN, "text": "x" * 61}]],
)
def test_what_cannot_be_meant_is_refused(gallery, pins):
    with pytest.raises(Refusal, match=r"note\.pins"):
        note(gallery, pins)


@pytest.mark.parametrize(
    "pins",
    [
        [PIN] * 6, {}, None, [1], [{}], [{**PIN, "x": 1001}], [{**PIN, "y": -1}], [{**PIN, "x": 1.5}],
        [{**PIN, "x": "1"}], [{**PIN, "text": "x" * 61}], [{**PIN, "rev": 0}], [{**PIN, "tag": None}],
    ],
)  # fmt: skip
def test_the_database_refuses_it_too(gallery, pins):
    note(gallery, [PIN])
    with pytest.raises(IntegrityError), transaction.atomic():
        PhotoNote.objects.update(pins=pins)


def test_the_database_takes_five_pins_on_the_edge_with_many_lines(gallery):
    note(gallery, [PIN])
    PhotoNote.objects.update(pins=[{"x": 0, "y": 1000, "tag": "", "text": "😀\n" * 30, "rev": 2}] * 5)
    assert len(PhotoNote.objects.get().pinned) == 5


def test_the_phone_sends_and_reads_them(gallery, mine):
    body = {"device": "phone", "op": 4, "text": "", "tags": ["moles"], "pins": [PIN]}
    assert mine.send("PUT", url("note", gallery, 2), body).json() == {"saved": True}
    assert mine.get(url("note", gallery, 2)).json() == {"text": "", "tags": ["moles"], "pins": [PIN]}
    assert mine.get(url("note", gallery, 3)).json()["pins"] == []
    assert mine.send("PUT", url("note", gallery, 2), {**body, "op": 5, "pins": [PIN] * 6}).status_code == 400
    assert mine.get(url("manifest", gallery)).json()["notes"] == [2]


def test_the_customer_switches_recommendations_off(gallery, mine):
    chooser = main_chooser(gallery)
    assert mine.send("PUT", url("suggestions", gallery), {"muted": True}).json() == {"muted": True}
    chooser.refresh_from_db()
    assert chooser.mutes_suggestions
    assert mine.get(url("manifest", gallery)).json()["rules"]["muted"] is True


@override("en")
def test_retouchers_get_them_in_every_list(gallery):
    note(gallery, [PIN, {**PIN, "tag": "", "text": "=1+1"}], text="自然一点")
    submit(gallery, 1, 2)
    handed = handover_of(gallery)
    assert handed.items[0].places.splitlines() == ["(1) 41%, 30% Smoother skin 左脸颊; (2) 41%, 30% =1+1"]
    assert "Smoother skin" in handed.items[0].wishes
    assert "41%, 30%" in numbers_text(handed).splitlines()[0]
    assert list(csv.reader(io.StringIO(table_csv(handed))))[1][-1].startswith("(1) 41%")
    files = dict(sidecar_files(handed))
    body = files[f"{handed.items[0].base}.xmp"].decode()
    assert "<rdf:li>Smoother skin</rdf:li>" in body
    assert "(1) 41%, 30% Smoother skin 左脸颊" in body


def test_the_desk_sees_them_on_the_photograph(gallery):
    note(gallery, [PIN])
    seen = near(gallery, gallery.photos.get(number=1))
    assert (seen.is_pinned, seen.notes[0].pinned[0].left, seen.notes[0].pinned[0].top) == (True, "41.2%", "30%")


def test_words_of_a_pin():
    with override("en"):
        said = [pin.said for pin in pins_of([PIN, {**PIN, "tag": ""}])]
    assert said == ["Smoother skin 左脸颊", "左脸颊"]
