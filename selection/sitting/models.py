"""Sittings: a large screen in the branch and the customer's phone on one gallery."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

MOST_SHOWN = 4


class Sitting(models.Model):
    """One adviser's guided choosing with a customer. `photos` is what is held up to the customer now, by number.

    `shows` counts how often something was held up: a phone knows by it whether it has seen the latest.
    """

    gallery = models.ForeignKey("selection.Gallery", models.CASCADE, related_name="sittings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    photos = ArrayField(models.IntegerField(), default=list, blank=True)
    shows = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="forgotten sittings end by themselves, hours after this")
    ended_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        app_label = "selection"
        constraints = [
            models.UniqueConstraint(
                fields=["gallery"], name="sitting_one_at_a_time", condition=models.Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="sitting_shows_few", condition=models.Q(photos__len__lte=MOST_SHOWN)),
        ]

    def __str__(self) -> str:
        return f"{self.gallery_id} since {self.started_at}"

    @property
    def event_stream(self) -> str:
        return f"gallery.{self.gallery_id}"

    @property
    def event_thread(self) -> str:
        """The photographs' own history: what was held up belongs there, begin and end on the order's."""
        return f"photos.{self.gallery_id}"
