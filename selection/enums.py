"""States of a gallery and of a photograph, and what a person may say of one."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class GalleryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for selection")
    SUBMITTED = "submitted", _("Submitted")
    RETOUCHING = "retouching", _("In retouch")
    PROOFING = "proofing", _("Finals with the customer")
    SIGNED_OFF = "signed_off", _("Signed off")
    DELIVERED = "delivered", _("Delivered")
    ARCHIVED = "archived", _("Archived")


GALLERY_TRANSITIONS: dict[str, set[str]] = {
    GalleryState.DRAFT: {GalleryState.OPEN, GalleryState.ARCHIVED},
    GalleryState.OPEN: {GalleryState.SUBMITTED, GalleryState.DRAFT, GalleryState.ARCHIVED},
    GalleryState.SUBMITTED: {GalleryState.OPEN, GalleryState.RETOUCHING, GalleryState.ARCHIVED},
    # back to submitted: retouching was begun by mistake, nothing was done yet; to proofing also when a priced round
    # is declined
    GalleryState.RETOUCHING: {GalleryState.PROOFING, GalleryState.SUBMITTED, GalleryState.ARCHIVED},
    GalleryState.PROOFING: {GalleryState.RETOUCHING, GalleryState.SIGNED_OFF, GalleryState.ARCHIVED},
    GalleryState.SIGNED_OFF: {GalleryState.DELIVERED, GalleryState.ARCHIVED},
    GalleryState.DELIVERED: {GalleryState.ARCHIVED},
    GalleryState.ARCHIVED: {GalleryState.DELIVERED},  # revived: only what was delivered once
}

# The list is settled and being worked on: choosing again would throw work away.
AFTER_SUBMISSION = frozenset(
    {GalleryState.RETOUCHING, GalleryState.PROOFING, GalleryState.SIGNED_OFF, GalleryState.DELIVERED}
)


class PhotoState(models.TextChoices):
    """pending: signed for upload · received: bytes are in storage · ready: renditions exist, customers see it ·
    hidden: as ready, but staff keep it from customers · refused: see `refusal` · removed: in the bin until the sweeper
    purges it. Whatever serves customers asks for `ready`, so that a hidden photograph is nowhere.
    """

    PENDING = "pending", _("Uploading")
    RECEIVED = "received", _("Processing")
    READY = "ready", _("Ready")
    HIDDEN = "hidden", _("Hidden")
    REFUSED = "refused", _("Refused")
    REMOVED = "removed", _("Removed")


SHOWN_STATES = [PhotoState.READY, PhotoState.HIDDEN]  # renditions exist: what staff see
HELD_STATES = [PhotoState.PENDING, PhotoState.RECEIVED, *SHOWN_STATES]  # the same bytes may be held once a gallery


class PickValue(models.TextChoices):
    YES = "yes", _("Selected")
    MAYBE = "maybe", _("Undecided")
    NO = "no", _("Dropped")


class ChooserRole(models.TextChoices):
    """main: submits and pays, one a gallery · co: marks · viewer: sees and says nothing."""

    MAIN = "main", _("Main chooser")
    CO = "co", _("Co-chooser")
    VIEWER = "viewer", _("Viewer")


class ReopeningState(models.TextChoices):
    """asked → approved (the gallery is open again) | declined | offered (a price) → agreed | refused; the customer may
    take it back until it is settled.
    """

    ASKED = "asked", _("Asked")
    APPROVED = "approved", _("Opened again")
    DECLINED = "declined", _("Declined")
    OFFERED = "offered", _("Price offered")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Price refused")
    WITHDRAWN = "withdrawn", _("Taken back")


class Wish(models.TextChoices):
    """What customers ask the retoucher for most, one tap each; a note's `tags` hold the values."""

    SLIM = "slim", _("Slimmer face")
    SPOTS = "spots", _("Remove spots")
    EYES = "eyes", _("Open closed eyes")
    PEOPLE = "people", _("Remove people behind")
    TEETH = "teeth", _("Whiter teeth")
    HAIR = "hair", _("Tidy hair")
    GLARE = "glare", _("Glare on glasses")
    SKIN = "skin", _("Smoother skin")
    BODY = "body", _("Slimmer figure")
    BACKGROUND = "background", _("Tidy the background")
    MOLES = "moles", _("Keep moles and dimples")
    NATURAL = "natural", _("Keep it natural")


def wish_labels(tags: Iterable[str]) -> list[str]:
    """Tags as people read them, in their language; what is no Wish is shown as it is."""
    return [str(Wish(tag).label) if tag in Wish else tag for tag in tags]


class Refused(models.TextChoices):
    """Why a file is not taken; the sentence is the choice's label."""

    NOT_AN_IMAGE = "not_an_image", _("Not a photograph that we can read.")
    TRUNCATED = "truncated", _("The file is incomplete; please upload it again.")
    TOO_LARGE = "too_large", _("The file is larger than 100 MB.")
    TOO_MANY_PIXELS = "too_many_pixels", _("The picture has more than 150 megapixels.")
    TOO_SMALL = "too_small", _("The picture is smaller than 200 pixels.")
    ANIMATED = "animated", _("The file holds several pictures.")
    DUPLICATE = "duplicate", _("This photograph is already in the gallery.")
    CHANGED = "changed", _("The stored bytes are not the ones announced; please upload it again.")
    EXPIRED = "expired", _("The upload was never finished.")
    BROKEN = "broken", _("Processing failed; the studio has been told.")
    NO_TARGET = "no_target", _("The photograph that it should replace is not there any more.")
    QUOTA = "quota", _("The studio's storage is full.")
    NOT_A_CLIP = "not_a_clip", _("Not an MP4 video that phones can play.")
    CLIP_CODEC = "clip_codec", _("Please export the video as H.264 with AAC sound: older phones cannot play this one.")
    CLIP_TOO_LARGE = "clip_too_large", _("The video is larger than 300 MB.")
