"""Setting second steps up, in a login that has just been proved."""

import time
from typing import Any

from django.http import HttpRequest

from tenants.accounts import sessions
from tenants.accounts.steps import passkeys, recovery, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.having import has_step
from tenants.accounts.steps.passkeys import Site
from tenants.devices import device_name

ASKED = "passkey_new"
PROVED_SECONDS = 900


def is_proved(request: HttpRequest) -> bool:
    """Whether the password or a second step was given in this login a moment ago."""
    return time.time() - float(request.session.get(sessions.PROVED, 0)) < PROVED_SECONDS


def confirm_app(request: HttpRequest, user: Any, code: str) -> list[str]:
    """The app works; recovery codes when this is the first second step. StepRefused."""
    _proved(request)
    is_first = not has_step(user)
    totp.confirm(user=user, code=recovery.tidy(code))
    return _settle(request, user, is_first=is_first)


def ask_passkey(request: HttpRequest, user: Any, site: Site) -> dict[str, Any]:
    """What the browser is asked for a new passkey. StepRefused."""
    _proved(request)
    options, request.session[ASKED] = passkeys.ask_new(site=site, user=user)
    return options


def add_passkey(request: HttpRequest, user: Any, site: Site, answer: str) -> list[str]:
    """Keep the passkey; recovery codes when this is the first second step. StepRefused."""
    _proved(request)
    is_first = not has_step(user)
    state = request.session.pop(ASKED, None) or {}
    name = device_name(request.headers.get("User-Agent", ""))
    passkeys.add(site=site, user=user, state=state, answer=answer, name=name)
    return _settle(request, user, is_first=is_first)


def _proved(request: HttpRequest) -> None:
    if not is_proved(request):
        raise StepRefused("step.over")


def _settle(request: HttpRequest, user: Any, *, is_first: bool) -> list[str]:
    """From now on a password alone does not do: logins that began with one end, this one counts as stepped."""
    if not is_first:
        return []
    request.session[sessions.STEPPED] = True
    sessions.end_logins(user=user, but=request.session.session_key)
    return recovery.renew(user=user)
