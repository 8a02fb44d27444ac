"""Ending logins of staff: the sessions go, and the open sockets of the person are told to look again."""

from typing import Any

from core.kernel import live
from tenants.accounts import sessions


def door_stream(user_id: int) -> str:
    """What a person's own sockets listen to: a poke there means "ask again whether you may be here"."""
    return f"door.{user_id}"


def end_logins(user: Any, stays: str | None = None) -> int:
    """End every login of the user but the session `stays`; how many. Part of verbs: records nothing."""
    count = sessions.end_logins(user=user, but=stays)
    live.poke(door_stream(user.pk), {"type": "door"})
    return count


def end_login(user: Any, code: str) -> bool:
    """End one login of the user by its code (LoginSession.code); False when it is not theirs."""
    found = sessions.end_login(user=user, code=code)
    if found:
        live.poke(door_stream(user.pk), {"type": "door"})
    return found
