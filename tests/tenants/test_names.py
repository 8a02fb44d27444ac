"""Addresses: what a studio may be called."""

import pytest

from tenants.names import LONGEST, RESERVED, NameRefused, clean_slug, schema_of, suggestions


@pytest.mark.parametrize("text", ["guangying", "  Guang-Ying ", "520photo", "a1b", "a-b-c", "x" * LONGEST])
def test_good_addresses(text):
    assert clean_slug(text) == text.strip().lower()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ab", "short"),
        ("", "short"),
        ("x" * (LONGEST + 1), "long"),
        ("with space", "letters"),
        ("under_score", "letters"),
        ("-front", "letters"),
        ("back-", "letters"),
        ("a--b", "letters"),
        ("xn--fiq228c", "letters"),
        ("光影映画", "letters"),
        ("guangy\u0456ng", "letters"),  # Cyrillic і
        ("\u212aodak", "letters"),  # the Kelvin sign lower-cases to k
        ("api\u200b", "letters"),  # zero-width space
        ("admin\u0000", "letters"),
        ("ｗｗｗ", "letters"),  # full-width letters
        ("12345", "letters"),
        ("192-168-0-1", "letters"),
        ("dot.dot", "letters"),
        ("../etc", "letters"),
        ('a"; drop schema public; --', "letters"),
        ("line\nbreak", "letters"),
        ("www", "reserved"),
        ("API", "reserved"),
        ("admin", "reserved"),
        ("ad-min", "reserved"),
        ("pg-catalog", "reserved"),
        ("public", "reserved"),
        ("localhost", "reserved"),
        ("information-schema", "reserved"),
    ],
)
def test_hostile_addresses(text, code):
    with pytest.raises(NameRefused) as refusal:
        clean_slug(text)
    assert refusal.value.code == code


def test_reserved_names_are_written_as_they_are_compared():
    assert all(name == name.lower() and name.isascii() for name in RESERVED)


def test_schema_names_are_distinct_and_prefixed():
    assert schema_of("a-b") == "s_a_b"
    assert schema_of("public") == "s_public"


def test_suggestions_are_free():
    assert suggestions("anna", {"anna-photo"}) == ["anna-studio", "my-anna", "anna-2"]
