"""Drawn signatures: what is taken, what is not, how they are drawn again, and the field of a form."""

import json

import pytest
from django import forms
from django.http import QueryDict

from core.kernel import drawing
from core.kernel.signature import Signature, SignatureField
from core.templatetags.ui import drawn

HAND = {"h": 400, "strokes": [[100, 100, 300, 120, 500, 300], [600, 50, 600, 350]]}


def test_a_drawing_survives_its_text():
    assert drawing.parsed(json.dumps(HAND)) == HAND
    assert drawing.parsed("") is None
    assert drawing.parsed('{"h": 400, "strokes": []}') is None
    assert drawing.fingerprint(HAND) == drawing.fingerprint(json.loads(json.dumps(HAND)))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "nonsense",
        '{"strokes": [[1, 2]]}',
        '{"h": 99, "strokes": [[1, 2]]}',
        '{"h": true, "strokes": [[1, 2]]}',
        '{"h": 400, "strokes": [[1]]}',
        '{"h": 400, "strokes": [[1, 2, 3]]}',
        '{"h": 400, "strokes": [[]]}',
        '{"h": 400, "strokes": [["1", 2]]}',
        '{"h": 400, "strokes": [[1.5, 2]]}',
        '{"h": 400, "strokes": [[1, 401]]}',
        '{"h": 400, "strokes": [[-1, 4]]}',
        '{"h": 400, "strokes": [[1001, 4]]}',
        '{"h": 400, "strokes": [[null, 4]]}',
        '{"h": 400, "strokes": "M0 0"}',
        json.dumps({"h": 400, "strokes": [[1, 2]] * (drawing.MOST_STROKES + 1)}),
        json.dumps({"h": 400, "strokes": [[1, 2] * (drawing.MOST_POINTS + 1)]}),
        "[" * 30000,
        " " + "9" * 50_000,
    ],
)
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(ValueError):
        drawing.parsed(text)


def test_nothing_but_shape_is_kept():
    assert drawing.checked({**HAND, "script": "<script>"}) == HAND


def test_it_is_drawn_as_one_path_of_numbers():
    path = drawing.path(HAND)
    assert path == "M100 100Q300 120 400 210L500 300 M600 50L600 350"
    assert drawing.path({"h": 400, "strokes": [[5, 6]]}) == "M5 6h1"
    picture = drawn(HAND, "“>陈")
    assert f'd="{path}"' in picture
    assert "“&gt;陈" in picture
    assert drawn(None, "陈") == ""


class Form(forms.Form):
    name = SignatureField(signer="陈晓雨", label="x")


def sent(**data):
    query = QueryDict(mutable=True)
    query.update(data)
    form = Form(query)
    return form if form.errors else form.cleaned_data["name"]


def test_typing_and_drawing_make_a_signature():
    hand = json.dumps(HAND)
    assert sent(name=" 陈  晓雨 ") == Signature("陈 晓雨")
    assert sent(name="陈晓雨", name_way="type", name_strokes=hand) == Signature("陈晓雨")  # what was chosen counts
    assert sent(name="", name_way="draw", name_strokes=hand) == Signature("陈晓雨", HAND)
    assert sent(name="陈妈妈", name_way="draw", name_strokes=hand) == Signature("陈妈妈", HAND)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "  "},
        {"name": "x" * 61},
        {"name_way": "draw"},
        {"name_way": "draw", "name_strokes": '{"h":400,"strokes":[[5,5,6,6]]}'},
        {"name_way": "draw", "name_strokes": "M0 0"},
    ],
)
def test_what_is_no_signature_is_said_beside_the_field_and_nothing_is_lost(data):
    form = sent(**data)
    assert set(form.errors) == {"name"}
    given = form["name"].value()
    assert (given.name, given.strokes) == (data.get("name", ""), data.get("name_strokes", ""))
