"""RSA keys of the fakes' platforms and merchants, and their signatures."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from infra.fakes.store import Store, Thing


def new_pair() -> tuple[str, str]:
    """(private, public) in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.decode(), key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def platform_pair(store: Store, name: str) -> Thing:
    """The provider's own pair, made once."""
    found = store.get("key", name)
    if found is None:
        private, public = new_pair()
        found = store.put("key", {"id": name, "private": private, "public": public})
    return found


@cache
def _private(pem: str) -> rsa.RSAPrivateKey:
    """Read once: proving the primes of a key takes 40 ms, a signature one."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def sign(private: str, text: str) -> str:
    signed = _private(private).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signed).decode()


def is_signed(public: str, text: str, signature: str) -> bool:
    key = serialization.load_pem_public_key(public.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        key.verify(base64.b64decode(signature), text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
