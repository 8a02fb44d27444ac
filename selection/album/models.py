"""Album proofs, their drafts, spreads and rounds, comments with pins, and the signature at the end.

Everything changes under the gallery row's lock. A spread's picture is a row of its own per version, so whatever was
said of it stays with the very picture that was looked at: a new draft keeps what it did not change.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from selection.album.enums import AlbumState, Outcome, Word
from selection.beyond import BeyondContract
from selection.files import StoredFile

STAFF: Any = settings.AUTH_USER_MODEL
CHOOSER = "selection.Chooser"


class AlbumProof(models.Model):
    """One album of a gallery. `number` (from 1) names it outside the database.

    `round`: the one at work or before the customer, from 1; it grows when they give a draft back.
    `rounds_included` is copied from the order's frozen terms.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.PROTECT, related_name="albums")
    number = models.SmallIntegerField()
    name = models.CharField(_("Album"), max_length=60)
    slot = models.ForeignKey("selection.GallerySlot", on_delete=models.PROTECT, null=True, related_name="albums")
    designer = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="albums")
    state = models.CharField(max_length=10, choices=AlbumState, default=AlbumState.DESIGNING)
    rounds_included = models.SmallIntegerField()
    round = models.SmallIntegerField(default=1)
    due_on = models.DateField(_("Due"), null=True)
    started_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    stop_reason = models.CharField(max_length=200, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Album layout proof")
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="albumproof_number_once"),
            models.CheckConstraint(
                name="albumproof_numbers_positive", condition=Q(number__gte=1, round__gte=1, rounds_included__gte=1)
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="albumproof_by_day")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_beyond(self) -> bool:
        """Whether the round at work is more than the contract includes."""
        return self.round > self.rounds_included

    @property
    def rounds(self) -> int:
        """Of how many rounds this is one, as people say it."""
        return max(self.round, self.rounds_included)


class AlbumDraft(models.Model):
    """A layout: which spreads in which order. One of an album is at work (not sent), one at most is before the customer
    (sent and not superseded). A sent one never changes; `digest` says what was shown.
    """

    album = models.ForeignKey(AlbumProof, on_delete=models.CASCADE, related_name="drafts")
    number = models.SmallIntegerField()
    round = models.SmallIntegerField(null=True, help_text="of the album when it was sent")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the list of spreads, see services")
    changed = models.SmallIntegerField(default=0, help_text="spreads that were new in it")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(CHOOSER, on_delete=models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    reminded = models.SmallIntegerField(default=0, help_text="of how many unanswered days the customer was told last")
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["album", "number"], name="albumdraft_number_once"),
            models.UniqueConstraint(fields=["album"], name="albumdraft_one_at_work", condition=Q(sent_at__isnull=True)),
            models.UniqueConstraint(
                fields=["album"],
                name="albumdraft_one_standing",
                condition=Q(sent_at__isnull=False, superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="albumdraft_sent_whole",
                condition=Q(sent_at__isnull=True, digest="", round__isnull=True, superseded_at__isnull=True)
                | (Q(sent_at__isnull=False, round__isnull=False) & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.album_id}: {self.number}"


class Spread(StoredFile):
    """The picture of a spread. It comes in as originals do (`selection.intake`), so its file columns are Photo's.

    `line` says which spread of the album it is whatever its place, `version` counts along the line; both are given
    when the file is ready. `meant`: the line for which the file was sent. `sent_in`: the first draft that showed it;
    before, only staff see it. `sha256` is of the file's bytes.
    """

    album = models.ForeignKey(AlbumProof, on_delete=models.CASCADE, related_name="spreads")
    gallery = models.ForeignKey("selection.Gallery", on_delete=models.CASCADE, related_name="spreads")
    line: Any = models.SmallIntegerField(null=True)
    version: Any = models.SmallIntegerField(null=True)
    meant = models.SmallIntegerField(null=True)
    sent_in = models.ForeignKey(AlbumDraft, on_delete=models.PROTECT, null=True, related_name="first_shown")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField()
    md5 = models.CharField(max_length=32)
    rendition_rev = models.IntegerField(default=0)
    color = models.CharField(max_length=6, default="d9d3c9")
    expires_at = models.DateTimeField(null=True)
    purge_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()
    src: str  # addresses, given by selectors
    proof: str

    class Meta:
        verbose_name = _("Spread")
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="spread_number_once"),
            models.UniqueConstraint(fields=["album", "line", "version"], name="spread_version_once"),
            models.UniqueConstraint(
                fields=["album", "md5", "size"],
                name="spread_bytes_once",
                condition=Q(state__in=["pending", "received", "ready"]),
            ),
            models.CheckConstraint(name="spread_size_positive", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="spread_sent_is_version",
                condition=Q(sent_in__isnull=True) | (Q(version__isnull=False, state="ready") & ~Q(sha256="")),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="spread_waiting", condition=Q(state__in=["pending", "received"])),
            models.Index(fields=["purge_at"], name="spread_to_purge", condition=Q(purge_at__isnull=False)),
        ]


