"""An owner who lost phone, passkeys and recovery codes: what the platform asks and does (settings.STUDIO_RESCUER).

Everybody else is helped by whoever manages them (core.people.security.reset_step); above an owner there is nobody here.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from core.kernel.errors import Refusal
from core.people import security
from core.people.enums import Role
from core.people.support import support_signature
from tenants.accounts.models import Passkey, TotpKey


@dataclass(frozen=True, slots=True)
class Owner:
    """Who decides about the whole chain; `addresses`: how many of phone and e-mail are known."""

    username: str
    name: str
    has_step: bool
    addresses: int


def owners() -> list[Owner]:
    """The active owners of the chain. Three queries."""
    people = list(_owners())
    stepped = set(Passkey.objects.filter(user__in=people).values_list("user_id", flat=True))
    stepped |= set(
        TotpKey.objects.filter(user__in=people, confirmed_at__isnull=False).values_list("user_id", flat=True)
    )
    return [Owner(one.username, one.name, one.pk in stepped, bool(one.phone) + bool(one.email)) for one in people]


@transaction.atomic
def take_step_away(*, username: str) -> str:
    """Every second step of this owner goes, every login of theirs ends; their name. "" when there is nothing to take.

    Records step.reset, in the name of the platform's support.
    """
    owner = _owners().filter(username=username).first()
    if owner is None:
        return ""
    try:
        security.reset_step(actor=support_signature(), user=owner)
    except Refusal:
        return ""
    return str(owner)


def _owners() -> Any:
    people = get_user_model().objects.filter(is_active=True, memberships__role=Role.OWNER, memberships__branch=None)
    return people.distinct().order_by("pk")
