"""Between the password and the second step: who waits, since when, and what lets them in.

The waiting stands in a session that is nobody's yet; once it is over, the session's key changes (`sessions.begin`).
"""

import time
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from tenants.accounts import sessions
from tenants.accounts.steps import passkeys, recovery, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.accounts.steps.having import has_step
from tenants.accounts.steps.passkeys import Site

WAITING = "second_step"
ASKED = "passkey_asked"
WAIT_SECONDS = 600


def enter(request: HttpRequest, user: Any, wanted: str) -> bool:
    """The password was right: log in, or wait for the second step (False)."""
    if not has_step(user):
        sessions.begin(request, user, stepped=False)
        return True
    request.session[WAITING] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": int(time.time()), "next": wanted,
    }  # fmt: skip
    return False


def waiting(request: HttpRequest) -> tuple[Any, str] | None:
    """(user, where they wanted to go); None when nobody waits, it took too long, or the password changed meanwhile."""
    facts = request.session.get(WAITING)
    if not facts or time.time() - facts["at"] > WAIT_SECONDS:
        return None
    user: Any = get_user_model().objects.filter(pk=facts["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), facts["hash"]):
        return None
    return user, facts["next"]


def pass_code(request: HttpRequest, user: Any, code: str) -> str:
    """Log the waiting user in by a code; which it was: "app", or "recovery". StepRefused."""
    typed = recovery.tidy(code)
    by_app = typed.isdecimal() and len(typed) <= 8
    (totp if by_app else recovery).spend(user=user, code=typed)
    _let_in(request, user)
    return "app" if by_app else "recovery"


def ask_passkey(request: HttpRequest, site: Site) -> dict[str, Any]:
    """What the browser is to be asked: one of the waiting user's passkeys, or any of this host when nobody waits."""
    found = waiting(request)
    options, request.session[ASKED] = passkeys.ask(site=site, user=found[0] if found else None)
    return options


def pass_passkey(request: HttpRequest, site: Site, answer: str) -> Any:
    """Log in whoever holds the passkey; the user. StepRefused."""
    found = waiting(request)
    state = request.session.pop(ASKED, None) or {}
    key = passkeys.prove(site=site, state=state, answer=answer, user=found[0] if found else None)
    _let_in(request, key.user)
    return key.user


def _let_in(request: HttpRequest, user: Any) -> None:
    request.session.pop(WAITING, None)
    request.session.pop(ASKED, None)
    sessions.begin(request, user, stepped=True)


__all__ = ["Site", "StepRefused", "ask_passkey", "enter", "pass_code", "pass_passkey", "waiting"]
