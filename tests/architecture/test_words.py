"""Complete words: a string without a translation fails the build."""

import pytest

from infra import words


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_string_is_translated(language):
    assert words.missing(language) == []
