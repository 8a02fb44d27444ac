"""The way from sign-up into the new studio's console: a signed ticket, good for one minute and for one entry.

It names the user's last login, as a password-reset token does: the entry itself makes it worthless.
"""

from typing import Any

from django.contrib import auth
from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from tenants.accounts.models import User
from tenants.context import current_schema

SECONDS = 60


def issue(user: Any, *, visit: str = "") -> str:
    """A ticket for a user of the current studio, as part of a URL. `visit`: the support visit it begins."""
    return signing.dumps({"user": user.pk, "last": _last(user), "visit": visit}, salt=_salt())


def enter(request: HttpRequest, ticket: str) -> bool:
    """Log the ticket's user in. False: too old, used, of another studio, or nonsense."""
    try:
        facts = signing.loads(ticket, salt=_salt(), max_age=SECONDS)
    except signing.BadSignature:
        return False
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=facts["user"], is_active=True).first()
        if user is None or _last(user) != facts["last"]:
            return False
        auth.login(request, user)
        if facts.get("visit"):
            request.session["support_visit"] = facts["visit"]  # tenants.life.support asks at every page
    return True


def _last(user: Any) -> str:
    return user.last_login.isoformat() if user.last_login else ""


def _salt() -> str:
    return f"tenants.tickets:{current_schema()}"
