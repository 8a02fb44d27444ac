"""Which second steps somebody has, and losing them."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tenants.accounts.models import Passkey, RecoveryCode, TotpKey, User
from tenants.accounts.steps import recovery
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.passkeys import keys_of


@dataclass(frozen=True, slots=True)
class Steps:
    """What a person has set up."""

    app: TotpKey | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        return bool(self.app or self.passkeys)


def steps_of(user: Any) -> Steps:
    """Three small queries."""
    app = TotpKey.objects.filter(user=user, confirmed_at__isnull=False).first()
    return Steps(app, keys_of(user), recovery.left(user))


def has_step(user: Any) -> bool:
    """Whether a password alone does not let the user in."""
    return (
        TotpKey.objects.filter(user=user, confirmed_at__isnull=False).exists()
        or Passkey.objects.filter(user=user).exists()
    )


@transaction.atomic
def drop(*, user: Any, passkey: int = 0, is_needed: bool = False) -> None:
    """Give one second step up: the passkey, or the app. With the last one the recovery codes go too.

    StepRefused("step.none"), or "step.needed" when it is the last one and `is_needed`.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk))  # two clicks at once are counted
    rows: Any = Passkey.objects.filter(user=user, pk=passkey) if passkey else TotpKey.objects.filter(user=user)
    if not rows.delete()[0]:
        raise StepRefused("step.none")
    if not has_step(user):
        if is_needed:
            raise StepRefused("step.needed")
        RecoveryCode.objects.filter(user=user).delete()


@transaction.atomic
def forget_all(*, user: Any) -> bool:
    """Every second step of the user goes: the password alone lets them in. False when there was none."""
    gone = [rows.objects.filter(user=user).delete()[0] for rows in (TotpKey, Passkey, RecoveryCode)]
    return any(gone)
