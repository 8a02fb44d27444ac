"""What people type: unseen characters are nothing, phone numbers can be called, sentences are for people."""

from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.core.exceptions import ValidationError
from django.utils import translation

from infra import words
from tenants.typed import NameField, PhoneLineField, PrintedNameField, tidy


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u200b\u200b", "\u2060\ufeff", "\u3164", "\t\u200e \u2800"])
def test_what_nobody_can_see_is_no_name(text):
    assert tidy(text) == ""
    with pytest.raises(ValidationError) as refused:
        NameField().clean(text)
    assert refused.value.messages == ["Please fill this in."]


@pytest.mark.parametrize("name", ["欧阳翠花👰", "Ann ❤", "李\ue000明"])
def test_who_signs_has_no_picture_in_the_name(name):
    with pytest.raises(ValidationError, match="cannot be printed"):
        PrintedNameField().clean(name)


@pytest.mark.parametrize("name", ["陈〇一", "𠮷野 葵", "Zoë O’Neill-Müller", "阿依古丽·买买提", "Иван"])
def test_names_of_people_are_names(name):
    assert PrintedNameField().clean(name) == name


def test_a_name_loses_only_its_unseen_ends():
    family = "👨\u200d👩\u200d👧 之家"
    assert NameField().clean(f"\u202a {family}\u202c\n") == family
    assert NameField(required=False).clean(None) == ""


@pytest.mark.parametrize(
    "text", ["13800138000", "+86 138-0013-8000", "0755 8888 1234", "（0755）88881234", "400-800-1234", ""]
)
def test_a_phone_line_is_kept_as_typed(text):
    assert PhoneLineField(required=False).clean(text) == text


@pytest.mark.parametrize("text", ["12", "1380013800x", "phone me", "1" * 16, "+", "--------"])
def test_what_nobody_could_call_is_no_phone(text):
    with pytest.raises(ValidationError):
        PhoneLineField().clean(text)


@pytest.mark.parametrize(("text", "word"), [("光", "longer"), ("光" * 9, "shorter"), ("光\0影", "type it again")])
def test_limits_are_told_in_plain_words(text, word):
    with pytest.raises(ValidationError, match=word):
        NameField(min_length=2, max_length=8).clean(text)


def test_the_stock_sentences_we_word_ourselves_are_still_django_s():
    path = Path(django.__file__).parent / "conf/locale/en/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        stock = read_po(file)
    listed = [message for _line, message, _context in words.messages_of(words.ROOT / "tenants/stock_words.py")]
    assert len(listed) >= 10
    assert [message for message in listed if message not in stock] == []
