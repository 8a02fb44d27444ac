"""Keyed hashes and hidden texts, always by purpose and schema: the same primary key exists in every studio."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


def _key(purpose: str, schema: str) -> bytes:
    """A key of its own for each purpose and studio, derived from the installation's secret."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"yinglou|{purpose}|{schema}".encode())
    return derive.derive(settings.SECRET_KEY.encode())


def encrypt(purpose: str, secret: bytes) -> str:
    """`secret` for the database: AES-256-GCM, readable again in this studio and for this purpose only."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_key(purpose, current_schema())).encrypt(nonce, secret, purpose.encode())
    return base64.b64encode(nonce + sealed).decode()


def decrypt(purpose: str, text: str, schema: str = "") -> bytes:
    """What `encrypt` hid. Raises ValueError for another studio's, another purpose's or a changed text.

    `schema`: where it was hidden, if not here: a restored copy reads what it brought along, once.
    """
    raw = base64.b64decode(text)
    try:
        return AESGCM(_key(purpose, schema or current_schema())).decrypt(raw[:12], raw[12:], purpose.encode())
    except InvalidTag as error:
        message = f"not readable as {purpose}"
        raise ValueError(message) from error
