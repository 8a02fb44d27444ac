"""Long work on a studio, what was done to it by whom, support visits, and proofs of erasure. All in `public`."""

import secrets
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_code() -> str:
    return secrets.token_hex(6)


class TaskKind(models.TextChoices):
    EXPORT = "export", _("Export")
    RESTORE = "restore", _("Restore")
    ERASE = "erase", _("Erasure")


class TaskState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


READING = frozenset({"GET", "HEAD", "OPTIONS"})  # methods that look
OPEN_STATES = [str(TaskState.WAITING), str(TaskState.RUNNING)]


class StudioTask(models.Model):
    """A piece of long work. `schema` names the studio also when it does not exist yet, or any more.

    `options` what was asked for · `progress` where a new run goes on · `facts` what came out.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code)
    kind = models.CharField(_("Kind"), max_length=8, choices=TaskKind)
    state = models.CharField(_("State"), max_length=8, choices=TaskState, default=TaskState.WAITING)
    studio = models.ForeignKey("tenants.Studio", on_delete=models.SET_NULL, null=True, related_name="tasks")
    slug = models.CharField(_("Address"), max_length=40)
    schema = models.CharField(max_length=63)
    options = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    step = models.CharField(_("Step"), max_length=20, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    error = models.TextField(_("Error"), blank=True)
    asked_by = models.CharField(_("Asked by"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("Asked at"), default=timezone.now)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("Kept until"), null=True, blank=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Task")
        verbose_name_plural = _("Tasks")
        constraints = [
            models.UniqueConstraint(
                name="studio_task_one_open", fields=["schema"], condition=models.Q(state__in=OPEN_STATES)
            ),
        ]
        indexes = [models.Index(name="studio_task_newest", fields=["schema", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.slug} {self.code}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def percent(self) -> int:
        """0–100; 100 only when done."""
        if self.state == TaskState.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0


class StudioAct(models.Model):
    """The operation log of a studio's life (R194): never changed, kept after the studio is gone."""

    slug = models.CharField(_("Address"), max_length=40)
    verb = models.CharField(_("What"), max_length=40)
    actor = models.CharField(_("Who"), max_length=80)
    facts = models.JSONField(_("Details"), default=dict)
    at = models.DateTimeField(_("When"), default=timezone.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Act")
        verbose_name_plural = _("Acts")
        indexes = [models.Index(name="studio_act_newest", fields=["slug", "-at"])]

    def __str__(self) -> str:
        return f"{self.slug}: {self.verb}"


class ErasureCertificate(models.Model):
    """What was destroyed, counted before; `digest` is the SHA-256 of `facts` as canonical JSON."""

    code = models.CharField(max_length=12, unique=True, default=new_code)
    slug = models.CharField(_("Address"), max_length=40)
    name = models.CharField(_("Studio name"), max_length=80)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("When"), default=timezone.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Certificate of erasure")
        verbose_name_plural = _("Certificates of erasure")

    def __str__(self) -> str:
        return f"{self.slug} {self.code}"


class SupportVisit(models.Model):
    """An operator in a studio's console: asked for with a reason, for so many minutes, seen and ended by the owner."""

    code = models.CharField(max_length=12, unique=True, default=new_code)
    studio = models.ForeignKey("tenants.Studio", on_delete=models.CASCADE, related_name="support_visits")
    operator = models.CharField(_("Operator"), max_length=60)
    reason = models.CharField(_("Reason"), max_length=300)
    asked_at = models.DateTimeField(_("Asked at"), default=timezone.now)
    expires_at = models.DateTimeField(_("Ends by itself"))
    entered_at = models.DateTimeField(_("Entered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    ended_by = models.CharField(_("Ended by"), max_length=60, blank=True)
    may_write = models.BooleanField(_("May change things"), default=False, help_text=_("The owner said so, for this."))
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Support visit")
        verbose_name_plural = _("Support visits")
        indexes = [models.Index(name="support_visit_newest", fields=["studio", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="support_visit_has_reason", condition=~models.Q(reason="") & ~models.Q(operator="")
            ),
            models.CheckConstraint(name="support_visit_ends", condition=models.Q(expires_at__gt=models.F("asked_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.operator}: {self.reason}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()


class SupportStep(models.Model):
    """One request made during a visit; `status` is the HTTP answer, 0 while there is none."""

    visit = models.ForeignKey(SupportVisit, on_delete=models.CASCADE, related_name="steps")
    method = models.CharField(max_length=8)
    path = models.CharField(_("Page"), max_length=300)
    status = models.SmallIntegerField(default=0)
    at = models.DateTimeField(_("When"), default=timezone.now)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Page of a support visit")
        verbose_name_plural = _("Pages of support visits")
        indexes = [models.Index(name="support_step_in_order", fields=["visit", "at"])]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_act(self) -> bool:
        """Whether it could change something, and was let."""
        return self.method not in READING and not self.is_refused

    @property
    def is_refused(self) -> bool:
        return self.status in {403, 404, 405}