class DraftPage(models.Model):
    """A spread in its place. `position` counts from 1 without gaps."""

    draft = models.ForeignKey(AlbumDraft, on_delete=models.CASCADE, related_name="pages")
    position = models.SmallIntegerField()
    spread = models.ForeignKey(Spread, on_delete=models.PROTECT, related_name="pages")
    objects: Any = models.Manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "position"], name="draftpage_place_once"),
            models.UniqueConstraint(fields=["draft", "spread"], name="draftpage_spread_once"),
            models.CheckConstraint(name="draftpage_from_one", condition=Q(position__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}#{self.position}"


class SpreadVerdict(models.Model):
    """What one person says of one version of a spread. A new one has none: a changed spread is looked at again."""

    spread = models.ForeignKey(Spread, on_delete=models.CASCADE, related_name="verdicts")
    chooser = models.ForeignKey(CHOOSER, on_delete=models.CASCADE, related_name="spread_verdicts")
    value = models.CharField(max_length=7, choices=Word)
    at = models.DateTimeField()
    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spread", "chooser"], name="spreadverdict_once")]

    def __str__(self) -> str:
        return f"{self.spread_id}: {self.value}"


class SpreadComment(models.Model):
    """Something said on a spread, with a pin (`x`, `y` in thousandths of the picture) or without; open until settled.

    With two photographs it is the wish to have `photo_out` replaced by `photo_in`. Written by a customer or by staff.
    `key` is the browser's: the same words sent twice are one comment.
    """

    album = models.ForeignKey(AlbumProof, on_delete=models.CASCADE, related_name="comments")
    spread = models.ForeignKey(Spread, on_delete=models.PROTECT, related_name="comments")
    chooser = models.ForeignKey(CHOOSER, on_delete=models.PROTECT, null=True, related_name="spread_comments")
    staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")
    x = models.SmallIntegerField(null=True)
    y = models.SmallIntegerField(null=True)
    text = models.CharField(_("Comment"), max_length=500, blank=True)
    photo_out = models.ForeignKey("selection.Photo", on_delete=models.PROTECT, null=True, related_name="+")
    photo_in = models.ForeignKey("selection.Photo", on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=40)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.CharField(_("Answer"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(CHOOSER, on_delete=models.PROTECT, null=True, related_name="+")
    settled_staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["album", "key"], name="spreadcomment_key_once"),
            models.UniqueConstraint(
                fields=["album", "photo_in"], name="spreadcomment_photo_wanted_once", condition=Q(settled_at=None)
            ),
            models.CheckConstraint(
                name="spreadcomment_one_author",
                condition=Q(chooser__isnull=False, staff__isnull=True) | Q(chooser__isnull=True, staff__isnull=False),
            ),
            models.CheckConstraint(
                name="spreadcomment_pin_inside",
                condition=Q(x__isnull=True, y__isnull=True)
                | Q(x__isnull=False, y__isnull=False, x__range=(0, 1000), y__range=(0, 1000)),
            ),
            models.CheckConstraint(
                name="spreadcomment_says_something",
                condition=(Q(photo_out__isnull=True, photo_in__isnull=True) & ~Q(text=""))
                | (Q(photo_out__isnull=False, photo_in__isnull=False) & ~Q(photo_out=models.F("photo_in"))),
            ),
            models.CheckConstraint(
                name="spreadcomment_settled_whole",
                condition=Q(settled_at__isnull=True, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def is_swap(self) -> bool:
        return self.photo_in_id is not None

    @property
    def left(self) -> str:
        """Where the pin is, as SVG takes it."""
        return f"{(self.x or 0) / 10:.1f}%"

    @property
    def top(self) -> str:
        return f"{(self.y or 0) / 10:.1f}%"


class AlbumGrant(BeyondContract):
    """A round of an album beyond the contract: waived or priced."""

    album = models.ForeignKey(AlbumProof, on_delete=models.CASCADE, related_name="grants")
    number = models.SmallIntegerField()
    granted_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["album", "number"], name="albumgrant_one_standing", condition=Q(declined_at__isnull=True)
            ),
            models.CheckConstraint(name="albumgrant_sound", condition=Q(price_minor__gte=0) & ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.album_id}#{self.number}: {self.price_minor}"


class AlbumApproval(models.Model):
    """The album as the customer approved it, once. Append-only."""

    album = models.OneToOneField(AlbumProof, on_delete=models.PROTECT, related_name="approval")
    draft = models.OneToOneField(AlbumDraft, on_delete=models.PROTECT, related_name="approval")
    chooser = models.ForeignKey(CHOOSER, on_delete=models.PROTECT, related_name="+")
    spreads = models.JSONField(help_text="[[position, line, version, file name, sha256], …] in order")
    signed_name = models.CharField(max_length=60)
    evidence = models.JSONField(default=dict, help_text="device, address, hash of the list")
    at = models.DateTimeField()
    objects: Any = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(name="albumapproval_is_signed", condition=~Q(signed_name=""))]

    def __str__(self) -> str:
        return f"{self.album_id}: {self.signed_name}"
