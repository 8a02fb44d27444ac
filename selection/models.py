"""Galleries, photographs, picks, slots and what is placed in them, notes, submissions."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import ROW_KINDS, SlotKind, SlotRatio
from core.kernel import rows
from core.kernel.codes import random_code
from core.kernel.sums import SumOfLines
from selection.culling.models import Arrangement, Look, PhotoFacts, PhotoMark
from selection.enums import SHOWN_STATES, ChooserRole, GalleryState, PickValue, wish_labels
from selection.files import StoredFile
from selection.pins import MOST as MOST_PINS
from selection.pins import Pin, pins_of

__all__ = [
    "SAYS_NOTHING",
    "Arrangement",
    "Chooser",
    "EntryPin",
    "Gallery",
    "GallerySlot",
    "Look",
    "OriginalAccess",
    "Photo",
    "PhotoFacts",
    "PhotoMark",
    "PhotoNote",
    "Pick",
    "PinDoor",
    "Placement",
    "Submission",
    "Suggestion",
    "SumOfLines",
    "locked",
]


class Gallery(models.Model):
    """The photographs of one shoot, offered to the order's customers under the order's frozen terms.

    The counts are kept exact by the verbs under this row's lock. `media_epoch` revokes every proof URL at once.
    """

    order = models.ForeignKey("core.Order", on_delete=models.PROTECT, related_name="galleries")
    code = models.CharField(max_length=16, unique=True, default=random_code)
    title = models.CharField(_("Title"), max_length=80)
    state = models.CharField(max_length=10, choices=GalleryState, default=GalleryState.DRAFT)
    included = models.IntegerField(_("Included quota"))
    extra_photo_minor = models.BigIntegerField(_("Price per extra photo"))
    retouched_tiers = models.JSONField(default=list, help_text="as core.catalog.pricing wants them")
    all_originals_minor = models.BigIntegerField(null=True, help_text="null: not offered")
    hard_limit = models.BooleanField(_("No extra photos"), default=False)
    deadline = models.DateField(_("Choose before"), null=True, blank=True)
    shares_marks = models.BooleanField(default=True, help_text="whether people who have not said so show their marks")
    media_epoch = models.IntegerField(default=1)
    photo_count = models.IntegerField(default=0, help_text="ready photographs")
    stored_bytes = models.BigIntegerField(default=0, help_text="originals, announced or stored, and renditions")
    next_number = models.IntegerField(default=1)
    rev = models.BigIntegerField(default=1, help_text="Grows with every change a screen must notice.")
    published_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Gallery")
        verbose_name_plural = _("Galleries")
        constraints = [
            models.CheckConstraint(
                name="gallery_terms_not_negative", condition=models.Q(included__gte=0, extra_photo_minor__gte=0)
            ),
            models.CheckConstraint(
                name="gallery_counts_not_negative", condition=models.Q(photo_count__gte=0, stored_bytes__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def event_stream(self) -> str:
        return f"gallery.{self.pk}"

    @property
    def event_thread(self) -> str:
        return f"order.{self.order_id}"


def locked(gallery_id: int) -> Gallery:
    """The gallery's row, locked until commit: whoever changes its photographs, picks or state holds it."""
    question = f"SELECT {rows.columns(Gallery, 'g')} FROM selection_gallery g WHERE id = %s"  # noqa: S608 (our own names)
    row = rows.run(f"{question} FOR NO KEY UPDATE", [gallery_id]).fetchone()
    if row is None:
        raise Gallery.DoesNotExist
    return rows.loaded(Gallery, row)


