"""One sign-up opens one studio, however often its last button is pressed."""

from typing import Any

from django.db import transaction

from tenants.context import in_public
from tenants.models import Studio
from tenants.services import open_studio
from tenants.signup.models import SignUp


class NotVerified(Exception):
    """The owner's phone or e-mail is not proved."""


class StillBuilding(Exception):
    """Another request of the same sign-up is at it just now."""


def open_once(*, key: str, **wanted: Any) -> Studio:
    """`open_studio(**wanted)` under the sign-up's row lock; the studio that stands already, when it does.

    All in one transaction: a server that dies half-way leaves a sign-up that may simply try again. Raises NotVerified,
    StillBuilding, and what `open_studio` raises.
    """
    with in_public(), transaction.atomic():
        row = SignUp.objects.select_for_update(skip_locked=True).filter(key=key).first()
        if row is None:
            raise StillBuilding if SignUp.objects.filter(key=key).exists() else NotVerified
        if row.studio_id:
            return row.studio  # type: ignore[no-any-return]  # the manager has no types
        if row.verified_at is None:
            raise NotVerified
        row.studio = open_studio(**wanted)
        row.save(update_fields=["studio"])
    return row.studio  # type: ignore[no-any-return]  # the manager has no types


def studio_of(key: str) -> Studio | None:
    """The studio that the sign-up opened; None when it has not. Raises StillBuilding."""
    with in_public(), transaction.atomic():
        row = SignUp.objects.select_for_update(skip_locked=True).filter(key=key).first()
        if row is None and SignUp.objects.filter(key=key).exists():
            raise StillBuilding
        return row.studio if row is not None else None
