"""Threads with connections of their own: a draft that comes while two phones approve, one approval, one way back."""

import pytest

from selection.album.layout import draft_at_work, spreads_of, standing_draft
from selection.album.models import AlbumApproval, AlbumDraft, SpreadComment
from selection.album.selectors import album_view
from selection.album.services import (
    add_comment,
    approve_album,
    move_spread,
    return_draft,
    send_draft,
    start_album,
    take_out,
)
from tests.factories import make_staff
from tests.selection.album.make import add_spread, approve_all, send
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery
from tests.selection.retouch.test_races import THREADS, at_once


@pytest.fixture
def begun(throwaway_studio):
    gallery = submitted_gallery(3, (1, 2, 3))
    designer = make_staff("album_designer", gallery.order.branch)
    album = start_album(actor=designer, gallery=gallery, name="x", designer=designer)
    send(album, "1.jpg", "2.jpg")
    return throwaway_studio, album, designer, main_chooser(gallery)


def test_two_phones_approve_while_a_new_draft_comes(begun):
    studio, album, designer, main = begun
    approve_all(album)
    draft = standing_draft(album)
    add_spread(album, "1.jpg")

    def work(i):
        if i % 3 == 0:
            send_draft(actor=designer, album=album)
        else:
            told = {"draft": draft.number, "digest": draft.digest, "signed_name": "x"}
            approve_album(chooser=main, album=album, **told)

    answers = at_once(studio, work)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "draft.superseded", "album.closed", "draft.nothing_new", "draft.unapproved"}
    album.refresh_from_db()
    approved = AlbumApproval.objects.filter(draft=draft).count()
    assert (album.state, approved) in {("approved", 1), ("proofing", 0)}
    assert AlbumDraft.objects.filter(album=album, sent_at__isnull=False, superseded_at=None).count() == 1


def test_an_album_is_approved_or_given_back_once(begun):
    studio, album, _designer, main = begun
    approve_all(album)
    draft = standing_draft(album)
    told = {"chooser": main, "album": album, "draft": draft.number}
    number = spreads_of(draft)[0].number

    def work(i):
        if i % 3 == 0:
            add_comment(**told, number=number, key=f"k{i}", text="x")
            return_draft(**told)
        else:
            approve_album(**told, digest=draft.digest, signed_name="x")

    answers = at_once(studio, work)
    assert answers.count("done") >= 1
    album.refresh_from_db()
    assert (album.state, album.round, AlbumApproval.objects.count()) in {("approved", 1, 1), ("designing", 2, 0)}
    if album.state == "approved":
        assert not SpreadComment.objects.filter(settled_at=None).exists()


def test_a_draft_is_sent_once(begun):
    studio, album, designer, _main = begun
    add_spread(album, "3.jpg")
    answers = at_once(studio, lambda _i: send_draft(actor=designer, album=album))
    assert sorted(set(answers)) == ["done", "draft.nothing_new"]
    assert answers.count("done") == 1


def test_one_wish_takes_an_unused_photograph(begun):
    studio, album, _designer, main = begun
    view = album_view(album.gallery, 1, main)
    number = view.leaves[0].spread.number

    def work(i):
        add_comment(chooser=main, album=album, draft=1, number=number, key=f"k{i}", swap=(1, 3))

    answers = at_once(studio, work)
    assert (answers.count("done"), answers.count("swap.taken")) == (1, THREADS - 1)


def test_pages_stay_whole_whoever_moves_them(begun):
    studio, album, designer, _main = begun
    for i in range(3, 9):
        add_spread(album, f"{i}.jpg")
    spreads = spreads_of(draft_at_work(album))

    def work(i):
        told = {"actor": designer, "album": album, "spread": spreads[i % len(spreads)]}
        if i % 4 == 3:
            take_out(**told)
        else:
            move_spread(**told, to=i + 1)

    at_once(studio, work)
    draft = draft_at_work(album)
    places = list(draft.pages.values_list("position", flat=True))
    assert places == list(range(1, len(places) + 1))
    assert len({one.pk for one in spreads_of(draft)}) == len(places)
