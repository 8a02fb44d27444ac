"""Prices only fall, with a reason on file; all originals; what staff suggested is visible on the bill."""

import pytest
from django.db import IntegrityError, transaction

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection.bills import bill_of, extras_of, filling_of, swaps_of
from selection.enums import GalleryState
from selection.models import PhotoMark, Submission, Suggestion
from selection.services import (
    lower_price,
    mute_suggestions,
    submit_selection,
    suggest_photo,
    want_originals,
    withdraw_suggestion,
)
from tests.factories import make_customer
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place


@pytest.fixture
def gallery(db):
    return make_slotted()


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


def lower(gallery, slot=3, included=1, price=38000, reason="老客户"):
    return lower_price(
        actor=gallery.order.owner, gallery=gallery, slot=slot, included=included, price_minor=price, reason=reason
    )


def total(gallery, chooser):
    gallery.refresh_from_db()
    chooser.refresh_from_db()
    return bill_of(gallery, chooser).total_minor


def submit(chooser, minor):
    return submit_selection(chooser=chooser, extra_total_minor=minor, signed_name="陈晓雨")


# -- Lowering ---------------------------------------------------------------------------------------------------------
def test_a_lower_price_counts_at_once_and_its_reason_is_on_the_orders_history(gallery, chooser):
    place(chooser, *[(n, n, 3) for n in (1, 2)])
    assert total(gallery, chooser) == 38000
    lower(gallery, price=20000)
    assert total(gallery, chooser) == chooser.also_minor == 20000
    event = Event.objects.get(kind="price.lowered")
    assert (event.thread, event.facts["reason"]) == (gallery.order.event_thread, "老客户")
    assert (event.facts["slot"], event.facts["price_minor"]) == ("放大", [38000, 20000])
    assert gallery.slots.get(number=3).tiers == [{"from": 2, "price_minor": 20000}]
    gallery.order.refresh_from_db()
    assert gallery.order.progress["extra_total_minor"] == 20000


def test_more_may_be_included_of_retouching_too(gallery, chooser):
    pick(chooser, *[(n, n, "yes") for n in range(1, 7)])
    assert total(gallery, chooser) == 2 * 6000 + 2 * 4000
    lower(gallery, slot=0, included=4, price=3000)
    assert total(gallery, chooser) == 2 * 3000


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"price": 38001}, "price.raised"),
        ({"included": 0}, "price.raised"),
        ({"included": 9, "price": 40000}, "price.raised"),
        ({"price": -1}, "price.raised"),
        ({}, "price.same"),
        ({"price": 1, "reason": "  "}, "reason.missing"),
        ({"slot": 9, "price": 1}, "slot.unknown"),
        ({"slot": -1, "price": 50001}, "price.raised"),
    ],
)
def test_staff_cannot_raise_a_price(gallery, chooser, given, code):
    with pytest.raises(Refusal, match=code):
        lower(gallery, **given)
    assert (gallery.slots.get(number=3).extra_price_minor, gallery.slots.get(number=3).included) == (38000, 1)
    assert not Event.objects.filter(kind="price.lowered").exists()


def test_what_was_granted_stays_granted(gallery):
    lower(gallery, price=20000)
    with pytest.raises(Refusal, match="price.raised"):
        lower(gallery, price=30000)


def test_a_submitted_bill_is_not_touched(gallery):
    gallery.state = GalleryState.SUBMITTED
    gallery.save()
    with pytest.raises(Refusal, match="gallery.locked"):
        lower(gallery, price=1)


# -- All originals ----------------------------------------------------------------------------------------------------
def test_all_originals_are_a_line_of_the_bill(gallery, chooser):
    pick(chooser, (1, 1, "yes"))
    want_originals(chooser=chooser, wanted=True)
    want_originals(chooser=chooser, wanted=True)
    assert total(gallery, chooser) == chooser.also_minor == 50000
    assert Event.objects.filter(kind="originals.wanted").count() == 1
    lower(gallery, slot=-1, included=0, price=40000)
    assert total(gallery, chooser) == chooser.also_minor == 40000
    want_originals(chooser=chooser, wanted=False)
    assert total(gallery, chooser) == chooser.also_minor == 0


def test_originals_are_taken_only_where_offered_and_by_who_pays(gallery, chooser):
    partner = gallery.choosers.create(customer=make_customer())
    with pytest.raises(Refusal, match="chooser.not_main"):
        want_originals(chooser=partner, wanted=True)
    gallery.all_originals_minor = None
    gallery.save()
    with pytest.raises(Refusal, match="originals.not_offered"):
        want_originals(chooser=chooser, wanted=True)


def test_all_originals_are_hinted_at_when_they_are_cheaper(gallery, chooser):
    gallery.all_originals_minor = 10000
    gallery.save()
    pick(chooser, *[(n, n, "yes") for n in range(1, 5)])
    hints = [(hint.kind, hint.price_minor, hint.instead_minor) for hint in bill_of(gallery, chooser).hints]
    assert ("originals", 10000, 12000) in hints


