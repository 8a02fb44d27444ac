"""Branches."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Branch(models.Model):
    """A shop of the chain. `code` starts every order number and never changes once orders exist."""

    name = models.CharField(_("Branch name"), max_length=60, unique=True)
    code = models.CharField(
        _("Code"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,4}$", _("Two to four capital letters."))],
    )
    city = models.CharField(_("City"), max_length=40, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    timezone = models.CharField(_("Time zone"), max_length=50, default="Asia/Shanghai")
    position = models.SmallIntegerField(default=0)
    is_active = models.BooleanField(_("Open"), default=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Branch")
        verbose_name_plural = _("Branches")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def board_stream(self) -> str:
        """The event stream of this branch's board."""
        return f"board.{self.pk}"


class Logo(models.Model):
    """A logo that was in use at some time, named by its digest and kept: contracts are drawn again with theirs."""

    digest = models.CharField(max_length=32, primary_key=True)
    body = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Logo")

    def __str__(self) -> str:
        return self.digest
