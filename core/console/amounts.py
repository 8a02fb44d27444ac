"""Money in words for sentences made in Python; templates have the filter `money`."""

from django.utils.translation import get_language, to_locale

from core.kernel.money import format_minor


def amount_text(minor: int, currency: str) -> str:
    """Minor units as the reader's language writes them."""
    return format_minor(minor, currency, to_locale(get_language() or "zh-hans"))
