"""Which files a customer may take, from contract, bundle and grants."""

import pytest

from core.kernel import clock
from selection.delivery.entitlement import entitled, missing, originals_scope
from selection.enums import PhotoState
from selection.models import Photo
from selection.retouch.models import FinalVersion

BUNDLE = [{"slot": 0}, {"slot": -1, "kind": "originals"}]


def photo(number, state=PhotoState.READY, **fields):
    told = {"size": 9, "md5": f"o{number}", "original_key": f"t/s/o/{number}", "created_at": clock.now(), **fields}
    return Photo(number=number, file_name=f"D{number}.jpg", state=state, **told)


def final(number, version=1, state=PhotoState.READY, md5=""):
    told = {"size": 8, "md5": md5 or f"f{number}.{version}", "original_key": f"t/s/f/{number}.{version}"}
    return FinalVersion(
        photo=photo(number), version=version, state=state, file_name=f"F{number}.jpg", created_at=clock.now(), **told
    )


def signed(*numbers, version=1):
    return [[number, f"F{number}.jpg", version, f"f{number}.{version}"] for number in numbers]


def whats(**told):
    given = {"signed": signed(1, 2), "finals": [final(1), final(2)], "photos": [], "chosen": set(), "scope": "", **told}
    return [file.what for file in entitled(**given)]


@pytest.mark.parametrize(
    ("terms", "lines", "granted", "scope"),
    [
        ({}, [], [], ""),
        ({}, [{"slot": 0}, {"slot": 3}], [], ""),
        ({"originals": "chosen"}, [], [], "chosen"),
        ({"originals": "all"}, [], [], "all"),
        ({"originals": "everything"}, [], [], ""),  # not a word of ours
        ({"originals": None}, BUNDLE, [], "all"),
        ({"originals": "chosen"}, BUNDLE, [], "all"),
        ({}, [], ["chosen"], "chosen"),
        ({"originals": "all"}, [], ["chosen"], "all"),
    ],
)
def test_the_widest_right_counts(terms, lines, granted, scope):
    assert originals_scope(terms, lines, granted) == scope


def test_finals_are_always_theirs_and_nothing_else_is():
    photos = [photo(1), photo(2), photo(3)]
    assert whats(photos=photos) == ["f1", "f2"]
    assert whats(photos=photos, scope="chosen", chosen={2}) == ["f1", "f2", "o2"]
    assert whats(photos=photos, scope="all") == ["f1", "f2", "o1", "o2", "o3"]


def test_only_the_very_bytes_that_were_signed():
    assert whats(finals=[final(1), final(2, version=2)]) == ["f1"]
    assert whats(finals=[final(1, md5="other"), final(2)]) == ["f2"]
    assert whats(finals=[final(1, state=PhotoState.REMOVED), final(2)]) == ["f2"]
    assert whats(signed=signed(1), finals=[final(1), final(2)]) == ["f1"]


@pytest.mark.parametrize("state", sorted(set(PhotoState) - {PhotoState.READY}))
def test_an_original_that_is_not_ready_is_not_there(state):
    assert whats(photos=[photo(1, state)], scope="all") == ["f1", "f2"]


def test_missing_names_the_photographs_without_their_final():
    files = entitled(signed=signed(1, 2), finals=[final(2)], photos=[], chosen=set(), scope="")
    assert missing(signed(1, 2), files) == [1]
