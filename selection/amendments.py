"""What is signed before the submission (parts of it) and what is changed after it (reopenings)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selection.enums import ReopeningState


class SubmissionPart(models.Model):
    """Some of the selected photographs, signed before the rest: they are settled, the gallery stays open.

    No money is asked for a part. `beyond` photographs of it, at `beyond_minor`, are more than the package includes; the
    submission, which contains every part, asks for everything once.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.PROTECT, related_name="parts")
    chooser = models.ForeignKey("selection.Chooser", on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    numbers = models.JSONField(help_text="[[photo number, file name], …] in number order")
    picked = models.IntegerField()
    beyond = models.IntegerField(default=0)
    beyond_minor = models.BigIntegerField(default=0)
    signed_name = models.CharField(max_length=60)
    drawing = models.JSONField(null=True, help_text="as a submission's")
    note = models.TextField(blank=True)
    asides = models.JSONField(null=True, help_text="as a submission's")
    evidence = models.JSONField(default=dict, help_text="device, address, hash of the list")
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reopen_reason = models.CharField(max_length=200, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Part of a selection")
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="part_number_once"),
            models.CheckConstraint(
                name="part_sound",
                condition=models.Q(picked__gt=0, beyond__gte=0, beyond_minor__gte=0, beyond__lte=models.F("picked")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gallery_id}: part {self.number}"


class Reopening(models.Model):
    """A customer's wish to change what they submitted, and what became of it.

    Free while nobody retouches: approving opens the gallery. Afterwards it is a change with a price: `add` and `drop`
    name the photographs, `uses` what fills which slot then. The customer signs exactly the studio's price and what the
    contract says of the uses, and `amended` is the submission that stands then.
    """

    gallery = models.ForeignKey("selection.Gallery", on_delete=models.PROTECT, related_name="reopenings")
    submission = models.ForeignKey("selection.Submission", on_delete=models.PROTECT, related_name="+")
    chooser = models.ForeignKey("selection.Chooser", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReopeningState, default=ReopeningState.ASKED)
    reason = models.CharField(_("Reason"), max_length=500)
    add = models.JSONField(default=list, help_text="numbers of photographs to come in")
    drop = models.JSONField(default=list, help_text="numbers of photographs to leave")
    uses = models.JSONField(default=list, help_text="[[slot, photo number, is in], …] (selection.rearranging)")
    asked_at = models.DateTimeField()
    answer = models.CharField(_("Answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    price_minor = models.BigIntegerField(null=True)
    uses_minor = models.BigIntegerField(default=0, help_text="what the uses added, as it was signed")
    settled_at = models.DateTimeField(null=True, help_text="the customer's last word: agreed, refused or taken back")
    agreed_name = models.CharField(max_length=60, blank=True)
    drawing = models.JSONField(null=True, help_text="as a submission's")
    evidence = models.JSONField(default=dict)
    amended = models.ForeignKey("selection.Submission", on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Request to reopen")
        constraints = [
            models.UniqueConstraint(
                fields=["gallery"], name="reopening_one_open", condition=models.Q(state__in=["asked", "offered"])
            ),
            models.CheckConstraint(
                name="reopening_price_told",
                condition=~models.Q(state__in=["offered", "agreed"])
                | models.Q(price_minor__isnull=False, price_minor__gte=0),
            ),
            models.CheckConstraint(name="reopening_uses_not_negative", condition=models.Q(uses_minor__gte=0)),
            models.CheckConstraint(
                name="reopening_agreed_signed",
                condition=~models.Q(state="agreed") | (~models.Q(agreed_name="") & models.Q(amended__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.state}"

    @property
    def total_minor(self) -> int:
        """What the customer signs: the studio's price, and the uses by contract."""
        return (self.price_minor or 0) + self.uses_minor

    @property
    def is_open(self) -> bool:
        return self.state in {ReopeningState.ASKED, ReopeningState.OFFERED}
