"""Measurements of photographs, the staff's marks, looks, and how a gallery is arranged.

Beside `Photo` instead of on it: a customer's queries read none of it but the manifest's one join.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selection.culling.enums import DISTANCE, GAP_SECONDS, DisplayOrder, Flag


class PhotoFacts(models.Model):
    """What processing measured (`selection.sight`). A row of nulls: the bytes could not be read, do not try again."""

    photo = models.OneToOneField("selection.Photo", models.CASCADE, primary_key=True, related_name="facts")
    likeness = models.BigIntegerField(null=True, help_text="64-bit difference hash, signed")
    sharpness = models.FloatField(null=True, help_text="energy of the sharpest parts at 800 px; null: no such picture")
    blown = models.SmallIntegerField(null=True, help_text="per mille of pixels without any drawing in the lights")
    blocked = models.SmallIntegerField(null=True, help_text="per mille of pixels without any drawing in the shadows")
    objects: Any = models.Manager()

    class Meta:
        app_label = "selection"
        constraints = [
            models.CheckConstraint(
                name="facts_per_mille",
                condition=models.Q(blown__isnull=True) | models.Q(blown__range=(0, 1000), blocked__range=(0, 1000)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id}: {self.sharpness}"


class Look(models.Model):
    """One outfit or scene of the shoot: 主纱, 晚装, 外景."""

    gallery = models.ForeignKey("selection.Gallery", models.CASCADE, related_name="looks")
    name = models.CharField(_("Name"), max_length=30)
    position = models.IntegerField(default=0)
    objects: Any = models.Manager()

    class Meta:
        app_label = "selection"
        ordering = ["position", "pk"]
        verbose_name = _("Look")
        verbose_name_plural = _("Looks")
        constraints = [models.UniqueConstraint(fields=["gallery", "name"], name="look_name_once")]

    def __str__(self) -> str:
        return self.name


class PhotoMark(models.Model):
    """What staff said of a photograph; no row: nothing yet. Photo.state follows `flag` (verbs in culling.services).

    `stack` names a stack by its first photograph's number. One set by hand is left alone when stacks are built again.
    """

    photo = models.OneToOneField("selection.Photo", models.CASCADE, primary_key=True, related_name="mark")
    flag = models.CharField(max_length=6, choices=Flag, blank=True)
    stars = models.SmallIntegerField(default=0)
    is_recommended = models.BooleanField(_("Recommended"), default=False)
    look = models.ForeignKey(Look, models.SET_NULL, null=True, related_name="marks")
    stack = models.IntegerField(null=True)
    is_stacked_by_hand = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(null=True, help_text="when flag, stars or recommendation were last set")
    objects: Any = models.Manager()

    class Meta:
        app_label = "selection"
        constraints = [models.CheckConstraint(name="mark_stars_0_to_5", condition=models.Q(stars__range=(0, 5)))]

    def __str__(self) -> str:
        return f"{self.photo_id}: {self.flag or '-'} {self.stars}"


class Arrangement(models.Model):
    """How a gallery is shown; no row: by number, without a cover."""

    gallery = models.OneToOneField("selection.Gallery", models.CASCADE, primary_key=True, related_name="arrangement")
    order = models.CharField(_("Order"), max_length=6, choices=DisplayOrder, default=DisplayOrder.NUMBER)
    cover = models.ForeignKey("selection.Photo", models.SET_NULL, null=True, related_name="+")
    gap_seconds = models.IntegerField(default=GAP_SECONDS, help_text="of the stacks built last")
    distance = models.IntegerField(default=DISTANCE, help_text="of the stacks built last")
    objects: Any = models.Manager()

    class Meta:
        app_label = "selection"

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.order}"

    @property
    def event_stream(self) -> str:
        return f"gallery.{self.gallery_id}"

    @property
    def event_thread(self) -> str:
        """The photographs' own history: sorting must not drown the order's."""
        return f"photos.{self.gallery_id}"
