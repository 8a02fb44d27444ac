"""Complete words: a string without a translation fails the build."""

import re

import pytest

from infra import words

UNSEEN = re.compile(r"import \w*gettext\w* as (?!_\n)\w+")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_string_is_translated(language):
    assert words.missing(language) == []


def test_no_string_hides_from_the_extraction():
    """It knows gettext's own names and `_`."""
    files = [path for floor in words.FLOORS for path in (words.ROOT / floor).rglob("*.py")]
    assert [path for path in files if UNSEEN.search(path.read_text(encoding="utf-8"))] == []
