"""What a person may sign with: one rule."""

import pytest
from django import forms

from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.kernel.signature import NameField, SignatureField


@pytest.mark.parametrize(
    "text", ["陈晓雨", "欧阳 娜娜", "李·约翰", "Ann", "J", "O'Neil", "Zoë 3", "김민", "さくら", "〇〇"]
)
def test_names(text):
    assert signing_name(f"  {text} ") == " ".join(text.split())


@pytest.mark.parametrize("text", ["陈", "陈。", "12345", "…", "-", "9 !", "김", "。。", "1陈1", "😀😀"])
def test_what_is_no_name(text):
    with pytest.raises(Refusal, match="name.unlikely"):
        signing_name(text)


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_nothing_at_all(text):
    with pytest.raises(Refusal, match="name.missing"):
        signing_name(text)


def test_who_draws_may_be_called_as_the_studio_calls_them():
    assert signing_name("李", is_drawn=True) == "李"
    assert len(signing_name("长" * 80)) == 60


class Form(forms.Form):
    typed = NameField()
    signed = SignatureField()


def test_both_fields_say_it_beside_themselves():
    form = Form({"typed": "123", "signed": "陈"})
    assert [form.errors[name].as_data()[0].code for name in ("typed", "signed")] == ["name.unlikely"] * 2
    form = Form({"typed": " ", "signed": ""})
    assert {str(form.errors[name][0]) for name in ("typed", "signed")} == {
        str(form.fields["typed"].error_messages["required"])
    }
