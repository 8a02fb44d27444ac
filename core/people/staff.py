"""A staff member at work: who, and what they may do where. Made once per request from the memberships."""

from dataclasses import dataclass, field
from typing import Any

from core.people.enums import SUPPORT, Capability
from core.people.models import Membership
from core.people.permissions import ROLE_CAPABILITIES, SUPPORT_CAPABILITIES

EVERYWHERE = None


@dataclass(frozen=True, slots=True)
class Staff:
    """`grants`: capability → branch ids, or None for every branch. `jobs`: (role, branch name; "" for every branch)."""

    user: Any
    roles: frozenset[str]
    grants: dict[str, frozenset[int] | None] = field(default_factory=dict)
    jobs: tuple[tuple[str, str], ...] = ()

    def may(self, capability: Capability | str, branch_id: int | None = None) -> bool:
        """Whether the capability is held in `branch_id`, or in any branch when none is named."""
        if str(capability) not in self.grants:
            return False
        branches = self.grants[str(capability)]
        return branch_id is None or branches is EVERYWHERE or branch_id in branches

    def branches(self, capability: Capability | str) -> frozenset[int] | None:
        """Branch ids where the capability holds; None means every branch; empty means none."""
        return self.grants.get(str(capability), frozenset())

    def scope(self, queryset: Any, capability: Capability | str, path: str = "branch_id") -> Any:
        """Narrow a queryset to the branches where the capability holds."""
        branches = self.branches(capability)
        return queryset if branches is EVERYWHERE else queryset.filter(**{f"{path}__in": branches})


def staff_of(user: Any) -> Staff:
    """The user's roles and grants: one query. A support visitor has no job, and grants of their own."""
    if user.get_username() == SUPPORT:
        return Staff(user, frozenset(), dict.fromkeys(map(str, SUPPORT_CAPABILITIES), EVERYWHERE))
    grants: dict[str, frozenset[int] | None] = {}
    jobs = []
    rows = Membership.objects.filter(user=user).order_by("pk").values_list("role", "branch_id", "branch__name")
    for role, branch_id, branch_name in rows:
        jobs.append((role, branch_name or ""))
        for capability in ROLE_CAPABILITIES.get(role, frozenset()):
            key = str(capability)
            if branch_id is None or (key in grants and grants[key] is EVERYWHERE):
                grants[key] = EVERYWHERE
            else:
                grants[key] = (grants.get(key) or frozenset()) | {branch_id}
    return Staff(user, frozenset(role for role, _branch in jobs), grants, tuple(jobs))
