"""Addresses of finals: under the gallery's own token, so its `media_epoch` revokes them too."""

from selection.addresses import GRID, PROOF
from selection.retouch.models import FinalVersion


def final_url(base: str, final: FinalVersion, size: str = GRID) -> str:
    """`base` is `selection.addresses.media_base(gallery)`; `t` (grid) or `p` (marked proof)."""
    return f"{base}f{final.number}-{final.rendition_rev}/{size}.webp" if final.rendition_rev else ""


__all__ = ["GRID", "PROOF", "final_url"]
