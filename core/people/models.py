"""Staff memberships, customers, and the customer's way in by phone."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.people.enums import Channel, CodePurpose, InvitationState, Role


class Membership(models.Model):
    """A user's job in one branch, or in all of them (`branch` empty)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("Role"), max_length=24, choices=Role)
    branch = models.ForeignKey(
        "core.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )

    class Meta:
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "branch"], name="membership_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.branch_id or '*'}"


class SecondStepRule(models.Model):
    """Whoever has this job must log in with a second step, from that day on (tenants.accounts.steps)."""

    role = models.CharField(_("Role"), max_length=24, choices=Role, unique=True)
    since = models.DateField(_("From"))

    class Meta:
        verbose_name = _("Rule on second steps")
        verbose_name_plural = _("Rules on second steps")

    def __str__(self) -> str:
        return f"{self.role} from {self.since}"


class Invitation(models.Model):
    """Somebody may join with these jobs, by a link that works once. The link's token is kept as a keyed hash."""

    name = models.CharField(_("Name"), max_length=60)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    jobs = models.JSONField(help_text="[[role, branch id or null for every branch], …]")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invited_as"
    )

    class Meta:
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=models.Q(revoked_at__isnull=True) | models.Q(accepted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_joined_as_somebody",
                condition=models.Q(accepted_at__isnull=True, user__isnull=True)
                | models.Q(accepted_at__isnull=False, user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.name}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.OPEN if self.expires_at > clock.now() else InvitationState.EXPIRED

    @property
    def memberships(self) -> list[tuple[str, int | None]]:
        return [(role, branch) for role, branch in self.jobs]

    @property
    def event_stream(self) -> str:
        return "staff"

    @property
    def event_thread(self) -> str:
        return "staff.invitations"


class Customer(models.Model):
    """One person for all branches (R070–R074). `phone` is E.164 and unique in the studio."""

    name = models.CharField(_("Name"), max_length=60)
    phone = models.CharField(_("Phone"), max_length=20, unique=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    birthday = models.DateField(_("Birthday"), null=True, blank=True)
    city = models.CharField(_("City"), max_length=40, blank=True)
    source = models.CharField(_("Source channel"), max_length=20, choices=Channel, default=Channel.WALK_IN)
    tags = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("Tags"))
    note = models.TextField(_("Note"), blank=True)
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("Customer")
        verbose_name_plural = _("Customers")
        indexes = [models.Index(fields=["-created_at"], name="customer_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def event_stream(self) -> str:
        return f"customer.{self.pk}"

    @property
    def event_thread(self) -> str:
        return f"customer.{self.pk}"


class PhoneCode(models.Model):
    """A one-time code sent to a phone, or to a colleague's e-mail: kept as a keyed hash, five tries, minutes, once."""

    phone = models.CharField(max_length=254)
    purpose = models.CharField(max_length=8, choices=CodePurpose, default=CodePurpose.LOGIN)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone", "-id"], name="phone_code_latest")]

    def __str__(self) -> str:
        return f"code for …{self.phone[-4:]}"


class CustomerSession(models.Model):
    """A customer logged in on a device. The cookie holds the token; the row holds its keyed hash and can be revoked."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=200, blank=True)
    only = models.CharField(max_length=40, blank=True, help_text="the one object it opens (tenants.access); empty: all")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    openids = models.JSONField(default=dict, help_text="app id → openid of the WeChat account in this browser")

    class Meta:
        verbose_name = _("Customer session")

    def __str__(self) -> str:
        return f"{self.customer_id} on {self.device[:30]}"
