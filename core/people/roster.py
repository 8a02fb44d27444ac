"""Who may manage whom: a boss everyone, a store manager the colleagues of his own branches only."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch

from core.people.enums import Capability, Role
from core.people.models import Membership
from core.people.staff import Staff


def managed_users(staff: Staff) -> Any:
    """Users whose every job lies in branches where `staff` may manage staff; with memberships loaded."""
    users = get_user_model().objects.prefetch_related(
        Prefetch("memberships", Membership.objects.select_related("branch").order_by("pk"))
    )
    branches = staff.branches(Capability.MANAGE_STAFF)
    if branches is None:
        return users.order_by("-is_active", "name")
    outside = Membership.objects.exclude(branch_id__in=branches) | Membership.objects.filter(branch=None)
    mine = Membership.objects.filter(branch_id__in=branches)
    users = users.filter(pk__in=mine.values("user_id")).exclude(pk__in=outside.values("user_id"))
    return users.order_by("-is_active", "name")


def grantable_roles(staff: Staff) -> list[tuple[str, Any]]:
    """Roles that `staff` may give: only a boss makes bosses and managers."""
    everyone = staff.branches(Capability.MANAGE_STAFF) is None
    return [(role.value, role.label) for role in Role if everyone or role not in {Role.OWNER, Role.MANAGER}]


def may_grant(staff: Staff, memberships: list[tuple[str, int | None]]) -> bool:
    """Whether every one of these jobs is within what `staff` may give."""
    roles = {value for value, _label in grantable_roles(staff)}
    branches = staff.branches(Capability.MANAGE_STAFF)
    return all(role in roles and (branches is None or branch in branches) for role, branch in memberships)
