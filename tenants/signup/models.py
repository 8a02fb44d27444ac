"""A sign-up on its way: the code that was sent to its owner, and the one studio that it opens. In `public`."""

from typing import Any

from django.db import models
from django.utils import timezone


class SignUp(models.Model):
    """Named by the key in the visitor's draft. Who they are is not kept here: hashes only, for a day.

    While a studio is being built its row is locked; `studio` is set in the transaction that opens it.
    """

    key = models.CharField(max_length=32, unique=True)
    contact_hash = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    studio = models.OneToOneField("tenants.Studio", on_delete=models.CASCADE, null=True, related_name="sign_up")
    created_at = models.DateTimeField(default=timezone.now)
    objects: Any = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="signup_by_age")]
        constraints = [
            models.CheckConstraint(
                name="signup_opens_when_verified",
                condition=models.Q(studio__isnull=True) | models.Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key
