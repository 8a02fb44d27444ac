"""Spreads come in by the photographs' door, find their place by name, are moved, taken out and put back."""

import pytest

from core.kernel import storage
from core.kernel.errors import Refusal
from selection.album.intake import SPREADS, for_album, process_spread
from selection.album.layout import draft_at_work, name_key, spreads_of, stem
from selection.album.models import Spread
from selection.album.services import discard_spread, move_spread, put_back, take_out
from selection.enums import PhotoState
from selection.services import complete_uploads, sign_uploads, sweep_uploads
from tests.selection.album.make import add_spread, approve_all, send
from tests.selection.make import announced
from tests.selection.make import send as put_bytes
from tests.selection.pictures import jpeg, quarters


def names(album):
    return [spread.file_name for spread in spreads_of(draft_at_work(album))]


def upload(album, *files, line=None):
    """Sign, send and complete; the worker's part is done here."""
    door = for_album(album, line)
    told = [announced(*file) for file in files]
    answers = sign_uploads(actor=album.designer, gallery=album.gallery, files=told, intake=door)
    for answer, (_name, body) in zip(answers, files, strict=True):
        if answer.status == "send":
            assert put_bytes(answer, body) == 200
    numbers = [answer.photo for answer in answers if answer.photo]
    complete_uploads(actor=album.designer, gallery=album.gallery, numbers=numbers, intake=door)
    for spread in Spread.objects.filter(state=PhotoState.RECEIVED):
        process_spread(spread_id=spread.pk)
    return answers


@pytest.mark.parametrize(
    ("name", "same"),
    [("03.jpg", "03"), ("03_v2.JPG", "03"), ("P 12 (1).jpeg", "p 12"), ("内页03 修改.jpg", "内页03"), ("v2.jpg", "v2")],
)
def test_what_stays_of_a_name(name, same):
    assert stem(name) == same


def test_names_are_sorted_as_people_count():
    wanted = ["封面.jpg", "2.jpg", "10.jpg"]
    assert sorted(wanted, key=name_key)[-2:] == ["2.jpg", "10.jpg"] or sorted(wanted, key=name_key)[:2] == wanted[1:]


def test_whatever_arrives_first_the_order_is_the_names(album):
    for name in ("10.jpg", "02.jpg", "03.jpg", "01.jpg"):
        add_spread(album, name)
    assert names(album) == ["01.jpg", "02.jpg", "03.jpg", "10.jpg"]


def test_real_bytes_become_marked_renditions_and_a_checksum(album):
    body = jpeg(quarters(1200, 600))
    upload(album, ("01.jpg", body))
    spread = Spread.objects.get()
    assert (spread.state, spread.line, spread.version, len(spread.sha256)) == (PhotoState.READY, 1, 1, 64)
    assert storage.head(f"{spread.rendition_key}/p.webp").size
    assert upload(album, ("01.jpg", body))[0].status == "there"
    upload(album, ("01.jpg", jpeg(quarters(1202, 600))))
    assert [(one.line, one.version) for one in spreads_of(draft_at_work(album))] == [(1, 2)]


def test_one_spread_is_replaced_by_a_file_of_any_name(album):
    add_spread(album, "01.jpg")
    second = add_spread(album, "02.jpg")
    upload(album, ("final-final.jpg", jpeg(quarters(900, 450))), line=second.line)
    assert names(album) == ["01.jpg", "final-final.jpg"]
    assert [one.version for one in spreads_of(draft_at_work(album))] == [1, 2]
    with pytest.raises(Refusal, match=r"spread\.unknown"):
        upload(album, ("x.jpg", jpeg(quarters(800, 400))), line=99)


def test_broken_bytes_are_refused_and_nothing_is_laid(album):
    upload(album, ("01.jpg", b"\xff\xd8\xff" + b"x" * 900))
    spread = Spread.objects.get()
    assert (spread.state, names(album)) == (PhotoState.REFUSED, [])
    discard_spread(actor=album.designer, album=album, spread=spread)
    sweep_uploads(SPREADS)
    assert not Spread.objects.exists()
    album.gallery.refresh_from_db()
    assert album.gallery.stored_bytes >= 0


def test_an_approved_album_takes_no_files(album, main):
    from selection.album.layout import standing_draft
    from selection.album.services import approve_album

    send(album, "1.jpg")
    approve_all(album)
    draft = standing_draft(album)
    approve_album(chooser=main, album=album, draft=1, digest=draft.digest, signed_name="x")
    with pytest.raises(Refusal, match=r"album\.closed"):
        upload(album, ("02.jpg", jpeg(quarters(900, 450))))


def test_moving_taking_out_and_putting_back(album, designer):
    first, second, third = (add_spread(album, f"{i}.jpg") for i in (1, 2, 3))
    told = {"actor": designer, "album": album}
    move_spread(**told, spread=third, to=1)
    assert names(album) == ["3.jpg", "1.jpg", "2.jpg"]
    move_spread(**told, spread=third, to=99)
    take_out(**told, spread=second)
    assert names(album) == ["1.jpg", "3.jpg"]
    with pytest.raises(Refusal, match=r"spread\.in_draft"):
        discard_spread(**told, spread=first)
    put_back(**told, spread=second)
    assert names(album) == ["1.jpg", "2.jpg", "3.jpg"]
    take_out(**told, spread=second)
    discard_spread(**told, spread=second)
    with pytest.raises(Refusal, match=r"spread\.settled"):
        put_back(**told, spread=second)


def test_an_earlier_version_comes_back_with_what_was_said_of_it(album, designer):
    send(album, "1.jpg", "2.jpg")
    approve_all(album)
    first = spreads_of(draft_at_work(album))[0]
    again = add_spread(album, "1.jpg")
    assert spreads_of(draft_at_work(album))[0].pk == again.pk
    put_back(actor=designer, album=album, spread=first)
    assert spreads_of(draft_at_work(album))[0].pk == first.pk
    with pytest.raises(Refusal, match=r"spread\.sent"):
        discard_spread(actor=designer, album=album, spread=first)
