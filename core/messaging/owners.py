"""Words of the platform to a studio's owners: export ready, support visit, closing, suspension."""

from typing import Any

from django.contrib.auth import get_user_model

from core.messaging.enums import Route, Template
from core.messaging.services import queue_message
from core.people.enums import Role
from tenants.context import current_studio


def tell_owners(*, what: str, key: str, **facts: Any) -> int:
    """Queue `what` (sentences._studio_life) to each owner by e-mail, else SMS, once per `key`; returns to how many."""
    studio, told = current_studio(), 0
    owners = get_user_model().objects.filter(is_active=True, memberships__role=Role.OWNER, memberships__branch=None)
    for owner in owners.distinct().order_by("pk"):
        route, to = (Route.EMAIL, owner.email) if owner.email else (Route.SMS, owner.phone)
        if to:
            queue_message(
                route=route,
                template=Template.STUDIO_LIFE,
                to=to,
                language=studio.language,
                facts={"studio": studio.name, "what": what, "name": owner.name, **facts},
                dedupe_key=f"life-{key}-{owner.pk}",
            )
            told += 1
    return told
