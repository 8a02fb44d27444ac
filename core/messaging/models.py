"""The outbox: a message is a row written in the business transaction; a job sends it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.messaging.enums import MessageState, Route, Template


class OutboxMessage(models.Model):
    """`dedupe_key` makes a repeated verb send once. `facts` are the template's variables; secrets are wiped after."""

    route = models.CharField(max_length=10, choices=Route)
    template = models.CharField(max_length=30, choices=Template)
    to = models.CharField(_("To"), max_length=120)
    language = models.CharField(max_length=10, default="zh-hans")
    facts = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="When a worker began the latest attempt.")
    error = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Message")
        verbose_name_plural = _("Messages")
        indexes = [models.Index(fields=["-id"], name="outbox_newest")]

    def __str__(self) -> str:
        return f"{self.template} → {self.to}"
