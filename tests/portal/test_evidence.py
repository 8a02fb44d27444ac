"""What was signed, to be printed: a part as soon as it is signed, the whole afterwards."""

import pytest

from core.people.phone import mask
from core.people.staff import staff_of
from selection.amendments import SubmissionPart
from selection.evidence import sheet_of
from selection.models import Submission
from selection.services import save_note, sign_part, submit_selection
from tests.factories import make_customer, make_staff
from tests.portal.doors import knock
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place

HAND = '{"h":400,"strokes":[[100,100,400,300,700,100]]}'


@pytest.fixture
def gallery(db):
    gallery = make_slotted(included=2)
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    place(chooser, (4, 1, 1), (5, 2, 1), (6, 1, 2))
    told = {"chooser": chooser, "number": 1, "device": "phone-1", "op": 9}
    save_note(
        **told, text="脸小一点", tags=["skin"], pins=[{"x": 1, "y": 2, "text": "痣"}, {"x": 5, "y": 5, "tag": "eyes"}]
    )
    return gallery


@pytest.fixture
def guest(studio, gallery):
    door = knock(studio, "host")
    door.enter(main_chooser(gallery).customer)
    door.client.cookies["yl_language"] = "en"
    return door


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def at(gallery, *parts):
    return "/".join(["gallery", gallery.code, "review", *map(str, parts)]) + "/"


def test_a_part_has_its_evidence_as_soon_as_it_is_signed(guest, gallery):
    assert guest.get(at(gallery, "evidence")).status_code == 404
    said = {"photo": ["1", "2"], "beyond_minor": "0", "signed_name_way": "draw", "signed_name_strokes": HAND}
    assert guest.post(at(gallery, "part"), {**said, "signed_name": ""}).status_code == 302
    part = SubmissionPart.objects.get()
    assert part.signed_name == main_chooser(gallery).customer.name
    for page in (text(guest.get(at(gallery, "evidence"))), text(guest.get(at(gallery, "evidence", 1)))):
        for shown in (
            "入册 · 封面",
            "脸小一点",
            "2 pins",
            "Smoother skin",
            part.evidence["sha256"],
            'class="drawn"',
            "data-print",
            f'proved by a code</dt><dd><span class="num">{mask(main_chooser(gallery).customer.phone)}',
        ):
            assert shown in page, shown
    assert at(gallery, "evidence", 1) in text(guest.get(at(gallery)))
    assert guest.get(at(gallery, "evidence", 2)).status_code == 404


def test_the_whole_names_the_parts_before_it_and_what_stood_when_it_was_signed(guest, gallery):
    chooser = main_chooser(gallery)
    sign_part(chooser=chooser, numbers=[1], beyond_minor=0, signed_name="陈晓雨")
    part = SubmissionPart.objects.get()
    chooser.refresh_from_db()
    submit_selection(chooser=chooser, extra_total_minor=6000, signed_name="陈晓雨")
    gallery.choosers.get(is_main=True).notes.update(text="之后改的")
    page = text(guest.get(at(gallery, "evidence")))
    for shown in ("Signed before", part.evidence["sha256"], "脸小一点", "1 × ¥60", "入册"):
        assert shown in page, shown
    assert "之后改的" not in page
    boss = make_staff("owner")
    assert staff_of(boss)
    Submission.objects.update(asides=None)
    assert "之后改的" in text(guest.get(at(gallery, "evidence")))
    assert "as they stand now" in text(guest.get(at(gallery, "evidence")))


def test_somebody_else_sees_no_evidence(studio, gallery):
    sign_part(chooser=main_chooser(gallery), numbers=[1], beyond_minor=0, signed_name="陈晓雨")
    door = knock(studio, "host")
    door.enter(make_customer())
    for page in (at(gallery, "evidence"), at(gallery, "evidence", 1)):
        assert door.get(page).status_code == 404


def test_a_sheet_asks_three_questions_however_long_it_is(gallery, django_assert_max_num_queries):
    chooser = main_chooser(gallery)
    sign_part(chooser=chooser, numbers=[1, 2], beyond_minor=0, signed_name="陈晓雨")
    part = gallery.parts.select_related("chooser").get()
    with django_assert_max_num_queries(1):
        sheet_of(part)
    part.asides = None
    with django_assert_max_num_queries(3):
        assert [one.uses for one in sheet_of(part).photos] == [["入册", "封面"], ["入册"]]
