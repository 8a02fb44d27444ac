"""The user behind whom an operator of the platform visits a studio: exists for the log, may log in only meanwhile."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from core.kernel import live
from core.people.enums import SUPPORT
from core.people.models import Membership

DOOR = "support"  # the channel that sockets of visitors listen to: ask again whether you may be here


@transaction.atomic
def support_user(*, is_open: bool) -> Any:
    """Let the support user in, or shut it out with every session and open socket that it has.

    It has no password, takes no seat and holds no job: nobody can give it work. What it may do is
    `permissions.SUPPORT_CAPABILITIES`; what it does is recorded under its name.
    """
    user = support_signature()
    user.is_active = is_open
    user.save(update_fields=["is_active"])
    Membership.objects.filter(user=user).delete()  # visits once were a manager's
    if not is_open:
        live.poke(DOOR, {"type": "ended"})
    return user


def support_signature() -> Any:
    """The support user as a name under what the platform did; whether it may log in stays as it is (at first: no)."""
    user, is_new = get_user_model().objects.get_or_create(
        username=SUPPORT, defaults={"name": "Yinglou Support", "is_active": False}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
