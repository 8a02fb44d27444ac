"""Addresses of proofs: short, stable (the browser's cache works), signed per gallery, revoked by `media_epoch`."""

from typing import Any

from django.urls import reverse

from core.kernel import crypto
from core.kernel.links import portal_link
from selection.models import Gallery

GRID, PROOF = "t", "p"
TOKEN_LENGTH = 16


def media_token(gallery: Gallery) -> str:
    """The bearer token of a gallery's proofs (96 bits); a new `media_epoch` revokes it."""
    return crypto.keyed_hash("gallery-media", f"{gallery.pk}.{gallery.media_epoch}", TOKEN_LENGTH)


def token_matches(gallery_id: int, media_epoch: int, given: str) -> bool:
    """Whether `given` is the gallery's present token, in constant time."""
    return crypto.matches("gallery-media", f"{gallery_id}.{media_epoch}", given, TOKEN_LENGTH)


def media_base(gallery: Gallery) -> str:
    """What every proof address of the gallery starts with: `/m/<code>/<token>/` (after the studio's path prefix)."""
    return reverse("media:root", args=[gallery.code, media_token(gallery)])


def media_url(gallery: Gallery, photo: Any, size: str = GRID) -> str:
    """The stable address of a rendition of a Photo or Tile: `t` (grid, ≤ 400 px) or `p` (marked proof, ≤ 1600 px)."""
    return f"{media_base(gallery)}{photo.number}-{photo.rendition_rev}/{size}.webp"


def gallery_link(gallery: Gallery) -> str:
    """The customer's absolute link."""
    return portal_link("portal:gallery", gallery.code)


def pin_link(gallery: Gallery) -> str:
    """Where a PIN is typed."""
    return portal_link("portal:pin", gallery.code)
