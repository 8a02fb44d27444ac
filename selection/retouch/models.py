"""Retouch jobs, their rounds, finals, verdicts, and the signature at the end.

Where a job stands is its gallery's state; a job knows who, which round, and until when.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selection.beyond import BeyondContract
from selection.files import StoredFile
from selection.retouch.enums import Doubt, Verdict


class RetouchJob(models.Model):
    """The retouching of one submission. `round` is the one at work or before the customer, from 1.

    `rounds_included` is copied from the order's frozen terms. A stopped job is history; a gallery has one that is not.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.PROTECT, related_name="retouch_jobs")
    submission = models.ForeignKey("selection.Submission", on_delete=models.PROTECT, related_name="+")
    retoucher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="retouch_jobs")
    rounds_included = models.SmallIntegerField()
    round = models.SmallIntegerField(default=1)
    due_on = models.DateField(_("Due"), null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=200, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Retouch job")
        constraints = [
            models.UniqueConstraint(
                fields=["gallery"], name="retouchjob_one_at_work", condition=models.Q(stopped_at__isnull=True)
            ),
            models.CheckConstraint(
                name="retouchjob_rounds_positive", condition=models.Q(round__gte=1, rounds_included__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.round}/{self.rounds_included}"

    @property
    def is_beyond(self) -> bool:
        """Whether the round at work is more than the contract includes."""
        return self.round > self.rounds_included


class RetouchRound(models.Model):
    """Finals before the customer, once. `accepted` and `changed` are counted when they give it back or sign."""

    job = models.ForeignKey(RetouchJob, on_delete=models.CASCADE, related_name="rounds")
    number = models.SmallIntegerField()
    photos = models.IntegerField(help_text="finals that were new in this round")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    accepted = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="retouchround_once"),
            models.UniqueConstraint(
                fields=["job"], name="retouchround_one_open", condition=models.Q(returned_at__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["returned_at"], name="retouchround_returned")]

    def __str__(self) -> str:
        return f"{self.job_id}#{self.number}"


class RoundGrant(BeyondContract):
    """A round beyond the contract: waived or priced."""

    job = models.ForeignKey(RetouchJob, on_delete=models.CASCADE, related_name="grants")
    number = models.SmallIntegerField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "number"], name="roundgrant_one_standing", condition=models.Q(declined_at__isnull=True)
            ),
            models.CheckConstraint(name="roundgrant_price_not_negative", condition=models.Q(price_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}#{self.number}: {self.price_minor}"


class FinalVersion(StoredFile):
    """A retouched file. It comes in as originals do (`selection.intake`), so its file columns are Photo's.

    `number` is drawn from the gallery's, so no photograph has it. `photo` is empty while nobody knows which is meant
    (`doubt` says why). `version` counts per photograph from 1, given when the file is ready; the highest is the final.
    `sent_in`: the first round that showed it; before, only staff see it.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.CASCADE, related_name="finals")
    photo: Any = models.ForeignKey("selection.Photo", on_delete=models.CASCADE, null=True, related_name="finals")
    version: Any = models.SmallIntegerField(null=True)
    doubt = models.CharField(max_length=10, choices=Doubt, blank=True)
    candidates = models.JSONField(default=list, help_text="numbers of photographs that the name may mean")
    sent_in = models.ForeignKey(RetouchRound, on_delete=models.PROTECT, null=True, related_name="finals")
    is_dropped = models.BooleanField(db_default=False, help_text="its photograph left the list; kept, shown no more")
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
        verbose_name = _("Final")
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="final_number_once"),
            models.UniqueConstraint(fields=["photo", "version"], name="final_version_once"),
            models.UniqueConstraint(
                fields=["gallery", "md5", "size"],
                name="final_bytes_once",
                condition=models.Q(state__in=["pending", "received", "ready"]),
            ),
            models.CheckConstraint(name="final_size_positive", condition=models.Q(size__gt=0)),
            models.CheckConstraint(
                name="final_version_of_photo", condition=models.Q(version__isnull=True) | models.Q(photo__isnull=False)
            ),
            models.CheckConstraint(
                name="final_sent_is_version", condition=models.Q(sent_in__isnull=True) | models.Q(version__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], name="final_waiting", condition=models.Q(state__in=["pending", "received"])
            ),
            models.Index(fields=["purge_at"], name="final_to_purge", condition=models.Q(purge_at__isnull=False)),
        ]


class FinalVerdict(models.Model):
    """What one person says of one version. A new version has none: it is always looked at again; old ones stay."""

    final = models.ForeignKey(FinalVersion, on_delete=models.CASCADE, related_name="verdicts")
    chooser = models.ForeignKey("selection.Chooser", on_delete=models.CASCADE, related_name="verdicts")
    value = models.CharField(max_length=6, choices=Verdict)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    at = models.DateTimeField()
    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["final", "chooser"], name="verdict_once"),
            models.CheckConstraint(
                name="verdict_change_says_what", condition=models.Q(value="accept") | ~models.Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.final_id}: {self.value}"


class SignOff(models.Model):
    """The finals as the customer accepted them. Append-only."""

    job = models.OneToOneField(RetouchJob, on_delete=models.PROTECT, related_name="sign_off")
    chooser = models.ForeignKey("selection.Chooser", on_delete=models.PROTECT, related_name="+")
    round = models.SmallIntegerField()
    finals = models.JSONField(help_text="[[photo number, file name, version, md5], …] in number order")
    signed_name = models.CharField(max_length=60)
    evidence = models.JSONField(default=dict, help_text="device, address, hash of the list")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job_id}: {self.signed_name}"
