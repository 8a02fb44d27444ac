"""How open screens of a gallery learn of a change: its rev, and a poke for what has no event of its own there."""

from core.kernel import live
from selection.models import Gallery


def bump(gallery: Gallery) -> None:
    """Count a change. The caller holds the gallery's lock."""
    gallery.rev += 1
    gallery.save(update_fields=["rev"])


def wake(gallery: Gallery, kind: str) -> None:
    """Poke the gallery's screens with its present rev; the event itself stands on the order's board."""
    live.poke(gallery.event_stream, {"type": str(kind), "seq": 0, "rev": gallery.rev, "thread": gallery.event_thread})
