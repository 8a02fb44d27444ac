"""The user behind whom an operator of the platform visits a studio: exists for the log, may log in only meanwhile."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from core.people.enums import SUPPORT, Role
from core.people.models import Membership


@transaction.atomic
def support_user(*, is_open: bool) -> Any:
    """Let the support user in as a manager of every branch, or shut it out with every session it has.

    It has no password and takes no seat; what it does is recorded under its name.
    """
    user, is_new = get_user_model().objects.get_or_create(username=SUPPORT, defaults={"name": "Yinglou Support"})
    if is_new:
        user.set_unusable_password()
    user.is_active = is_open
    user.save(update_fields=["is_active", "password"])
    if is_open:
        Membership.objects.get_or_create(user=user, role=Role.MANAGER, branch=None)
    else:
        Membership.objects.filter(user=user).delete()
    return user
