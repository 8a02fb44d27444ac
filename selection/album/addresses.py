"""Addresses of spreads: under the gallery's own token, so its `media_epoch` revokes them too."""

from typing import Any

from selection.addresses import GRID, PROOF


def spread_url(base: str, spread: Any, size: str = GRID) -> str:
    """`base` is `selection.addresses.media_base(gallery)`; `t` (grid) or `p` (marked proof)."""
    return f"{base}a{spread.number}-{spread.rendition_rev}/{size}.webp" if spread.rendition_rev else ""


__all__ = ["GRID", "PROOF", "spread_url"]
