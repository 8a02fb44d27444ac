"""Studios (one schema each), their domains, and the state of each schema's migrations."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants import brand


class StudioStatus(models.TextChoices):
    BUILDING = "building", _("Being set up")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    RESTORING = "restoring", _("Being restored")


class StudioQuerySet(models.QuerySet):  # type: ignore[type-arg]  # no parameters at run time
    def active(self) -> "StudioQuerySet":
        return self.filter(status=StudioStatus.ACTIVE).order_by("pk")


class Studio(TenantMixin):
    """A chain that subscribes. `slug` is its address; `schema_name` follows from it and never changes afterwards."""

    brings = False  # whether this is a request's own copy, with settings.STUDIO_BRINGS (tenants.directory)
    limits: Any = None  # what a plan allows, once a request has asked (billing.selectors)

    auto_create_schema = False  # tenants.services.open_studio builds schemas
    auto_drop_schema = False  # a bulk delete must never drop data

    name = models.CharField(_("Studio name"), max_length=80)
    slug = models.SlugField(_("Address"), max_length=40, unique=True)
    status = models.CharField(max_length=12, choices=StudioStatus, default=StudioStatus.BUILDING)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    timezone = models.CharField(_("Time zone"), max_length=50, default="Asia/Shanghai")
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    brand_hue = models.SmallIntegerField(
        _("Brand hue"), null=True, blank=True, help_text=_("0–359; empty for cinnabar.")
    )
    logo = models.CharField(max_length=32, blank=True, help_text="digest of the picture; its files: core.studios.brand")
    is_settled = models.BooleanField(default=False, help_text="the owner has put the first steps away")
    closed_reason = models.CharField(_("Reason of closing"), max_length=200, blank=True)
    keeps_customers = models.BooleanField(
        _("Customers still reach their photos"), default=False, help_text=_("While the studio is suspended.")
    )
    closes_at = models.DateTimeField(_("Closes"), null=True, blank=True)
    erases_at = models.DateTimeField(_("Is erased"), null=True, blank=True)
    visited_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("While a support visit may last: pages say so for free.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    objects: Any = StudioQuerySet.as_manager()

    class Meta:
        verbose_name = _("Studio")
        verbose_name_plural = _("Studios")
        constraints = [
            models.CheckConstraint(
                name="studio_hue_in_circle",
                condition=models.Q(brand_hue__isnull=True) | models.Q(brand_hue__range=(0, 359)),
            ),
            models.CheckConstraint(
                name="studio_closes_before_erased",
                condition=models.Q(closes_at__isnull=True, erases_at__isnull=True)
                | models.Q(closes_at__isnull=False, erases_at__gte=models.F("closes_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> Any:
        raise TypeError("`with studio:` leaks between threads (tenancy.md A): use tenants.context.in_studio")

    def activate(self) -> None:
        raise TypeError("nothing would lead back (tenancy.md B): use tenants.context.in_studio")

    @property
    def url(self) -> str:
        """Origin of the studio's own host: `https://<slug>.<platform>`, with the platform's port."""
        scheme, _colon, rest = settings.PLATFORM_URL.partition("://")
        return f"{scheme}://{self.slug}.{rest}"

    @property
    def path_url(self) -> str:
        """The portal on the platform's host, without a slash at the end (WeChat)."""
        return f"{settings.PLATFORM_URL}/s/{self.slug}"

    @property
    def brand_tag(self) -> str:
        """Names the stylesheet of the studio's colour in its address: another colour, another address."""
        return brand.tag_of(self.brand_hue)

    @property
    def is_active(self) -> bool:
        return self.status == StudioStatus.ACTIVE

    @property
    def is_visited(self) -> bool:
        """Whether a support visit is under way."""
        return self.visited_until is not None and self.visited_until > timezone.now()

    @property
    def is_open_to_customers(self) -> bool:
        """Whether customers reach what they paid for: always, but where doors were shut on them too."""
        return self.is_active or (self.status == StudioStatus.SUSPENDED and self.keeps_customers)


class Domain(DomainMixin):
    """A host name that answers for a studio. A studio's own one does once DNS points to us (tenants.life.domains)."""

    is_own = models.BooleanField(_("The studio's own"), default=False)
    is_ready = models.BooleanField(_("Ready"), default=True)
    checked_at = models.DateTimeField(_("Checked"), null=True, blank=True)
    found = models.CharField(_("Points to"), max_length=253, blank=True)

    class Meta:
        verbose_name = _("Domain")
        verbose_name_plural = _("Domains")


class SchemaState(models.Model):
    """What the migration executor last did to a studio's schema: one row per studio, kept current by it alone."""

    studio = models.OneToOneField(Studio, on_delete=models.CASCADE, related_name="schema_state")
    fingerprint = models.CharField(max_length=64, help_text=_("Hash of the migrations that the schema holds."))
    error = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("Schema state")
        verbose_name_plural = _("Schema states")

    def __str__(self) -> str:
        return f"{self.studio_id}: {self.error or 'ok'}"


# Contents page: Django finds an app's models in its models module.
import tenants.life.models  # noqa: E402
import tenants.signup.models  # noqa: E402, F401
