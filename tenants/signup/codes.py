"""Six digits prove that the owner can be reached: kept as a keyed hash, five tries, ten minutes, once."""

import datetime as dt
import logging
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string

from tenants.context import in_public
from tenants.jobs import periodic_once
from tenants.signup import limits
from tenants.signup.contact import Contact
from tenants.signup.models import SignUp

log = logging.getLogger(__name__)
MINUTES = 10
TRIES = 5
PAUSE = 60  # seconds between two codes
KEPT = dt.timedelta(days=1)


class CodeRefused(Exception):
    """`code`: too_often (wait) | not_sent | wrong (left) | expired | too_many_tries."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def send_code(*, key: str, contact: Contact, address: str, language: str) -> None:
    """A new code for the sign-up, sent by settings.SIGNUP_CODE_SENDER; none when one went there within the last minute
    (a double click) or this contact is proved already.

    Limits: per contact, per client address, and for the whole platform. Raises CodeRefused too_often | not_sent.
    """
    code = _new_code()
    with in_public(), transaction.atomic():
        SignUp.objects.get_or_create(key=key)
        row = SignUp.objects.select_for_update().get(key=key)
        if _is_for(row, contact) and (row.verified_at or wait_of(row)):
            return
        if not _may_send(contact, address):
            raise CodeRefused("too_often", wait=PAUSE)
        now = timezone.now()
        row.contact_hash, row.code_hash = _hash("contact", contact.to), _hash(key, f"{contact.to}|{code}")
        row.sent_at, row.expires_at, row.tries = now, now + dt.timedelta(minutes=MINUTES), 0
        row.verified_at = None
        row.save()
    told = {"code": code, "minutes": MINUTES, "language": language, "key": f"signup.{row.pk}.{int(now.timestamp())}"}
    try:
        import_string(settings.SIGNUP_CODE_SENDER)(route=contact.route, to=contact.to, **told)
    except Exception as error:
        log.exception("sign-up code not sent")
        with in_public():
            SignUp.objects.filter(pk=row.pk).update(sent_at=None)  # the next try need not wait
        raise CodeRefused("not_sent") from error


def check_code(*, key: str, contact: Contact, code: str, address: str) -> None:
    """Spend a try; every one counts and is committed, but for the same one sent twice at once.

    Right: the sign-up is verified. Raises CodeRefused.
    """
    if not limits.allows("guess", address):
        raise CodeRefused("too_often", wait=PAUSE)
    refused = _spend_try(key, contact, code)
    if refused is not None:
        raise refused


def sign_up_of(key: str, contact: Contact) -> SignUp | None:
    """The sign-up's row, if a code was made for this contact."""
    with in_public():
        row = SignUp.objects.filter(key=key).first()
    return row if row is not None and _is_for(row, contact) else None


def wait_of(row: SignUp | None) -> int:
    """Seconds until another code may be asked for."""
    if row is None or row.sent_at is None:
        return 0
    return max(0, PAUSE - int((timezone.now() - row.sent_at).total_seconds()))


@periodic_once(cron="41 18 * * *", name="tenants.forget_sign_ups")
def forget_sign_ups(_timestamp: int = 0) -> int:
    """Delete what is older than a day; how many rows went."""
    with in_public():
        gone, _each = SignUp.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return int(gone)


def _spend_try(key: str, contact: Contact, code: str) -> CodeRefused | None:
    with in_public(), transaction.atomic():
        row: Any = SignUp.objects.select_for_update().filter(key=key).first()
        if row is None or not _is_for(row, contact) or row.expires_at is None:
            return CodeRefused("expired")
        if row.verified_at:
            return None
        if row.expires_at <= timezone.now():
            return CodeRefused("expired")
        if row.tries >= TRIES:
            return CodeRefused("too_many_tries")
        digest = _hash(key, f"{contact.to}|{code}")
        right = constant_time_compare(digest, row.code_hash)
        if right or not limits.is_repeated(key, f"{digest}|{row.expires_at}"):
            row.tries += 1
        row.verified_at = timezone.now() if right else None
        row.save(update_fields=["tries", "verified_at"])
        return None if right else CodeRefused("wrong", left=TRIES - row.tries)


def _may_send(contact: Contact, address: str) -> bool:
    return (
        limits.allows("code_to", _hash("limit", contact.to))
        and limits.allows("code_from", address)
        and limits.allows("code_all", "all")
    )


def _is_for(row: SignUp, contact: Contact) -> bool:
    return constant_time_compare(row.contact_hash, _hash("contact", contact.to))


def _new_code() -> str:
    if settings.DEMO and settings.DEMO_PHONE_CODE:
        return str(settings.DEMO_PHONE_CODE)
    return f"{secrets.randbelow(10**6):06d}"


def _hash(purpose: str, text: str) -> str:
    return salted_hmac(f"tenants.signup.{purpose}", text, algorithm="sha256").hexdigest()
