"""Who may manage whom: a boss everyone, a store manager the colleagues of his own branches only."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch

from core.people.enums import Capability, Role
from core.people.models import Membership
from core.people.staff import Staff

LEADERS = {Role.OWNER, Role.MANAGER}


def is_boss(staff: Staff) -> bool:
    """A boss of the whole chain; a manager of every branch is none."""
    return staff.may(Capability.MANAGE_BRANCHES) and staff.branches(Capability.MANAGE_BRANCHES) is None


def managed_users(staff: Staff) -> Any:
    """Users whom `staff` manages, with memberships loaded: a boss everyone; a manager those who are no bosses or
    managers themselves and whose every job lies in the manager's branches. Whoever else is left out does not exist.
    """
    jobs = Membership.objects.select_related("branch").order_by("role", "branch__position", "branch")
    users = (
        get_user_model().objects.prefetch_related(Prefetch("memberships", jobs)).order_by("-is_active", "name", "pk")
    )
    if is_boss(staff):
        return users
    mine = Membership.objects.exclude(role__in=LEADERS)
    branches = staff.branches(Capability.MANAGE_STAFF)
    if branches is not None:
        mine = mine.filter(branch_id__in=branches)
    return users.filter(pk__in=mine.values("user_id")).exclude(
        pk__in=Membership.objects.exclude(pk__in=mine.values("pk")).values("user_id")
    )


def grantable_roles(staff: Staff) -> list[tuple[str, Any]]:
    """Roles that `staff` may give: only a boss makes bosses and managers."""
    return [(role.value, role.label) for role in Role if is_boss(staff) or role not in LEADERS]


def may_grant(staff: Staff, memberships: list[tuple[str, int | None]]) -> bool:
    """Whether every one of these jobs is within what `staff` may give."""
    roles = {value for value, _label in grantable_roles(staff)}
    branches = staff.branches(Capability.MANAGE_STAFF)
    return all(role in roles and (branches is None or branch in branches) for role, branch in memberships)
