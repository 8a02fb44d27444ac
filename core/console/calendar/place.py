"""Where in the calendar somebody stands: branches, day, view and kind, read from the URL and kept in links."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from core.kernel import clock
from core.people.enums import Capability
from core.scheduling.enums import ResourceKind
from core.studios.models import Branch

VIEWS = ("day", "week", "month")
EVERY = "all"


@dataclass(frozen=True)
class Place:
    """`branch` None: every branch that the viewer sees. `day`: one of the days shown."""

    branches: tuple[Branch, ...]
    branch: Branch | None
    view: str
    day: dt.date
    today: dt.date
    kind: str = ""

    @property
    def shown(self) -> tuple[Branch, ...]:
        return (self.branch,) if self.branch else self.branches

    @property
    def ids(self) -> list[int]:
        return [branch.pk for branch in self.shown]

    @property
    def zone(self) -> str:
        return str(self.shown[0].timezone)

    @property
    def first(self) -> dt.date:
        """The first day shown."""
        if self.view == "month":
            return self.day.replace(day=1)
        return self.day - dt.timedelta(days=self.day.weekday()) if self.view == "week" else self.day

    @property
    def until(self) -> dt.date:
        """The day after the last one shown."""
        if self.view == "month":
            return (self.first + dt.timedelta(days=32)).replace(day=1)
        return self.first + dt.timedelta(days=7 if self.view == "week" else 1)

    @property
    def last(self) -> dt.date:
        """The last day shown."""
        return self.until - dt.timedelta(days=1)

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        return clock.day_start(self.first, self.zone), clock.day_start(self.until, self.zone)

    def query(self, **changes: Any) -> str:
        """The place as a query string, with some parts changed."""
        branch = EVERY if self.branch is None and len(self.branches) > 1 else self.shown[0].pk
        parts = {"branch": branch, "view": self.view, "day": self.day.isoformat(), "kind": self.kind}
        query = QueryDict(mutable=True)
        for name, value in (parts | changes).items():
            if value not in {"", None}:
                query[name] = str(value)
        return query.urlencode()

    def links(self) -> dict[str, Any]:
        """Where one can go from here."""
        names = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
        return {
            "views": [
                {"label": names[view], "url": f"?{self.query(view=view)}", "current": view == self.view}
                for view in VIEWS
            ],
            "before": self.query(day=(self.first - dt.timedelta(days=1)).isoformat()),
            "after": self.query(day=self.until.isoformat()),
            "now": "" if self.first <= self.today < self.until else self.query(day=self.today.isoformat()),
            "branches": branch_links(self.branches, self.branch, self.query),
            "kinds": ResourceKind.choices,
        }


def branch_links(branches: tuple[Branch, ...], current: Branch | None, query: Any, *, every: bool = True) -> list[Any]:
    """Links to the same page of another branch; none when there is but one."""
    if len(branches) < 2:
        return []
    links = [{"label": one.name, "url": f"?{query(branch=one.pk)}", "current": one == current} for one in branches]
    whole = {"label": _("All branches"), "url": f"?{query(branch=EVERY)}", "current": current is None}
    return [*links, whole] if every else links


def read_place(request: HttpRequest) -> Place:
    """Raises Http404 for a branch whose calendar the viewer does not see; other nonsense is ignored."""
    given = request.GET
    branches = branches_for(request, Capability.VIEW_CALENDAR)
    branch = None if given.get("branch") == EVERY else pick(branches, given.get("branch", ""))
    today = clock.today((branch or branches[0]).timezone)
    view, kind = given.get("view", ""), given.get("kind", "")
    return Place(
        branches=branches,
        branch=branch,
        view=view if view in VIEWS else "day",
        day=day_of(given.get("day", "")) or today,
        today=today,
        kind=kind if kind in ResourceKind.values else "",
    )


def branches_for(request: HttpRequest, capability: Capability) -> tuple[Branch, ...]:
    """Open branches in which the viewer holds the capability. Raises Http404 when there are none."""
    staff: Any = request.staff
    found = tuple(staff.scope(Branch.objects.filter(is_active=True), capability, "pk"))
    if not found:
        raise Http404
    return found


def pick(branches: tuple[Branch, ...], wanted: str) -> Branch:
    """The branch of that key, by default the first. Raises Http404 for another."""
    if not wanted:
        return branches[0]
    found = next((branch for branch in branches if str(branch.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def day_of(text: str) -> dt.date | None:
    """The ISO day, as far as a calendar goes; None for anything else."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2099 else None
