"""Consents to publish, their taking back, and the sample library's photographs.

Consents and revocations are append-only: what was agreed, and when it ended, stays readable for good.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.codes import random_code
from selection.rights.enums import Children, Purpose, SampleKind, Scope, Season, labels


class Consent(models.Model):
    """A customer's signed consent to publish a list of photographs for named purposes, until a day."""

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.PROTECT, related_name="consents")
    chooser = models.ForeignKey("selection.Chooser", on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=8, choices=Scope)
    numbers = models.JSONField(help_text="[[photo number, file name], …] in number order, as signed")
    purposes = ArrayField(models.CharField(max_length=8, choices=Purpose))
    children = models.CharField(max_length=8, choices=Children)
    until = models.DateField(null=True, help_text="its last day; null: until it is taken back")
    wording = models.CharField(max_length=12, help_text="version of the declaration")
    signed_name = models.CharField(max_length=60)
    drawing = models.JSONField(null=True, help_text="the signature's points where it was drawn (core.kernel.drawing)")
    evidence = models.JSONField(default=dict, help_text="device, address, language, hash of the list and the wording")
    at = models.DateTimeField()
    objects: Any = models.Manager()
    revocation: Any  # the reverse of ConsentRevocation.consent, where there is one

    class Meta:
        verbose_name = _("Consent to publish")
        constraints = [
            models.CheckConstraint(
                name="consent_says_what_for",
                condition=models.Q(purposes__len__gte=1, purposes__contained_by=Purpose.values),
            ),
            models.CheckConstraint(name="consent_is_signed", condition=~models.Q(signed_name="")),
        ]

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.signed_name}"

    @property
    def purpose_labels(self) -> list[str]:
        return labels(Purpose, self.purposes)

    @property
    def is_revoked(self) -> bool:
        return hasattr(self, "revocation")

    def stands(self, today: dt.date) -> bool:
        """Whether it counts on this day."""
        return not self.is_revoked and (self.until is None or self.until >= today)


class ConsentPhoto(models.Model):
    """One photograph that a consent covers. A sample points here, so none can be without."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="photos")
    photo = models.ForeignKey("selection.Photo", on_delete=models.CASCADE, related_name="consents")
    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consent", "photo"], name="consentphoto_once")]

    def __str__(self) -> str:
        return f"{self.consent_id}: {self.photo_id}"


class ConsentRevocation(models.Model):
    """A consent taken back, by anybody of the order. `noted_at`: a colleague has read it."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revocation")
    chooser = models.ForeignKey("selection.Chooser", on_delete=models.PROTECT, related_name="+")
    samples = models.IntegerField(help_text="photographs that left the library by it")
    evidence = models.JSONField(default=dict, help_text="device, address")
    at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="revocation_unread", condition=models.Q(noted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} taken back"


class Release(models.Model):
    """What the studio declares of works of its own: whose they are, how it may show them, where the proof lies.

    Nothing but the end is ever changed. `event_stream` is the branch's board, whose people keep the library.
    """

    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="releases")
    whose = models.CharField(_("Whose"), max_length=80, help_text="photographer, and everybody who is on them")
    evidence = models.CharField(_("Evidence"), max_length=300, help_text="where the signed release is kept")
    purposes = ArrayField(models.CharField(max_length=8, choices=Purpose))
    until = models.DateField(null=True, help_text="its last day; null: no end")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Release")
        constraints = [
            models.CheckConstraint(
                name="release_says_what_for",
                condition=models.Q(purposes__len__gte=1, purposes__contained_by=Purpose.values),
            ),
            models.CheckConstraint(name="release_is_declared", condition=~models.Q(whose="") & ~models.Q(evidence="")),
        ]

    def __str__(self) -> str:
        return self.whose

    @property
    def purpose_labels(self) -> list[str]:
        return labels(Purpose, self.purposes)

    @property
    def event_stream(self) -> str:
        return f"board.{self.branch_id}"

    @property
    def event_thread(self) -> str:
        return f"release.{self.pk}"


class OwnWork(models.Model):
    """A work of the studio in the library: its two marked pictures. The original stays where the studio keeps it."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="works")
    file_name = models.CharField(max_length=200)
    rendition_key = models.CharField(max_length=200)
    width = models.IntegerField()
    height = models.IntegerField()
    objects: Any = models.Manager()

    def __str__(self) -> str:
        return self.file_name


class Sample(models.Model):
    """A photograph in the sample library, by the consent that covers it, or a work of the studio's own by its release.
    One that left it stays as a row.

    `look`, `season`, `words` are copies for searching; the picture itself is looked up when it is shown.
    """

    code = models.CharField(max_length=16, unique=True, default=random_code)
    covered: Any = models.ForeignKey(ConsentPhoto, on_delete=models.CASCADE, null=True, related_name="samples")
    photo: Any = models.ForeignKey("selection.Photo", on_delete=models.CASCADE, null=True, related_name="samples")
    work: Any = models.OneToOneField(OwnWork, on_delete=models.PROTECT, null=True, related_name="sample")
    branch = models.ForeignKey("core.Branch", on_delete=models.PROTECT, related_name="samples")
    kind = models.CharField(max_length=8, choices=SampleKind)
    look = models.CharField(max_length=60, blank=True)
    season = models.CharField(max_length=8, choices=Season, blank=True)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    words = models.TextField(blank=True, help_text="look, tags and package in small letters")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: by revocation"
    )
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Sample")
        constraints = [
            models.UniqueConstraint(fields=["photo"], name="sample_once", condition=models.Q(removed_at__isnull=True)),
            models.CheckConstraint(
                name="sample_is_allowed_by_one",
                condition=models.Q(covered__isnull=False, photo__isnull=False, work__isnull=True)
                | models.Q(covered__isnull=True, photo__isnull=True, work__isnull=False),
            ),
        ]
        indexes = [
            GinIndex(fields=["tags"], name="sample_tags"),
            models.Index(
                fields=["branch", "-added_at"], name="sample_newest", condition=models.Q(removed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def purpose_labels(self) -> list[str]:
        """What it may be used for, as people read it."""
        return (self.work.release if self.work_id else self.covered.consent).purpose_labels  # type: ignore[no-any-return]
