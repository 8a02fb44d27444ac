"""Absolute addresses for messages: the customer's pages under the platform's host, which every phone reaches.

WeChat cannot be told of a host per studio.
"""

from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse

from tenants.context import current_studio


def portal_link(name: str, *args: Any) -> str:
    """`<platform>/s/<studio>/…` of a portal page by its URL name."""
    path = reverse(name, args=args, urlconf=settings.CUSTOMER_URLCONF)
    path = path.removeprefix(get_script_prefix().rstrip("/"))
    return f"{settings.PLATFORM_URL}/s/{current_studio().slug}{path}"
