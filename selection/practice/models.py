"""What the practice data consists of: at most one set in a studio."""

from typing import Any

from django.db import models

from core.kernel import clock


class Practice(models.Model):
    """`made` {table: [primary keys]} · `counters` {table: {key: [before or null, after]}} · `keys` in storage."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    made = models.JSONField(default=dict)
    counters = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    gallery_code = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    objects: Any = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(name="practice_once", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"practice data of {self.made_at:%Y-%m-%d}"
