"""An owner who lost phone, passkeys and recovery codes gets in again: by an operator, with a reason, told to everybody.

Nobody is locked out for ever, and nobody is let in quietly: without a single address that can be told it is refused,
except from the server's own shell.
"""

import secrets
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction

from tenants.context import in_public, in_studio
from tenants.life import tasks
from tenants.life.support import SHORTEST_REASON
from tenants.life.telling import warn_owners
from tenants.models import Studio, StudioStatus

WHOLE = {StudioStatus.ACTIVE, StudioStatus.SUSPENDED}  # not while its tables are made or exchanged


def owners_of(studio: Studio) -> list[Any]:
    """The studio's owners (core.people.rescue.Owner); none while its tables are made or exchanged, or when it is gone.

    Under the lock that an erasure holds while it drops the tables: whoever comes then waits, and finds no studio.
    """
    with in_public(), transaction.atomic():
        rows = Studio.objects.select_for_update(no_key=True).filter(pk=studio.pk, status__in=WHOLE)
        if rows.first() is None:
            return []
        with in_studio(studio):
            return list(_rescuer().owners())


def rescue_owner(
    *, studio: Studio, username: str, reason: str, typed: str, actor: str, may_be_untold: bool = False
) -> int:
    """Take an owner's second step away, end every login of theirs, and tell all owners everywhere; how many messages.

    The password is still asked for. LifeRefused("rescue.reason" | "rescue.typed" | "rescue.closed" | "rescue.none":
    no owner of that name has one | "rescue.untold": there is nobody to tell).
    """
    reason = " ".join(reason.split())[:200]
    if len(reason) < SHORTEST_REASON:
        raise tasks.LifeRefused("rescue.reason", letters=SHORTEST_REASON)
    if typed.strip().lower() != studio.slug:
        raise tasks.LifeRefused("rescue.typed")
    with in_public(), transaction.atomic():
        if Studio.objects.select_for_update().get(pk=studio.pk).status not in WHOLE:
            raise tasks.LifeRefused("rescue.closed")
        with in_studio(studio):
            name = _rescuer().take_step_away(username=username)
        if not name:
            raise tasks.LifeRefused("rescue.none")
        tasks.note(studio.slug, "studio.rescued", actor, name=name, reason=reason)
        link = f"{studio.url}/console/security/"
        key = f"rescue-{secrets.token_hex(6)}"
        told = warn_owners(studio, "rescue", key=key, owner=name, reason=reason, link=link)
        if not told and not may_be_untold:
            raise tasks.LifeRefused("rescue.untold")
    return told


def _rescuer() -> Any:
    return import_module(settings.STUDIO_RESCUER)
