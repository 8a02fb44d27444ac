"""The list for the retoucher and its files: what was submitted, never a guess about a name."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from selection.retouch.handover import handover_of, names_text, sidecar_files, table_csv
from selection.retouch.services import start_retouching
from selection.services import unlock_selection
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.make import make_gallery
from tests.selection.retouch.make import give_back, note, rename, send, submit, submitted_gallery


@pytest.fixture
def gallery(db):
    """Photographs 1–5; 1, 2, 3 and 5 submitted. 2 shares its base name with 4; 5 has a name that is a path."""
    gallery = make_gallery(5, included=40)
    rename(gallery, _1="春日.jpg", _2="DSC_2.jpg", _3="=SUM(1).jpg", _4="dsc_2.JPEG", _5="..\\evil.jpg")
    note(gallery, 1, "少液化 <保留痣> & 😀", ("spots", "teeth"))
    note(gallery, 2, "背景干净一点")
    return submit(gallery, 1, 2, 3, 5)


@pytest.fixture
def retoucher(gallery, desk):
    return desk(make_staff("retoucher", gallery.order.branch))


def get(browser, gallery, name):
    return browser.get(reverse("selection:handover", args=[gallery.code, name]))


def body(answer):
    return answer.getvalue() if answer.streaming else answer.content


def test_the_list_is_what_was_submitted(gallery):
    handed = handover_of(gallery)
    assert [item.number for item in handed.items] == [1, 2, 3, 5]
    assert [item.number for item in handed.clear] == [1, 3]
    assert (handed.items[0].text, handed.with_wishes) == ("少液化 <保留痣> & 😀", 2)
    assert len(handed.items[0].wishes) == 2


def test_a_twin_is_named_even_when_it_was_not_picked(gallery):
    [twin, unsafe] = handover_of(gallery).doubtful
    assert (twin.number, twin.twins) == (2, ["dsc_2.JPEG"])
    assert (unsafe.number, unsafe.twins) == (5, [])


def test_notes_of_two_people_say_whose_they_are(db):
    gallery = make_gallery(2, included=40)
    partner = gallery.choosers.create(customer=make_customer("林一舟"))
    note(gallery, 1, "瘦一点")
    note(gallery, 1, "不要修", chooser=partner)
    item = handover_of(submit(gallery, 1)).items[0]
    assert item.text.splitlines()[1] == "林一舟: 不要修"


def test_the_table_opens_in_excel_and_runs_nothing(gallery, retoucher):
    raw = body(get(retoucher, gallery, "table.csv"))
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "5"]
    assert rows[1][1:3] == ["春日.jpg", "春日"]
    assert rows[3][1] == "'=SUM(1).jpg"
    assert "dsc_2.JPEG" in rows[2][6]


def test_names_are_one_line_to_paste_without_doubtful_ones(gallery, retoucher):
    assert body(get(retoucher, gallery, "names.txt")).decode() == "春日, =SUM(1)"
    numbers = body(get(retoucher, gallery, "numbers.txt")).decode()
    assert numbers.splitlines()[1] == "2\tDSC_2.jpg"


def test_the_zip_holds_clear_sidecars_and_says_what_it_left_out(gallery, retoucher):
    answer = get(retoucher, gallery, "sidecars.zip")
    assert answer["Content-Type"] == "application/zip"
    assert gallery.order.code in answer["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(body(answer)))
    assert archive.namelist() == ["春日.xmp", "=SUM(1).xmp", "README.txt"]
    readme = archive.read("README.txt").decode("utf-8-sig")
    assert "DSC_2.jpg" in readme
    assert "背景干净一点" in readme
    assert "evil" in readme
    assert "&lt;保留痣&gt; &amp; 😀".encode() in archive.read("春日.xmp")


def test_a_round_that_came_back_is_handed_over_with_what_is_to_change(db):
    gallery = submitted_gallery(3, (1, 2))
    boss = make_staff("owner")
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    send(gallery)
    give_back(gallery, 1)
    handed = handover_of(gallery)
    assert [item.changes for item in handed.items] == ["再瘦一点", ""]
    first, second, _readme = sidecar_files(handed)
    assert b'xmp:Label="Yellow"' in first[1]
    assert "再瘦一点".encode() in first[1]
    assert b'xmp:Label="Green"' in second[1]
    assert "再瘦一点" in table_csv(handed)
    send(gallery, 1)  # the new version has no verdict yet
    assert handover_of(gallery).items[0].changes == ""


def test_nothing_is_handed_over_before_or_after_it_stands(gallery, retoucher):
    unlock_selection(actor=gallery.order.owner, gallery=gallery, reason="x")
    assert handover_of(gallery) is None
    assert get(retoucher, gallery, "sidecars.zip").status_code == 404


def test_strangers_and_other_branches_get_nothing(gallery, desk, phone):
    assert get(desk(make_staff("retoucher", make_branch())), gallery, "table.csv").status_code == 404
    assert get(phone(gallery.order.customer), gallery, "table.csv").status_code == 302


@pytest.mark.parametrize("picked", [2, 30])
def test_the_list_costs_the_same_queries(db, picked, django_assert_num_queries):
    gallery = submitted_gallery(picked, tuple(range(1, picked + 1)))
    with django_assert_num_queries(4):
        handed = handover_of(gallery)
        assert names_text(handed)
        assert table_csv(handed)
