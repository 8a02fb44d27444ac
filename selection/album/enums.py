"""Where an album proof stands, what a customer says of a spread, how a wish ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from selection.enums import GalleryState

# Of the gallery: an album may be begun, laid out, sent and approved in these, and its proofs are seen by customers.
ALBUM_STATES = frozenset(
    {
        GalleryState.SUBMITTED,
        GalleryState.RETOUCHING,
        GalleryState.PROOFING,
        GalleryState.SIGNED_OFF,
        GalleryState.DELIVERED,
    }
)
REMIND_DAYS = (3, 7)  # a draft without an answer; each once
DEFAULT_ROUNDS = 3  # where the contract says nothing


class AlbumState(models.TextChoices):
    DESIGNING = "designing", _("With the designer")
    PROOFING = "proofing", _("With the customer")
    APPROVED = "approved", _("Approved")
    STOPPED = "stopped", _("Stopped")


ALBUM_TRANSITIONS: dict[str, set[str]] = {
    AlbumState.DESIGNING: {AlbumState.PROOFING, AlbumState.STOPPED},
    # to itself: the designer corrects a draft while the customer has it
    AlbumState.PROOFING: {AlbumState.PROOFING, AlbumState.DESIGNING, AlbumState.APPROVED},
    AlbumState.APPROVED: set(),
    AlbumState.STOPPED: set(),
}
OPEN_STATES = [AlbumState.DESIGNING, AlbumState.PROOFING]


class Word(models.TextChoices):
    """What a person says of a spread."""

    APPROVE = "approve", _("Spread approved")
    CHANGE = "change", _("Changes needed")


class Outcome(models.TextChoices):
    """How a comment was settled."""

    DONE = "done", _("Done")
    DECLINED = "declined", _("Not possible")
