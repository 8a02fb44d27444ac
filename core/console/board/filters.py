"""Which orders the viewer wants on the board: read from the URL, written back into links."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, QueryDict

from core.catalog.enums import ShootKind
from core.people.enums import Capability, Role
from core.studios.models import Branch

EVERY_BRANCH = "all"


@dataclass(frozen=True)
class BoardFilter:
    """`branch` None: every branch the viewer may see. `words`: part of a title, an order number or a name."""

    branches: tuple[Branch, ...]
    branch: Branch | None = None
    role: str = ""
    mine: bool = False
    kind: str = ""
    words: str = ""

    def asked(self, staff: Any) -> dict[str, Any]:
        """Arguments for the selectors."""
        branch_id = self.branch.pk if self.branch else None
        narrow = {"mine": self.mine, "kind": self.kind, "role": self.role, "search": self.words}
        return {"staff": staff, "branch_id": branch_id, **narrow}

    def query(self, **changes: Any) -> str:
        """The filter as a query string, with some parts changed."""
        branch = EVERY_BRANCH if self.branch is None else str(self.branch.pk)
        parts = {
            "branch": branch,
            "role": self.role,
            "me": "1" if self.mine else "",
            "kind": self.kind,
            "q": self.words,
        }
        query = QueryDict(mutable=True)
        for name, value in (parts | changes).items():
            if value not in {"", None}:
                query[name] = str(value)
        return query.urlencode()

    @property
    def is_narrow(self) -> bool:
        """Whether something besides the branch narrows it."""
        return bool(self.role or self.mine or self.kind or self.words)


def read_filter(request: HttpRequest) -> BoardFilter:
    """Raises Http404 for a branch the viewer may not see; nonsense in the other parts is ignored."""
    staff: Any = request.staff
    seen = tuple(staff.scope(Branch.objects.filter(is_active=True), Capability.VIEW_BOARD, "pk"))
    given = request.GET
    return BoardFilter(
        branches=seen,
        branch=_branch(given.get("branch", ""), seen),
        role=given.get("role", "") if given.get("role") in Role.values else "",
        mine=given.get("me") == "1",
        kind=given.get("kind", "") if given.get("kind") in ShootKind.values else "",
        words=given.get("q", "").strip()[:60],
    )


def _branch(wanted: str, seen: tuple[Branch, ...]) -> Branch | None:
    if wanted in {"", EVERY_BRANCH}:
        return seen[0] if len(seen) == 1 else None
    for branch in seen:
        if str(branch.pk) == wanted:
            return branch
    raise Http404
