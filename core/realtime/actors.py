"""Who is at a socket: read from the cookies of the handshake, inside the studio; never from a thread's leftovers.

AuthMiddlewareStack is not used: it reads sessions wherever the connection happens to stand (edges.md §5.4).
"""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import parse_cookie

from core.people.login import COOKIE
from core.people.security import is_held
from core.people.selectors import session_of_token
from core.people.staff import Staff, staff_of
from core.realtime.streams import Actor
from tenants.context import current_studio
from tenants.life import support


def cookies_of(scope: dict[str, Any]) -> dict[str, str]:
    """The handshake's cookies."""
    return parse_cookie("; ".join(value.decode("latin1") for name, value in scope["headers"] if name == b"cookie"))


def actor_of(cookies: dict[str, str], *, by_path: bool) -> Actor:
    """Staff and customer of the cookies. Call inside the studio. There are no staff under `/s/<slug>/`."""
    staff, until = (None, None) if by_path else _staff(cookies.get(settings.SESSION_COOKIE_NAME, ""))
    session = session_of_token(cookies.get(COOKIE, ""))
    return Actor(staff, session.customer if session else None, session.only if session else "", until)


def _staff(key: str) -> tuple[Staff | None, dt.datetime | None]:
    """(staff, when a support visit ends): nobody once the visit that the session belongs to is over."""
    if not key:
        return None, None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    request: Any = SimpleNamespace(session=session)  # get_user reads nothing else of a request
    user: Any = get_user(request)
    if not (user.is_authenticated and user.is_active):
        return None, None
    code = support.visit_in(session)
    visit = support.open_visit(current_studio(), code) if code else None
    if code and visit is None:
        return None, None
    staff = staff_of(user)
    return (None, None) if is_held(staff, session) else (staff, visit.expires_at if visit else None)
