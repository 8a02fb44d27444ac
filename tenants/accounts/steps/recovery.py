"""Recovery codes: ten at a time, eighty bits each, shown once, kept as hashes."""

import base64
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tenants.accounts.models import RecoveryCode
from tenants.accounts.steps.errors import StepRefused

COUNT = 10
LETTERS = 16


@transaction.atomic
def renew(*, user: Any) -> list[str]:
    """Ten new codes, to be shown now and never again; the former ones are worthless."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [_new() for _ in range(COUNT)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return codes


def spend(*, user: Any, code: str) -> None:
    """Use a code up. StepRefused("step.wrong"): it is none of the user's, or was used."""
    mine = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at=None)
    if not mine.update(used_at=timezone.now()):
        raise StepRefused("step.wrong")


def left(user: Any) -> int:
    """How many codes are still good."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _new() -> str:
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, LETTERS, 4))


def tidy(code: str) -> str:
    """As it was made, however it was typed: capitals, spaces and dashes say nothing."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _digest(user: Any, code: str) -> str:
    """Keyed by the installation; not by the schema, so that a restored studio's people can use theirs."""
    return salted_hmac("tenants.accounts.recovery", f"{user.pk}|{tidy(code)}", algorithm="sha256").hexdigest()
