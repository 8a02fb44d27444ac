"""The customer's way in: a code to the phone, then a session that can be revoked (edges.md §5.2). No passwords.

Nothing here tells whether a number is known: an unknown one gets the same rows and answers, only no message.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import translation

from core.kernel import clock, crypto, events, limits
from core.kernel.errors import Refusal
from core.people.enums import Channel, CodePurpose
from core.people.models import Customer, CustomerSession, PhoneCode
from core.people.selectors import token_hash

COOKIE = "yl_customer"
CODE_MINUTES = 5
CODE_TRIES = 5
RESEND_SECONDS = 60
SESSION_LIFE = dt.timedelta(days=180)
LIMITED_LIFE = dt.timedelta(days=30)  # sessions that open one object alone
SEEN_EVERY = dt.timedelta(hours=1)

PER_PHONE = {"pause": f"1 per {RESEND_SECONDS} seconds", "hour": "5 per hour", "day": "10 per day"}
PER_PHONE_IN_DEMO = {"hour": "60 per hour"}  # scripts log the same few people in again and again
PER_ADDRESS = "60 per hour"  # a whole shop may sit behind one address
PER_ADDRESS_IN_DEMO = "600 per hour"
GUESSES_PER_ADDRESS = "120 per hour"


class Deliver(Protocol):
    """How the code reaches the phone: a room above knows (core.messaging.services.queue_phone_code)."""

    def __call__(self, *, to: str, language: str, code: str, minutes: int, dedupe_key: str) -> Any: ...


def request_code(
    *, phone: str, address: str, deliver: Deliver, newcomers: bool = False, purpose: str = CodePurpose.LOGIN
) -> None:
    """Make a code for `phone` (E.164) and hand it to `deliver` if the number is a customer's; always silent about that.

    `newcomers`: to any number, because whoever books may be new; that too tells nobody who is known.

    `purpose`: the code serves that and nothing else; earlier codes of the number for it end. Raises
    Refusal("code.too_often", wait=seconds) by number and by address, whether the number is known or not.
    """
    spend_sending(phone, address)
    with transaction.atomic():
        customer = Customer.objects.filter(phone=phone).first()
        code = new_code()
        expires_at = clock.now() + dt.timedelta(minutes=CODE_MINUTES)
        told = {"code_hash": code_hash(phone, code), "expires_at": expires_at}
        row = PhoneCode.objects.create(phone=phone, purpose=purpose, **told)
        if customer is not None or newcomers:
            language = (customer.language if customer else "") or translation.get_language() or settings.LANGUAGE_CODE
            key = f"phone-code.{row.pk}"
            deliver(to=phone, language=language, code=code, minutes=CODE_MINUTES, dedupe_key=key)


def spend_sending(to: str, address: str) -> None:
    """Count one more code to `to`, a number or an e-mail address. Raises Refusal("code.too_often", wait=seconds)."""
    for name, rule in (PER_PHONE_IN_DEMO if settings.DEMO else PER_PHONE).items():
        limits.spend(rule, f"code.{name}", to, code="code.too_often")
    limits.spend(PER_ADDRESS_IN_DEMO if settings.DEMO else PER_ADDRESS, "code.address", address, code="code.too_often")


def resend_in(phone: str) -> int:
    """Seconds until another code may be asked for `phone`, for whatever purpose; asking counts nothing."""
    rules = PER_PHONE_IN_DEMO if settings.DEMO else PER_PHONE
    return max(limits.left(rule, f"code.{name}", phone) for name, rule in rules.items())


def log_in(*, phone: str, code: str, device: str, address: str, newcomer: str = "") -> tuple[Customer, str]:
    """Exchange the latest code of `phone` for a session; answers the customer and the cookie's token.

    `newcomer`: the name under which an unknown number becomes a customer; the code has just proved that it is theirs.

    Raises Refusal: code.wrong (left=tries), code.expired, code.too_many_tries, code.too_often (by address). Every try
    counts, also against an unknown number. Records customer.logged_in.
    """
    spend_guess(phone, code, CodePurpose.LOGIN, address)
    with transaction.atomic():
        customer = Customer.objects.filter(phone=phone).first()
        if customer is None and newcomer:
            told = {"name": newcomer[:60], "source": Channel.ONLINE}
            customer, _new = Customer.objects.get_or_create(phone=phone, defaults=told)
        if customer is None:  # somebody guessed the code that was never sent
            wrong = "code.wrong"
            raise Refusal(wrong, left=0)
        token = open_session(customer=customer, device=device)
        events.record(events.Kind.CUSTOMER_LOGGED_IN, customer, customer)
    return customer, token


@dataclass(frozen=True, slots=True)
class PhoneProof:
    """That somebody held a phone just now: which code, when it was made and when it was typed."""

    code_id: int
    made_at: dt.datetime
    typed_at: dt.datetime


def prove_phone(*, phone: str, code: str, address: str, purpose: str = CodePurpose.SIGNING) -> PhoneProof:
    """Spend the latest code of `phone` that was sent for an act that needs more than a session (signing a contract,
    paying with stored value); a code for another purpose does not do.

    Every try counts and is committed at once. Refusal code.wrong(left) | code.expired | code.too_many_tries |
    code.too_often.
    """
    spend_guess(phone, code, purpose, address)
    row = PhoneCode.objects.filter(phone=phone, purpose=purpose, used_at__isnull=False).order_by("-id")[0]
    return PhoneProof(row.pk, row.created_at, row.used_at or clock.now())


def open_session(*, customer: Customer, device: str, only: str = "") -> str:
    """A session of the customer on a device; the cookie's token. The caller knows that it is them.

    `only` names the one object that it opens (`tenants.access.Access.within`), for a way in that is weaker than the
    phone; such a session ends earlier. Records nothing.
    """
    token = secrets.token_urlsafe(32)
    CustomerSession.objects.create(
        customer=customer,
        token_hash=token_hash(token),
        device=device[:200],
        only=only,
        seen_at=clock.now(),
        expires_at=clock.now() + (LIMITED_LIFE if only else SESSION_LIFE),
    )
    return token


def keep_openid(*, session: CustomerSession, app_id: str, openid: str) -> None:
    """Who this browser's WeChat account is in one app, for as long as the session lives; "" forgets it. With the
    session, not the person: a couple shares an order, and each pays with the account of their own phone.
    """
    session.openids = {name: known for name, known in session.openids.items() if name != app_id}
    if openid:
        session.openids[app_id] = openid
    CustomerSession.objects.filter(pk=session.pk, revoked_at=None).update(openids=session.openids)


def end_limited(*, customer: Customer, only: str) -> None:
    """End the customer's sessions that open this one object alone; those by phone stay."""
    CustomerSession.objects.filter(customer=customer, only=only, revoked_at=None).update(**_ended())


