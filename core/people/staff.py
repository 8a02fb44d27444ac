"""A staff member at work: who, and what they may do where. Made once per request from the memberships."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery

from core.people.enums import SUPPORT, Capability
from core.people.models import Membership, SecondStepRule
from core.people.permissions import ROLE_CAPABILITIES, SUPPORT_CAPABILITIES

EVERYWHERE = None


@dataclass(frozen=True, slots=True)
class Staff:
    """`grants`: capability → branch ids, or None for every branch. `jobs`: (role, branch name; "" for every branch).

    `step_since`: from which day one of the jobs demands a second step; None when none does.
    """

    user: Any
    roles: frozenset[str]
    grants: dict[str, frozenset[int] | None] = field(default_factory=dict)
    jobs: tuple[tuple[str, str], ...] = ()
    step_since: dt.date | None = None

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
    jobs, days = [], []
    rule = SecondStepRule.objects.filter(role=OuterRef("role")).values("since")
    rows = Membership.objects.filter(user=user).annotate(since=Subquery(rule)).order_by("pk")
    for role, branch_id, branch_name, since in rows.values_list("role", "branch_id", "branch__name", "since"):
        jobs.append((role, branch_name or ""))
        days += [since] if since else []
        for capability in ROLE_CAPABILITIES.get(role, frozenset()):
            key = str(capability)
            if branch_id is None or (key in grants and grants[key] is EVERYWHERE):
                grants[key] = EVERYWHERE
            else:
                grants[key] = (grants.get(key) or frozenset()) | {branch_id}
    return Staff(user, frozenset(role for role, _branch in jobs), grants, tuple(jobs), min(days, default=None))
