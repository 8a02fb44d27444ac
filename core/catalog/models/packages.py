"""Packages: what is worked at (the draft) and the versions that were published (R097–R102)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.catalog import terms
from core.catalog.enums import ROW_KINDS, ProductKind, ShootKind, SlotKind, SlotRatio, Unit
from core.kernel import clock


class Package(models.Model):
    """What a customer can buy, as it is being worked at: the draft. Money in minor units.

    Customers and order taking see the latest `PackageVersion` only; orders freeze that version's terms.

    The retouched photographs are the package's own slot: `retouched_included`, `extra_photo_minor` and
    `retouched_tiers`; every other use of a photograph is a PackageSlot. Tiers: `core.catalog.pricing`.
    """

    name = models.CharField(_("Package name"), max_length=60, unique=True)
    kind = models.CharField(_("Kind of shoot"), max_length=12, choices=ShootKind, default=ShootKind.WEDDING)
    description = models.TextField(_("Description"), blank=True)
    price_minor = models.BigIntegerField(_("Price"))
    photos_taken = models.IntegerField(_("Photos taken"))
    retouched_included = models.IntegerField(_("Retouched photos included"))
    extra_photo_minor = models.BigIntegerField(_("Price per extra photo"))
    retouched_tiers = models.JSONField(default=list, help_text='[{"from": n-th extra, "price_minor": each}, …]')
    all_originals_minor = models.BigIntegerField(_("Price of all originals"), null=True, help_text="null: not offered")
    outfits = models.SmallIntegerField(_("Outfits"), default=1)
    scenes = models.SmallIntegerField(_("Scenes"), default=1)
    retouch_rounds = models.SmallIntegerField(_("Retouch rounds"), default=2)
    delivery_days = models.SmallIntegerField(_("Days from selection to delivery"), default=30)
    more = models.JSONField(default=dict, help_text="Further terms: keys of core.catalog.terms.MORE_DEFAULTS.")
    is_offered = models.BooleanField(_("On offer"), default=True)
    position = models.SmallIntegerField(default=0)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Package")
        verbose_name_plural = _("Packages")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="package_money_not_negative", condition=models.Q(price_minor__gte=0, extra_photo_minor__gte=0)
            ),
            models.CheckConstraint(
                name="package_included_within_taken",
                condition=models.Q(retouched_included__gte=0, photos_taken__gte=models.F("retouched_included")),
            ),
            models.CheckConstraint(
                name="package_originals_not_negative",
                condition=models.Q(all_originals_minor__isnull=True) | models.Q(all_originals_minor__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def terms(self) -> dict[str, Any]:
        """The draft's terms: plain JSON, complete without this row (core.catalog.terms). Three queries at most."""
        rows = {"products": self.products.all(), "extras": self.extras.all(), "slots": self.slots.all()}
        return terms.compose(self, **rows)

    @property
    def event_stream(self) -> str:
        return "catalog"

    @property
    def event_thread(self) -> str:
        return f"package.{self.pk}"


class PackageVersion(models.Model):
    """What was published: terms that never change again. Customers and order taking see the latest one."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    terms = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the terms (core.catalog.terms.digest).")
    published_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Published version")
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="package_version_once"),
            models.CheckConstraint(name="package_version_counts", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.terms['package']} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A version is written once."""
        if not self._state.adding:
            raise TypeError("a published version never changes")
        super().save(*args, **kwargs)


class PackageProduct(models.Model):
    """A product that the package contains."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="products")
    kind = models.CharField(_("Product"), max_length=12, choices=ProductKind)
    name = models.CharField(_("Name"), max_length=60)
    quantity = models.SmallIntegerField(_("Quantity"), default=1)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} ×{self.quantity}"


class PackageExtra(models.Model):
    """Something that costs extra, named before signing (R099). A bookable one is an add-on under its `code`, which
    stays the same from version to version.
    """

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="extras")
    code = models.CharField(max_length=24)
    name = models.CharField(_("Extra"), max_length=60)
    price_minor = models.BigIntegerField(_("Price"))
    unit = models.CharField(_("Counted"), max_length=8, choices=Unit, default=Unit.ONCE)
    most = models.SmallIntegerField(_("At most"), null=True)
    is_bookable = models.BooleanField(_("Can be booked with the order"), default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["package", "code"], name="package_extra_code_once"),
            models.CheckConstraint(name="package_extra_money_not_negative", condition=models.Q(price_minor__gte=0)),
            models.CheckConstraint(
                name="package_extra_most_sound", condition=models.Q(most__isnull=True) | models.Q(most__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def addon(self) -> dict[str, Any]:
        """The extra as `terms["addons"]` names it."""
        names = ("code", "name", "price_minor", "most")
        return {**{name: getattr(self, name) for name in names}, "unit": str(self.unit)}


class PackageSlot(models.Model):
    """A use of chosen photographs that the package contains: album pages, the cover, a frame…

    `included` photographs cost nothing, each further one up to `maximum` (null: no limit) its price; below `minimum`
    the slot counts as unfilled, and a required one then hinders submitting.
    """

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="slots")
    kind = models.CharField(_("Used for"), max_length=12, choices=SlotKind)
    name = models.CharField(_("Name"), max_length=60)
    included = models.SmallIntegerField(_("Included"), default=1)
    minimum = models.SmallIntegerField(_("At least"), default=0)
    maximum = models.SmallIntegerField(_("At most"), null=True)
    ratio = models.CharField(_("Shape"), max_length=10, choices=SlotRatio, blank=True)
    extra_price_minor = models.BigIntegerField(_("Each extra"), default=0)
    tiers = models.JSONField(default=list, help_text='[{"from": n-th extra, "price_minor": each}, …]')
    is_required = models.BooleanField(_("Must be filled"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="package_slot_kind_of_rows", condition=models.Q(kind__in=ROW_KINDS)),
            models.CheckConstraint(
                name="package_slot_numbers_sound",
                condition=models.Q(included__gte=0, minimum__gte=0, extra_price_minor__gte=0)
                & (
                    models.Q(maximum__isnull=True)
                    | models.Q(maximum__gte=models.F("included"), maximum__gt=0)
                    & models.Q(maximum__gte=models.F("minimum"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def terms(self) -> dict[str, Any]:
        """The slot as frozen on an order."""
        names = ("kind", "name", "included", "minimum", "maximum", "ratio", "extra_price_minor", "tiers", "is_required")
        return {name: getattr(self, name) for name in names}
