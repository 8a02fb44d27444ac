"""What photographs and retouched files share: both came in by the uploader and were rendered."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selection.enums import PhotoState, Refused


class StoredFile(models.Model):
    """A file of a gallery. `original_key` is chosen by the server; `rendition_key` is the folder of its renditions.

    Size, MD5, revision, colour and the two deadlines stand in the models: they say different things there.
    """

    gallery_id: int  # the models name their own way back from the gallery
    number = models.IntegerField()
    file_name = models.CharField(_("File name"), max_length=200)
    state = models.CharField(max_length=10, choices=PhotoState, default=PhotoState.PENDING)
    refusal = models.CharField(max_length=20, choices=Refused, blank=True)
    content_type = models.CharField(max_length=40)
    original_key = models.CharField(max_length=200, unique=True)
    rendition_key = models.CharField(max_length=200, blank=True)
    rendition_bytes = models.BigIntegerField(default=0)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def event_stream(self) -> str:
        return f"gallery.{self.gallery_id}"

    @property
    def event_thread(self) -> str:
        """The photographs' own history: a thousand of them must not drown the order's."""
        return f"photos.{self.gallery_id}"
