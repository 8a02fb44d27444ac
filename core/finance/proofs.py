"""Photographs of receipts: kept as they came, named by content, in the studio's store."""

import hashlib

from core.kernel import storage
from core.kernel.errors import Refusal

MOST = 12 * 1024 * 1024
KINDS = ((b"\xff\xd8\xff", "jpg", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "png", "image/png"))
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def keep(body: bytes) -> str:
    """Store a photograph; answers its key. Never inside a transaction. Refusal proof.too_large | proof.no_picture."""
    if len(body) > MOST:
        raise Refusal("proof.too_large")
    extension = _extension(body)
    name = storage.key("receipts", f"{hashlib.sha256(body).hexdigest()}.{extension}")
    storage.put(name, body, content_type=TYPES[extension])
    return name


def _extension(body: bytes) -> str:
    """By the first bytes, whatever the browser says."""
    for start, extension, _type in KINDS:
        if body.startswith(start):
            return extension
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    raise Refusal("proof.no_picture")


def picture(name: str) -> tuple[bytes, str]:
    """The photograph and its type. Raises storage.Missing."""
    return storage.get(name), TYPES.get(name.rsplit(".", 1)[-1], "image/jpeg")