def spend_guess(phone: str, code: str, purpose: str, address: str) -> None:
    """Spend a try of the latest code; raises the Refusals that `log_in` names."""
    guesses = PER_ADDRESS_IN_DEMO if settings.DEMO else GUESSES_PER_ADDRESS
    limits.spend(guesses, "code.guess", address, code="code.too_often")
    refusal = _spend_try(phone, code.strip(), purpose)
    if refusal is not None:
        raise refusal


def _spend_try(phone: str, code: str, purpose: str) -> Refusal | None:
    """Count the try under the row's lock and commit that, whatever comes of it; None when the code is right."""
    with transaction.atomic():
        row = PhoneCode.objects.select_for_update().filter(phone=phone, purpose=purpose).order_by("-id").first()
        if row is None or row.used_at is not None or row.expires_at <= clock.now():
            return Refusal("code.expired")
        if row.tries >= CODE_TRIES:
            return Refusal("code.too_many_tries")
        row.tries += 1
        right = crypto.matches("phone-code", f"{phone}|{code}", row.code_hash)
        if right:
            row.used_at = clock.now()
        row.save(update_fields=["tries", "used_at"])
        return None if right else Refusal("code.wrong", left=CODE_TRIES - row.tries)


def note_seen(session: CustomerSession) -> None:
    """Remember, at most hourly, that the device was here."""
    now = clock.now()
    if session.seen_at is None or now - session.seen_at > SEEN_EVERY:
        CustomerSession.objects.filter(pk=session.pk).update(seen_at=now)


def _ended() -> dict[str, Any]:
    """What an ended session keeps: when. Whose WeChat it was goes."""
    return {"revoked_at": clock.now(), "openids": {}}


def log_out(token: str) -> None:
    """End the cookie's session. Harmless when there is none."""
    CustomerSession.objects.filter(token_hash=token_hash(token), revoked_at=None).update(**_ended())


def sessions_of(customer: Customer) -> list[CustomerSession]:
    """The devices on which the customer is logged in, the latest first."""
    live = CustomerSession.objects.filter(customer=customer, revoked_at=None, expires_at__gt=clock.now())
    return list(live.order_by("-seen_at", "-pk"))


def revoke_session(*, customer: Customer, session_id: int) -> bool:
    """Log a device of the customer out; False when it is not theirs or ended already."""
    own = CustomerSession.objects.filter(customer=customer, pk=session_id, revoked_at=None)
    return bool(own.update(**_ended()))


def choose_language(*, customer: Customer, language: str) -> None:
    """The language of the customer's pages and messages. Raises Refusal("language.unknown")."""
    if language not in dict(settings.LANGUAGES):
        unknown = "language.unknown"
        raise Refusal(unknown)
    Customer.objects.filter(pk=customer.pk).update(language=language)


def forget_old_codes() -> int:
    """Delete codes older than a day and sessions that ended a month ago; returns how many rows went."""
    day, month = clock.now() - dt.timedelta(days=1), clock.now() - dt.timedelta(days=30)
    codes, _ = PhoneCode.objects.filter(created_at__lt=day).delete()
    ended, _ = CustomerSession.objects.filter(expires_at__lt=month).delete()
    revoked, _ = CustomerSession.objects.filter(revoked_at__lt=month).delete()
    return codes + ended + revoked


def new_code() -> str:
    if settings.DEMO and settings.DEMO_PHONE_CODE:
        return str(settings.DEMO_PHONE_CODE)
    return f"{secrets.randbelow(10**6):06d}"


def code_hash(phone: str, code: str) -> str:
    return crypto.keyed_hash("phone-code", f"{phone}|{code}")
