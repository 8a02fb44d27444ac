"""Merchant keys at rest: AES-256-GCM under a key of ours, bound to the studio and the route.

The first of settings.CREDENTIAL_KEYS encrypts, all of them decrypt: a key is exchanged by putting the new one in front.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE = 12


class SealBroken(ValueError):
    """No key of ours opens it, or it was sealed for somebody else."""


class Credentials(Mapping[str, str]):
    """A merchant's keys in memory. Printing, logging and pickling show that they exist and nothing more."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<Credentials: {len(self)} sealed>"

    def __reduce__(self) -> str:
        raise TypeError("credentials do not travel")


def seal(values: Mapping[str, str], owner: str) -> bytes:
    """`values` for `owner` ("<studio>|<route>") as version | key's mark | nonce | ciphertext."""
    key = _keys()[0]
    nonce = os.urandom(NONCE)
    plain = json.dumps(dict(values), ensure_ascii=False, sort_keys=True).encode()
    return VERSION + _mark(key) + nonce + AESGCM(key).encrypt(nonce, plain, owner.encode())


def unseal(sealed: bytes, owner: str) -> Credentials:
    """What `seal` was given. Raises SealBroken for another owner, a foreign key, or a changed byte."""
    head, nonce, body = sealed[:5], sealed[5 : 5 + NONCE], sealed[5 + NONCE :]
    for key in _keys():
        if head == VERSION + _mark(key):
            try:
                return Credentials(json.loads(AESGCM(key).decrypt(nonce, body, owner.encode())))
            except InvalidTag:
                break
    raise SealBroken(owner)


def last_four(secret: str) -> str:
    """What may be shown of a secret: enough to recognise it, of a key in PEM its last letters."""
    letters = "".join(line for line in secret.splitlines() if not line.startswith("-----")).strip()
    letters = letters.rstrip("=").removesuffix("IDAQAB")  # every public key ends so
    return f"…{letters[-4:]}" if len(letters) >= 12 else "…"


def _keys() -> list[bytes]:
    return [_derived(secret) for secret in settings.CREDENTIAL_KEYS]


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yinglou.billing.sealing").derive(
        secret.encode()
    )


def _mark(key: bytes) -> bytes:
    """Four bytes that tell keys apart and tell nothing about them."""
    return base64.b85encode(hashlib.sha256(b"mark" + key).digest())[:4]
