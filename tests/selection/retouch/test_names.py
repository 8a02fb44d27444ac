"""Files find their photograph by base name, or say why not."""

import pytest

from selection.retouch.names import Index, base_name, is_safe, plain

PHOTOS = Index(
    {1: "DSC_4001.jpg", 2: "DSC_4002.NEF", 3: "IMG (1).jpg", 4: "IMG.jpg", 5: "春日.jpg", 6: "dsc_4001-edit.jpg"}
)


@pytest.mark.parametrize(
    "name",
    [
        "DSC_4002.jpg", "dsc_4002.TIF", "DSC_4002_精修.jpg", "DSC_4002-精修.jpg", "DSC_4002精修.jpg",
        "DSC_4002-edit.tif",
        "DSC_4002-Edit.psd", "DSC_4002_v2.jpg", "DSC_4002 (1).jpg", "DSC_4002(2).jpg", "DSC_4002_精修_v3 (1).jpg",
        "DSC_4002 copy.jpg", "DSC_4002-Enhanced-NR.jpg", "DSC_4002_final.jpg", "DSC_4002（2）.jpg",
    ],
)  # fmt: skip
def test_what_retouchers_append_is_recognised(name):
    assert PHOTOS.match(name).number == 2


@pytest.mark.parametrize(("name", "numbers"), [
    ("DSC_4001.jpg", (1,)),
    ("DSC_4001-edit.jpg", (6, 1)),  # a photograph of that very name, or a retouched 1: nobody knows
    ("IMG (1).jpg", (3, 4)),
    ("DSC_400.jpg", ()),
    ("DSC_40011.jpg", ()),
    ("DSC_4002_x.jpg", ()),
    ("春日_精修.png", (5,)),
    ("精修.jpg", ()),
])  # fmt: skip
def test_a_doubtful_name_is_no_match(name, numbers):
    found = PHOTOS.match(name)
    assert found.numbers == numbers
    assert found.number == (numbers[0] if len(numbers) == 1 else None)


def test_two_photographs_of_one_base_name_match_neither():
    assert Index([(1, "A.jpg"), (2, "a.JPEG")]).match("A.jpg").number is None


def test_a_name_is_never_eaten_up():
    assert plain("精修") == ["精修"]
    assert base_name(".jpg") == ".jpg"


@pytest.mark.parametrize("name", ["..\\..\\evil", "a/b", "a:b", "x\x07", "", ".", "..", " a", "a ", "a.", "a|b", "a?b"])
def test_names_that_some_system_refuses_are_not_safe(name):
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["DSC_4001", "春日 2", "a.b", "😀", "Ärger", "(1)"])
def test_usual_names_are_safe(name):
    assert is_safe(name)
