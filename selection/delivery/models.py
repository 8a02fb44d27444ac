"""A gallery handed over: until when, what was granted beside the contract, what was fetched, and its story.

Where a delivery stands is its gallery's state (delivered, archived). Nothing here is ever deleted by archiving.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.people.devices import device_name
from selection.delivery.enums import Originals
from selection.files import StoredFile


class Delivery(models.Model):
    """One gallery's delivery. `until` is the last day of access, by the branch's calendar.

    `warned`: the tightest of WARN_DAYS of which the customers were told for this `until`.
    """

    gallery = models.OneToOneField("selection.Gallery", on_delete=models.PROTECT, related_name="delivery")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    check_note = models.CharField(_("Note"), max_length=200, blank=True)
    until = models.DateField(_("Access until"))
    warned = models.SmallIntegerField(null=True)
    delivered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Delivery")
        indexes = [models.Index(fields=["until"], name="delivery_until")]

    def __str__(self) -> str:
        return f"{self.gallery_id} until {self.until}"


class FileGrant(models.Model):
    """Originals beyond the contract, allowed by a manager with a reason. Append-only; the widest one counts."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="grants")
    originals = models.CharField(max_length=6, choices=Originals)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="filegrant_grants_something", condition=models.Q(originals__in=["chosen", "all"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.originals}"


class PreparedFile(models.Model):
    """What is known of an object's bytes: without its CRC no byte range of a ZIP could be made.

    `preview` is the folder of unmarked renditions (finals only). Keyed by the object, whose bytes never change.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.CASCADE, related_name="prepared_files")
    key = models.CharField(max_length=200, unique=True)
    size = models.BigIntegerField()
    crc32 = models.BigIntegerField()
    preview = models.CharField(max_length=200, blank=True)
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="prepared_file_sound", condition=models.Q(size__gt=0, crc32__gte=0, crc32__lt=2**32)
            )
        ]

    def __str__(self) -> str:
        return self.key


class Download(models.Model):
    """One answer of the download door (R150): who, what, from which byte, how far. `sent` is what we handed to the
    network; `finished_at` stays empty when it broke off.

    `what` is as in the address (`f12`, `zo2`); `etag` names the bytes, so that pieces of one file can be told together.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.CASCADE, related_name="downloads")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    etag = models.CharField(max_length=40)
    total = models.BigIntegerField()
    first = models.BigIntegerField(default=0)
    wanted = models.BigIntegerField()
    sent = models.BigIntegerField(default=0)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Download")
        constraints = [
            models.CheckConstraint(
                name="download_bytes_sound", condition=models.Q(first__gte=0, wanted__gte=0, sent__gte=0)
            )
        ]
        indexes = [models.Index(fields=["gallery", "-id"], name="download_newest")]

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.what}"

    @property
    def device(self) -> str:
        """The browser in two words; the whole of what it said when nothing is recognised."""
        return device_name(self.agent) or self.agent[:24]


class Story(models.Model):
    """The gallery told by the studio: a title, paragraphs, some of the finals (R157). `share_code` is a link that needs
    no login; empty while nobody shared it.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="story")
    title = models.CharField(_("Title"), max_length=80)
    text = models.TextField(_("Text"), max_length=8000, blank=True)
    numbers = models.JSONField(default=list, help_text="photograph numbers among the finals, in the story's order")
    poster = models.IntegerField(default=0, help_text="the final that stands for the clip; 0: the cover")
    share_code = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 (several are not shared)
    shared_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Story")

    def __str__(self) -> str:
        return self.title

    @property
    def shown_numbers(self) -> list[int]:
        """The photographs of the story's page: its own, and the clip's poster."""
        return list(dict.fromkeys([*self.numbers, *([self.poster] if self.poster else [])]))

    @property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs: empty lines part them."""
        return [part.strip() for part in self.text.replace("\r\n", "\n").split("\n\n") if part.strip()]


class Clip(StoredFile):
    """A video for the gallery's story: MP4, H.264, AAC or silent. One stands; those before it wait in the bin.

    Nothing is rendered from it: `rendition_rev` and what belongs to it stay empty.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.CASCADE, related_name="clips")
    size = models.BigIntegerField()
    md5 = models.CharField(max_length=32)
    rendition_rev = models.IntegerField(default=0)
    seconds = models.IntegerField(default=0)
    expires_at = models.DateTimeField(null=True, help_text="pending, received: when the sweeper looks")
    purge_at = models.DateTimeField(null=True, help_text="refused, removed: when the sweeper deletes the bytes")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Clip")
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="clip_number_once"),
            models.UniqueConstraint(fields=["gallery"], name="clip_one_stands", condition=models.Q(state="ready")),
            models.CheckConstraint(name="clip_size_positive", condition=models.Q(size__gt=0)),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], name="clip_waiting", condition=models.Q(state__in=["pending", "received"])
            ),
            models.Index(fields=["purge_at"], name="clip_to_purge", condition=models.Q(purge_at__isnull=False)),
        ]
