"""Evidence and changes of uses on the staff's desk."""

import pytest

from selection.retouch.services import start_retouching
from selection.services import arrange_change, ask_reopening, sign_part, submit_selection
from tests.factories import make_branch, make_staff
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place
from tests.selection.test_desk import text, url
from tests.selection.test_desk_slots import english


@pytest.fixture
def gallery(db):
    gallery = make_slotted()
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    place(chooser, (3, 1, 1), (4, 2, 1), (5, 1, 2))
    return gallery


@pytest.fixture
def owner(gallery, desk):
    return english(desk(make_staff("owner")))


def test_a_part_has_its_sheet_before_the_whole_is_submitted(gallery, owner, desk):
    assert owner.get(url("evidence", gallery)).status_code == 404
    sign_part(chooser=main_chooser(gallery), numbers=[1], beyond_minor=0, signed_name="陈晓雨")
    part = url("evidence", gallery).replace("evidence/", "parts/1/evidence/")
    assert part in text(owner.get(url("gallery", gallery)))
    for page in (part, url("evidence", gallery)):
        said = text(owner.get(page))
        assert "Signed part 1" in said or "已签" in said
        assert "入册 · 封面" in said
        assert gallery.parts.get().evidence["sha256"] in said
    stranger = desk(make_staff("manager", make_branch()))
    assert stranger.get(part).status_code == 404
    assert owner.get(part.replace("/1/", "/2/")).status_code == 404


def test_the_desk_reads_what_a_change_fills_and_adds(gallery, owner):
    chooser = main_chooser(gallery)
    chooser.refresh_from_db()
    submit_selection(chooser=chooser, extra_total_minor=0, signed_name="陈晓雨")
    gallery.refresh_from_db()
    boss = make_staff("owner")
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    ask_reopening(chooser=chooser, reason="加两张", add=[3, 4])
    for number in (3, 4):
        arrange_change(chooser=chooser, slot=3, number=number, is_in=True)
    for page in (url("gallery", gallery), url("reopening", gallery)):
        said = text(owner.get(page))
        assert "+¥380" in said
        assert "3, 4" in said
