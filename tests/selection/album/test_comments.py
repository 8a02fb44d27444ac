"""Comments with pins, wishes to swap a photograph, and how they end."""

import pytest
from django.db import IntegrityError, transaction

from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection.album.enums import Outcome
from selection.album.models import SpreadComment
from selection.album.selectors import desk_of, swap_numbers, swaps_of
from selection.album.services import remark, return_draft, settle_comment, start_album
from selection.selectors import counts
from selection.services import submit_selection
from tests.factories import make_customer, make_staff
from tests.selection.album.make import add_spread, comment, judge, send, view
from tests.selection.make import main_chooser, pick
from tests.selection.slots import make_slotted, place


@pytest.fixture
def sent(album):
    send(album, "1.jpg", "2.jpg")
    return album


def no(code):
    return pytest.raises(Refusal, match=code.replace(".", r"\."))


def test_a_pin_is_in_thousandths_and_means_changes(sent):
    said = comment(sent, 2, "往左一点", pin=(250, 1000))
    assert (said.x, said.y, said.is_open) == (250, 1000, True)
    assert [leaf.value for leaf in view(sent).leaves] == ["", "change"]
    for pin in ((-1, 0), (0, 1001)):
        with no("comment.pin_outside"):
            comment(sent, 1, pin=pin)
    with no("comment.empty"):
        comment(sent, 1, "  ")
    with no("comment.too_long"):
        comment(sent, 1, "长" * 501)


def test_the_same_words_sent_twice_are_one_comment(sent):
    first, again = comment(sent, 1, key="abc"), comment(sent, 1, key="abc")
    assert first.pk == again.pk
    assert Event.objects.filter(kind="album.commented").count() == 1


def test_approving_settles_what_this_person_asked(sent):
    said = comment(sent, 1)
    judge(sent, 1)
    said.refresh_from_db()
    assert (said.is_open, said.settled_by_id) == (False, said.chooser_id)
    settle_comment(album=sent, comment=said.pk, chooser=said.chooser, outcome="")
    judge(sent, 1)
    assert Event.objects.filter(kind="album.judged").count() == 2
    judge(sent, 1)
    assert Event.objects.filter(kind="album.judged").count() == 2
    judge(sent, 1, "")
    assert view(sent).leaves[0].value == ""


def test_only_the_draft_before_the_customer_is_talked_about(sent, main):
    number = view(sent).leaves[0].spread.number
    send(sent, "3.jpg")
    from selection.album.services import add_comment, judge_spread

    old = {"chooser": main, "album": sent, "draft": 1, "number": number}
    with no("draft.superseded"):
        add_comment(**old, text="x", key="k")
    with no("draft.superseded"):
        judge_spread(**old, value="approve")
    with no("spread.unknown"):
        judge_spread(**{**old, "draft": 2, "number": 7}, value="approve")
    judge(sent, 3, "change")
    return_draft(chooser=main, album=sent, draft=2)
    with no("album.closed"):
        judge_spread(**{**old, "draft": 2}, value="approve")


def test_staff_settle_with_an_answer_and_the_customer_opens_again(sent, designer, main):
    said = comment(sent, 1)
    with no("comment.answer_missing"):
        settle_comment(album=sent, comment=said.pk, actor=designer, outcome=Outcome.DECLINED)
    settle_comment(album=sent, comment=said.pk, actor=designer, outcome=Outcome.DECLINED, answer="出血不够")
    with no("verdict.malformed"):
        settle_comment(album=sent, comment=said.pk, actor=designer, outcome="")
    again = settle_comment(album=sent, comment=said.pk, chooser=main, outcome="")
    assert (again.is_open, again.answer, again.settled_staff) == (True, "出血不够", None)


def test_a_partner_settles_only_what_is_theirs_and_is_shown_only_that(sent, gallery):
    partner = gallery.choosers.create(customer=make_customer("林一舟"))
    mine, theirs = comment(sent, 1), comment(sent, 1, "我不同意", chooser=partner)
    with no("comment.unknown"):
        settle_comment(album=sent, comment=mine.pk, chooser=partner, outcome="done")
    settle_comment(album=sent, comment=theirs.pk, chooser=main_chooser(gallery), outcome="done")
    assert [one.comment.pk for one in view(sent, partner).said] == [theirs.pk]
    assert len(view(sent).said) == 2


def test_staff_remark_on_what_was_shown(sent, designer):
    fresh = add_spread(sent, "9.jpg")
    with no("spread.unknown"):
        remark(actor=designer, album=sent, spread=fresh, text="x", key="1")
    said = remark(actor=designer, album=sent, spread=view(sent).leaves[0].spread, text="这张横过来?", key="1")
    assert view(sent).said[0].who == designer.name
    assert desk_of(sent.gallery, sent).open_comments == [said]


# -- Swaps ------------------------------------------------------------------------------------------------------------
def test_without_a_slot_any_chosen_photograph_goes_for_any_other(sent):
    assert swap_numbers(sent.gallery, sent) == ({1, 2, 3, 4}, {1, 2, 3, 4})
    said = comment(sent, 1, "", swap=(1, 3))
    assert (said.photo_out.number, said.photo_in.number) == (1, 3)
    for swap in ((1, 1), (1, 5), (9, 2)):  # 5 was not chosen
        with no("swap.unknown"):
            comment(sent, 1, swap=swap)
    with no("swap.taken"):
        comment(sent, 2, swap=(2, 3))


@pytest.fixture
def slotted_album(db):
    gallery = make_slotted(6, slots=[{"kind": "album_page", "name": "入册", "included": 2}])
    chooser = main_chooser(gallery)
    pick(chooser, *[(n, n, "yes") for n in (1, 2, 3, 4)])
    place(chooser, (11, 1, 1), (12, 2, 1))
    chooser.refresh_from_db()
    price = counts(gallery, chooser).extra_total_minor
    submit_selection(chooser=chooser, extra_total_minor=price, signed_name="x")
    gallery.refresh_from_db()
    boss = make_staff("owner")
    album = start_album(actor=boss, gallery=gallery, name="", designer=boss, slot=gallery.slots.get())
    send(album, "1.jpg")
    return album


def test_unused_photographs_are_the_chosen_ones_outside_the_slot(slotted_album):
    album = slotted_album
    assert album.name == "入册"
    assert swap_numbers(album.gallery, album) == ({1, 2}, {3, 4})
    said = comment(album, 1, "换这张", swap=(1, 3))
    assert [tile.number for tile in swaps_of(album.gallery, album).unused] == [4]
    settle_comment(album=album, comment=said.pk, actor=album.designer, outcome="done")
    assert swap_numbers(album.gallery, album) == ({2, 3}, {1, 4})
    other = comment(album, 1, "", swap=(2, 4))
    settle_comment(album=album, comment=other.pk, actor=album.designer, outcome="declined", answer="像素不够")
    assert swap_numbers(album.gallery, album) == ({2, 3}, {1, 4})
    comment(album, 1, "", swap=(3, 4))
    with no("swap.taken"):
        settle_comment(album=album, comment=other.pk, chooser=main_chooser(album.gallery), outcome="")


def test_the_database_takes_no_half_comment(sent, main):
    for wrong in ({"text": ""}, {"x": 5}, {"x": 5, "y": 1001}, {"chooser": None}, {"outcome": "done"}):
        told = {"album": sent, "spread": view(sent).leaves[0].spread, "chooser": main, "text": "x", "key": "k"}
        with pytest.raises(IntegrityError), transaction.atomic():
            SpreadComment.objects.create(**{**told, "at": "2026-11-22T00:00Z", **wrong})
