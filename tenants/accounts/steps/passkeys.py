"""Passkeys (WebAuthn), bound to the host at which they were made. The browser's answers come as JSON."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tenants import crypto
from tenants.accounts.models import Passkey
from tenants.accounts.steps.errors import StepRefused

MOST = 10
ASK_SECONDS = 300  # from the question to the browser's answer
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks: the page's origin, its host (the relying party) and a name for people."""

    origin: str
    host: str
    name: str

    def server(self) -> Fido2Server:
        """One that takes answers of this very origin only."""
        return Fido2Server(PublicKeyCredentialRpEntity(name=self.name, id=self.host), verify_origin=self._is_here)

    def _is_here(self, origin: str) -> bool:
        return origin == self.origin


def keys_of(user: Any, host: str = "") -> list[Passkey]:
    """The user's passkeys, of one host only if named."""
    found = Passkey.objects.filter(user=user).order_by("pk")
    return list(found.filter(host=host) if host else found)


def ask_new(*, site: Site, user: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked, what the session keeps) for a new passkey. StepRefused("step.many")."""
    known = keys_of(user)
    if len(known) >= MOST:
        raise StepRefused("step.many", most=MOST)
    handle = crypto.keyed_hash("passkey-user", str(user.pk)).encode()
    options, state = site.server().register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=user.username, display_name=user.name or user.username),
        [_data(key) for key in known if key.host == site.host],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), {**state, "at": time.time(), "user": user.pk}


def add(*, site: Site, user: Any, state: dict[str, Any], answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser made. StepRefused("step.passkey" | "step.over")."""
    _fresh(state, user)
    try:
        made = site.server().register_complete(state, _json(answer)).credential_data
    except (ValueError, KeyError, TypeError) as error:
        raise StepRefused("step.passkey") from error
    if made is None:
        raise StepRefused("step.passkey")
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                user=user,
                credential=websafe_encode(made.credential_id),
                public=websafe_encode(bytes(made)),
                host=site.host,
                name=name[:60],
            )
    except IntegrityError as error:
        raise StepRefused("step.passkey") from error


def ask(*, site: Site, user: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked, what the session keeps) to prove a passkey.

    Without a user any passkey of this host will do, and must itself have asked for a finger, a face or its PIN: it is
    both steps at once.
    """
    known = [_data(key) for key in keys_of(user, site.host)] if user else None
    wish = UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED
    options, state = site.server().authenticate_begin(known, user_verification=wish)
    return dict(options), {**state, "at": time.time(), "user": user.pk if user else None}


def prove(*, site: Site, state: dict[str, Any], answer: str, user: Any = None) -> Passkey:
    """The passkey that answered, its counter moved on. StepRefused("step.passkey" | "step.over").

    With a user it is one of theirs. A counter that does not grow tells of a copy and is refused; the database decides.
    """
    _fresh(state, user)
    given = _json(answer)
    try:
        parsed = AuthenticationResponse.from_dict(given)
        found = Passkey.objects.select_related("user").filter(
            credential=websafe_encode(parsed.raw_id), host=site.host, user__is_active=True
        )
        key = (found.filter(user=user) if user else found).first()
        site.server().authenticate_complete(state, [_data(key)] if key else [], given)
        count = parsed.response.authenticator_data.counter
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StepRefused("step.passkey") from error
    assert key is not None  # authenticate_complete knows no other
    grows = Q(sign_count__lt=count) if count else Q(sign_count=0)
    if not Passkey.objects.filter(grows, pk=key.pk).update(sign_count=count, used_at=timezone.now()):
        raise StepRefused("step.passkey")
    return key


def hosts(keys: Iterable[Passkey]) -> list[str]:
    """Where these passkeys can be used."""
    return sorted({key.host for key in keys})


def _fresh(state: dict[str, Any], user: Any) -> None:
    if not state or time.time() - float(state.get("at", 0)) > ASK_SECONDS:
        raise StepRefused("step.over")
    if state.get("user") != (user.pk if user else None):
        raise StepRefused("step.passkey")


def _json(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= LONGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise StepRefused("step.passkey")
    return found


def _data(key: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(key.public))
