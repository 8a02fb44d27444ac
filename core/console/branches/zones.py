"""Time zones as people name them."""

from babel.dates import get_timezone_location
from django.utils.translation import get_language, to_locale


def zone_city(zone: str) -> str:
    """By its city: Asia/Shanghai → 上海."""
    return str(get_timezone_location(zone, locale=to_locale(get_language() or "zh-hans"), return_city=True))
