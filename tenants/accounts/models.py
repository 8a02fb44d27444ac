"""The user: a staff member in a studio's schema, a platform operator in `public`. No groups, no permission tables."""

import hashlib
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_operator=True, **fields)


class User(AbstractBaseUser):
    username = models.CharField(
        _("User name"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only."))],
    )
    name = models.CharField(_("Name"), max_length=60)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    is_active = models.BooleanField(_("May log in"), default=True)
    is_operator = models.BooleanField(default=False, help_text=_("Platform operator; means nothing inside a studio."))
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("Staff member")
        verbose_name_plural = _("Staff")

    def __str__(self) -> str:
        return self.name or self.username

    # Django admin's protocol; the admin exists on the platform host only.
    @property
    def is_staff(self) -> bool:
        return self.is_operator

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_operator

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_operator


class LoginSession(AbstractBaseSession):
    """A session; with a user it is a login, which the user sees and may end. The columns copy what the data say."""

    expire_date = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="logins")
    device = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text="masked: enough to recognise a place")
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Login")
        verbose_name_plural = _("Logins")
        indexes = [models.Index(fields=["expire_date"], name="login_session_expires")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from tenants.accounts.sessions import SessionStore

        return SessionStore

    @property
    def code(self) -> str:
        """Its name in forms: the key itself would be the way in."""
        return hashlib.sha256(f"login|{self.session_key}".encode()).hexdigest()[:20]


class TotpKey(models.Model):
    """The secret shared with an authenticator app; counts once confirmed. Of every half minute one code is taken."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="totp")
    secret = models.TextField(help_text="encrypted (tenants.crypto)")
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("Authenticator app")
        verbose_name_plural = _("Authenticator apps")

    def __str__(self) -> str:
        return f"totp of {self.user_id}"


class Passkey(models.Model):
    """A WebAuthn credential: `public` is its attested data, `host` where it may be used."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True)  # base64url of at most 1,023 bytes
    public = models.TextField()
    host = models.CharField(max_length=253)
    name = models.CharField(_("Name"), max_length=60)
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Passkey")
        verbose_name_plural = _("Passkeys")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A way in when phone and passkey are gone: eighty random bits, kept as a hash, good once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Recovery code")
        verbose_name_plural = _("Recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
