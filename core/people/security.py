"""Verbs on how colleagues get in: second steps taken away or demanded, logins ended. Each is written down."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.people.enums import Role
from core.people.logins import end_login, end_logins
from core.people.models import SecondStepRule
from core.people.staff import Staff
from tenants.accounts import sessions
from tenants.accounts.steps import having
from tenants.accounts.steps.errors import StepRefused
from tenants.context import current_studio
from tenants.life.support import visit_in


@dataclass(slots=True)
class Colleague:
    """A user as what events are about."""

    pk: int

    @property
    def event_stream(self) -> str:
        return "staff"

    @property
    def event_thread(self) -> str:
        return f"staff.{self.pk}"


def note_step(*, user: Any, what: str, is_set: bool) -> None:
    """Write down that the user set a second step up, or gave one up. Records step.set | step.dropped."""
    kind = events.Kind.STEP_SET if is_set else events.Kind.STEP_DROPPED
    with transaction.atomic():
        events.record(kind, Colleague(user.pk), user, what=what)


@transaction.atomic
def drop_step(*, staff: Staff, passkey: int = 0) -> None:
    """Give one of one's own second steps up. Refusal step.none | step.needed (a rule demands one). step.dropped."""
    try:
        having.drop(user=staff.user, passkey=passkey, is_needed=must_step(staff))
    except StepRefused as refused:
        raise Refusal(refused.code, **refused.facts) from refused
    note_step(user=staff.user, what="passkey" if passkey else "app", is_set=False)


@transaction.atomic
def reset_step(*, actor: Any, user: Any) -> None:
    """Take a colleague's second steps away who lost them; every login of theirs ends. Refusal step.none. step.reset."""
    if not having.forget_all(user=user):
        raise Refusal("step.none")
    end_logins(user)
    events.record(events.Kind.STEP_RESET, Colleague(user.pk), actor, name=user.name)


@transaction.atomic
def end_all(*, actor: Any, user: Any, stays: str | None = None) -> int:
    """End every login of a user, but for the session `stays`; how many. Records logins.ended."""
    count = end_logins(user, stays)
    if count:
        events.record(events.Kind.LOGINS_ENDED, Colleague(user.pk), actor, name=user.name, count=count)
    return count


@transaction.atomic
def end_one(*, user: Any, code: str) -> bool:
    """End one of one's own logins; False when there is none of that code. Records logins.ended."""
    if not end_login(user, code):
        return False
    events.record(events.Kind.LOGINS_ENDED, Colleague(user.pk), user, name=user.name, count=1)
    return True


@transaction.atomic
def rule_steps(*, actor: Any, roles: Iterable[str], since: dt.date) -> None:
    """Demand a second step of these roles from that day on, and of no others. Refusal step.past. Records step.ruled.

    A role that is bound already stays so from its own day. Nobody is locked out: who has no second step by then is led
    to set one up, and to nothing else.
    """
    wanted = {str(Role(role)) for role in roles}
    today = clock.today(current_studio().timezone)
    rules = {rule.role: rule for rule in SecondStepRule.objects.select_for_update()}
    if since < today and wanted - rules.keys():
        raise Refusal("step.past")
    for role in rules.keys() - wanted:
        rules[role].delete()
    for role in wanted:
        bound = rules.get(role)
        if bound is None or bound.since > today:
            SecondStepRule.objects.update_or_create(role=role, defaults={"since": max(since, today)})
    events.record(events.Kind.STEP_RULED, Colleague(0), actor, roles=sorted(wanted), since=since.isoformat())


def rules() -> dict[str, dt.date]:
    """Role → the day from which it demands a second step."""
    return dict(SecondStepRule.objects.values_list("role", "since"))


def must_step(staff: Staff) -> bool:
    """Whether one of the jobs demands a second step today."""
    return staff.step_since is not None and staff.step_since <= clock.today(current_studio().timezone)


def is_held(staff: Staff, session: Any) -> bool:
    """Whether this login leads nowhere but to setting a second step up. A support visitor has passed the platform's."""
    return must_step(staff) and not sessions.is_stepped(session) and not visit_in(session)
