"""Codes of an authenticator app (RFC 6238): six digits, half a minute, one before and one after are taken too."""

import hmac
import time
from typing import Any

import pyotp
import segno
from django.db import transaction
from django.utils import timezone

from tenants import crypto
from tenants.accounts.models import TotpKey
from tenants.accounts.steps.errors import StepRefused

PURPOSE = "totp"
SECONDS = 30
DRIFT = 1  # half minutes that a phone's clock may be wrong


@transaction.atomic
def begin(*, user: Any) -> TotpKey:
    """A new secret, which counts once `confirm` has seen a code of it. StepRefused("step.many"): there is one already.

    The former one, if it was never confirmed, is gone.
    """
    key, _new = TotpKey.objects.get_or_create(user=user, defaults={"secret": ""})
    key = TotpKey.objects.select_for_update().get(pk=key.pk)
    if key.confirmed_at:
        raise StepRefused("step.many")
    key.secret = crypto.encrypt(PURPOSE, pyotp.random_base32().encode())
    key.last_step = 0
    key.save(update_fields=["secret", "last_step"])
    return key


def confirm(*, user: Any, code: str) -> None:
    """The app is set up: it gave a code. StepRefused("step.wrong" | "step.used" | "step.none")."""
    key = TotpKey.objects.filter(user=user, confirmed_at=None).first()
    if key is None:
        raise StepRefused("step.none")
    _take(key, code)
    TotpKey.objects.filter(pk=key.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def spend(*, user: Any, code: str) -> None:
    """A code of the user's app. StepRefused("step.wrong" | "step.used" | "step.none")."""
    key = TotpKey.objects.filter(user=user, confirmed_at__isnull=False).first()
    if key is None:
        raise StepRefused("step.none")
    _take(key, code)


def _take(key: TotpKey, code: str) -> None:
    """A half minute is taken by one conditional update: of two that send the same code one gets in."""
    step = _step_of(secret_of(key), code)
    if step is None:
        raise StepRefused("step.wrong")
    if not TotpKey.objects.filter(pk=key.pk, last_step__lt=step).update(last_step=step):
        raise StepRefused("step.used")


def _step_of(secret: str, code: str) -> int | None:
    """The half minute that the code belongs to; all are compared, so that time tells nothing."""
    app, now, found = pyotp.TOTP(secret), int(time.time()) // SECONDS, None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(app.at(step * SECONDS), code):
            found = step
    return found


def begun_by(user: Any) -> TotpKey | None:
    """The key that the user's app has still to give a code of."""
    return TotpKey.objects.select_related("user").filter(user=user, confirmed_at=None).first()


def secret_of(key: TotpKey) -> str:
    return crypto.decrypt(PURPOSE, key.secret).decode()


def address_of(key: TotpKey, issuer: str) -> str:
    """What the app reads from the square (otpauth://)."""
    return pyotp.TOTP(secret_of(key)).provisioning_uri(name=key.user.username, issuer_name=issuer)


def square_of(address: str) -> str:
    """The square as an image in the page."""
    return str(segno.make(address, micro=False, error="m").png_data_uri(scale=5, border=2))


def rekey_from(former_schema: str) -> None:
    """In a restored copy: hide the secrets under the copy's own key."""
    for key in TotpKey.objects.all():
        plain = crypto.decrypt(PURPOSE, key.secret, former_schema)
        TotpKey.objects.filter(pk=key.pk).update(secret=crypto.encrypt(PURPOSE, plain))