class Photo(StoredFile):
    """One photograph. `number` is neutral and never reused. The same bytes cannot be in a gallery twice.

    `original_key` is chosen by the server. `rendition_key` is the folder of its renditions and names their content,
    so a repeated job writes the same objects. `purge_at` says when the sweeper may delete the bytes.
    """

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="photos")
    size = models.BigIntegerField(help_text="bytes of the original")
    md5 = models.CharField(max_length=32, help_text="hex, announced by the browser and bound into the signature")
    rendition_rev = models.IntegerField(default=0, help_text="0: none yet; part of the proof URL")
    color = models.CharField(max_length=6, default="d9d3c9", help_text="dominant colour, hex")
    position = models.BigIntegerField(
        default=0, help_text="customers see them by position, number (selection.sequence)"
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        related_name="revisions",
        help_text="carries a new file for that photograph, afterwards its old one (selection.revisions)",
    )
    expires_at = models.DateTimeField(null=True, help_text="pending, received: when the sweeper looks")
    purge_at = models.DateTimeField(null=True, help_text="refused, removed: when the sweeper deletes the bytes")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Photograph")
        verbose_name_plural = _("Photographs")
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="photo_number_once"),
            models.UniqueConstraint(
                fields=["gallery", "md5", "size"],
                name="photo_bytes_once",
                condition=models.Q(state__in=["pending", "received", "ready", "hidden"]),
            ),
            models.CheckConstraint(name="photo_size_positive", condition=models.Q(size__gt=0)),
        ]
        indexes = [
            models.Index(
                fields=["gallery", "position", "number"], name="photo_ready", condition=models.Q(state="ready")
            ),
            models.Index(
                fields=["expires_at"], name="photo_waiting", condition=models.Q(state__in=["pending", "received"])
            ),
            models.Index(fields=["purge_at"], name="photo_to_purge", condition=models.Q(purge_at__isnull=False)),
        ]

    @property
    def is_shown(self) -> bool:
        """Whether staff see it as a picture (customers see `ready` ones only)."""
        return self.state in SHOWN_STATES


class Chooser(models.Model):
    """A person's seat in a gallery, with exact counts of what they said (kept under the gallery's lock).

    A seat alone opens nothing: its customer is on the order, or is a guest here (`is_guest`). `is_main` is PostgreSQL's
    own reading of `role`, so the two cannot disagree.
    """

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="choosers")
    customer = models.ForeignKey("core.Customer", on_delete=models.PROTECT, related_name="choosers")
    role = models.CharField(_("Role"), max_length=6, choices=ChooserRole, default=ChooserRole.CO)
    is_main = models.GeneratedField(
        expression=models.Q(role="main"),  # type: ignore[arg-type]  # the stubs do not know that a Q will do
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_guest = models.BooleanField(default=False, help_text="may come in although not on the order")
    called = models.CharField(max_length=60, blank=True, help_text="a guest's name as the one who invited wrote it")
    shares = models.BooleanField(null=True, help_text="whether others see the marks; null: as the gallery's default")
    yes = models.IntegerField(default=0)
    maybe = models.IntegerField(default=0)
    no = models.IntegerField(default=0)
    also_minor = models.BigIntegerField(default=0, help_text="what slots and all originals cost")
    wants_originals = models.BooleanField(default=False)
    mutes_suggestions = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gallery", "customer"], name="chooser_once"),
            models.UniqueConstraint(fields=["gallery"], name="chooser_one_main", condition=models.Q(role="main")),
            models.CheckConstraint(name="chooser_role_known", condition=models.Q(role__in=ChooserRole.values)),
            models.CheckConstraint(name="chooser_guest_never_main", condition=~models.Q(role="main", is_guest=True)),
            models.CheckConstraint(
                name="chooser_counts_not_negative", condition=models.Q(yes__gte=0, maybe__gte=0, no__gte=0)
            ),
            models.CheckConstraint(name="chooser_money_not_negative", condition=models.Q(also_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.gallery_id}"

    @property
    def name(self) -> str:
        """How the others read it."""
        return self.called or self.customer.name

    @property
    def may_mark(self) -> bool:
        return self.role != ChooserRole.VIEWER

    def shows_marks(self, gallery: Gallery) -> bool:
        """Whether the others may see what this person says. `gallery` is the seat's own, read not before the seat."""
        return gallery.shares_marks if self.shares is None else self.shares

    @property
    def event_stream(self) -> str:
        return f"gallery.{self.gallery_id}"

    @property
    def event_thread(self) -> str:
        return f"photos.{self.gallery_id}"


class EntryPin(models.Model):
    """Six digits that let one person into one gallery. Kept readable: staff show them again.

    They open nothing else, no money moves behind them, and wrong ones are counted (PinDoor).
    """

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="pins")
    chooser = models.OneToOneField(Chooser, on_delete=models.CASCADE, related_name="pin")
    digits = models.CharField(max_length=6)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gallery", "digits"], name="entry_pin_names_one")]

    def __str__(self) -> str:
        return f"pin of {self.chooser_id}"


class PinDoor(models.Model):
    """Wrong PINs at one gallery from one place; too many shut its PIN door for that place, for a while.

    A row without a `caller` counts those of everybody.
    """

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="pin_doors")
    caller = models.CharField(max_length=22, blank=True, help_text="hash of the address' neighbourhood")
    misses = models.SmallIntegerField(default=0)
    since = models.DateTimeField(help_text="of the first of these misses")
    shut_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gallery", "caller"], name="pin_door_once")]

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.misses}"


