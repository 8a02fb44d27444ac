"""Sessions whose owners see them: device, place, begun, last seen; ended one by one or all at once.

The data are Django's; the row's own columns copy what is to be shown, so that no session has to be opened for a list.
"""

import datetime as dt
import time
from ipaddress import ip_address, ip_network
from typing import Any

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from tenants.accounts.models import LoginSession
from tenants.address import client_address
from tenants.devices import device_name

SEEN_EVERY = 300  # seconds
FACTS = "login"
STEPPED = "stepped"  # the login passed a second step, or its owner set the first one up in it
PROVED = "proved_at"  # when the owner last gave the password or a second step


class SessionStore(DatabaseStore):
    """Django's store in the database, on a table of our own."""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        row: LoginSession = super().create_model_instance(data)  # type: ignore[assignment]  # the stubs say Session
        facts = data.get(FACTS) or {}
        row.user_id = int(data[auth.SESSION_KEY]) if auth.SESSION_KEY in data else None
        row.device, row.address = facts.get("device", ""), facts.get("address", "")
        row.begun_at, row.seen_at = _instant(facts.get("begun")), _instant(facts.get("seen"))
        return row


def begin(request: HttpRequest, user: Any, *, stepped: bool) -> None:
    """Log the user in: a new session key, with where and when. `stepped`: a second step was passed."""
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.pop(FACTS, None)
    request.session[STEPPED] = stepped
    mark_proved(request)
    note_seen(request)


def note_seen(request: HttpRequest) -> None:
    """Write down, every five minutes at most, that the login is in use, and from where."""
    facts, now = request.session.get(FACTS) or {}, int(time.time())
    if now - facts.get("seen", 0) < SEEN_EVERY:
        return
    request.session[FACTS] = {
        "device": device_name(request.headers.get("User-Agent", ""))[:60],
        "address": mask(client_address(request)),
        "begun": facts.get("begun", now),
        "seen": now,
    }


def mark_proved(request: HttpRequest) -> None:
    request.session[PROVED] = int(time.time())


def is_stepped(session: Any) -> bool:
    return bool(session.get(STEPPED))


def logins_of(user: Any) -> list[LoginSession]:
    """The user's logins that still count, the latest seen first."""
    live = LoginSession.objects.filter(user=user, expire_date__gt=timezone.now())
    return list(live.order_by("-seen_at", "-expire_date"))


def end_login(*, user: Any, code: str) -> bool:
    """End one login of the user by its `code`; False when it is not theirs or over already."""
    keys = [row.session_key for row in logins_of(user) if row.code == code]
    return bool(keys) and bool(LoginSession.objects.filter(user=user, session_key__in=keys).delete()[0])


def end_logins(*, user: Any, but: str | None = None) -> int:
    """End every login of the user, except the one with the session key `but`; how many."""
    rows = LoginSession.objects.filter(user=user)
    return int((rows.exclude(session_key=but) if but else rows).delete()[0])


def forget_expired() -> int:
    """Delete sessions whose time is over, of visitors too; how many."""
    return int(LoginSession.objects.filter(expire_date__lt=timezone.now()).delete()[0])


def mask(address: str) -> str:
    """Enough to recognise a network, not a house: 203.0.113.*, 2001:db8:1::*."""
    if not address:
        return ""
    if ip_address(address).version == 4:
        return address.rpartition(".")[0] + ".*"
    return f"{ip_network((address, 48), strict=False).network_address}*"


def _instant(seconds: Any) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC) if seconds else None
