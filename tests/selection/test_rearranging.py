"""What photographs are used for, changed after retouching began: arranged by the customer, priced, signed, kept."""

import pytest

from core.finance.models import Charge
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection.changes import change_mark
from selection.models import Placement
from selection.rearranging import places_of, uses_price
from selection.retouch.services import start_retouching
from selection.selectors import standing_submission
from selection.services import agree_reopening, arrange_change, ask_reopening, offer_reopening, submit_selection
from tests.factories import make_customer, make_staff
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place

ALBUM, COVER, FRAME = 1, 2, 3


@pytest.fixture
def boss(db):
    return make_staff("owner")


@pytest.fixture
def gallery(boss):
    """1–3 submitted and in retouch; all three fill the album (three are included), 1 is the cover, nothing framed."""
    gallery = make_slotted(included=3)
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "yes"))
    place(chooser, (4, 1, ALBUM), (5, 2, ALBUM), (6, 3, ALBUM), (7, 1, COVER))
    submit_selection(chooser=chooser, extra_total_minor=0, signed_name="陈晓雨")
    gallery.refresh_from_db()
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=clock.today(gallery.order.branch.timezone))
    gallery.refresh_from_db()
    return gallery


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


def arrange(chooser, number, slot, is_in=True):
    return arrange_change(chooser=chooser, slot=slot, number=number, is_in=is_in)


def offered(gallery, boss, add=(4,), drop=(), price=9000):
    return offer_reopening(actor=boss, gallery=gallery, price_minor=price, answer="加修", add=add, drop=drop)


def agree(chooser, found, minor, **given):
    said = {"price_minor": minor, "seen": change_mark(found), "signed_name": "陈晓雨"}
    return agree_reopening(chooser=chooser, **{**said, **given})


def refused(code, verb, *args, **given):
    with pytest.raises(Refusal) as caught:
        verb(*args, **given)
    assert caught.value.code == code
    return caught.value.facts


def placed(chooser):
    rows = Placement.objects.filter(chooser=chooser, is_in=True)
    return set(rows.values_list("photo__number", "slot__number"))


def test_what_comes_in_fills_uses_at_the_contracts_price_signed_and_kept(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="加一张", add=[4])
    arrange(chooser, 4, ALBUM)  # the fourth of three
    arrange(chooser, 4, FRAME)  # the first of one
    found = offered(gallery, boss)
    assert found.uses == [[ALBUM, 4, True], [FRAME, 4, True]]
    places = places_of(gallery, found.submission, found)
    assert [place.due_minor for place in places] == [3000, 0, 0]
    assert placed(chooser) == {(1, ALBUM), (2, ALBUM), (3, ALBUM), (1, COVER)}, "nothing stands before it is signed"
    assert refused("price.changed", agree, chooser, found, 9000) == {"price_minor": 12000}
    done = agree(chooser, found, 12000)
    assert (done.price_minor, done.uses_minor, done.total_minor) == (9000, 3000, 12000)
    assert placed(chooser) == {(1, ALBUM), (2, ALBUM), (3, ALBUM), (4, ALBUM), (1, COVER), (4, FRAME)}
    made = standing_submission(gallery)
    lines = {line["slot"]: line for line in made.lines}
    assert (lines[ALBUM]["photos"], lines[ALBUM]["total_minor"]) == ([1, 2, 3, 4], 3000)
    assert (lines[FRAME]["photos"], lines[-2]["uses"], made.extra_total_minor) == ([4], done.uses, 12000)
    assert made.evidence["sha256"] != done.submission.evidence["sha256"]
    assert {one["number"]: one["uses"] for one in made.asides}[4] == ["入册", "放大"]
    charge = Charge.objects.get(source=f"reopening.{found.pk}")
    assert [(line["name"], line["total_minor"]) for line in charge.lines] == [("@change", 9000), ("入册", 3000)]
    assert Event.objects.get(kind="reopening.agreed").facts["uses"] == done.uses


def test_a_place_that_was_paid_for_is_taken_by_another_photograph_for_nothing(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="换一张", add=[4], drop=[3])
    arrange(chooser, 4, ALBUM)
    found = offered(gallery, boss, drop=[3], price=0)
    assert uses_price(places_of(gallery, found.submission, found)) == 0
    assert agree(chooser, found, 0).uses_minor == 0
    lines = {line["slot"]: line for line in standing_submission(gallery).lines}
    assert lines[ALBUM]["photos"] == [1, 2, 4]


def test_uses_alone_can_be_changed_and_going_back_leaves_nothing_to_sign(gallery, chooser, boss):
    refused("reopening.no_change", ask_reopening, chooser=chooser, reason="换封面")
    ask_reopening(chooser=chooser, reason="换封面", uses_only=True)
    refused("reopening.no_change", offered, gallery, boss, add=())
    assert refused("use.full", arrange, chooser, 2, COVER) == {"slot": "封面"}
    arrange(chooser, 1, COVER, is_in=False)
    arrange(chooser, 2, COVER)
    found = offered(gallery, boss, add=(), price=0)
    arrange(chooser, 2, COVER, is_in=False)
    assert arrange(chooser, 1, COVER).uses == []
    found.refresh_from_db()
    refused("reopening.no_change", agree, chooser, found, 0)
    arrange(chooser, 1, COVER, is_in=False)
    found = arrange(chooser, 2, COVER)
    agree(chooser, found, 0)
    assert {(2, COVER)} <= placed(chooser)
    assert (1, COVER) not in placed(chooser)


def test_the_signature_is_for_the_uses_that_were_seen(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="加一张", add=[4])
    found = offered(gallery, boss)
    seen = change_mark(found)
    arrange(chooser, 4, FRAME)
    found.refresh_from_db()
    refused("reopening.changed", agree, chooser, found, 9000, seen=seen)


def test_another_offer_keeps_only_what_still_makes_sense(gallery, chooser, boss):
    ask_reopening(chooser=chooser, reason="加", add=[4, 5])
    arrange(chooser, 4, FRAME)
    arrange(chooser, 5, FRAME)
    assert offered(gallery, boss, add=(5,)).uses == [[FRAME, 5, True]]


def test_a_use_that_must_be_filled_is_not_left_empty(gallery, chooser, boss):
    gallery.slots.filter(number=COVER).update(is_required=True)
    ask_reopening(chooser=chooser, reason="去掉", drop=[1])
    found = offered(gallery, boss, add=(), drop=(1,))
    assert refused("slot.missing", agree, chooser, found, 9000) == {"slot": "封面", "missing": 1}
    found = arrange(chooser, 2, COVER)
    agree(chooser, found, 9000)


def test_who_arranges_what_and_when(gallery, chooser, boss):
    refused("reopening.gone", arrange, chooser, 1, FRAME)
    ask_reopening(chooser=chooser, reason="加", add=[4], drop=[2])
    refused("use.unknown", arrange, chooser, 2, FRAME)  # leaves
    refused("use.unknown", arrange, chooser, 5, FRAME)  # never in it
    refused("use.unknown", arrange, chooser, 4, 9)
    other = gallery.choosers.create(customer=make_customer())
    refused("chooser.not_main", arrange, other, 4, FRAME)
    assert not Event.objects.filter(kind="reopening.arranged").exists()
    arrange(chooser, 4, FRAME)
    assert Event.objects.get(kind="reopening.arranged").facts["placements"] == [[4, FRAME, True]]
