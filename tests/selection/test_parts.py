"""Submitting in parts: signed photographs stay, the rest goes on, money is asked once."""

import pytest

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from selection.batches import open_to_sign, part_hash, parts_of, signed_numbers
from selection.culling.services import Mark, set_marks
from selection.manifest import manifest
from selection.models import Pick
from selection.services import (
    apply_picks,
    remove_photo,
    reopen_part,
    sign_part,
    submit_selection,
    unlock_selection,
    withdraw_gallery,
)
from tests.factories import make_customer, make_staff
from tests.selection.make import main_chooser, make_gallery, pick, tap


@pytest.fixture
def gallery(db):
    return make_gallery(8, included=2, extra_photo_minor=6000)


@pytest.fixture
def chooser(gallery):
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"), (4, 4, "maybe"))
    return chooser


def sign(chooser, *numbers, beyond_minor=0, **given):
    return sign_part(chooser=chooser, numbers=numbers, beyond_minor=beyond_minor, **{"signed_name": "陈晓雨", **given})


def refused(code, verb, *args, **given):
    with pytest.raises(Refusal) as caught:
        verb(*args, **given)
    assert caught.value.code == code
    return caught.value.facts


def test_a_part_is_kept_with_its_evidence_and_asks_for_nothing_within_the_package(gallery, chooser):
    part = sign(chooser, 2, 1, note="先修这些", evidence={"address": "1.2.3.4"})
    assert part.numbers == [[1, "DSC_4001.jpg"], [2, "DSC_4002.jpg"]]
    assert (part.number, part.picked, part.beyond, part.beyond_minor) == (1, 2, 0, 0)
    assert part.evidence["address"] == "1.2.3.4"
    assert len(part.evidence["sha256"]) == 64
    assert (signed_numbers(chooser), open_to_sign(chooser)) == ([1, 2], [3])
    assert Order.objects.get(pk=gallery.order_id).progress["signed"] == 2
    assert Event.objects.get(kind="part.signed").facts["picked"] == 2
    assert OutboxMessage.objects.get(template="part_received").facts["part"] == 1
    assert part_hash.__doc__


def test_signed_photographs_cannot_be_taken_back_on_any_way(gallery, chooser):
    sign(chooser, 1, 2)
    gallery.refresh_from_db()
    outcome = apply_picks(chooser=chooser, device="phone-2", ops=[tap(9, 1, ""), tap(10, 2, "no"), tap(11, 3, "")])
    assert [(one.number, one.why, one.value) for one in outcome.rejected] == [(1, "batch", "yes"), (2, "batch", "yes")]
    assert outcome.counts.yes == 2
    photo = gallery.photos.get(number=1)
    refused("photo.chosen", remove_photo, actor=None, photo=photo)
    withdraw_gallery(actor=None, gallery=gallery)
    gallery.refresh_from_db()
    refused("photo.chosen", remove_photo, actor=None, photo=photo)
    marked = set_marks(actor=make_staff(), gallery=gallery, marks=[Mark(1, flag="reject"), Mark(3, flag="reject")])
    assert [(one.number, one.why) for one in marked.refused] == [(1, "chosen")]


def test_somebody_elses_picks_are_not_locked(gallery, chooser):
    partner = gallery.choosers.create(customer=make_customer())
    pick(partner, (1, 1, "yes"))
    sign(chooser, 1)
    assert apply_picks(chooser=partner, device="phone-9", ops=[tap(9, 1, "no")]).acked == [9]


def test_what_is_beyond_the_package_is_said_before_and_not_asked_for(gallery, chooser):
    assert refused("price.changed", sign, chooser, 1, 2, 3) == {"beyond": 1, "beyond_minor": 6000}
    part = sign(chooser, 1, 2, 3, beyond_minor=6000)
    assert (part.beyond, part.beyond_minor) == (1, 6000)
    pick(chooser, (8, 5, "yes"))
    second = sign(chooser, 5, beyond_minor=6000)
    assert (second.number, second.beyond) == (2, 1)


def test_the_submission_contains_every_part_and_asks_once(gallery, chooser):
    sign(chooser, 1)
    sign(chooser, 2)
    submission = submit_selection(chooser=chooser, extra_total_minor=6000, signed_name="陈晓雨")
    assert [number for number, _name in submission.numbers] == [1, 2, 3]
    assert submission.evidence["parts"] == [1, 2]
    refused("selection.locked", sign, chooser, 3)
    gallery.refresh_from_db()
    unlock_selection(actor=make_staff(), gallery=gallery, reason="再看看")
    outcome = apply_picks(chooser=chooser, device="phone-2", ops=[tap(20, 1, ""), tap(21, 3, "")])
    assert [one.number for one in outcome.rejected] == [1]


@pytest.mark.parametrize(
    ("numbers", "given", "code"),
    [
        ([], {}, "part.empty"),
        ([1, 4], {}, "part.changed"),
        ([1, 7], {}, "part.changed"),
        ([1], {"signed_name": " "}, "name.missing"),
    ],
)
def test_only_selected_ones_signed_by_name(chooser, numbers, given, code):
    refused(code, sign, chooser, *numbers, **given)
    assert not Pick.objects.filter(is_signed=True).exists()


def test_only_the_main_chooser_and_only_within_a_hard_limit(gallery, chooser):
    partner = gallery.choosers.create(customer=make_customer())
    pick(partner, (1, 1, "yes"))
    refused("chooser.not_main", sign, partner, 1)
    gallery.hard_limit = True
    gallery.save()
    refused("selection.limit", sign, chooser, 1, 2, 3, beyond_minor=6000)


def test_staff_open_a_part_again_with_a_reason(gallery, chooser):
    part = sign(chooser, 1, 2)
    boss = make_staff()
    refused("reason.missing", reopen_part, actor=boss, gallery=gallery, number=1, reason=" ")
    reopen_part(actor=boss, gallery=gallery, number=1, reason="还没开始修")
    refused("part.gone", reopen_part, actor=boss, gallery=gallery, number=1, reason="x")
    assert apply_picks(chooser=chooser, device="phone-2", ops=[tap(9, 1, "")]).acked == [9]
    assert parts_of(gallery)[0].reopen_reason == "还没开始修"
    assert sign(chooser, 2).number == part.number + 1


def test_the_phone_is_told_what_is_signed(gallery, chooser):
    assert "signed" not in manifest(gallery, chooser)
    sign(chooser, 2, 1)
    assert manifest(gallery, chooser)["signed"] == [1, 2]
