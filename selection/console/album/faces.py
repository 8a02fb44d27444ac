"""How an album shows in lists: tone and sign of its state, and whether it is past its day."""

from core.kernel import clock
from selection.album.enums import OPEN_STATES, AlbumState
from selection.album.models import AlbumProof

TONES: dict[str, str] = {
    AlbumState.DESIGNING: "info",
    AlbumState.PROOFING: "warn",
    AlbumState.APPROVED: "ok",
    AlbumState.STOPPED: "neutral",
}
ICONS: dict[str, str] = {
    AlbumState.DESIGNING: "palette",
    AlbumState.PROOFING: "eye",
    AlbumState.APPROVED: "rosette-discount-check",
    AlbumState.STOPPED: "box",
}


def described(album: AlbumProof) -> AlbumProof:
    """With `tone`, `icon` and `late` for templates (the gallery's order is loaded)."""
    album.tone, album.icon, album.late = TONES[album.state], ICONS[album.state], is_late(album)  # type: ignore[attr-defined]  # for templates
    return album


def is_late(album: AlbumProof) -> bool:
    """Past its day and not approved."""
    if album.due_on is None or album.state not in OPEN_STATES:
        return False
    return bool(album.due_on < clock.today(album.gallery.order.branch.timezone))
