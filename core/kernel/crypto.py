"""Keyed hashes, always salted by purpose and schema: the same primary key exists in every studio."""

import base64
import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import constant_time_compare

from tenants.context import current_schema


def keyed_hash(purpose: str, value: str, length: int = 32) -> str:
    """URL-safe HMAC-SHA256 of `value` for `purpose` in the current studio, cut to `length` characters (6 bits each)."""
    message = f"{purpose}|{current_schema()}|{value}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:length]


def matches(purpose: str, value: str, given: str, length: int = 32) -> bool:
    """Whether `given` is the keyed hash of `value`, in constant time."""
    return constant_time_compare(keyed_hash(purpose, value, length), given)
