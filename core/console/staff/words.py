"""Jobs in words."""

from typing import Any

from django.utils.translation import gettext as _

from core.console.sentences import event_sentence, who
from core.kernel import events
from core.people.enums import Role
from core.studios.models import Branch


def job_words(memberships: list[tuple[str, int | None]], names: dict[int, str] | None = None) -> list[tuple[str, str]]:
    """(role, where) of each job; one query unless the branches' `names` are given."""
    known = branch_names() if names is None else names
    return [
        (str(Role(role).label), known.get(branch, "—") if branch else _("All branches")) for role, branch in memberships
    ]


def branch_names() -> dict[Any, str]:
    return dict(Branch.objects.values_list("pk", "name"))


def thread_rows(thread: str, limit: int = 12) -> list[dict[str, Any]]:
    """The latest of a history, for the timeline."""
    found = events.thread(thread, limit)
    return [{"who": who(event), "text": event_sentence(event), "at": event.at} for event in found]