class Pick(models.Model):
    """What one person said of one photograph: one row for both. `seen` makes a repeated or late tap harmless."""

    # No index of their own: `pick_once` and `pick_by_value` begin with them, and every tap writes every index
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="picks", db_index=False)
    chooser = models.ForeignKey(Chooser, on_delete=models.CASCADE, related_name="picks", db_index=False)
    value = models.CharField(max_length=5, choices=PickValue, blank=True, help_text="blank: taken back")
    device = models.CharField(max_length=24, blank=True, help_text="who wrote last")
    seen = models.JSONField(default=dict, help_text="device → its last op here; an older op never overwrites a newer")
    at = models.DateTimeField(help_text="when it was tapped, by our clock")
    is_signed = models.BooleanField(db_default=False, help_text="in a part that was signed: it stays selected")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "chooser"], name="pick_once"),
            models.CheckConstraint(
                name="pick_signed_is_yes", condition=models.Q(is_signed=False) | models.Q(value="yes")
            ),
        ]
        indexes = [models.Index(fields=["chooser", "value"], name="pick_by_value")]

    def __str__(self) -> str:
        return f"{self.photo_id}: {self.value}"


class GallerySlot(models.Model):
    """A use of chosen photographs, copied from the order's frozen terms when the gallery is made.

    `number` (from 1) names it outside the database; 0 is the retouched photographs: the gallery's own columns.
    """

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="slots")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=12, choices=SlotKind)
    name = models.CharField(max_length=60)
    included = models.SmallIntegerField()
    minimum = models.SmallIntegerField(default=0)
    maximum = models.SmallIntegerField(null=True, help_text="no further photograph is taken; null: any number, priced")
    ratio = models.CharField(max_length=10, choices=SlotRatio, blank=True)
    extra_price_minor = models.BigIntegerField(default=0)
    tiers = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["gallery", "number"], name="gallery_slot_number_once"),
            models.CheckConstraint(
                name="gallery_slot_sound",
                condition=models.Q(
                    number__gt=0, included__gte=0, minimum__gte=0, extra_price_minor__gte=0, kind__in=ROW_KINDS
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """A photograph that a person put into a slot; taken out it stays as a row, so that late taps stay harmless.

    Only selected photographs are placed: taking a pick back takes its placements out.
    """

    slot = models.ForeignKey(GallerySlot, on_delete=models.CASCADE, related_name="placements")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="placements")
    chooser = models.ForeignKey(Chooser, on_delete=models.CASCADE, related_name="placements")
    is_in = models.BooleanField()
    device = models.CharField(max_length=24, blank=True, help_text="who wrote last")
    seen = models.JSONField(default=dict, help_text="device → its last op here")
    at = models.DateTimeField(help_text="when it was tapped, by our clock")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chooser", "slot", "photo"], name="placement_once")]

    def __str__(self) -> str:
        return f"{self.photo_id} in {self.slot_id}"


class Suggestion(models.Model):
    """A photograph that staff recommend, for a slot or (null) for retouching: shown as theirs, never as a pick."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="suggestions")
    slot = models.ForeignKey(GallerySlot, on_delete=models.CASCADE, null=True, related_name="suggestions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "slot"], name="suggestion_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} for {self.slot_id}"


SAYS_NOTHING = models.Q(text="", tags=[], pins=[])  # a note that was taken back


class SoundPins(models.Func):
    """Whether a note's pins can be drawn: at most five, each at x, y in thousandths of the picture, with a short text.

    Inside a CHECK, where no subquery may stand: what must not be there is looked for by a JSON path.
    """

    output_field = models.BooleanField()
    WRONG = (
        '$[*] ? (!(@.x.type() == "number" && @.x >= 0 && @.x <= 1000 && @.x.floor() == @.x'
        ' && @.y.type() == "number" && @.y >= 0 && @.y <= 1000 && @.y.floor() == @.y'
        ' && @.rev.type() == "number" && @.rev >= 1'
        ' && @.tag.type() == "string" && @.text.type() == "string" && @.text like_regex "^.{0,60}$" flag "s"))'
    )

    def as_sql(self, compiler: Any, *args: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]  # stubs
        column, params = compiler.compile(self.source_expressions[0])
        sql = (
            f"(CASE WHEN jsonb_typeof({column}) <> 'array' THEN false ELSE jsonb_array_length({column}) <= {MOST_PINS}"
            f" AND NOT jsonb_path_exists({column}, '{self.WRONG}') END)"
        )
        return sql, tuple(params) * 3


class PhotoNote(models.Model):
    """What a person asks the retoucher for on one photograph: words, wishes, and pins on the places that are meant.

    A pin stays where it was set and names the revision (`rev`) of the file on which it was (`selection.pins`).
    """

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="notes")
    chooser = models.ForeignKey(Chooser, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(_("Note"), max_length=500, blank=True)
    tags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    pins = models.JSONField(default=list, blank=True, help_text="[{x, y, tag, text, rev}]; numbered by their order")
    device = models.CharField(max_length=24, blank=True)
    seen = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "chooser"], name="note_once"),
            models.CheckConstraint(name="note_pins_sound", condition=SoundPins("pins")),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def wishes(self) -> list[str]:
        """The tags as people read them; a tag that is no Wish is shown as it is."""
        return wish_labels(self.tags)

    @property
    def pinned(self) -> list[Pin]:
        return pins_of(self.pins)


class Submission(models.Model):
    """A submitted selection, as accepted: picks, money, terms. Append-only; unlocking marks it reopened."""

    gallery = models.ForeignKey(Gallery, on_delete=models.PROTECT, related_name="submissions")
    chooser = models.ForeignKey(Chooser, on_delete=models.PROTECT, related_name="submissions")
    numbers = models.JSONField(help_text="[[photo number, file name], …] in number order")
    picked = models.IntegerField()
    included = models.IntegerField()
    extra = models.IntegerField()
    extra_photo_minor = models.BigIntegerField()
    extra_total_minor = models.BigIntegerField(help_text="everything to pay: the sum of the lines")
    lines = models.JSONField(default=list, help_text="the bill: slot, name, included, used, extra, steps, total_minor…")
    signed_name = models.CharField(max_length=60)
    drawing = models.JSONField(null=True, help_text="the signature's points where it was drawn (core.kernel.drawing)")
    note = models.TextField(blank=True)
    asides = models.JSONField(null=True, help_text="[{number, uses, tags, text, pins}] as signed (selection.evidence)")
    evidence = models.JSONField(default=dict, help_text="device, address, hash of the list")
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reopen_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gallery"], name="submission_one_standing", condition=models.Q(reopened_at__isnull=True)
            ),
            models.CheckConstraint(
                name="submission_money_exact",
                condition=models.Q(extra_total_minor=SumOfLines("lines"), extra_total_minor__gte=0, extra__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gallery_id}: {self.picked}"


class OriginalAccess(models.Model):
    """Who was given a link to an original, when (R150)."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Access to an original")

    def __str__(self) -> str:
        return f"{self.photo_id} by {self.user_id}"


import selection.album.models  # noqa: E402 (so that Django finds them; they name ours by string)
import selection.amendments  # noqa: E402 (as above)
import selection.delivery.models  # noqa: E402 (as above)
import selection.practice.models  # noqa: E402 (as above)
import selection.retouch.models  # noqa: E402 (as above)
import selection.rights.models  # noqa: E402 (as above)
import selection.sitting.models  # noqa: E402, F401 (as above; the last binding of `selection` stands for all)
