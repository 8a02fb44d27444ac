"""Amounts as people write them, on pages and in scripts alike."""

import pytest

from core.kernel.money import coin, format_minor


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD", "EUR"])
def test_a_script_writes_amounts_as_the_server_does(currency: str, locale: str) -> None:
    """The rule of js/portal/store.js `price`, from what `coin` tells it."""
    sign, places = coin(currency, locale)
    for minor in (0, 6000, 128_000, 123_456_789, 1_234_567_001):
        whole = minor % 10**places == 0
        assert f"{sign}{minor / 10**places:,.{0 if whole else places}f}" == format_minor(minor, currency, locale)