# -- Submitting -------------------------------------------------------------------------------------------------------
def test_the_signed_bill_is_itemised_and_its_sum_is_kept_by_the_database(gallery, chooser):
    place(chooser, (1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 3, 3), (5, 4, 3))
    with pytest.raises(Refusal, match="price.changed") as refused:
        submit(chooser, 12000)
    assert refused.value.facts["extra_total_minor"] == 12000 + 38000
    submission = submit(chooser, 50000)
    lines = [(line["slot"], line["used"], line["extra"], line["total_minor"]) for line in submission.lines]
    assert lines == [(0, 4, 2, 12000), (1, 2, 0, 0), (2, 1, 0, 0), (3, 2, 1, 38000)]
    assert [line.get("photos") for line in submission.lines] == [None, [1, 2], [3], [3, 4]]
    facts = Event.objects.get(kind="selection.submitted").facts
    assert (facts["picked"], facts["extra"], facts["extra_total_minor"]) == (4, 2, 50000)
    submission.lines[3]["total_minor"] = 1
    with pytest.raises(IntegrityError, match="submission_money_exact"), transaction.atomic():
        submission.save()
    submission.lines = submission.lines[:1] * 17
    with pytest.raises(IntegrityError, match="submission_money_exact"), transaction.atomic():
        submission.save()


def test_a_slot_that_must_be_filled_hinders(db):
    cover = {"kind": "cover", "name": "封面", "included": 1, "maximum": 1, "is_required": True}
    chooser = main_chooser(make_slotted(slots=[cover]))
    pick(chooser, (1, 1, "yes"))
    with pytest.raises(Refusal, match="slot.missing") as refused:
        submit(chooser, 0)
    assert refused.value.facts == {"slot": "封面", "missing": 1}
    assert not Submission.objects.exists()
    place(chooser, (2, 1, 1))
    assert submit(chooser, 0).lines[1]["photos"] == [1]


def test_fewer_than_the_minimum_of_an_optional_slot_is_said_and_does_not_hinder(gallery, chooser):
    place(chooser, (1, 1, 1))
    filling = filling_of(gallery, chooser)
    assert [(filled.slot.name, filled.missing) for filled in filling.slots] == [("入册", 1), ("封面", 1), ("放大", 0)]
    assert filling.lacking == []
    assert submit(chooser, 0).extra_total_minor == 0


# -- Suggestions ------------------------------------------------------------------------------------------------------
def suggest(gallery, number, slot=0):
    return suggest_photo(actor=gallery.order.owner, photo=gallery.photos.get(number=number), slot=slot)


def test_an_extra_that_staff_suggested_is_linked_on_the_bill(gallery, chooser):
    place(chooser, (1, 1, 3))
    suggest(gallery, 2, 3)
    assert filling_of(gallery, chooser).slots[2].suggested[0].number == 2
    place(chooser, (2, 2, 3))
    chooser.refresh_from_db()
    extras = extras_of(gallery, chooser, bill_of(gallery, chooser))
    assert [(e.slot, e.photo.number, e.suggested_by) for e in extras] == [(3, 2, gallery.order.owner.name)]
    line = submit(chooser, 38000).lines[3]
    assert line["suggested"] == [[2, gallery.order.owner.name]]
    assert Event.objects.get(kind="selection.submitted").facts["suggested"] == 1


def test_a_recommendation_made_while_culling_is_one_too(gallery, chooser):
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"))
    owner = gallery.order.owner
    PhotoMark.objects.create(photo=gallery.photos.get(number=3), is_recommended=True, by=owner, at=clock.now())
    pick(chooser, (3, 3, "yes"))
    chooser.refresh_from_db()
    assert [e.suggested_by for e in extras_of(gallery, chooser, bill_of(gallery, chooser))] == [owner.name]


def test_what_was_chosen_before_it_was_suggested_is_the_customers_own(gallery, chooser):
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    suggest(gallery, 3)
    chooser.refresh_from_db()
    assert [e.suggested_by for e in extras_of(gallery, chooser, bill_of(gallery, chooser))] == [""]


def test_a_suggestion_is_made_once_and_may_go_until_it_is_followed(gallery, chooser):
    assert suggest(gallery, 1, 3) == suggest(gallery, 1, 3)
    photo = gallery.photos.get(number=1)
    withdraw_suggestion(actor=gallery.order.owner, photo=photo, slot=3)
    assert not Suggestion.objects.exists()
    suggest(gallery, 1, 3)
    place(chooser, (1, 1, 3))
    with pytest.raises(Refusal, match="suggestion.taken"):
        withdraw_suggestion(actor=gallery.order.owner, photo=photo, slot=3)
    with pytest.raises(Refusal, match="slot.unknown"):
        suggest(gallery, 1, 9)


def test_muted_suggestions_are_not_shown_but_stay_on_file(gallery, chooser):
    suggest(gallery, 2, 3)
    mute_suggestions(chooser=chooser, muted=True)
    assert filling_of(gallery, chooser).slots[2].suggested == []
    assert Suggestion.objects.count() == 1


def test_what_to_swap_out_is_what_the_partner_doubts_then_what_came_last(gallery, chooser):
    assert swaps_of(gallery, chooser, bill_of(gallery, chooser)) == []
    partner = gallery.choosers.create(customer=make_customer(), is_guest=True, opened_at=clock.now())
    for n in range(1, 6):
        pick(chooser, (n, n, "yes"))
    pick(partner, (1, 2, "maybe"))
    found = swaps_of(gallery, chooser, bill_of(gallery, chooser))
    assert [photo.number for photo in found] == [2, 5, 4]
